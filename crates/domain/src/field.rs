//! Fields of customers that the operator defines: typed, and inherited along category and industry.

use unicode_normalization::UnicodeNormalization;

use crate::archive::{PROSE, mixes_scripts, tidied};
use crate::cell::{self, Value, written};
use crate::code::codes;
use crate::customer::CustomerCategory;
use crate::extract::{Cell, Column, ColumnType};
use crate::id::FieldId;
use crate::{Lang, Message};

codes! {
    /// What a field holds.
    pub enum FieldKind ("field-kind") {
        /// Text of at most so many characters.
        Text = "text",
        /// A whole number.
        Whole = "whole",
        /// An amount, typed in yuan and kept in fen.
        Money = "money",
        /// A day.
        Date = "date",
        /// Yes or no.
        YesNo = "yes_no",
        /// One of a list.
        Choice = "choice",
    }
}

/// Words in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// In a language; where there are none in it, in the other.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &str {
        let (first, other) = match lang {
            Lang::ZhCn => (&self.zh, &self.en),
            Lang::En => (&self.en, &self.zh),
        };
        if first.is_empty() { other } else { first }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

/// What a field holds, with what each kind needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// Text of at most so many characters.
    Text(usize),
    /// A whole number.
    Whole,
    /// Fen.
    Money,
    /// Days since 1970.
    Date,
    /// 1 or 0.
    YesNo,
    /// The number of one of these options.
    Choice(Vec<FieldOption>),
}

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOption {
    /// What is kept; never given to another.
    pub number: i64,
    /// Its code in files and addresses.
    pub code: String,
    /// Its name.
    pub name: Words,
    /// Not offered any more; where it is chosen it stays.
    pub retired: bool,
}

/// Which customers have a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FieldHome {
    /// All.
    #[default]
    All,
    /// Those of a category.
    Category(CustomerCategory),
    /// Those of an industry within a category.
    Industry(CustomerCategory, String),
}

impl FieldHome {
    /// Whether a customer of this category and industry has it.
    #[must_use]
    pub fn holds(&self, category: CustomerCategory, industry: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Category(of) => *of == category,
            Self::Industry(of, name) => *of == category && industry == Some(name),
        }
    }

    /// How far down it stands: what all have comes first.
    #[must_use]
    pub const fn depth(&self) -> u8 {
        match self {
            Self::All => 0,
            Self::Category(_) => 1,
            Self::Industry(..) => 2,
        }
    }
}

/// A field that the operator defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub id: FieldId,
    /// Its name in files and addresses; never changes.
    pub code: String,
    /// Its name.
    pub name: Words,
    /// What whoever fills it in should know.
    pub hint: Words,
    /// What it is counted in.
    pub unit: Words,
    /// What it holds.
    pub kind: FieldType,
    /// Who has it.
    pub home: FieldHome,
    /// Whether it must be filled in.
    pub required: bool,
    /// Its place among those of the same customers.
    pub place: i64,
    /// Hidden; what was filled in is kept.
    pub retired: bool,
    /// Counts changes, so that two states are told apart.
    pub revision: i64,
}

/// What stands in a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldValue {
    /// A number, fen, days, 1 or 0, or the number of an option.
    Whole(i64),
    /// Text.
    Text(std::sync::Arc<str>),
}

/// Characters of a code at most.
pub const CODE: usize = 40;
/// Characters of a name or of a unit at most.
pub const NAME: usize = 40;
/// Characters of a hint at most.
pub const HINT: usize = 200;
/// Options of a list at most.
pub const OPTIONS: usize = 200;
/// Beyond it a number is no longer exact where spreadsheets read it.
const LARGEST: i64 = 999_999_999_999_999;

const YES: &str = "yes";
const NO: &str = "no";

impl FieldType {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> FieldKind {
        match self {
            Self::Text(_) => FieldKind::Text,
            Self::Whole => FieldKind::Whole,
            Self::Money => FieldKind::Money,
            Self::Date => FieldKind::Date,
            Self::YesNo => FieldKind::YesNo,
            Self::Choice(_) => FieldKind::Choice,
        }
    }

    /// The options of a list.
    #[must_use]
    pub fn options(&self) -> &[FieldOption] {
        match self {
            Self::Choice(options) => options,
            _ => &[],
        }
    }

    /// How the same is laid out in the sheets of the archive; none for what these do not know.
    const fn column(&self) -> Option<Column> {
        let kind = match *self {
            Self::Text(longest) => ColumnType::Text(longest),
            Self::Whole => ColumnType::Whole(-LARGEST, LARGEST),
            Self::Money => ColumnType::Money,
            Self::Date => ColumnType::Date,
            Self::YesNo | Self::Choice(_) => return None,
        };
        Some(Column { name: "", kind, required: false })
    }

