//! Turning the second step off.

use domain::id::UserId;
use domain::policy::Action;
use domain::{Instant, Problem};

use crate::services::{authorise, own_session, reason_of};
use crate::{Actor, Services, problem, user};

/// Turns the actor's own off, or gives up setting it up, which asks for no password.
///
/// # Errors
/// When the password is wrong, the role asks for the second step, there is none, or the records cannot be written.
pub async fn own(services: &Services, actor: &Actor, password: &str, now: Instant) -> Result<(), Problem> {
    own_session(actor)?;
    let Some((_, is_on)) = services.store().second_factor(actor.user).await? else {
        return Err(problem::no_two_factor());
    };
    if is_on {
        user::own_password(services, actor, password, now).await?;
        if services.sign_in_rules().two_factor_roles.contains(&actor.role) {
            return Err(problem::two_factor_owed());
        }
    }
    services.store().end_second_factor(actor.user, None, Some(actor.user), now).await?;
    Ok(())
}

/// Turns another user's off, whose telephone is lost.
///
/// # Errors
/// When the role may not, the user is not in sight, is the actor or has no second step, there is no reason, or the records
/// cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: UserId,
    reason: &str,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::Administer)?;
    let user = user::another(services, actor, id).await?;
    if !user.two_factor {
        return Err(problem::no_two_factor());
    }
    let reason = reason_of(reason)?;
    services.store().end_second_factor(user.id, Some(&reason), Some(actor.user), now).await?;
    Ok(())
}

/// Turns a user's off from the machine itself, where nobody is signed in.
///
/// # Errors
/// When there is no such user, or the user has no second step, or the records cannot be written.
pub async fn on_machine(services: &Services, username: &str, now: Instant) -> Result<(), Problem> {
    let kept = services.store().kept_password(username).await?.ok_or_else(|| problem::no_user(username))?;
    match services.store().end_second_factor(kept.user, None, None, now).await? {
        true => Ok(()),
        false => Err(problem::no_two_factor()),
    }
}
