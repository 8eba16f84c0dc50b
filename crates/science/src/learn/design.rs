//! A table as learners see it: every cell one of at most 128 codes.

use std::collections::HashMap;
use std::hint::select_unpredictable;

use serde::{Deserialize, Serialize};

use super::calibration::log_odds;
use crate::frame::{Column, Frame, UNKNOWN, Values};
use crate::random::Random;
use crate::written;

/// Codes per column; 0 is the unknown.
pub const CODES: usize = 128;
/// Words that are each their own code; a column of more is read by how often its words were positive.
const MAX_LEVELS: usize = 32;
/// A word on fewer rows shares the code of the rest.
const MIN_ROWS_PER_LEVEL: usize = 3;
/// Rows that the base rate weighs in the share of a word.
const WEIGHT_OF_BASE: f64 = 20.0;
/// Parts of the training rows: the share of a word on a row comes from the other parts.
const PARTS: usize = 5;
/// Rows looked at to place the edges of bins.
const SAMPLE: usize = 50_000;

/// How cells become codes, learnt from training rows alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    columns: Vec<Encoding>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Encoding {
    name: String,
    reading: Reading,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reading {
    /// Numbers and dates by the bin they fall into.
    Bins(Bins),
    /// Few words: each its code, in this order from 1; then one for the rest, among them the rare.
    Levels { names: Vec<String>, rare: Vec<String> },
    /// Many words: each by the log-odds of being positive, smoothed towards the base rate; then as numbers.
    Shares { log_odds: HashMap<String, f64>, otherwise: f64, bins: Bins },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Bins {
    /// Between neighbouring bins, rising.
    edges: Vec<f64>,
    /// Where each bin lies between 0 and 1: half by rank, half by value.
    places: Vec<f64>,
}

/// Rows as codes, column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    rows: usize,
    columns: Vec<Codes>,
}

/// A column as codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Codes {
    /// One per row, below `count`.
    pub codes: Vec<u8>,
    /// How many codes there are, the unknown included.
    pub count: usize,
    /// Where the codes from 1 on lie between 0 and 1, rising; empty if they have no order.
    pub places: Vec<f64>,
}

impl Design {
    /// Rows as codes that someone else made.
    #[must_use]
    pub fn new(rows: usize, columns: Vec<Codes>) -> Self {
        Self { rows, columns }
    }

    /// Number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The columns in the order of the encoder.
    #[must_use]
    pub fn columns(&self) -> &[Codes] {
        &self.columns
    }

    /// Some of the rows.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let columns = self.columns.iter().map(|column| Codes {
            codes: rows.iter().map(|&row| column.codes[row]).collect(),
            count: column.count,
            places: column.places.clone(),
        });
        Self { rows: rows.len(), columns: columns.collect() }
    }
}

impl Encoder {
    /// Learns from `rows` of the named columns; `outcomes` has one per row of the frame. The design is that of
    /// `rows`, in which a word's share never counts the row itself nor its part of the rows.
    #[must_use]
    pub fn fit(
        frame: &Frame,
        names: &[String],
        rows: &[usize],
        outcomes: &[bool],
        seed: u64,
    ) -> (Self, Design) {
        let mut random = Random::new(seed);
        let parts: Vec<usize> = rows.iter().map(|_| random.below(PARTS)).collect();
        let mut columns = Vec::new();
        let mut coded = Vec::new();
        for column in names.iter().filter_map(|name| frame.column(name)) {
            let (reading, codes) = Reading::fit(column, rows, outcomes, &parts);
            columns.push(Encoding { name: column.name.clone(), reading });
            coded.push(codes);
        }
        (Self { columns }, Design { rows: rows.len(), columns: coded })
    }

    /// The columns' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Columns that a frame lacks; their cells count as unknown.
    #[must_use]
    pub fn lacking(&self, frame: &Frame) -> Vec<String> {
        self.names().filter(|name| frame.column(name).is_none()).map(str::to_owned).collect()
    }