    /// Reads what was typed; nothing if it is empty. Of a list the code or a name will do, of yes or no the words too.
    ///
    /// # Errors
    /// With what is wrong with it, in words.
    pub fn read(&self, typed: &str) -> Result<Option<FieldValue>, Message> {
        let Some(column) = self.column() else {
            let typed = tidied(&WORD, typed);
            return if typed.is_empty() { Ok(None) } else { self.chosen(&typed).map(Some) };
        };
        let typed = tidied(&column, typed);
        if typed.is_empty() {
            return Ok(None);
        }
        Ok(match cell::parse(column.kind, typed.as_bytes())? {
            Value::Whole(whole) => Some(FieldValue::Whole(whole)),
            Value::Text(text) => Some(FieldValue::Text(text.into())),
            _ => None,
        })
    }

    fn chosen(&self, typed: &str) -> Result<FieldValue, Message> {
        let same = |known: &str| !known.is_empty() && folded(known) == folded(typed);
        let Self::Choice(options) = self else {
            return if [YES, "是", "1"].into_iter().any(same) {
                Ok(FieldValue::Whole(1))
            } else if [NO, "否", "0"].into_iter().any(same) {
                Ok(FieldValue::Whole(0))
            } else {
                Err(Message::new("own-not-yes-no").with("text", head(typed)))
            };
        };
        let by_code = options.iter().find(|option| option.code == typed);
        let by_name = || options.iter().find(|option| same(&option.name.zh) || same(&option.name.en));
        let option = by_code.or_else(by_name);
        option
            .map(|option| FieldValue::Whole(option.number))
            .ok_or_else(|| Message::new("own-not-in-list").with("text", head(typed)))
    }

    /// What a person would type to get this value.
    #[must_use]
    pub fn written(&self, value: &FieldValue) -> String {
        match (self, value) {
            (_, FieldValue::Text(text)) => text.to_string(),
            (Self::YesNo, FieldValue::Whole(is)) => (if *is == 0 { NO } else { YES }).to_owned(),
            (Self::Choice(options), FieldValue::Whole(number)) => {
                let option = options.iter().find(|option| option.number == *number);
                option.map(|option| option.code.clone()).unwrap_or_default()
            }
            (_, FieldValue::Whole(whole)) => {
                self.column().map(|column| written(column.kind, &Cell::Whole(*whole))).unwrap_or_default()
            }
        }
    }
}

/// As much of what was typed as says which it was.
fn head(typed: &str) -> String {
    typed.chars().take(NAME).collect()
}

const WORD: Column = Column { name: "", kind: ColumnType::Text(NAME), required: false };

impl Field {
    /// The name of what is asked for it in forms, and of its value in the audit.
    #[must_use]
    pub fn key(&self) -> String {
        key(&self.code)
    }

    /// Whether this is what a column of a sheet is headed by: its code, or its name in either language.
    #[must_use]
    pub fn is_headed(&self, header: &str) -> bool {
        let header = folded(&tidied(&WORD, header));
        [&self.code, &self.name.zh, &self.name.en].into_iter().any(|known| folded(known) == header)
    }
}

/// The name of what is asked for the field with this code.
#[must_use]
pub fn key(code: &str) -> String {
    format!("field.{code}")
}

