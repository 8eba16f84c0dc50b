//! Doing what was planned.

use domain::id::AssignmentId;
use domain::{Instant, Problem};
use store::assignment::NewAssignment;

use super::plan::made;
use super::{Draft, Plan};
use crate::services::reason_of;
use crate::{Actor, Services, problem};

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done(AssignmentId),
    /// It would do something else than what was shown, which is shown again.
    Again(Box<Plan>),
}

/// Assigns customers as planned and shown.
///
/// # Errors
/// As [`super::plan::run`]; when there is no reason, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    draft: &Draft,
    now: Instant,
) -> Result<Outcome, Problem> {
    let (plan, parties) = made(services, actor, draft).await?;
    let reason = reason_of(&draft.reason)?;
    if plan.seen != draft.seen {
        return Ok(Outcome::Again(Box::new(plan)));
    }
    let new = NewAssignment {
        kind: parties.kind,
        customers: plan.customers,
        to: parties.to.map(|to| to.id),
        with_work_of: parties.from.map(|from| from.id),
        reason,
    };
    let id = services.store().assign(&new, actor.user, now).await?;
    id.map(Outcome::Done).ok_or_else(problem::not_found)
}
