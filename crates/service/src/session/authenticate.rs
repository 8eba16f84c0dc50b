//! From a session token to the actor behind it.

use domain::{Instant, Problem};

use crate::actor::Through;
use crate::{Actor, Services};

/// The actor behind a token; none when the session is unknown or over. Role, unit and grants are read each
/// time: a few indexed rows, and a change takes effect at once.
///
/// # Errors
/// When the records cannot be read.
pub async fn run(services: &Services, token: &str, now: Instant) -> Result<Option<Actor>, Problem> {
    let idle_since = services.sign_in_rules().idle_since(now);
    let found = services.store().session(&super::kept(token), now, idle_since).await?;
    let Some((session, user)) = found else { return Ok(None) };
    super::actor(services, user, Through::Session(session), now).await.map(Some)
}
