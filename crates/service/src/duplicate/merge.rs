//! Letting one customer stand for another.

use domain::id::{CustomerId, MergeId};
use domain::policy::Action;
use domain::{Instant, Problem};
use store::merge::Merged;

use super::own_pair;
use crate::services::{authorise, reason_of};
use crate::{Actor, Services, problem};

/// Merges a customer into another: from now on the other stands for it. Nothing that belongs to the merged one moves, and all
/// of it shows with the other; what was published is computed again by the next cycle. It can be ended at any time.
///
/// # Errors
/// When the role may not merge customers, one of the two is not the actor's to decide about, there is no reason, another
/// stands for the customer already or it would stand for itself, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    merged: CustomerId,
    into: CustomerId,
    reason: &str,
    now: Instant,
) -> Result<MergeId, Problem> {
    authorise(actor, Action::MergeCustomers)?;
    let index = services.customers().await?;
    own_pair(services, &index, actor, (merged, into)).await?;
    let reason = reason_of(reason)?;
    match services.store().merge(merged, into, &reason, actor.user, now).await? {
        Merged::Done(id) => Ok(id),
        Merged::Already => Err(problem::decided_already()),
        Merged::Circle => Err(problem::merge_circle()),
    }
}
