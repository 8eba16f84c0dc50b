//! Sheets of customers as people keep them: how a row is found among the known ones, and what stands in cells, read as an
//! extract would say it.

use crate::archive::tidied;
use crate::code::codes;
use crate::extract::{Column, ColumnType};

codes! {
    /// What is done with the rows of a sheet.
    pub enum SheetMode ("sheet-mode") {
        /// Create customers that are not there, change those that are.
        Both = "both",
        /// Create only.
        Create = "create",
        /// Change only.
        Update = "update",
    }
}

codes! {
    /// By what a row is found among the known customers.
    pub enum SheetKey ("sheet-key") {
        /// The customer code.
        Code = "code",
        /// The unified social credit code.
        CreditCode = "credit_code",
    }
}

impl SheetKey {
    /// The column that it stands in.
    #[must_use]
    pub const fn column(self) -> &'static str {
        self.code()
    }
}

/// What stands in a cell of a person's sheet, in the form of the extract as far as that can be told; what is something else
/// is left for the check to name.
#[must_use]
pub fn as_extract(column: &Column, cell: &str) -> String {
    let text = tidied(column, cell);
    match column.kind {
        ColumnType::Date => day(&text).unwrap_or(text),
        ColumnType::Whole(..) => text.replace([',', ' '], ""),
        _ => text,
    }
}

/// A day as it is written in offices: 2026/3/4, 2026.3.4, 2026年3月4日, 20260304, with a clock at midnight or without.
fn day(text: &str) -> Option<String> {
    let date =
        ["T00:00:00", " 00:00:00", " 0:00:00", " 0:00"].iter().find_map(|clock| text.strip_suffix(clock));
    let date = date.unwrap_or(text).trim_end_matches('日');
    if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]));
    }
    let mut parts = date.split(['-', '/', '.', '年', '月']).map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |text: &str, longest: usize| {
        (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_day = parts.next().is_none()
        && year.len() == 4
        && is_number(year, 4)
        && is_number(month, 2)
        && is_number(day, 2);
    is_day.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// The name of a column as it is compared: brackets, blanks, stars and colons, full-width ones too, tell nothing.
#[must_use]
pub fn header_word(name: &str) -> String {
    let bare = name.split(['(', '（', '[', '【']).next().unwrap_or_default();
    let bare = if bare.trim().is_empty() { name } else { bare };
    let is_word = |character: &char| {
        !character.is_whitespace() && !matches!(character, '*' | '＊' | ':' | '：' | '_' | '-')
    };
    bare.chars().filter(is_word).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Column = Column { name: "created_on", kind: ColumnType::Date, required: true };

    #[test]
    fn days_are_read_as_offices_write_them() {
        for text in [
            "2026-03-04",
            "2026/3/4",
            "2026.03.4",
            "2026年3月4日",
            "20260304",
            "2026-03-04T00:00:00",
            "2026/3/4 0:00",
            "２０２６/３/４",
        ] {
            assert_eq!(as_extract(&DAY, text), "2026-03-04", "{text}");
        }
        for text in ["3/4/2026", "2026-03", "2026-03-04T08:30:00", "soon", "2026/3/4/5"] {
            assert_ne!(as_extract(&DAY, text), "2026-03-04", "{text}");
        }
    }

    #[test]
    fn numbers_lose_what_parts_thousands() {
        let count = Column { name: "employees", kind: ColumnType::Whole(0, 10_000), required: false };
        assert_eq!(as_extract(&count, "1,200"), "1200");
    }

    #[test]
    fn headers_are_compared_by_their_words() {
        assert_eq!(header_word(" 客户名称 * "), header_word("客户名称（必填）"));
        assert_eq!(header_word("Credit code:"), header_word("credit_code"));
        assert_eq!(header_word("(x)"), "(x)");
    }
}
