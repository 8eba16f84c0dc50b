//! Letting a user in no more.

use domain::id::UserId;
use domain::policy::Action;
use domain::{Instant, Problem};
use store::user::Suspended;

use super::another;
use crate::services::{authorise, reason_of};
use crate::{Actor, Services, problem};

/// Suspends a user: sessions and tokens are worth nothing from the next request on.
///
/// # Errors
/// When the role may not, the user is not in sight, is the actor, is suspended already or is the last who may let others in,
/// there is no reason, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: UserId,
    reason: &str,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::Administer)?;
    let user = another(services, actor, id).await?;
    let reason = reason_of(reason)?;
    match services.store().suspend_user(user.id, &reason, actor.user, now).await? {
        Suspended::Done => {}
        Suspended::NotThere => return Err(problem::not_found()),
        Suspended::LastAdmin => return Err(problem::last_admin()),
    }
    services.store().end_sessions_of(user.id, None, None, Some(actor.user), now).await?;
    Ok(())
}
