//! The fields that are defined.

use std::collections::HashMap;

use domain::Problem;
use domain::field::Field;
use domain::id::FieldId;
use domain::policy::Action;
pub use store::field::FieldUse;

use crate::services::authorise;
use crate::{Actor, Services};

/// The fields that are defined.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldList {
    /// Every field, what all customers have first.
    pub fields: Vec<Field>,
    /// How often each is filled in.
    pub uses: HashMap<FieldId, FieldUse>,
}

/// Every field, hidden ones included.
///
/// # Errors
/// When the role may not define fields, or the records cannot be read.
pub async fn run(services: &Services, actor: &Actor) -> Result<FieldList, Problem> {
    authorise(actor, Action::DefineFields)?;
    let (fields, uses) = tokio::try_join!(services.store().fields(), services.store().field_uses())?;
    Ok(FieldList { fields, uses })
}
