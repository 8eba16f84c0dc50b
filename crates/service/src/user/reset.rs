//! Handing out a new password to who forgot theirs.

use domain::id::UserId;
use domain::policy::Action;
use domain::{Instant, Problem};

use super::make::{HandedOut, salt};
use super::{another, hash_of, one_time_password};
use crate::services::authorise;
use crate::{Actor, Services, password, problem};

/// Gives a user a password to be changed at the next sign-in, ends all sessions of the user, and lifts a lock-out. `random`
/// makes the password and its salt.
///
/// # Errors
/// When the role may not, the user is not in sight or is the actor, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: UserId,
    random: [[u8; 32]; 2],
    now: Instant,
) -> Result<HandedOut, Problem> {
    authorise(actor, Action::Administer)?;
    let user = another(services, actor, id).await?;
    hand_out(services, user.id, user.username, Some(actor.user), random, now).await
}

/// The same from the machine itself, where nobody is signed in.
///
/// # Errors
/// When there is no such user, or the records cannot be written.
pub async fn on_machine(
    services: &Services,
    username: &str,
    random: [[u8; 32]; 2],
    now: Instant,
) -> Result<HandedOut, Problem> {
    let kept = services.store().kept_password(username).await?.ok_or_else(|| problem::no_user(username))?;
    hand_out(services, kept.user, kept.username, None, random, now).await
}

async fn hand_out(
    services: &Services,
    user: UserId,
    username: String,
    by: Option<UserId>,
    random: [[u8; 32]; 2],
    now: Instant,
) -> Result<HandedOut, Problem> {
    let (store, password) = (services.store(), one_time_password(random[0]));
    let hash = hash_of(services, &password, salt(random[1])).await?;
    store.set_password(user, &hash, true, by, now).await?;
    store.end_sessions_of(user, None, None, by, now).await?;
    store.forget_sign_in_failures(&password::digest(username.as_bytes())).await?;
    Ok(HandedOut { username, password })
}
