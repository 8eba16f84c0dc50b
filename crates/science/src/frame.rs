//! A table of one's own: named columns whose types are inferred from what stands in them.

use std::collections::HashMap;

use domain::{Date, date};

use crate::random::Random;

/// What a column holds. An unknown number is NaN, an unknown category [`UNKNOWN`].
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers as they stand.
    Numbers(Vec<f64>),
    /// Dates as days since 1970-01-01.
    Dates(Vec<f64>),
    /// Words: one code per row, and the name of each code in order of first appearance.
    Categories {
        /// One per row.
        codes: Vec<u32>,
        /// Of each code.
        names: Vec<String>,
    },
}

/// The code of a category that is not known.
pub const UNKNOWN: u32 = u32::MAX;

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// As in the file's first line.
    pub name: String,
    /// One per row.
    pub values: Values,
    /// Cells that did not fit the column's type and count as unknown: words among numbers, infinities.
    pub misfits: usize,
}

/// Columns of equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    columns: Vec<Column>,
    rows: usize,
}

/// Share of the known cells that must read as numbers (or dates) for the column to be one.
const SHARE_FOR_A_TYPE: f64 = 0.95;

impl Frame {
    /// A table from columns of text; all of the same length. Empty cells, `NA`, `NaN` and `null` are unknown.
    #[must_use]
    pub fn from_text(columns: Vec<(String, Vec<String>)>) -> Self {
        let rows = columns.first().map_or(0, |(_, cells)| cells.len());
        let columns = columns.into_iter().map(|(name, cells)| Column::infer(name, &cells)).collect();
        Self { columns, rows }
    }

    /// A table from columns of equal length.
    #[must_use]
    pub fn from_columns(columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, Column::rows);
        Self { columns, rows }
    }

    /// Number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The columns in the file's order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The same table with a column of that name put in the place of the old one.
    #[must_use]
    pub fn with(mut self, column: Column) -> Self {
        if let Some(old) = self.columns.iter_mut().find(|old| old.name == column.name) {
            *old = column;
        }
        self
    }

    /// The same table with every unknown cell drawn by lot from the known ones of its column, so that nothing tells
    /// any more that it was unknown.
    #[must_use]
    pub fn filled(mut self, seed: u64) -> Self {
        let mut random = Random::new(seed);
        self.columns.iter_mut().for_each(|column| column.fill(&mut random));
        self
    }

    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Column {
    /// A column whose type is what nearly all of its known cells can be read as.
    #[must_use]
    pub fn infer(name: String, cells: &[impl AsRef<str>]) -> Self {
        let cells = || cells.iter().map(|cell| cell.as_ref().trim());
        let known = cells().filter(|cell| !is_missing(cell)).count();
        let fits = |read: fn(&str) -> Option<f64>| {
            let values: Vec<f64> = cells().map(|cell| read(cell).unwrap_or(f64::NAN)).collect();
            let found = values.iter().filter(|value| value.is_finite()).count();
            let enough = found > 0 && found as f64 >= SHARE_FOR_A_TYPE * known as f64;
            enough.then_some((values, known - found))
        };
        if let Some((values, misfits)) = fits(number) {
            return Self { name, values: Values::Numbers(values), misfits };
        }
        if let Some((values, misfits)) = fits(days) {
            return Self { name, values: Values::Dates(values), misfits };
        }
        let mut codes_by_name: HashMap<&str, u32> = HashMap::new();
        let mut names = Vec::new();
        let codes = cells()
            .map(|cell| {
                if is_missing(cell) {
                    return UNKNOWN;
                }
                *codes_by_name.entry(cell).or_insert_with(|| {
                    names.push(cell.to_owned());
                    names.len() as u32 - 1
                })
            })
            .collect();
        Self { name, values: Values::Categories { codes, names }, misfits: 0 }
    }

    /// Number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        match &self.values {
            Values::Numbers(values) | Values::Dates(values) => values.len(),
            Values::Categories { codes, .. } => codes.len(),
        }
    }

    /// The value of a row in words, empty if unknown.
    #[must_use]
    pub fn text(&self, row: usize) -> String {
        match &self.values {
            Values::Numbers(values) | Values::Dates(values) if values[row].is_nan() => String::new(),
            Values::Numbers(values) => values[row].to_string(),
            Values::Dates(values) => {
                date::from_days(values[row] as i64).map(|date| date.to_string()).unwrap_or_default()
            }
            Values::Categories { codes, names } => {
                names.get(codes[row] as usize).cloned().unwrap_or_default()
            }
        }
    }

    fn fill(&mut self, random: &mut Random) {
        match &mut self.values {
            Values::Numbers(values) | Values::Dates(values) => {
                draw_unknown(values, random, |value| value.is_nan())
            }
            Values::Categories { codes, .. } => draw_unknown(codes, random, |&code| code == UNKNOWN),
        }
    }

    /// Numbers and dates as numbers; none for words.
    #[must_use]
    pub fn numbers(&self) -> Option<&[f64]> {
        match &self.values {
            Values::Numbers(values) | Values::Dates(values) => Some(values),
            Values::Categories { .. } => None,
        }
    }
}

