//! From a token to the actor for whom a program asks.

use domain::{Instant, Problem};

use crate::actor::Through;
use crate::{Actor, Services, session};

/// The actor behind a token, who may do no more than the token says and the role allows now; none when it is unknown, over or
/// taken back, or its user is suspended or owes something.
///
/// # Errors
/// When the records cannot be read or written.
pub async fn run(services: &Services, token: &str, now: Instant) -> Result<Option<Actor>, Problem> {
    let Some((row, user)) = services.store().token(&session::kept(token), now.date()).await? else {
        return Ok(None);
    };
    let actor = session::actor(services, user, Through::Token(row.actions.into()), now).await?;
    if actor.duty.is_some() {
        return Ok(None);
    }
    services.store().note_token_use(row.id, now).await?;
    Ok(Some(actor))
}
