//! Numbers and dates as people write them, in cells of a table.

use domain::{Date, Message, date};
use serde::Serialize;

/// A column that was read in a special way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its name.
    pub column: String,
    /// How.
    pub kind: Writing,
    /// Cells concerned.
    pub count: usize,
}

macro_rules! writings {
    ($( $(#[$meta:meta])* $kind:ident = $key:literal, )+) => {
        /// Special ways of reading a column.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Writing {
            $( $(#[$meta])* $kind, )+
        }

        impl Writing {
            /// Every way.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            const fn key(self) -> &'static str {
                match self { $(Self::$kind => $key),+ }
            }
        }
    };
}

writings! {
    /// `1,234.50`.
    Thousands = "table-note-thousands",
    /// `¥12.50`, `12.5元`.
    Yuan = "table-note-yuan",
    /// `45%`, read as .45.
    Percent = "table-note-percent",
    /// `3.5万`, `1.2亿元`.
    LargeUnits = "table-note-large-units",
    /// `１２３`.
    FullWidth = "table-note-full-width",
    /// `2024年3月5日`.
    ChineseDates = "table-note-chinese-dates",
    /// `2024-03`, read as the first of the month.
    Months = "table-note-months",
    /// `20240305`.
    CompactDates = "table-note-compact-dates",
    /// `2024.3.5`.
    DottedDates = "table-note-dotted-dates",
    /// `31/12/2024`.
    DayFirst = "table-note-day-first",
    /// `12/31/2024`.
    MonthFirst = "table-note-month-first",
    /// `3/5/2024` without a row that says which is the month: read as words.
    DayOrMonthFirst = "table-note-day-or-month-first",
    /// Cells among numbers or dates that are neither: unknown.
    LeftOut = "table-note-left-out",
}

impl Note {
    /// In words: one message for each way, with the columns read so.
    #[must_use]
    pub fn messages(notes: &[Self]) -> Vec<Message> {
        let of_kind = |kind: &Writing| {
            let of: Vec<&Self> = notes.iter().filter(|note| note.kind == *kind).collect();
            let columns: Vec<String> = match kind {
                Writing::LeftOut => {
                    of.iter().map(|note| format!("{} ({})", note.column, note.count)).collect()
                }
                _ => of.iter().map(|note| note.column.clone()).collect(),
            };
            let count: usize = of.iter().map(|note| note.count).sum();
            let message = Message::new(kind.key()).with("columns", columns.join(", ")).with("count", count);
            (!of.is_empty()).then_some(message)
        };
        Writing::ALL.iter().filter_map(of_kind).collect()
    }
}

/// A cell as a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    /// A finite one, with what is special about how it is written.
    Number(f64, Marks),
    /// A number that is not finite.
    NotFinite,
    /// Digits that a number would not keep, as `007` or an account of twenty digits.
    Code,
    Word,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) thousands: bool,
    pub(crate) yuan: bool,
    pub(crate) percent: bool,
    pub(crate) large: bool,
    pub(crate) full_width: bool,
}

impl Marks {
    /// What is special, one by one.
    pub(crate) fn kinds(self) -> impl Iterator<Item = Writing> {
        [
            (self.thousands, Writing::Thousands),
            (self.yuan, Writing::Yuan),
            (self.percent, Writing::Percent),
            (self.large, Writing::LargeUnits),
            (self.full_width, Writing::FullWidth),
        ]
        .into_iter()
        .filter_map(|(is_there, kind)| is_there.then_some(kind))
    }
}

/// A finite number, however it is written.
pub(crate) fn number(cell: &str) -> Option<f64> {
    match self::cell(cell) {
        Cell::Number(value, _) => Some(value),
        _ => None,
    }
}

/// Most digits of a whole number that always all fit.
const DIGITS: usize = 15;

pub(crate) fn cell(text: &str) -> Cell {
    if is_code(text.trim_start_matches(['+', '-'])) {
        return Cell::Code;
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Cell::Number(value, Marks::default()),
        Ok(_) => Cell::NotFinite,
        Err(_) if matches!(text.trim_start_matches(['+', '-']), "∞") => Cell::NotFinite,
        Err(_) => marked(text),
    }
}

fn is_code(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let loses = || {
        let whole: Option<u128> = digits.parse().ok();
        whole.is_none_or(|whole| whole as f64 as u128 != whole)
    };
    matches!(bytes, [b'0', b'0'..=b'9', ..])
        || (bytes.len() > DIGITS && bytes.iter().all(u8::is_ascii_digit) && loses())
}