    /// For each column, how many cells of a frame hold a word that was not among those learnt from.
    #[must_use]
    pub fn unseen(&self, frame: &Frame) -> Vec<(String, usize)> {
        let new_words = |encoding: &Encoding| {
            let column = frame.column(&encoding.name)?;
            let knows: &dyn Fn(&str) -> bool = match &encoding.reading {
                Reading::Bins(_) if column.numbers().is_some() => return None,
                Reading::Bins(_) => &|word| written::number(word).is_some(),
                Reading::Levels { names, rare } => {
                    &move |word| names.iter().chain(rare).any(|name| name == word)
                }
                Reading::Shares { log_odds, .. } => &|word| log_odds.contains_key(word),
            };
            let (codes, words) = words(column, &(0..frame.rows()).collect::<Vec<_>>());
            let new: Vec<bool> = words.iter().map(|word| !knows(word)).collect();
            let count = codes.iter().filter(|&&code| new.get(code as usize).is_some_and(|&new| new)).count();
            (count > 0).then(|| (encoding.name.clone(), count))
        };
        self.columns.iter().filter_map(new_words).collect()
    }

    /// Rows of any frame as codes. A column that is not there is unknown throughout.
    #[must_use]
    pub fn design(&self, frame: &Frame, rows: &[usize]) -> Design {
        let codes = |encoding: &Encoding| match frame.column(&encoding.name) {
            Some(column) => encoding.reading.codes(column, rows),
            None => encoding.reading.coded(vec![0; rows.len()]),
        };
        Design { rows: rows.len(), columns: self.columns.iter().map(codes).collect() }
    }
}

impl Reading {
    fn fit(column: &Column, rows: &[usize], outcomes: &[bool], parts: &[usize]) -> (Self, Codes) {
        if let Some(values) = column.numbers() {
            let known: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
            let reading = Self::Bins(Bins::fit(&known));
            let codes = reading.codes(column, rows);
            return (reading, codes);
        }
        let (codes, words) = words(column, rows);
        let mut counts: Vec<(usize, u32)> = (0..words.len() as u32).map(|code| (0, code)).collect();
        for &code in codes.iter().filter(|&&code| code != UNKNOWN) {
            counts[code as usize].0 += 1;
        }
        let seen = counts.iter().filter(|(count, _)| *count > 0).count();
        if seen <= MAX_LEVELS {
            counts.retain(|&(count, _)| count > 0);
            counts.sort_by_key(|&(count, code)| (std::cmp::Reverse(count), code));
            let common = counts.partition_point(|&(count, _)| count >= MIN_ROWS_PER_LEVEL);
            let mut names: Vec<String> =
                counts.iter().map(|&(_, code)| words[code as usize].clone()).collect();
            let rare = names.split_off(common);
            let reading = Self::Levels { names, rare };
            let codes = reading.codes(column, rows);
            return (reading, codes);
        }
        Self::shares(&codes, &words, &counts, rows, outcomes, parts)
    }

