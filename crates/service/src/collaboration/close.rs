//! Closing a collaboration.

use domain::id::CollaborationId;
use domain::policy::Action;
use domain::{Instant, Problem};

use super::found;
use crate::services::{authorise, words_of};
use crate::{Actor, Services, problem};

/// Closes a collaboration that the actor leads with what came of it; what was shown with it is shown no longer.
///
/// # Errors
/// When the role may not, there is none that the actor leads, nothing is said of what came of it, or the records cannot
/// be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: CollaborationId,
    outcome: &str,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::Collaborate)?;
    if !found(services, actor, id).await?.is_own() {
        return Err(problem::not_found());
    }
    let outcome = words_of(outcome).ok_or_else(problem::no_outcome)?;
    match services.store().close_collaboration(id, &outcome, actor.user, now).await? {
        true => Ok(()),
        false => Err(problem::not_found()),
    }
}
