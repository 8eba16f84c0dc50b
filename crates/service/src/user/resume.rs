//! Letting a suspended user in again.

use domain::id::UserId;
use domain::policy::Action;
use domain::{Instant, Problem};

use super::another;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Lets a suspended user in again; sessions of before stay over.
///
/// # Errors
/// When the role may not, the user is not in sight, is the actor or is not suspended, or the records cannot be written.
pub async fn run(services: &Services, actor: &Actor, id: UserId, now: Instant) -> Result<(), Problem> {
    authorise(actor, Action::Administer)?;
    let user = another(services, actor, id).await?;
    // Those that a crash left behind when the user was suspended.
    services.store().end_sessions_of(user.id, None, None, Some(actor.user), now).await?;
    match services.store().resume_user(user.id, actor.user, now).await? {
        true => Ok(()),
        false => Err(problem::not_found()),
    }
}
