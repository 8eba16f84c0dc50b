//! The operator's own fields in the index: what stands in them by row, and what they must hold.

use std::ops::Range;
use std::sync::Arc;

use domain::field::{Field, FieldHome, FieldType, FieldValue, folded, key};
use domain::id::{CustomerId, FieldId};
use domain::{Date, Lang, date};
use hashbrown::HashMap;
use store::field::KeptValue;

use super::index::{CustomerIndex, Laid};
use super::{Columns, Facet};

/// What stands in a field, by row; rows with nothing are not there.
type Column = Vec<(u32, FieldValue)>;

/// The operator's own fields, with what stands in them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields {
    all: Vec<Arc<Field>>,
    columns: HashMap<FieldId, Arc<Column>>,
}

/// A row, whether the value is of a customer that it stands for, whose it is, and the value.
type Found = (u32, bool, CustomerId, Option<FieldValue>);

impl Fields {
    /// Fields and what stands in them: of a customer and those that it stands for its own comes first.
    pub(super) fn new(
        fields: Vec<Field>,
        values: &[KeptValue],
        row_of: impl Fn(CustomerId) -> Option<usize>,
        ids: &[CustomerId],
    ) -> Self {
        let mut columns: HashMap<FieldId, Vec<Found>> = HashMap::new();
        for (customer, field, value) in values {
            if let Some(row) = row_of(*customer) {
                let is_other = ids[row] != *customer;
                columns.entry(*field).or_default().push((row as u32, is_other, *customer, value.clone()));
            }
        }
        let laid = columns.into_iter().map(|(field, mut column)| {
            column.sort_unstable_by_key(|(row, is_other, customer, _)| (*row, *is_other, *customer));
            column.dedup_by_key(|(row, ..)| *row);
            let kept = column.into_iter().filter_map(|(row, _, _, value)| Some((row, value?)));
            (field, Arc::new(kept.collect::<Column>()))
        });
        Self { columns: laid.collect(), ..fields.into() }
    }

    /// The same with other definitions, and what stands in the fields of a few rows now; none if nothing is other than before.
    pub(super) fn patched(
        &self,
        fields: Vec<Field>,
        rows: &[usize],
        values: &[KeptValue],
        laid: &Laid,
    ) -> Option<Self> {
        let now = Self::new(fields, values, |customer| laid.found_at(customer), &laid.ids);
        let mut new = Self { all: now.all.clone(), columns: self.columns.clone() };
        for field in &now.all {
            let column = new.columns.entry(field.id).or_default();
            for &row in rows {
                let value = now.value(field.id, row);
                let place = column.binary_search_by_key(&(row as u32), |(row, _)| *row);
                match (place, value) {
                    (Ok(place), Some(value)) if column[place].1 == *value => {}
                    (Ok(place), Some(value)) => Arc::make_mut(column)[place].1 = value.clone(),
                    (Ok(place), None) => {
                        Arc::make_mut(column).remove(place);
                    }
                    (Err(place), Some(value)) => {
                        Arc::make_mut(column).insert(place, (row as u32, value.clone()));
                    }
                    (Err(_), None) => {}
                }
            }
        }
        new.columns.retain(|_, column| !column.is_empty());
        (new != *self).then_some(new)
    }

    /// Every field, those that are hidden included, what all customers have first.
    #[must_use]
    pub fn all(&self) -> &[Arc<Field>] {
        &self.all
    }

    /// The fields that are not hidden.
    pub fn shown(&self) -> impl Iterator<Item = &Arc<Field>> {
        self.all.iter().filter(|field| !field.retired)
    }

    /// The fields among the columns of a list.
    #[must_use]
    pub fn chosen(&self, columns: &Columns) -> Vec<Arc<Field>> {
        columns.own().iter().filter_map(|code| self.named(code)).cloned().collect()
    }

    /// The field with this code.
    #[must_use]
    pub fn named(&self, code: &str) -> Option<&Arc<Field>> {
        self.all.iter().find(|field| field.code == code)
    }

    /// What stands in a field of a row.
    #[must_use]
    pub fn value(&self, field: FieldId, row: usize) -> Option<&FieldValue> {
        let column = self.columns.get(&field)?;
        let place = column.binary_search_by_key(&(row as u32), |(row, _)| *row).ok()?;
        Some(&column[place].1)
    }

