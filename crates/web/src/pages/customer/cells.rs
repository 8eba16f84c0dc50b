//! What stands in a cell of the list, on the page and in files.

use std::borrow::Cow;
use std::sync::Arc;

use documents::Value;
use domain::assessment::Assessment;
use domain::field::{Field, FieldType, FieldValue};
use domain::{Lang, Money};
use maud::{Markup, html};
use service::customer::{Column, Columns, CustomerRow, Told};

use crate::ui::{Ui, reasons, stage, stars};

/// A cell of the page.
pub fn draw(ui: &Ui<'_>, told: Told<'_>) -> Markup {
    html! {
        @match told {
            Told::Nothing => {},
            Told::Text(text) => (text),
            Told::Code(key) => (ui.t(key)),
            Told::Stage(of) => (stage(ui, of)),
            Told::Stars(star) => (stars(ui, Some(star))),
            Told::Reasons(why) => span title=(reasons(ui, why, Assessment::REASONS)) { (reasons(ui, why, 1)) },
            Told::Money(amount) => (ui.money(amount)),
            Told::Share(share) => (text::share(share)),
            Told::Count(count) => (text::count(count)),
            Told::Month(month) => (month),
            Told::Day(day) => (day),
        }
    }
}

/// A cell in words, for files; amounts in yuan, months and days as ISO has them, shares 0 to 1.
fn words<'a>(ui: &Ui<'_>, told: Told<'a>) -> Cow<'a, str> {
    match told {
        Told::Nothing => Cow::Borrowed(""),
        Told::Text(text) => Cow::Borrowed(text),
        Told::Code(key) => ui.t(key),
        Told::Stage(of) => ui.t(of.text_key()),
        Told::Reasons(why) => Cow::Owned(reasons(ui, why, Assessment::REASONS)),
        Told::Stars(star) => Cow::Owned(star.get().to_string()),
        Told::Money(amount) => Cow::Owned(amount.to_string()),
        Told::Share(share) => Cow::Owned(format!("{share:.4}")),
        Told::Count(count) => Cow::Owned(count.to_string()),
        Told::Month(month) => Cow::Owned(month.to_string()),
        Told::Day(day) => Cow::Owned(day.to_string()),
    }
}

/// A column of a file: the customer's name, which the page always has, or one that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileColumn {
    /// The name.
    Name,
    /// A chosen one.
    Chosen(Column),
    /// One of the operator's own fields, by its place among those told of a customer.
    Own(usize, Arc<Field>),
}

impl FileColumn {
    /// The columns of a file, in order: the name stands behind the code, if that comes first.
    pub fn all(columns: &Columns, fields: &[Arc<Field>]) -> Vec<Self> {
        let mut all: Vec<Self> = columns.all().iter().copied().map(Self::Chosen).collect();
        all.insert(usize::from(columns.all().first() == Some(&Column::Code)), Self::Name);
        all.extend(fields.iter().enumerate().map(|(place, field)| Self::Own(place, Arc::clone(field))));
        all
    }

    /// Its title in a language; of an own field the code, by which an import knows it again.
    pub fn title(&self, lang: Lang) -> Cow<'static, str> {
        let key = match self {
            Self::Own(_, field) => return Cow::Owned(field.code.clone()),
            Self::Name => "customer",
            Self::Chosen(Column::Revenue) => "revenue-12m-yuan",
            Self::Chosen(Column::Profit) => "profit-12m-yuan",
            Self::Chosen(Column::Value) => "lifetime-value-yuan",
            Self::Chosen(Column::ExpectedLoss) => "expected-loss-yuan",
            Self::Chosen(column) => column.title_key(),
        };
        text::get(lang, key)
    }

    /// What stands in an own field of a customer; none for other columns.
    fn own<'a>(&self, row: &'a CustomerRow) -> Option<(&'a Field, Option<&'a FieldValue>)> {
        let Self::Own(place, _) = self else { return None };
        let (field, value) = row.own.get(*place)?;
        Some((field, value.as_ref()))
    }

    fn of<'a>(&self, row: &'a CustomerRow) -> Told<'a> {
        match self {
            Self::Name => Told::Text(&row.name),
            Self::Chosen(column) => column.of(row),
            Self::Own(..) => Told::Nothing,
        }
    }

    /// A cell as text.
    pub fn words<'a>(&self, ui: &Ui<'_>, row: &'a CustomerRow) -> Cow<'a, str> {
        if let Some((field, value)) = self.own(row) {
            return Cow::Owned(value.map(|value| field.kind.written(value)).unwrap_or_default());
        }
        words(ui, self.of(row))
    }

    /// A cell of a spreadsheet: figures stay figures, whatever else is text and never a formula.
    pub fn value(&self, ui: &Ui<'_>, row: &CustomerRow) -> Value {
        if let Some((field, value)) = self.own(row) {
            return match (&field.kind, value) {
                (_, None) => Value::Empty,
                (FieldType::Money, Some(FieldValue::Whole(fen))) => Value::Yuan(Money::from_fen(*fen).yuan()),
                (FieldType::Whole, Some(FieldValue::Whole(whole))) => Value::Number(*whole as f64),
                (kind, Some(value)) => Value::Text(kind.written(value)),
            };
        }
        match self.of(row) {
            Told::Nothing => Value::Empty,
            Told::Money(amount) => Value::Yuan(amount.yuan()),
            Told::Share(share) => Value::Share(share),
            Told::Count(count) => Value::Number(count as f64),
            Told::Stars(star) => Value::Number(f64::from(star.get())),
            told => Value::Text(words(ui, told).into_owned()),
        }
    }
}
