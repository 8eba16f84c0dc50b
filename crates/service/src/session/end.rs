//! Ending sessions of one's own.

use domain::id::SessionId;
use domain::{Instant, Problem};

use crate::services::own_session;
use crate::{Actor, Services, problem};

/// Ends a session of the actor's, on whatever machine it is.
///
/// # Errors
/// When it is none of the actor's, or the records cannot be written.
pub async fn run(services: &Services, actor: &Actor, id: SessionId, now: Instant) -> Result<(), Problem> {
    own_session(actor)?;
    match services.store().end_sessions_of(actor.user, Some(id), None, Some(actor.user), now).await? {
        0 => Err(problem::not_found()),
        _ => Ok(()),
    }
}

/// Ends all sessions of the actor's but the one through which the actor asks.
///
/// # Errors
/// When the records cannot be written.
pub async fn others(services: &Services, actor: &Actor, now: Instant) -> Result<(), Problem> {
    let own = own_session(actor)?;
    services.store().end_sessions_of(actor.user, None, Some(own), Some(actor.user), now).await?;
    Ok(())
}
