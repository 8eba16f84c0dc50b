//! The operator's own fields of a customer, as a form shows them and as they are read from it.

use std::sync::Arc;

use domain::archive::Sheet;
use domain::customer::CustomerCategory;
use domain::field::{Field, FieldHome, FieldType, FieldValue};
use domain::id::CustomerId;
use domain::{Message, Problem};
use store::archive::SheetRow;

use super::Target;
use crate::Services;
use crate::customer::index::CustomerIndex;

/// One of the operator's own fields in a form.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnField {
    /// Which.
    pub field: Arc<Field>,
    /// What stands in it: as it is kept, or as it was typed.
    pub text: String,
    /// What is wrong with it.
    pub wrong: Option<Message>,
    /// What is kept by now, where someone else changed it meanwhile.
    pub other: Option<String>,
}

/// What stands in the fields of a customer that are not hidden: its own values, or those of whom it stands for.
pub(crate) async fn of_customer(
    services: &Services,
    index: &CustomerIndex,
    customer: CustomerId,
    category: CustomerCategory,
    industry: Option<&str>,
) -> Result<Vec<(Arc<Field>, Option<FieldValue>)>, Problem> {
    let store = services.store();
    let fields = store.fields().await?;
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let all: Vec<CustomerId> = match index.row(customer) {
        Some(row) => index.stands_for(row).collect(),
        None => vec![customer],
    };
    let mut values = store.field_values(&all).await?;
    values.sort_by_key(|(of, ..)| (*of != customer, *of));
    let has = |field: &Field| !field.retired && field.home.holds(category, industry);
    let with_value = |field: Field| {
        let value = values.iter().find(|(_, id, _)| *id == field.id).and_then(|(.., value)| value.clone());
        (Arc::new(field), value)
    };
    Ok(fields.into_iter().filter(has).map(with_value).collect())
}

/// The fields of a form as they begin. What a new customer will have beside what all have is known only once it is kept.
pub(super) async fn begun(
    services: &Services,
    index: &CustomerIndex,
    target: Target,
    row: Option<&SheetRow>,
) -> Result<Vec<OwnField>, Problem> {
    let fields = match (target, row) {
        (Target::Customer(customer), Some(row)) => {
            let (category, industry) = kind_of(row);
            of_customer(services, index, customer, category, industry).await?
        }
        (Target::NewCustomer, _) => {
            let fields = services.store().fields().await?;
            let of_all = fields.into_iter().filter(|field| !field.retired && field.home == FieldHome::All);
            of_all.map(|field| (Arc::new(field), None)).collect()
        }
        _ => Vec::new(),
    };
    let shown = |(field, value): (Arc<Field>, Option<FieldValue>)| {
        let text = value.map(|value| field.kind.written(&value)).unwrap_or_default();
        OwnField { field, text, wrong: None, other: None }
    };
    Ok(fields.into_iter().map(shown).collect())
}

/// Category and industry as they stand in the row of a customer.
fn kind_of(row: &SheetRow) -> (CustomerCategory, Option<&str>) {
    let text = |name: &str| Sheet::Customer.text_in(&row.cells, name);
    let category = text("category").and_then(|code| code.parse().ok());
    (category.unwrap_or(CustomerCategory::Public), text("industry"))
}

/// Reads what was sent of the fields of a form; gives what is other than before. A field that was not sent stays as it is, or
/// empty in a new row.
pub(super) fn read<'a>(
    fields: &mut [OwnField],
    is_new: bool,
    sent: impl Fn(&str) -> Option<&'a str>,
) -> Vec<(Field, Option<FieldValue>)> {
    let mut changed = Vec::new();
    for own in fields {
        let Some(typed) = sent(&own.field.key()).or(is_new.then_some("")) else { continue };
        let was = std::mem::replace(&mut own.text, typed.trim().to_owned());
        match own.field.kind.read(typed) {
            Err(wrong) => own.wrong = Some(wrong),
            Ok(None) if own.field.required => own.wrong = Some(Message::new("import-cell-required")),
            Ok(value) => {
                own.text = value.as_ref().map(|value| own.field.kind.written(value)).unwrap_or_default();
                if own.text == was {
                    continue;
                }
                match value {
                    Some(value) if is_retired(&own.field, &value) => {
                        own.wrong = Some(Message::new("own-option-retired").with("text", typed));
                    }
                    value => changed.push((own.field.as_ref().clone(), value)),
                }
            }
        }
    }
    changed
}

fn is_retired(field: &Field, value: &FieldValue) -> bool {
    let FieldType::Choice(options) = &field.kind else { return false };
    options.iter().any(|option| option.retired && FieldValue::Whole(option.number) == *value)
}
