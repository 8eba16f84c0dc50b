//! Signing out.

use domain::{Instant, Problem};

use crate::Services;

/// Ends the session of a token, if there is one.
///
/// # Errors
/// When the records cannot be written.
pub async fn run(services: &Services, token: &str, now: Instant) -> Result<(), Problem> {
    Ok(services.store().end_session(&super::kept(token), now).await?)
}
