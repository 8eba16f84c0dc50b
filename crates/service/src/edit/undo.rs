//! Giving customers back what they had.

use domain::id::EditId;
use domain::policy::Action;
use domain::{Instant, Problem};

use super::column;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Gives customers back what they had before an edit, but for those that were changed again since. Gives how many have it back, and
/// how many have not.
///
/// # Errors
/// When the role may not edit customers, there is no such edit or one of its customers is not the actor's own, it is undone already,
/// or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: EditId,
    now: Instant,
) -> Result<(u64, u64), Problem> {
    authorise(actor, Action::EditCustomers)?;
    let (name, customers) = services.store().edited(id).await?.ok_or_else(problem::not_found)?;
    let column = column(&name).ok_or_else(problem::not_found)?;
    let index = services.customers().await?;
    let parts = index.parts(&actor.scope.without_granted());
    let is_own = |row: usize| parts.iter().any(|part| part.holds(&index, row));
    // One that another stands for by now is found there.
    if !customers.iter().all(|&customer| index.found_at(customer).is_some_and(is_own)) {
        return Err(problem::not_found());
    }
    services.store().undo_edit(id, column, actor.user, now).await?.ok_or_else(problem::not_found)
}
