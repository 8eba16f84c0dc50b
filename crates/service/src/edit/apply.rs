//! Doing what was planned.

use domain::id::EditId;
use domain::{Instant, Problem};
use store::edit::NewEdit;

use super::plan::made;
use super::{Draft, Plan};
use crate::{Actor, Services};

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done(EditId),
    /// It would do something else than what was shown, which is shown again.
    Again(Box<Plan>),
}

/// Edits customers as planned and shown. Each change is one of that customer's own: it is audited, holds against imports, and who
/// had a form open is told of it.
///
/// # Errors
/// As [`super::plan::run`]; when the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    draft: &Draft,
    now: Instant,
) -> Result<Outcome, Problem> {
    let (plan, value) = made(services, actor, draft).await?;
    if plan.seen != draft.seen {
        return Ok(Outcome::Again(Box::new(plan)));
    }
    let new = NewEdit { column: plan.column, value, customers: plan.customers };
    Ok(Outcome::Done(services.store().edit_customers(&new, actor.user, now).await?))
}