    /// A condition brought down to columns; none if there is no such field.
    pub(super) fn test(&self, condition: &FieldCondition, index: &CustomerIndex) -> Option<FieldTest> {
        let field = self.named(&condition.code)?;
        let (category, industry) = match &field.home {
            FieldHome::All => (None, None),
            FieldHome::Category(category) => (Some(*category as u8), None),
            FieldHome::Industry(category, industry) => {
                (Some(*category as u8), Some(index.industry_place(industry)?))
            }
        };
        let bound = |bound: &Option<String>| {
            bound.as_deref().and_then(|bound| match field.kind.read(bound) {
                Ok(Some(FieldValue::Whole(whole))) => Some(whole),
                _ => None,
            })
        };
        let options = field.kind.options();
        let chosen = |code: &String| match &field.kind {
            FieldType::Choice(_) => {
                options.iter().find(|option| option.code == *code).map(|option| option.number)
            }
            // What is no option is no value that anyone has.
            _ => bound(&Some(code.clone())),
        };
        Some(FieldTest {
            category,
            industry,
            column: self.columns.get(&field.id).cloned().unwrap_or_default(),
            among: (!condition.among.is_empty()).then(|| condition.among.iter().filter_map(chosen).collect()),
            bounds: (condition.from.is_some() || condition.to.is_some()).then(|| {
                (bound(&condition.from).unwrap_or(i64::MIN), bound(&condition.to).unwrap_or(i64::MAX))
            }),
            has: condition.has.as_deref().map(folded),
            filled: condition.filled,
        })
    }
}

impl From<Vec<Field>> for Fields {
    /// Fields in which nothing stands.
    fn from(fields: Vec<Field>) -> Self {
        Self { all: fields.into_iter().map(Arc::new).collect(), columns: HashMap::new() }
    }
}

/// What one of the operator's own fields must hold. It is understood once the field is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldCondition {
    /// The code of the field.
    pub code: String,
    /// One of these codes, or of yes and no; empty: any.
    pub among: Vec<String>,
    /// At least this number, amount or day.
    pub from: Option<String>,
    /// At most this number, amount or day.
    pub to: Option<String>,
    /// This within the text.
    pub has: Option<String>,
    /// Something at all, or nothing.
    pub filled: Option<bool>,
}

impl FieldCondition {
    /// Stands before the code of a field in the names of what is asked of it.
    pub(super) const PREFIX: &str = "field.";
    const IS: &str = "is";
    const FROM: &str = "from";
    const TO: &str = "to";
    const HAS: &str = "has";
    const FILLED: &str = "filled";

    /// The name of what is asked: one of a list, or yes or no.
    #[must_use]
    pub fn is_name(code: &str) -> String {
        format!("{}.{}", key(code), Self::IS)
    }

    /// The name of what is asked: the least.
    #[must_use]
    pub fn from_name(code: &str) -> String {
        format!("{}.{}", key(code), Self::FROM)
    }

    /// The name of what is asked: the most.
    #[must_use]
    pub fn to_name(code: &str) -> String {
        format!("{}.{}", key(code), Self::TO)
    }

    /// The name of what is asked: what stands within the text.
    #[must_use]
    pub fn has_name(code: &str) -> String {
        format!("{}.{}", key(code), Self::HAS)
    }

    /// The name of what is asked: whether there is anything, `1` or `0`.
    #[must_use]
    pub fn filled_name(code: &str) -> String {
        format!("{}.{}", key(code), Self::FILLED)
    }

