//! Letting a person sign in.

use domain::id::{StaffId, UserId};
use domain::{Instant, Problem};

use crate::services::off_thread;
use crate::{Services, password, problem};

const LONGEST_USERNAME: usize = 64;
const SHORTEST_PASSWORD: usize = 8;
/// Longer ones only keep the hashing busy.
const LONGEST_PASSWORD: usize = 1024;

/// Makes a user for a person. `salt` is random.
///
/// # Errors
/// When the name is taken, empty, too long or holds spaces, the password is shorter than 8 characters, or there
/// is no such person.
pub async fn run(
    services: &Services,
    username: &str,
    password: &str,
    staff: StaffId,
    salt: [u8; 16],
    now: Instant,
) -> Result<UserId, Problem> {
    let length = username.chars().count();
    let has_gaps = username.chars().any(|c| c.is_whitespace() || c.is_control());
    if length == 0 || length > LONGEST_USERNAME || has_gaps {
        return Err(problem::bad_username(LONGEST_USERNAME));
    }
    if password.chars().count() < SHORTEST_PASSWORD || password.len() > LONGEST_PASSWORD {
        return Err(problem::bad_password(SHORTEST_PASSWORD));
    }
    if !services.store().has_staff(staff).await? {
        return Err(problem::no_staff());
    }
    let password = password.to_owned();
    let hash = off_thread(move || password::hash(&password, &salt)).await?;
    match services.store().create_user(username, &hash, staff, now).await {
        Err(error) if error.is_duplicate() => Err(problem::username_taken(username)),
        other => Ok(other?),
    }
}
