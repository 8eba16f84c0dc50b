//! Ending a session of another.

use domain::id::{SessionId, UserId};
use domain::policy::Action;
use domain::{Instant, Problem};

use super::another;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Ends a session of a user in sight.
///
/// # Errors
/// When the role may not, the user is not in sight or is the actor, has no such session, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: UserId,
    session: SessionId,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::Administer)?;
    let user = another(services, actor, id).await?;
    match services.store().end_sessions_of(user.id, Some(session), None, Some(actor.user), now).await? {
        0 => Err(problem::not_found()),
        _ => Ok(()),
    }
}