    fn shares(
        codes: &[u32],
        words: &[String],
        counts: &[(usize, u32)],
        rows: &[usize],
        outcomes: &[bool],
        parts: &[usize],
    ) -> (Self, Codes) {
        let mut of_part = vec![[(0.0, 0.0); PARTS]; words.len()];
        for ((&code, &row), &part) in codes.iter().zip(rows).zip(parts) {
            if let Some(sums) = of_part.get_mut(code as usize) {
                sums[part].0 += 1.0;
                sums[part].1 += f64::from(u8::from(outcomes[row]));
            }
        }
        let positives = rows.iter().filter(|&&row| outcomes[row]).count() as f64;
        let base = (positives + 0.5) / (rows.len() as f64 + 1.0);
        let share = |sums: &[(f64, f64); PARTS], without: usize| {
            let others = (0..PARTS).filter(|&part| part != without).map(|part| sums[part]);
            let (count, positives) = others.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
            log_odds((positives + WEIGHT_OF_BASE * base) / (count + WEIGHT_OF_BASE))
        };
        let left_out: Vec<f64> = codes
            .iter()
            .zip(parts)
            .map(|(&code, &part)| of_part.get(code as usize).map_or(f64::NAN, |sums| share(sums, part)))
            .collect();
        let bins = Bins::fit(&left_out);
        let coded = left_out.iter().map(|&value| bins.code(value)).collect();
        let log_odds = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|&(_, code)| (words[code as usize].clone(), share(&of_part[code as usize], PARTS)))
            .collect();
        let reading = Self::Shares { log_odds, otherwise: self::log_odds(base), bins };
        let coded = reading.coded(coded);
        (reading, coded)
    }

    fn codes(&self, column: &Column, rows: &[usize]) -> Codes {
        let by_word = |code_of: &dyn Fn(&str) -> u8| {
            let (codes, words) = words(column, rows);
            let mapped: Vec<u8> = words.iter().map(|word| code_of(word)).collect();
            codes.iter().map(|&code| mapped.get(code as usize).copied().unwrap_or_default()).collect()
        };
        let codes = match self {
            Self::Bins(bins) => match column.numbers() {
                Some(values) => bins.codes(rows.iter().map(|&row| values[row])),
                None => by_word(&|word| bins.code(written::number(word).unwrap_or(f64::NAN))),
            },
            Self::Levels { names, .. } => by_word(&|word| {
                let place = names.iter().position(|name| name == word).unwrap_or(names.len());
                place as u8 + 1
            }),
            Self::Shares { log_odds, otherwise, bins } => {
                by_word(&|word| bins.code(log_odds.get(word).copied().unwrap_or(*otherwise)))
            }
        };
        self.coded(codes)
    }

    fn coded(&self, codes: Vec<u8>) -> Codes {
        match self {
            Self::Bins(bins) | Self::Shares { bins, .. } => {
                Codes { codes, count: bins.places.len() + 1, places: bins.places.clone() }
            }
            Self::Levels { names, .. } => Codes { codes, count: names.len() + 2, places: Vec::new() },
        }
    }
}

/// A code per row and the words of the codes; numbers as the words they print as.
fn words(column: &Column, rows: &[usize]) -> (Vec<u32>, Vec<String>) {
    if let Values::Categories { codes, names } = &column.values {
        return (rows.iter().map(|&row| codes[row]).collect(), names.clone());
    }
    let mut codes_by_word: HashMap<String, u32> = HashMap::new();
    let mut names = Vec::new();
    let mut code = |row: &usize| {
        let word = column.text(*row);
        if word.is_empty() {
            return UNKNOWN;
        }
        *codes_by_word.entry(word).or_insert_with_key(|word| {
            names.push(word.clone());
            names.len() as u32 - 1
        })
    };
    (rows.iter().map(&mut code).collect(), names)
}

impl Bins {
    /// Bins of about equal count, a value never in two; every value its own while they are few.
    fn fit(values: &[f64]) -> Self {
        let step = values.len().div_ceil(SAMPLE).max(1);
        let mut sorted: Vec<f64> =
            values.iter().step_by(step).copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let Some((&low, &high)) = sorted.first().zip(sorted.last()) else {
            return Self { edges: Vec::new(), places: vec![0.5] };
        };
        let distinct = 1 + sorted.windows(2).filter(|two| two[0] < two[1]).count();
        let bins = CODES - 1;
        let (mut edges, mut places) = (Vec::new(), Vec::new());
        let mut start = 0;
        for place in 0..sorted.len() {
            let next = sorted.get(place + 1);
            let full = distinct <= bins || (place + 1) * bins >= (edges.len() + 1) * sorted.len();
            if next.is_some_and(|&next| next <= sorted[place] || !full) {
                continue;
            }
            let rank = (start + place + 1) as f64 / 2.0 / sorted.len() as f64;
            let mean = sorted[start..=place].iter().sum::<f64>() / (place + 1 - start) as f64;
            let value = if high > low { (mean - low) / (high - low) } else { 0.5 };
            places.push((rank + value) / 2.0);
            if let Some(&next) = next {
                edges.push(sorted[place] + (next - sorted[place]) / 2.0);
            }
            start = place + 1;
        }
        Self { edges, places }
    }

