//! Taking a token back.

use domain::id::{TokenId, UserId};
use domain::policy::Action;
use domain::{Instant, Problem};

use crate::services::{authorise, own_session};
use crate::{Actor, Services, problem, user};

/// Takes a token of the actor's back, at once.
///
/// # Errors
/// When it is none of the actor's or is taken back already, or the records cannot be written.
pub async fn run(services: &Services, actor: &Actor, id: TokenId, now: Instant) -> Result<(), Problem> {
    own_session(actor)?;
    take(services, actor, actor.user, id, now).await
}

/// Takes a token of another back.
///
/// # Errors
/// When the role may not, the user is not in sight or is the actor, has no such token, or the records cannot be written.
pub async fn of_another(
    services: &Services,
    actor: &Actor,
    id: UserId,
    token: TokenId,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::Administer)?;
    let user = user::another(services, actor, id).await?;
    take(services, actor, user.id, token, now).await
}

async fn take(
    services: &Services,
    actor: &Actor,
    of: UserId,
    id: TokenId,
    now: Instant,
) -> Result<(), Problem> {
    match services.store().revoke_token(of, id, actor.user, now).await? {
        true => Ok(()),
        false => Err(problem::not_found()),
    }
}
