//! Claiming a customer from the pool.

use domain::assignment::AssignmentKind;
use domain::id::CustomerId;
use domain::policy::Action;
use domain::{Instant, Problem};
use store::assignment::NewAssignment;

use super::pool::{in_pool, left};
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Puts a customer of the pool on the actor's own list.
///
/// # Errors
/// When the role may not claim customers, the customer is not in the pool of the actor's unit, the actor has claimed as many this
/// month as may be, someone was faster, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    customer: CustomerId,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::ClaimCustomers)?;
    let index = services.customers().await?;
    if !in_pool(&index, actor).any(|row| index.ids[row] == customer) {
        return Err(problem::not_in_pool());
    }
    if left(services, &index, actor, now).await? == 0 {
        let rules = services.rules().of(index.units.province(actor.unit.id));
        return Err(problem::claimed_enough(u64::from(rules.pool.claims_per_month)));
    }
    let new = NewAssignment {
        kind: AssignmentKind::Claim,
        customers: vec![customer],
        to: Some(actor.staff),
        with_work_of: None,
        reason: String::new(),
    };
    let claimed = services.store().assign(&new, actor.user, now).await?;
    claimed.map(drop).ok_or_else(problem::not_in_pool)
}
