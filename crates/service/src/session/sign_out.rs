//! Signing out.

use domain::{Instant, Problem};

use crate::Services;

/// Ends the session of a token, if there is one.
///
/// # Errors
/// When the records cannot be written.
pub async fn run(_services: &Services, _token: &str, _now: Instant) -> Result<(), Problem> {
    Err(Problem::internal("not written yet"))
}