    /// The codes of many values. A step of the search waits for the one before: several are looked for at a time.
    fn codes(&self, mut values: impl ExactSizeIterator<Item = f64>) -> Vec<u8> {
        const TOGETHER: usize = 8;
        let mut edges = [f64::INFINITY; CODES];
        edges[..self.edges.len()].copy_from_slice(&self.edges);
        let widest = (self.edges.len() + 1).next_power_of_two() / 2;
        let mut codes = Vec::with_capacity(values.len());
        while values.len() > 0 {
            let count = values.len().min(TOGETHER);
            let mut group = [f64::NAN; TOGETHER];
            group.iter_mut().zip(&mut values).for_each(|(place, value)| *place = value);
            let mut below = [0; TOGETHER];
            let mut step = widest;
            while step > 0 {
                for (below, value) in below.iter_mut().zip(group) {
                    let is_below = edges[(*below + step - 1) % CODES] < value;
                    *below += select_unpredictable(is_below, step, 0);
                }
                step /= 2;
            }
            let coded = below.iter().zip(group);
            codes.extend(
                coded.take(count).map(|(&below, value)| if value.is_finite() { below as u8 + 1 } else { 0 }),
            );
        }
        codes
    }

    fn code(&self, value: f64) -> u8 {
        if !value.is_finite() {
            return 0;
        }
        self.edges.partition_point(|&edge| edge < value) as u8 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(columns: &[(&str, Vec<String>)]) -> Frame {
        Frame::from_text(columns.iter().map(|(name, cells)| ((*name).to_owned(), cells.clone())).collect())
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn few_words_have_codes_and_one_for_the_rest() {
        let cells: Vec<String> =
            ["甲", "甲", "甲", "甲", "乙", "乙", "乙", "", "丙"].map(str::to_owned).into();
        let table = frame(&[("套餐", cells)]);
        let rows: Vec<usize> = (0..9).collect();
        let (encoder, design) = Encoder::fit(&table, &names(&["套餐"]), &rows, &[false; 9], 1);
        assert_eq!(design.columns()[0].codes, [1, 1, 1, 1, 2, 2, 2, 0, 3]);
        let other = frame(&[("套餐", ["乙", "丁"].map(str::to_owned).into())]);
        assert_eq!(encoder.design(&other, &[0, 1]).columns()[0].codes, [2, 3]);
        assert_eq!(encoder.unseen(&other), [("套餐".to_owned(), 1)]);
        assert_eq!(encoder.unseen(&table), []);
        let none = frame(&[("x", vec!["1".to_owned()])]);
        assert_eq!(
            (encoder.lacking(&none), encoder.design(&none, &[0]).columns()[0].codes.as_slice()),
            (names(&["套餐"]), [0].as_slice())
        );
    }

    #[test]
    fn words_that_say_nothing_do_not_learn_the_outcome_by_heart() {
        let cells: Vec<String> = (0..4000).map(|i| format!("w{}", i / 4)).collect();
        let table = frame(&[("word", cells)]);
        let mut random = Random::new(3);
        let outcomes: Vec<bool> = (0..4000).map(|_| random.below(2) == 0).collect();
        let rows: Vec<usize> = (0..4000).collect();
        let (_, design) = Encoder::fit(&table, &names(&["word"]), &rows, &outcomes, 1);
        let codes: Vec<f64> = design.columns()[0].codes.iter().map(|&code| f64::from(code)).collect();
        let auc = super::super::metrics::auc(&codes, &outcomes).unwrap();
        assert!((auc - 0.5).abs() < 0.04, "{auc}");
    }

    proptest! {
        #[test]
        fn bins_keep_the_order_and_fit_in_their_codes(
            values in prop::collection::vec(prop_oneof![Just(f64::NAN), -1e9..1e9_f64, (0..9_i32).prop_map(f64::from)], 1..400),
        ) {
            let bins = Bins::fit(&values);
            prop_assert_eq!(bins.places.len(), bins.edges.len() + 1);
            prop_assert!(bins.places.len() < CODES);
            let one_by_one: Vec<u8> = values.iter().map(|&value| bins.code(value)).collect();
            prop_assert_eq!(bins.codes(values.iter().copied()), one_by_one);
            prop_assert!(bins.places.windows(2).all(|two| two[0] < two[1]), "{:?}", bins.places);
            for &a in &values {
                prop_assert_eq!(bins.code(a) == 0, a.is_nan());
                for &b in &values {
                    prop_assert!(a.is_nan() || b.is_nan() || a > b || bins.code(a) <= bins.code(b));
                }
            }
        }
    }
}