fn draw_unknown<T: Copy>(values: &mut [T], random: &mut Random, is_unknown: impl Fn(&T) -> bool) {
    let known: Vec<T> = values.iter().copied().filter(|value| !is_unknown(value)).collect();
    if known.is_empty() {
        return;
    }
    for value in values.iter_mut().filter(|value| is_unknown(value)) {
        *value = known[random.below(known.len())];
    }
}

fn is_missing(cell: &str) -> bool {
    matches!(cell, "" | "NA" | "N/A" | "NaN" | "nan" | "null" | "NULL" | "None" | "?")
}

/// Most digits of a whole number that all fit.
const DIGITS: usize = 15;

/// A finite number; codes of digits that would lose some, as `007` or an account of twenty digits, are words.
fn number(cell: &str) -> Option<f64> {
    let digits = cell.trim_start_matches(['+', '-']).as_bytes();
    if matches!(digits, [b'0', b'0'..=b'9', ..]) {
        return None;
    }
    if digits.len() > DIGITS && digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    cell.parse().ok().filter(|value: &f64| value.is_finite())
}

/// `2026-01-31`, `2026/1/31`, either with a time of day behind it.
fn days(cell: &str) -> Option<f64> {
    let mut parts = cell.split([' ', 'T']).next()?.split(['-', '/']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let date: Date = format!("{year}-{month:0>2}-{day:0>2}").parse().ok()?;
    Some(date::days(date) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str]) -> Column {
        Column::infer("x".into(), &cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_type_is_what_nearly_all_known_cells_can_be_read_as() {
        assert!(matches!(column(&["1", " ", "2.5"]).values, Values::Numbers(_)));
        assert!(matches!(column(&["2026-01-31", "2026/2/1"]).values, Values::Dates(_)));
        assert!(matches!(column(&["1", "two"]).values, Values::Categories { .. }));
        assert!(matches!(column(&["", "NA"]).values, Values::Categories { .. }));
    }

    #[test]
    fn a_word_or_an_infinity_among_many_numbers_is_unknown_and_counted() {
        let mut cells = vec!["1"; 38];
        cells.extend(["inf", "x"]);
        let column = column(&cells);
        assert_eq!(column.misfits, 2);
        assert!(column.numbers().unwrap()[38].is_nan());
    }

    #[test]
    fn unknown_cells_are_filled_from_the_known_ones() {
        let cells = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let columns =
            vec![("x".into(), cells(["3", "", "3", ""])), ("y".into(), cells(["", "乙", "", "乙"]))];
        let filled = Frame::from_text(columns).filled(1);
        assert!(
            (0..4).all(|row| filled.columns()[0].text(row) == "3" && filled.columns()[1].text(row) == "乙")
        );
        let empty = Frame::from_text(vec![("x".into(), cells(["", "", "", ""]))]).filled(1);
        assert_eq!(empty.columns()[0].text(0), "");
    }

    #[test]
    fn a_code_of_digits_stays_whole() {
        for code in ["007", "00", "621700001234567890"] {
            assert_eq!(column(&[code, code]).text(1), code);
        }
        for number in ["0", "-0.5", "0.30000000000000004", "1e20", "123456789012345"] {
            assert!(matches!(column(&[number]).values, Values::Numbers(_)), "{number}");
        }
    }

    #[test]
    fn words_are_coded_in_order_of_first_appearance() {
        let column = column(&["乙", "甲", "", "乙"]);
        let Values::Categories { codes, names } = &column.values else { panic!("{column:?}") };
        assert_eq!((codes.as_slice(), names.len()), ([0, 1, UNKNOWN, 0].as_slice(), 2));
        assert_eq!(column.text(1), "甲");
    }
}