/// A text as it is compared: without regard to width, case and blanks.
#[must_use]
pub fn folded(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Reads a code: small letters, digits and underscores, a letter first.
///
/// # Errors
/// With what is wrong with it.
pub fn read_code(typed: &str) -> Result<String, Message> {
    let typed = tidied(&WORD, typed);
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_code = typed.starts_with(|c: char| c.is_ascii_lowercase())
        && typed.chars().all(is_plain)
        && typed.len() <= CODE;
    if is_code { Ok(typed) } else { Err(Message::new("own-code-wrong").with("limit", CODE)) }
}

/// Reads a name, or whatever else is at most so long.
///
/// # Errors
/// With what is wrong with it.
pub fn read_words(typed: &str, longest: usize) -> Result<String, Message> {
    let typed = tidied(&WORD, typed);
    if typed.chars().count() > longest {
        return Err(Message::new("import-cell-text-long").with("limit", longest));
    }
    if typed.chars().any(char::is_control) {
        return Err(Message::new("import-cell-text-control"));
    }
    if mixes_scripts(&typed) {
        return Err(Message::new("field-scripts-mixed"));
    }
    Ok(typed)
}

/// Reads how long a text may be.
///
/// # Errors
/// With what is wrong with it.
pub fn read_longest(typed: &str) -> Result<usize, Message> {
    let wrong = || Message::new("own-longest-wrong").with("limit", PROSE);
    let longest: usize = tidied(&COUNT, typed).parse().map_err(|_| wrong())?;
    if (1..=PROSE).contains(&longest) { Ok(longest) } else { Err(wrong()) }
}

const COUNT: Column = Column { name: "", kind: ColumnType::Whole(0, LARGEST), required: false };

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Words {
        Words { zh: text.to_owned(), en: format!("{text} en") }
    }

    fn grades() -> FieldType {
        let option = |number: i64, code: &str, name: &str| FieldOption {
            number,
            code: code.to_owned(),
            name: words(name),
            retired: false,
        };
        FieldType::Choice(vec![option(1, "a", "甲等"), option(7, "b", "乙等")])
    }

    #[test]
    fn a_field_goes_down_from_category_to_industry() {
        let (category, other) = (CustomerCategory::KeyAccount, CustomerCategory::Sme);
        assert!(FieldHome::All.holds(other, None));
        assert!(FieldHome::Category(category).holds(category, Some("教育")));
        assert!(!FieldHome::Category(category).holds(other, Some("教育")));
        let home = FieldHome::Industry(category, "教育".to_owned());
        assert!(home.holds(category, Some("教育")));
        assert!(!home.holds(category, Some("金融")) && !home.holds(category, None));
        assert!(!home.holds(other, Some("教育")));
    }

    #[test]
    fn what_is_typed_is_read_by_the_type() {
        let read = |kind: &FieldType, typed: &str| kind.read(typed).map_err(|wrong| wrong.key);
        assert_eq!(read(&FieldType::Money, "¥１,２００.５"), Ok(Some(FieldValue::Whole(120_050))));
        assert_eq!(read(&FieldType::Whole, "-３"), Ok(Some(FieldValue::Whole(-3))));
        assert_eq!(read(&FieldType::YesNo, "是"), Ok(Some(FieldValue::Whole(1))));
        assert_eq!(read(&FieldType::YesNo, "maybe"), Err("own-not-yes-no"));
        assert_eq!(read(&grades(), "乙等"), Ok(Some(FieldValue::Whole(7))));
        assert_eq!(read(&grades(), "b"), Ok(Some(FieldValue::Whole(7))));
        assert_eq!(read(&grades(), "丙等"), Err("own-not-in-list"));
        assert_eq!(read(&FieldType::Text(3), "a\u{200b}\u{202e}b"), Ok(Some(FieldValue::Text("ab".into()))));
        assert_eq!(read(&FieldType::Text(3), &"长".repeat(10_000)), Err("import-cell-text-long"));
        assert!(read(&FieldType::Date, "2026-02-30").is_err());
        assert_eq!(read(&FieldType::Date, "  "), Ok(None));
    }

    #[test]
    fn names_that_only_look_alike_and_codes_that_are_none_are_refused() {
        assert_eq!(read_words("\u{0397}uawei", NAME).map_err(|wrong| wrong.key), Err("field-scripts-mixed"));
        assert_eq!(read_words(" 机房\u{200b}面积 ", NAME), Ok("机房面积".to_owned()));
        assert!(read_words(&"长".repeat(NAME + 1), NAME).is_err());
        assert_eq!(read_code("machine_room_2"), Ok("machine_room_2".to_owned()));
        for code in ["", "2nd", "Area", "a.b", "a b", "机房", &"a".repeat(CODE + 1)] {
            assert!(read_code(code).is_err(), "{code}");
        }
        assert!(read_longest("0").is_err() && read_longest("2001").is_err());
        assert_eq!(read_longest("２０").ok(), Some(20));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_back_as_it_was(number in -LARGEST..=LARGEST, text in "[^\\p{C}]{1,20}") {
            let fen = number.rem_euclid(1_000_000_000_000);
            let day = number.rem_euclid(40_000);
            let kept = [
                (FieldType::Whole, FieldValue::Whole(number)),
                (FieldType::Money, FieldValue::Whole(fen)),
                (FieldType::Date, FieldValue::Whole(day)),
                (FieldType::YesNo, FieldValue::Whole(number.rem_euclid(2))),
                (grades(), FieldValue::Whole(if number % 2 == 0 { 1 } else { 7 })),
            ];
            for (kind, value) in kept {
                prop_assert_eq!(kind.read(&kind.written(&value)).ok().flatten(), Some(value));
            }
            // What is read of a text once is read so ever after.
            let kind = FieldType::Text(40);
            if let Ok(Some(value)) = kind.read(&text) {
                prop_assert_eq!(kind.read(&kind.written(&value)).ok().flatten(), Some(value));
            }
        }
    }
}
