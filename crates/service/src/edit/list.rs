//! What was edited.

use domain::Problem;
use domain::extract::Column;
use domain::id::CustomerId;
use domain::policy::{Action, Home};

use super::plan::said;
use super::{EditRow, column};
use crate::services::authorise;
use crate::{Actor, Services};

/// An edit that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// The edit.
    pub row: EditRow,
    /// Its column.
    pub column: &'static Column,
    /// The value, none for nothing.
    pub value: Option<String>,
    /// Some of those that its undoing left as they are, as far as the actor sees them.
    pub left: Vec<(CustomerId, String)>,
}

/// Edits shown.
const SHOWN: u32 = 50;
/// Customers named that an undoing left.
const NAMED: u32 = 10;

/// The last edits of the actor and of people of the actor's units, newest first; and the industries in sight, to choose from.
///
/// # Errors
/// When the role may not edit customers, or the records cannot be read.
pub async fn run(services: &Services, actor: &Actor) -> Result<(Vec<Done>, Vec<String>), Problem> {
    authorise(actor, Action::EditCustomers)?;
    let below = match actor.scope.home() {
        Home::Subtree(top) => Some(top),
        Home::Own(_) => None,
    };
    let index = services.customers().await?;
    let mut done = Vec::new();
    for row in services.store().edits(actor.user, below, SHOWN).await? {
        let Some(column) = column(&row.column) else { continue };
        let left = match row.left {
            0 => Vec::new(),
            _ => services.store().left_by_undo(row.id, NAMED).await?,
        };
        let seen = left.into_iter().filter_map(|customer| index.found_at(customer));
        let seen = seen.filter(|&at| index.is_in(at, &actor.scope));
        let left = seen.map(|at| (index.ids[at], index.name(at).to_owned())).collect();
        done.push(Done { value: said(&row.value), row, column, left });
    }
    Ok((done, index.choices(&actor.scope, None).industries.clone()))
}
