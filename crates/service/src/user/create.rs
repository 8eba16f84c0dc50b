//! Letting a person sign in, from the machine itself.

use domain::id::{StaffId, UserId};
use domain::{Instant, Problem};

use super::hashed;
use crate::{Services, problem};

const LONGEST_USERNAME: usize = 64;

/// Makes a user for a person. `salt` is random.
///
/// # Errors
/// When the name is taken, empty, too long or holds spaces, the password is one that the rules refuse, or there
/// is no such person.
pub async fn run(
    services: &Services,
    username: &str,
    password: &str,
    staff: StaffId,
    salt: [u8; 16],
    now: Instant,
) -> Result<UserId, Problem> {
    check_username(username)?;
    let hash = hashed(services, password, username, salt).await?;
    if !services.store().has_staff(staff).await? {
        return Err(problem::no_staff());
    }
    match services.store().create_user(username, &hash, staff, now).await {
        Err(error) if error.is_duplicate() => Err(problem::username_taken(username)),
        other => Ok(other?),
    }
}

/// Refuses a name that is empty, too long or holds spaces.
pub(super) fn check_username(username: &str) -> Result<(), Problem> {
    let length = username.chars().count();
    let has_gaps = username.chars().any(|c| c.is_whitespace() || c.is_control());
    if length == 0 || length > LONGEST_USERNAME || has_gaps {
        return Err(problem::bad_username(LONGEST_USERNAME));
    }
    Ok(())
}
