//! From a session token to the actor behind it.

use domain::{Instant, Problem};

use crate::{Actor, Services};

/// The actor behind a token; none when the session is unknown or over.
///
/// # Errors
/// When the records cannot be read.
pub async fn run(_services: &Services, _token: &str, _now: Instant) -> Result<Option<Actor>, Problem> {
    Err(Problem::internal("not written yet"))
}
