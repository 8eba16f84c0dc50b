//! A definition as a form shows it.

use domain::Problem;
use domain::id::FieldId;
use domain::policy::Action;

use super::{Draft, FieldForm, known};
use crate::services::authorise;
use crate::{Actor, Services};

/// The form of a field, or of a new one.
///
/// # Errors
/// When the role may not define fields, there is no such field, or the records cannot be read.
pub async fn run(services: &Services, actor: &Actor, id: Option<FieldId>) -> Result<FieldForm, Problem> {
    authorise(actor, Action::DefineFields)?;
    let index = services.customers().await?;
    let mut form = FieldForm {
        id,
        draft: Draft::default(),
        seen: 0,
        wrong: Vec::new(),
        other: None,
        values: 0,
        retired: false,
        industries: index.industry_names().iter().skip(1).cloned().collect(),
    };
    let Some(id) = id else { return Ok(form) };
    let field = known(services, id).await?;
    let uses = services.store().field_uses().await?;
    let of_field = uses.get(&id).cloned().unwrap_or_default();
    form.draft = Draft::of(&field);
    for (option, draft) in field.kind.options().iter().zip(&mut form.draft.options) {
        draft.used = of_field.by_option.get(&option.number).copied().unwrap_or_default();
    }
    form.seen = field.revision;
    form.values = of_field.values;
    form.retired = field.retired;
    Ok(form)
}