    /// Whether it asks nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.among.is_empty()
            && self.from.is_none()
            && self.to.is_none()
            && self.has.is_none()
            && self.filled.is_none()
    }

    /// Takes in one pair of a query, its name without the prefix; what is not understood is left out.
    pub(super) fn parse(conditions: &mut Vec<Self>, name: &str, value: &str) {
        let Some((code, ask)) = name.rsplit_once('.') else { return };
        if value.is_empty() || domain::field::read_code(code).is_err() {
            return;
        }
        let place = conditions.iter().position(|known| known.code == code).unwrap_or(conditions.len());
        let mut condition = conditions.get(place).cloned().unwrap_or_default();
        code.clone_into(&mut condition.code);
        let bound = || is_bound(value).then(|| value.to_owned());
        match ask {
            Self::IS if !condition.among.iter().any(|known| known == value) => {
                condition.among.push(value.to_owned());
            }
            Self::FROM => condition.from = bound(),
            Self::TO => condition.to = bound(),
            Self::HAS => condition.has = Some(value.to_owned()),
            Self::FILLED => condition.filled = Some(value == "1"),
            _ => {}
        }
        if condition.is_empty() {
            return;
        }
        match conditions.get_mut(place) {
            Some(known) => *known = condition,
            None => conditions.push(condition),
        }
    }

    /// Its pairs.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> =
            self.among.iter().map(|code| (Self::is_name(&self.code), code.clone())).collect();
        let mut push = |name: String, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        push(Self::from_name(&self.code), self.from.clone());
        push(Self::to_name(&self.code), self.to.clone());
        push(Self::has_name(&self.code), self.has.clone());
        push(Self::filled_name(&self.code), self.filled.map(|is| i64::from(is).to_string()));
        pairs
    }

    /// The options asked for, in a language; those that are gone by their codes.
    pub fn options<'a>(&'a self, field: &'a Field, lang: Lang) -> impl Iterator<Item = &'a str> {
        self.among.iter().map(move |code| {
            let option = field.kind.options().iter().find(|option| option.code == *code);
            option.map_or(code.as_str(), |option| option.name.of(lang))
        })
    }
}

/// Whether it can be a bound of some field: a number, an amount or a day.
fn is_bound(value: &str) -> bool {
    let reads = |kind: &FieldType| matches!(kind.read(value), Ok(Some(_)));
    [FieldType::Whole, FieldType::Money, FieldType::Date].iter().any(reads)
}

/// What a field must hold, brought down to columns.
pub(super) struct FieldTest {
    category: Option<u8>,
    industry: Option<u16>,
    column: Arc<Column>,
    among: Option<Vec<i64>>,
    bounds: Option<(i64, i64)>,
    has: Option<String>,
    filled: Option<bool>,
}

impl FieldTest {
    /// Keeps the rows of a block that have the field and fit.
    pub(super) fn mark(&self, index: &CustomerIndex, rows: &Range<usize>, marks: &mut [u8]) {
        let categories = &index.codes(Facet::Category)[rows.clone()];
        let industries = &index.industries[rows.clone()];
        let from = self.column.partition_point(|(row, _)| (*row as usize) < rows.start);
        let mut values = self.column[from..].iter().peekable();
        let fits_empty = self.fits(None);
        for (offset, mark) in marks.iter_mut().enumerate() {
            let row = (rows.start + offset) as u32;
            let value = values.next_if(|(of_row, _)| *of_row == row).map(|(_, value)| value);
            if *mark == 0 {
                continue;
            }
            let has_it = self.category.is_none_or(|category| category == categories[offset])
                && self.industry.is_none_or(|industry| industry == industries[offset]);
            let fits = has_it && value.map_or(fits_empty, |value| self.fits(Some(value)));
            *mark = u8::from(fits);
        }
    }

    fn fits(&self, value: Option<&FieldValue>) -> bool {
        let whole = match value {
            Some(FieldValue::Whole(whole)) => Some(*whole),
            _ => None,
        };
        self.filled.is_none_or(|filled| filled == value.is_some())
            && self.among.as_ref().is_none_or(|among| whole.is_some_and(|whole| among.contains(&whole)))
            && self.bounds.is_none_or(|(from, to)| whole.is_some_and(|whole| (from..=to).contains(&whole)))
            && self
                .has
                .as_deref()
                .is_none_or(|has| matches!(value, Some(FieldValue::Text(text)) if folded(text).contains(has)))
    }
}

/// What stands in a field as people read it, without its unit.
#[must_use]
pub fn in_words(field: &Field, value: &FieldValue, lang: Lang) -> String {
    match (&field.kind, value) {
        (FieldType::Choice(options), FieldValue::Whole(number)) => {
            let option = options.iter().find(|option| option.number == *number);
            option.map(|option| option.name.of(lang).to_owned()).unwrap_or_default()
        }
        (FieldType::YesNo, FieldValue::Whole(is)) => {
            text::get(lang, if *is == 0 { "own-no" } else { "own-yes" }).into_owned()
        }
        (FieldType::Date, FieldValue::Whole(days)) => {
            date::from_days(*days).map(|day: Date| day.to_string()).unwrap_or_default()
        }
        (FieldType::Whole, FieldValue::Whole(whole)) => text::count(*whole),
        _ => field.kind.written(value),
    }
}
