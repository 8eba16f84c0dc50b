//! A table of one's own: named columns whose types are inferred from what stands in them.

use std::collections::HashMap;

use domain::date;

use crate::random::Random;
use crate::written::{self, Cell, Dated, Marks};

pub use crate::written::{Note, Writing};

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
    notes: Vec<Note>,
}

/// Share of the known cells that must read as numbers (or dates) for the column to be one. What is lost below it
/// is more than what is kept: cells that do not fit become unknown, which every learner and test bears, and keeps
/// apart from the numbers, up to about a fifth; a larger group of words says something of its own.
const SHARE_FOR_A_TYPE: f64 = 0.8;
/// Share of the known cells that may be codes of digits in a column of numbers: more are a column of codes, which
/// as numbers would lose digits.
const SHARE_OF_CODES: f64 = 0.05;

impl Frame {
    /// A table from columns of text; all of the same length. Empty cells, `NA`, `NaN` and `null` are unknown.
    #[must_use]
    pub fn from_text(columns: Vec<(String, Vec<String>)>) -> Self {
        let (columns, notes): (Vec<Column>, Vec<Vec<Note>>) =
            columns.into_iter().map(|(name, cells)| Column::infer_with_notes(name, &cells)).unzip();
        Self { notes: notes.concat(), ..Self::from_columns(columns) }
    }