/// A number with separators, units or full-width digits.
fn marked(text: &str) -> Cell {
    let may_be = |first: char| matches!(first, '0'..='9' | '+' | '-' | '.' | '¥' | '￥' | '！'..='～');
    if !text.chars().next().is_some_and(may_be) {
        return Cell::Word;
    }
    let (text, full_width) = half_width(text);
    let mut marks = Marks { full_width, ..Marks::default() };
    let mut rest = text.as_str();
    let before = take_sign(&mut rest);
    if let Some(amount) = rest.strip_prefix('¥') {
        marks.yuan = true;
        rest = amount.trim_start();
    }
    // The sign stands before the mark or behind it.
    let minus = before.or_else(|| take_sign(&mut rest)) == Some('-');
    let mut factor = 1.0;
    for (unit, times) in [('%', 1.0), ('元', 1.0), ('万', 1e4), ('亿', 1e8)] {
        let Some(amount) = rest.strip_suffix(unit) else { continue };
        match unit {
            '%' if !marks.yuan => marks.percent = true,
            '元' if !marks.percent => marks.yuan = true,
            '万' | '亿' if !marks.percent && !marks.large => (marks.large, factor) = (true, times),
            _ => return Cell::Word,
        }
        rest = amount.trim_end();
    }
    let Some(digits) = without_separators(rest) else { return Cell::Word };
    marks.thousands = digits.len() < rest.len();
    if is_code(&digits) {
        return if marks.yuan || marks.percent || marks.large { Cell::Word } else { Cell::Code };
    }
    match digits.parse::<f64>() {
        Ok(value) => {
            // A division keeps 45 % at .45, a product does not.
            let value = if marks.percent { value / 100.0 } else { value * factor };
            Cell::Number(if minus { -value } else { value }, marks)
        }
        Err(_) => Cell::Word,
    }
}

fn take_sign(rest: &mut &str) -> Option<char> {
    let sign = rest.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    *rest = rest[1..].trim_start();
    Some(sign)
}

/// Digits with at most one point; commas only where they part thousands.
fn without_separators(text: &str) -> Option<String> {
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !decimals.is_none_or(are_digits) || (whole.is_empty() && decimals.is_none_or(str::is_empty)) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = whole.contains(',');
    if !are_digits(first) || (grouped && !(1..=3).contains(&first.len())) {
        return None;
    }
    groups.all(|group| group.len() == 3 && are_digits(group)).then(|| text.replace(',', ""))
}

/// The text with full-width letters, digits and signs as plain ones, and whether there were any.
fn half_width(text: &str) -> (String, bool) {
    let mut changed = false;
    let half = |letter: char| match letter {
        '￥' => '¥',
        '！'..='～' => {
            changed = true;
            char::from_u32(letter as u32 - 0xfee0).unwrap_or(letter)
        }
        '\u{3000}' => ' ',
        _ => letter,
    };
    (text.chars().map(half).collect(), changed)
}

/// A cell as a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Dated {
    /// Days since 1970-01-01, and what is special about how it is written.
    Day(f64, Option<Writing>),
    /// Either read day first or month first, where there is such a date.
    Either([Option<f64>; 2]),
}

/// Years of dates without a separator or a day: others are codes.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// `2026-01-31`, `2026/1/31`, `2026.1.31`, `2026年1月31日`, `31/1/2026`, all of them with a time of day behind or
/// without; `2026-01`, `2026年1月`.
pub(crate) fn dated(cell: &str) -> Option<Dated> {
    if !cell.starts_with(|first: char| first.is_ascii_digit() || ('０'..='９').contains(&first)) {
        return None;
    }
    let half;
    let cell = if cell.is_ascii() {
        cell
    } else {
        half = half_width(cell).0;
        half.as_str()
    };
    if let Some((year, rest)) = cell.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        let (year, month) = (year.trim(), month.trim());
        if rest.trim().is_empty() {
            return first_of(year, month);
        }
        let (day, time) = rest.split_once(['日', '号'])?;
        let is_time = time.trim().chars().all(|letter| letter.is_ascii_digit() || ":.".contains(letter));
        let days = days(year, month, day.trim()).filter(|_| is_time)?;
        return Some(Dated::Day(days, Some(Writing::ChineseDates)));
    }
    let mut parts = cell.split([' ', 'T']).next()?.split(['-', '/', '.']);
    let (first, second) = (parts.next()?, parts.next()?);
    let Some(third) = parts.next() else {
        return if cell.contains('.') { None } else { first_of(first, second) };
    };
    if parts.next().is_some() {
        return None;
    }
    if first.len() == 4 {
        let dotted = cell.get(4..5) == Some(".");
        return Some(Dated::Day(days(first, second, third)?, dotted.then_some(Writing::DottedDates)));
    }
    let either = [days(third, second, first), days(third, first, second)];
    either.iter().any(Option::is_some).then_some(Dated::Either(either))
}

