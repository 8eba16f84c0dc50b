//! What segments ought to tell apart: usage, satisfaction, loyalty, as numbers or as words.

use domain::{Message, Problem, ProblemKind};

use super::difference::{Difference, anova, chi_squared, kruskal_wallis};
use crate::frame::{Frame, Values};
use crate::table::column;

/// An outcome on the rows that have one.
pub(super) enum Outcome {
    /// Amounts.
    Numbers(Vec<f64>),
    /// Numbers from 0, and how many there are.
    Words(Vec<usize>, usize),
}

/// Words beyond which an outcome tells nothing.
const MOST_WORDS: usize = 20;
/// Skewness from which a few large figures decide the mean, so that ranks are compared instead.
const SKEWED: f64 = 2.0;

impl Outcome {
    /// The column of that name and the rows where it is known. Two different numbers count as words.
    pub(super) fn read(frame: &Frame, name: &str) -> Result<(Self, Vec<usize>), Problem> {
        let bad = |key| Problem::new(ProblemKind::BadInput, Message::new(key).with("column", name));
        let (outcome, rows) = match &column(frame, name)?.values {
            Values::Numbers(values) | Values::Dates(values) => {
                let rows: Vec<usize> = (0..values.len()).filter(|&row| values[row].is_finite()).collect();
                let known: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
                let (low, high) = known
                    .iter()
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)));
                if known.iter().all(|&value| value == low || value == high) {
                    let words = known.iter().map(|&value| usize::from(value != low)).collect();
                    (Self::Words(words, 1 + usize::from(high > low)), rows)
                } else {
                    (Self::Numbers(known), rows)
                }
            }
            Values::Categories { codes, names } => {
                let rows: Vec<usize> =
                    (0..codes.len()).filter(|&row| (codes[row] as usize) < names.len()).collect();
                (Self::Words(rows.iter().map(|&row| codes[row] as usize).collect(), names.len()), rows)
            }
        };
        match &outcome {
            _ if rows.is_empty() => Err(bad("problem-segments-outcome-unknown")),
            Self::Words(_, 1) => Err(bad("problem-segments-outcome-constant")),
            Self::Words(_, count) if *count > MOST_WORDS => Err(bad("problem-segments-outcome-words")
                .hint(Message::new("hint-segments-outcome-words").with("most", MOST_WORDS))),
            _ => Ok((outcome, rows)),
        }
    }

    pub(super) fn keep(&mut self, kept: &[bool]) {
        let mut each = kept.iter();
        match self {
            Self::Numbers(values) => values.retain(|_| each.next() == Some(&true)),
            Self::Words(words, _) => words.retain(|_| each.next() == Some(&true)),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Words(words, _) => words.len(),
        }
    }

    /// The test that fits the scale.
    pub(super) fn test(&self, groups: &[usize]) -> Difference {
        match self {
            Self::Numbers(values) if skewness(values).abs() > SKEWED => kruskal_wallis(values, groups),
            Self::Numbers(values) => anova(values, groups),
            Self::Words(words, _) => chi_squared(groups, words),
        }
    }

    /// As columns of numbers whose squared distances to their means say how mixed a segment is.
    pub(super) fn columns(&self) -> Vec<Vec<f64>> {
        match self {
            Self::Numbers(values) if skewness(values).abs() > SKEWED => vec![places(values)],
            Self::Numbers(values) => vec![values.clone()],
            Self::Words(words, count) => (0..*count)
                .map(|code| words.iter().map(|&word| f64::from(u8::from(word == code))).collect())
                .collect(),
        }
    }

    /// The mean of a segment, or the share of the last word in order (of two: the larger number).
    pub(super) fn mean(&self, members: impl Iterator<Item = usize>) -> f64 {
        let of_row = |row: usize| match self {
            Self::Numbers(values) => values[row],
            Self::Words(words, count) => f64::from(u8::from(words[row] + 1 == *count)),
        };
        let (count, sum) = members.fold((0.0, 0.0), |(count, sum), row| (count + 1.0, sum + of_row(row)));
        sum / count
    }
}

fn skewness(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let moment = |power| values.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / count;
    let spread = moment(2).sqrt();
    if spread > 0.0 { moment(3) / spread.powi(3) } else { 0.0 }
}

/// Ranks as a share of all, equal values alike.
fn places(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut places = vec![0.0; values.len()];
    let mut from = 0;
    for group in order.chunk_by(|&a, &b| values[a] == values[b]) {
        for &at in group {
            places[at] = (from as f64 + group.len() as f64 / 2.0) / values.len() as f64;
        }
        from += group.len();
    }
    places
}
