//! Deciding that two customers are not the same.

use domain::id::CustomerId;
use domain::policy::Action;
use domain::{Instant, Problem};
use store::duplicate::compared;

use super::own_pair;
use crate::services::{authorise, reason_of};
use crate::{Actor, Services, problem};

/// Decides that a pair of the queue is two customers. It does not come back while nothing changes in what was compared.
///
/// # Errors
/// When the role may not merge customers, one of the two is not the actor's to decide about, there is no reason, somebody
/// has decided already, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    pair: (CustomerId, CustomerId),
    reason: &str,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::MergeCustomers)?;
    let index = services.customers().await?;
    let pair = (pair.0.min(pair.1), pair.0.max(pair.1));
    let (first, second) = own_pair(services, &index, actor, pair).await?;
    let reason = reason_of(reason)?;
    let compared = compared(&first.registration, &second.registration);
    match services.store().dismiss_duplicate(pair, compared, &reason, actor.user, now).await? {
        true => Ok(()),
        false => Err(problem::decided_already()),
    }
}