/// `20260131`.
pub(crate) fn compact(cell: &str) -> Option<f64> {
    let is_whole = cell.len() == 8 && cell.bytes().all(|byte| byte.is_ascii_digit());
    let year: i16 = cell.get(..4).filter(|_| is_whole)?.parse().ok()?;
    if !YEARS.contains(&year) {
        return None;
    }
    days(&cell[..4], &cell[4..6], &cell[6..])
}

fn first_of(year: &str, month: &str) -> Option<Dated> {
    let within = year.parse().is_ok_and(|year: i16| YEARS.contains(&year));
    let days = days(year, month, "1").filter(|_| within)?;
    Some(Dated::Day(days, Some(Writing::Months)))
}

fn days(year: &str, month: &str, day: &str) -> Option<f64> {
    let number = |text: &str, longest: usize| -> Option<i16> {
        let fits = (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| fits)
    };
    let year = number(year, 4).filter(|_| year.len() == 4)?;
    let date = Date::new(year, number(month, 2)? as i8, number(day, 2)? as i8).ok()?;
    Some(date::days(date) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("1,234.50", 1234.5),
            ("1,234,567", 1_234_567.0),
            ("-1,234", -1234.0),
            ("¥12.50", 12.5),
            ("￥1,200", 1200.0),
            ("-¥3", -3.0),
            ("¥-3", -3.0),
            ("12.5元", 12.5),
            ("12 元", 12.0),
            ("45%", 0.45),
            ("4.5％", 0.045),
            ("3.5万", 35_000.0),
            ("1.2亿元", 120_000_000.0),
            ("１２３．５", 123.5),
            ("－７", -7.0),
            ("1000000000000000", 1e15),
            ("10000000000000000000", 1e19),
            (".5", 0.5),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in
            ["12,34", "1,2345", ",123", "1.234,5", "元", "¥", "%", "58元套餐", "10-20", "5万%", "1 2", "K1"]
        {
            assert_eq!(cell(text), Cell::Word, "{text}");
        }
        for text in ["007", "００７", "621700001234567890", "00"] {
            assert_eq!(cell(text), Cell::Code, "{text}");
        }
        for text in ["inf", "-Infinity", "∞", "NAN"] {
            assert_eq!(cell(text), Cell::NotFinite, "{text}");
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = |text: &str| match dated(text) {
            Some(Dated::Day(days, _)) => date::from_days(days as i64).map(|date| date.to_string()),
            _ => None,
        };
        for text in [
            "2024-03-05",
            "2024/3/5 12:30:00",
            "2024-03-05T00:00:00Z",
            "2024.3.5",
            "2024.03.05 9:00",
            "2024年3月5日",
            "2024年03月05日 12:30",
            "2024年3月5号12:30",
            "２０２４年３月５日",
        ] {
            assert_eq!(day(text).as_deref(), Some("2024-03-05"), "{text}");
        }
        for text in ["2024-03", "2024/3", "2024年3月"] {
            assert_eq!(day(text).as_deref(), Some("2024-03-01"), "{text}");
        }
        for text in [
            "2024-13",
            "1001-02",
            "2024.03",
            "2024年",
            "2024年3月5日起",
            "382-4657",
            "2024-02-30",
            "10.0.0.1",
        ] {
            assert_eq!(dated(text), None, "{text}");
        }
        assert!(matches!(dated("31/12/2024"), Some(Dated::Either([Some(_), None]))));
        assert!(matches!(dated("3-5-2024"), Some(Dated::Either([Some(_), Some(_)]))));
        assert!(
            compact("20240305").is_some() && compact("20241305").is_none() && compact("30240305").is_none()
        );
    }
}
