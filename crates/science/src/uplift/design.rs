//! A table's columns as numbers for the learners: standardised figures, one column per word.

use super::experiment::Experiment;
use super::report::{LeftOut, LeftOutReason};
use super::{Options, aftermath};
use crate::frame::{Column, Frame, Values};

/// Numbers of the customers of an experiment, row by row.
pub(super) struct Design {
    pub(super) width: usize,
    values: Vec<f64>,
}

/// Words of one column that get a column of their own, the commonest first, and how many rows each needs.
const MOST_WORDS: usize = 30;
const FEWEST_ROWS: usize = 20;

impl Design {
    /// The columns that may be used, and those that may not with the reason.
    pub(super) fn build(frame: &Frame, options: &Options, experiment: &Experiment) -> (Self, Vec<LeftOut>) {
        let given = [&options.treatment.0, &options.control.0, &options.outcome];
        let offered: Vec<&Column> = frame
            .columns()
            .iter()
            .filter(|column| !given.contains(&&column.name) && !options.drop.contains(&column.name))
            .collect();
        let mut left_out = Vec::new();
        let mut features: Vec<Vec<f64>> = Vec::new();
        for column in &offered {
            let kept = options.keep.contains(&column.name);
            let reason = identifies(column, &experiment.rows)
                .then_some(LeftOutReason::Identifier)
                .or_else(|| aftermath::judge(column, &experiment.rows, &experiment.outcomes, offered.len()));
            if let Some(reason) = reason.filter(|_| !kept) {
                left_out.push(LeftOut { column: column.name.clone(), reason });
                continue;
            }
            let found = expand(column, &experiment.rows);
            if found.is_empty() {
                left_out.push(LeftOut { column: column.name.clone(), reason: LeftOutReason::Constant });
            }
            features.extend(found);
        }
        let width = features.len();
        let mut values = vec![0.0; width * experiment.rows.len()];
        for (at, feature) in features.iter().enumerate() {
            for (row, &value) in feature.iter().enumerate() {
                values[row * width + at] = value;
            }
        }
        (Self { width, values }, left_out)
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..(row + 1) * self.width]
    }
}

/// Whole numbers or words that hardly ever come twice.
fn identifies(column: &Column, rows: &[usize]) -> bool {
    let keys: Vec<u64> = match &column.values {
        Values::Dates(_) => return false,
        Values::Numbers(values) => {
            let known = || rows.iter().map(|&row| values[row]).filter(|value| value.is_finite());
            if known().any(|value| value.fract() != 0.0) {
                return false;
            }
            known().map(f64::to_bits).collect()
        }
        Values::Categories { codes, names } => rows
            .iter()
            .filter(|&&row| (codes[row] as usize) < names.len())
            .map(|&row| u64::from(codes[row]))
            .collect(),
    };
    let known = keys.len();
    let different = keys.into_iter().collect::<std::collections::HashSet<_>>().len();
    let share = if matches!(column.values, Values::Numbers(_)) { 0.99 } else { 0.5 };
    different as f64 > share * known as f64
}

/// A column as numbers; nothing if it is the same everywhere.
fn expand(column: &Column, rows: &[usize]) -> Vec<Vec<f64>> {
    match &column.values {
        Values::Numbers(values) | Values::Dates(values) => {
            let values: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
            let missing = values.iter().map(|value| f64::from(u8::from(!value.is_finite()))).collect();
            [standardised(values), standardised(missing)].into_iter().flatten().collect()
        }
        Values::Categories { codes, names } => {
            let mut counts = vec![(0_usize, 0_usize); names.len() + 1];
            for &row in rows {
                let code = (codes[row] as usize).min(names.len());
                counts[code] = (counts[code].0 + 1, code);
            }
            counts.retain(|&(count, _)| count >= FEWEST_ROWS && count < rows.len());
            counts.sort_unstable_by(|a, b| b.cmp(a));
            counts.truncate(MOST_WORDS);
            let is = |code| {
                rows.iter()
                    .map(move |&row| f64::from(u8::from((codes[row] as usize).min(names.len()) == code)))
            };
            counts.iter().map(|&(_, code)| is(code).collect()).collect()
        }
    }
}

/// Mean nothing, spread one; the unknown stand at the mean.
fn standardised(mut values: Vec<f64>) -> Option<Vec<f64>> {
    let known = || values.iter().filter(|value| value.is_finite());
    let count = known().count() as f64;
    let mean = known().sum::<f64>() / count;
    let spread = (known().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    if !spread.is_finite() || spread <= 1e-12 * mean.abs() {
        return None;
    }
    for value in &mut values {
        *value = if value.is_finite() { (*value - mean) / spread } else { 0.0 };
    }
    Some(values)
}
