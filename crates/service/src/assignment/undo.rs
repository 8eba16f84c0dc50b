//! Putting back what an assignment moved.

use domain::id::AssignmentId;
use domain::policy::Action;
use domain::{Instant, Problem};

use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Puts back what an assignment moved, but for what came to someone else since. Gives how many rows were put back, and how many
/// were not.
///
/// # Errors
/// When the role may not assign customers, there is no such assignment or one of its customers is not the actor's own, it is
/// undone already, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: AssignmentId,
    now: Instant,
) -> Result<(u64, u64), Problem> {
    authorise(actor, Action::AssignCustomers)?;
    let index = services.customers().await?;
    let scope = actor.scope.without_granted();
    let parts = index.parts(&scope);
    let customers = services.store().assigned_customers(id).await?;
    let is_own = |row: usize| parts.iter().any(|part| part.holds(&index, row));
    if !customers.iter().all(|&customer| index.row(customer).is_some_and(is_own)) {
        return Err(problem::not_found());
    }
    services.store().undo_assignment(id, actor.user, now).await?.ok_or_else(problem::not_found)
}
