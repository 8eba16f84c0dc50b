//! Fields of customers that the operator defines: who may, and under which names.

pub mod arrange;
pub mod form;
pub mod list;
pub mod save;

use domain::field::{Field, FieldHome, FieldType};
use domain::id::FieldId;
use domain::{Message, Problem};

use crate::{Services, problem};

/// Fields that can be defined, at most.
pub const MOST: usize = 200;
/// Lines for new options that a form has, at least.
pub const NEW_OPTIONS: usize = 4;

/// A definition as a person types it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The code; of one that is there it stays.
    pub code: String,
    /// Its name in both languages.
    pub name: (String, String),
    /// The hint in both languages.
    pub hint: (String, String),
    /// The unit in both languages.
    pub unit: (String, String),
    /// The code of its kind.
    pub kind: String,
    /// Characters of a text.
    pub longest: String,
    /// The code of the category; empty for all customers.
    pub category: String,
    /// The industry; empty for all of a category.
    pub industry: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// The options of a list in their order.
    pub options: Vec<OptionDraft>,
}

/// An option of a list as a person types it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionDraft {
    /// Its code.
    pub code: String,
    /// Its name in both languages.
    pub name: (String, String),
    /// Not to be offered any more.
    pub retired: bool,
    /// How many customers have it.
    pub used: u64,
    /// Whether it is there already, so that its code stays.
    pub is_kept: bool,
}

/// A definition being filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldForm {
    /// Which field; none for a new one.
    pub id: Option<FieldId>,
    /// What stands in it.
    pub draft: Draft,
    /// The state that it began with, to be sent back with it.
    pub seen: i64,
    /// What is wrong, by the name of the input.
    pub wrong: Vec<(&'static str, Message)>,
    /// What someone else made of it meanwhile.
    pub other: Option<Draft>,
    /// How many customers have a value.
    pub values: u64,
    /// Whether it is hidden.
    pub retired: bool,
    /// Industries that customers have.
    pub industries: Vec<String>,
}

impl FieldForm {
    /// What is wrong with an input.
    #[must_use]
    pub fn wrong(&self, name: &str) -> Option<&Message> {
        self.wrong.iter().find(|(known, _)| *known == name).map(|(_, wrong)| wrong)
    }
}

impl Draft {
    fn of(field: &Field) -> Self {
        let both = |words: &domain::field::Words| (words.zh.clone(), words.en.clone());
        let (category, industry) = match &field.home {
            FieldHome::All => (String::new(), String::new()),
            FieldHome::Category(category) => (category.to_string(), String::new()),
            FieldHome::Industry(category, industry) => (category.to_string(), industry.clone()),
        };
        let options = field.kind.options().iter().map(|option| OptionDraft {
            code: option.code.clone(),
            name: both(&option.name),
            retired: option.retired,
            used: 0,
            is_kept: true,
        });
        Self {
            code: field.code.clone(),
            name: both(&field.name),
            hint: both(&field.hint),
            unit: both(&field.unit),
            kind: field.kind.kind().to_string(),
            longest: match field.kind {
                FieldType::Text(longest) => longest.to_string(),
                _ => String::new(),
            },
            category,
            industry,
            required: field.required,
            options: options.collect(),
        }
    }
}

/// The field that a column of a sheet is for, by its code or its name in either language, of those that are not hidden; what
/// stands in the column, [`FieldType::read`] reads, and `field.` with its code names it in a form of the archive.
#[must_use]
pub fn headed<'a>(fields: &'a [Field], header: &str) -> Option<&'a Field> {
    let mut shown = fields.iter().filter(|field| !field.retired);
    shown.find(|field| field.is_headed(header))
}

async fn known(services: &Services, id: FieldId) -> Result<Field, Problem> {
    let fields = services.store().fields().await?;
    fields.into_iter().find(|field| field.id == id).ok_or_else(problem::not_found)
}