    /// A table from columns of equal length.
    #[must_use]
    pub fn from_columns(columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, Column::rows);
        Self { columns, rows, notes: Vec::new() }
    }

    /// The same table with what was special about how its columns are written.
    #[must_use]
    pub fn with_notes(self, notes: Vec<Note>) -> Self {
        Self { notes, ..self }
    }

    /// Columns that were read in a special way, and cells that were left out.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let left_out = self.columns.iter().filter(|column| column.misfits > 0).map(|column| Note {
            column: column.name.clone(),
            kind: Writing::LeftOut,
            count: column.misfits,
        });
        self.notes.iter().cloned().chain(left_out).collect()
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
    /// A column whose type is what most of its known cells can be read as.
    #[must_use]
    pub fn infer(name: String, cells: &[impl AsRef<str>]) -> Self {
        Self::infer_with_notes(name, cells).0
    }

    /// The same, with what is special about how the column is written.
    #[must_use]
    pub fn infer_with_notes(name: String, cells: &[impl AsRef<str>]) -> (Self, Vec<Note>) {
        let cells: Vec<&str> = cells.iter().map(|cell| cell.as_ref().trim()).collect();
        let Read { values, misfits, kinds } = compact_dates(&name, &cells)
            .or_else(|| numbers(&cells))
            .or_else(|| dates(&cells))
            .unwrap_or_else(|| words(&cells));
        let note = |(kind, count)| Note { column: name.clone(), kind, count };
        let notes = kinds.into_iter().map(note).collect();
        (Self { name, values, misfits }, notes)
    }

    /// How the column itself says a value that somebody wrote: `10%` is `0.1` among numbers, `2026/1/31` is
    /// `2026-01-31` among dates.
    #[must_use]
    pub fn as_said(&self, written: &str) -> String {
        let written = written.trim();
        let value = match &self.values {
            Values::Numbers(_) => written::number(written).map(|value| value.to_string()),
            Values::Dates(_) => match written::dated(written) {
                Some(Dated::Day(days, _)) => Some(days),
                _ => written::compact(written),
            }
            .and_then(|days| date::from_days(days as i64))
            .map(|date| date.to_string()),
            Values::Categories { .. } => None,
        };
        value.unwrap_or_else(|| written.to_owned())
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

/// What a column's cells turned out to be, and how many are written in which special way.
struct Read {
    values: Values,
    misfits: usize,
    kinds: Vec<(Writing, usize)>,
}

fn known(cells: &[&str]) -> usize {
    cells.iter().filter(|cell| !is_missing(cell)).count()
}

/// Whether so many cells make a column of their type.
fn are_enough(found: usize, known: usize) -> bool {
    found as f64 >= SHARE_FOR_A_TYPE * known as f64
}

fn tally(kinds: impl Iterator<Item = Writing>) -> Vec<(Writing, usize)> {
    let mut counts: Vec<(Writing, usize)> = Vec::new();
    for kind in kinds {
        match counts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    counts
}

/// Whether a column is called like an identifier.
pub(crate) fn names_an_id(name: &str) -> bool {
    let name = name.to_lowercase();
    (name.ends_with("id") && !name.ends_with("paid"))
        || ["编号", "号码", "账号", "编码"].iter().any(|word| name.contains(word))
}

/// `20260131` in every known cell: a single one that is no date makes all of them numbers, since codes of eight
/// digits are common and dates by chance are not.
fn compact_dates(name: &str, cells: &[&str]) -> Option<Read> {
    let known = || cells.iter().filter(|cell| !is_missing(cell));
    if names_an_id(name) || known().next().is_none() || known().any(|cell| written::compact(cell).is_none()) {
        return None;
    }
    let values = cells.iter().map(|cell| written::compact(cell).unwrap_or(f64::NAN)).collect();
    let kinds = vec![(Writing::CompactDates, known().count())];
    Some(Read { values: Values::Dates(values), misfits: 0, kinds })
}

fn numbers(cells: &[&str]) -> Option<Read> {
    let known = known(cells);
    let read: Vec<Cell> =
        cells.iter().map(|cell| if is_missing(cell) { Cell::Word } else { written::cell(cell) }).collect();
    let count = |of: &dyn Fn(&Cell) -> bool| read.iter().filter(|cell| of(cell)).count();
    let percents = count(&|cell| matches!(cell, Cell::Number(_, Marks { percent: true, .. })));
    let others = count(&|cell| matches!(cell, Cell::Number(value, marks) if !marks.percent && *value != 0.0));
    // Shares and other numbers in one column are a hundred times apart: the larger group has it.
    let shares = percents > 0 && percents >= others;
    let kept = |cell: &Cell| match cell {
        Cell::Number(value, marks) => {
            Some((*value, *marks)).filter(|_| marks.percent == shares || *value == 0.0)
        }
        _ => None,
    };
    let found = read.iter().filter_map(kept).count();
    // An infinity is a number too, if none that can be used: it speaks for the type.
    let endless = count(&|cell| matches!(cell, Cell::NotFinite));
    let codes = count(&|cell| matches!(cell, Cell::Code));
    if found == 0 || !are_enough(found + endless, known) || codes as f64 > SHARE_OF_CODES * known as f64 {
        return None;
    }
    let kinds = tally(read.iter().filter_map(kept).flat_map(|(_, marks)| marks.kinds()));
    let values = read.iter().map(|cell| kept(cell).map_or(f64::NAN, |(value, _)| value)).collect();
    Some(Read { values: Values::Numbers(values), misfits: known - found, kinds })
}

fn dates(cells: &[&str]) -> Option<Read> {
    let known = known(cells);
    let read: Vec<Option<Dated>> = cells.iter().map(|cell| written::dated(cell)).collect();
    let like_dates = read.iter().flatten().count();
    if like_dates == 0 || !are_enough(like_dates, known) {
        return None;
    }
    let either = || {
        read.iter().filter_map(|cell| match cell {
            Some(Dated::Either(ways)) => Some(*ways),
            _ => None,
        })
    };
    // The column says which comes first if all its cells can be read one way and not all the other.
    let way = match [0, 1].map(|way| either().all(|ways| ways[way].is_some())) {
        [true, false] => Some(0),
        [false, true] => Some(1),
        [true, true] if either().all(|[day, month]| day == month) => Some(0),
        _ => None,
    };
    let day = |cell: &Option<Dated>| match (cell, way) {
        (Some(Dated::Day(days, kind)), _) => Some((*days, *kind)),
        (Some(Dated::Either(ways)), Some(way)) => {
            ways[way].map(|days| (days, Some([Writing::DayFirst, Writing::MonthFirst][way])))
        }
        _ => None,
    };
    let found = read.iter().filter_map(day).count();
    if found == 0 || !are_enough(found, known) {
        let kinds = vec![(Writing::DayOrMonthFirst, either().count())];
        return Some(Read { kinds, ..words(cells) });
    }
    let kinds = tally(read.iter().filter_map(day).filter_map(|(_, kind)| kind));
    let values = read.iter().map(|cell| day(cell).map_or(f64::NAN, |(days, _)| days)).collect();
    Some(Read { values: Values::Dates(values), misfits: known - found, kinds })
}

fn words(cells: &[&str]) -> Read {
    let mut codes_by_name: HashMap<&str, u32> = HashMap::new();
    let mut names = Vec::new();
    let codes = cells
        .iter()
        .map(|&cell| {
            if is_missing(cell) {
                return UNKNOWN;
            }
            *codes_by_name.entry(cell).or_insert_with(|| {
                names.push(cell.to_owned());
                names.len() as u32 - 1
            })
        })
        .collect();
    Read { values: Values::Categories { codes, names }, misfits: 0, kinds: Vec::new() }
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
    fn a_column_of_mostly_numbers_stays_one_and_says_how_many_cells_it_left_out() {
        let mixed = |share: usize| {
            let cells: Vec<String> = (0..100)
                .map(|row| if row % 10 < share { "未知".to_owned() } else { format!("{row}.5") })
                .collect();
            Frame::from_text(vec![("用量".into(), cells)])
        };
        let frame = mixed(2);
        assert_eq!(frame.columns()[0].numbers().unwrap().iter().filter(|value| value.is_nan()).count(), 20);
        let left_out = Note { column: "用量".into(), kind: Writing::LeftOut, count: 20 };
        assert_eq!(frame.notes(), [left_out]);
        assert!(mixed(4).columns()[0].numbers().is_none(), "four words in ten say something");
        let endless = column(&["1", "inf", "-inf", "inf"]);
        assert_eq!((endless.misfits, endless.numbers().is_some()), (3, true));
        assert!(column(&["inf", "inf"]).numbers().is_none());
        assert!(
            column(&["100", "200", "300", "400", "500", "600", "700", "012"]).numbers().is_none(),
            "codes"
        );
    }

    #[test]
    fn a_column_is_read_as_people_write_and_says_so() {
        let frame = |cells: &[&str]| {
            Frame::from_text(vec![("x".into(), cells.iter().map(|&cell| cell.to_owned()).collect())])
        };
        let kinds =
            |cells: &[&str]| -> Vec<Writing> { frame(cells).notes().iter().map(|note| note.kind).collect() };
        assert_eq!(
            kinds(&["¥1,234.50", "12.5元", "７"]),
            [Writing::Thousands, Writing::Yuan, Writing::FullWidth]
        );
        assert_eq!(frame(&["45%", "5%", "0"]).columns()[0].numbers(), Some(&[0.45, 0.05, 0.0][..]));
        assert_eq!(
            kinds(&["45%", "50%", "5%", "7%", "30"]),
            [Writing::Percent, Writing::LeftOut],
            "30 is another unit"
        );
        assert_eq!(kinds(&["2024年3月5日", "2024-03-06"]), [Writing::ChineseDates]);
        assert_eq!(kinds(&["2024-03", "2024-11"]), [Writing::Months]);
        assert_eq!(kinds(&["2024.3.5"]), [Writing::DottedDates]);
        assert_eq!(kinds(&["1", "2024-03-05"]), []);
        assert_eq!(frame(&["2024年3月5日"]).columns()[0].text(0), "2024-03-05");
    }

    #[test]
    fn eight_digits_are_dates_only_if_all_are_and_the_name_is_no_ids() {
        let infer = |name: &str, cells: &[&str]| Column::infer(name.to_owned(), cells).values;
        assert!(matches!(infer("入网", &["20240305", "", "19991231"]), Values::Dates(_)));
        assert!(matches!(infer("入网", &["20240305", "20241301"]), Values::Numbers(_)));
        assert!(matches!(infer("customer_id", &["20240305", "20240306"]), Values::Numbers(_)));
        assert!(matches!(infer("last_paid", &["20240305", "20240306"]), Values::Dates(_)));
    }

    #[test]
    fn day_or_month_first_is_what_the_whole_column_can_be() {
        assert_eq!(column(&["31/12/2024", "3/5/2024"]).text(1), "2024-05-03");
        assert_eq!(column(&["12/31/2024", "3/5/2024"]).text(1), "2024-03-05");
        let frame = Frame::from_text(vec![("x".into(), vec!["3/5/2024".into(), "4/5/2024".into()])]);
        assert!(matches!(frame.columns()[0].values, Values::Categories { .. }));
        assert_eq!(frame.notes()[0].kind, Writing::DayOrMonthFirst);
        assert!(matches!(column(&["31/12/2024", "12/31/2024"]).values, Values::Categories { .. }));
    }

    #[test]
    fn a_lone_word_is_a_word() {
        let frame = Frame::from_text(vec![("play".into(), vec!["call".into()])]);
        assert_eq!((frame.notes(), frame.columns()[0].text(0)), (Vec::new(), "call".to_owned()));
    }

    #[test]
    fn a_value_is_found_however_it_is_written() {
        assert_eq!(column(&["10%", "20%"]).as_said("10%"), column(&["10%", "20%"]).text(0));
        assert_eq!(column(&["20240305", "20240306"]).as_said("2024/3/5"), "2024-03-05");
        assert_eq!(column(&["是", "否"]).as_said(" 是 "), "是");
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
