//! Letting a person sign in.

use domain::id::{StaffId, UserId};
use domain::{Instant, Problem};

use crate::Services;

/// Makes a user for a person. `salt` is random.
///
/// # Errors
/// When the name is taken, empty or too long, the password is shorter than 8 characters, or there is no such
/// person.
pub async fn run(
    _services: &Services,
    _username: &str,
    _password: &str,
    _staff: StaffId,
    _salt: [u8; 16],
    _now: Instant,
) -> Result<UserId, Problem> {
    Err(Problem::internal("not written yet"))
}
