//! Which column of a sheet is which of a customer's.

use domain::archive::{Sheet, field_key};
use domain::extract::Column;
use domain::sheet_import::{SheetKey, SheetMode, header_word};
use domain::{Lang, Problem};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::archive::Target;
use crate::archive::form::shown;
use crate::customer::Pairs;
use crate::{Actor, problem};

/// How a sheet is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// For each column of the sheet, the name of that of customers, if it is taken.
    pub columns: Vec<Option<String>>,
    /// What is done with its rows.
    pub mode: SheetMode,
    /// By what they are found among the known.
    pub key: SheetKey,
    /// Whether rows that are probably someone known are created nevertheless.
    pub likes: bool,
}

/// The columns of customers that the actor may fill in from a sheet.
pub type Offered = Vec<&'static Column>;

pub(super) fn offered(actor: &Actor) -> Offered {
    shown(actor, Target::NewCustomer).map(|(_, column)| column).collect()
}

impl Mapping {
    /// What the names of the columns say, in either language or as in extracts.
    pub(super) fn guessed(header: &[String], offered: &Offered) -> Self {
        let mut words: HashMap<String, &'static str> = HashMap::new();
        for column in offered {
            let key = field_key(column);
            let others = format!("sheet-words-{}", column.name);
            words.entry(header_word(column.name)).or_insert(column.name);
            for lang in Lang::ALL {
                words.entry(header_word(&text::get(lang, &key))).or_insert(column.name);
                if text::has(lang, &others) {
                    for word in text::get(lang, &others).split('|') {
                        words.entry(header_word(word)).or_insert(column.name);
                    }
                }
            }
        }
        let mut taken: Vec<&str> = Vec::new();
        let mut columns = Vec::with_capacity(header.len());
        for name in header {
            let column = words.get(&header_word(name)).copied().filter(|column| !taken.contains(column));
            taken.extend(column);
            columns.push(column.map(str::to_owned));
        }
        let key = if taken.contains(&"code") || !taken.contains(&"credit_code") {
            SheetKey::Code
        } else {
            SheetKey::CreditCode
        };
        Self { columns, mode: SheetMode::Both, key, likes: false }
    }

    /// What was kept of a sheet with the same header, as far as the actor may fill it in.
    pub(super) fn remembered(kept: &str, width: usize, offered: &Offered) -> Option<Self> {
        let mut mapping: Self = serde_json::from_str(kept).ok()?;
        mapping.columns.resize(width, None);
        for column in &mut mapping.columns {
            if column.as_ref().is_some_and(|name| !offered.iter().any(|known| known.name == name)) {
                *column = None;
            }
        }
        Some(mapping)
    }

    /// What a form says, right or wrong: `column-N` for each column, `mode`, `key` and `likes`.
    #[must_use]
    pub fn typed(typed: &Pairs, width: usize, offered: &Offered) -> Self {
        let of_field = |name: &str| {
            typed.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
        };
        let column = |place: usize| {
            let name = of_field(&format!("column-{place}")).to_owned();
            offered.iter().find(|known| known.name == name).map(|column| column.name.to_owned())
        };
        Self {
            columns: (0..width).map(column).collect(),
            mode: of_field("mode").parse().unwrap_or(SheetMode::Both),
            key: of_field("key").parse().unwrap_or(SheetKey::Code),
            likes: of_field("likes") == "yes",
        }
    }

    /// What a form says.
    ///
    /// # Errors
    /// When one column is named twice, that of the key not at all, or what new customers must have is missing.
    pub(super) fn of_form(typed: &Pairs, width: usize, actor: &Actor) -> Result<Self, Problem> {
        let mapping = Self::typed(typed, width, &offered(actor));
        for (place, name) in mapping.columns.iter().enumerate() {
            if let Some(name) = name.as_deref().filter(|name| mapping.place(name) != Some(place)) {
                return Err(problem::sheet_column_twice(name));
            }
        }
        let (mode, key) = (mapping.mode, mapping.key);
        if mapping.place(key.column()).is_none() && (mode != SheetMode::Create || key == SheetKey::CreditCode)
        {
            return Err(problem::sheet_column_missing(key.column()));
        }
        for must in ["name", "category"] {
            if mode != SheetMode::Update && mapping.place(must).is_none() {
                return Err(problem::sheet_column_missing(must));
            }
        }
        Ok(mapping)
    }

    /// The column of the sheet that one of customers is taken from.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.as_deref() == Some(name))
    }

    /// The columns taken: place in the sheet, place among those of customers, and which.
    pub(super) fn taken(&self) -> Vec<(usize, usize, &'static Column)> {
        let of = |(at, name): (usize, &Option<String>)| {
            let place = Sheet::Customer.place(name.as_deref()?)?;
            Some((at, place, &Sheet::Customer.columns()[place]))
        };
        self.columns.iter().enumerate().filter_map(of).collect()
    }
}
