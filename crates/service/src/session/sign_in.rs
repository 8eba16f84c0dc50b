//! Signing in with name and password.

use domain::{Instant, Problem};

use crate::Services;

/// Starts a session and gives its token for the cookie; none when name or password is wrong, which takes the
/// same time either way. `token` is random and is kept only as a hash.
///
/// # Errors
/// When too many attempts failed with this name, or the records cannot be read.
pub async fn run(
    _services: &Services,
    _username: &str,
    _password: &str,
    _token: [u8; 32],
    _now: Instant,
) -> Result<Option<String>, Problem> {
    Err(Problem::internal("not written yet"))
}
