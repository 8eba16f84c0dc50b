//! New recovery codes in place of those that are used or lost.

use domain::{Instant, Problem};

use super::{RECOVERY_CODES, recovery_codes};
use crate::services::own_session;
use crate::{Actor, Services, problem, user};

/// Gives new recovery codes, which nobody is shown again; the old ones are worth nothing from then on.
///
/// # Errors
/// When the password is wrong, the second step is not on, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    password: &str,
    random: [[u8; 32]; RECOVERY_CODES],
    now: Instant,
) -> Result<Vec<String>, Problem> {
    own_session(actor)?;
    if !user::own_password(services, actor, password, now).await?.two_factor {
        return Err(problem::no_two_factor());
    }
    let (shown, hashes) = recovery_codes(actor.user, &random);
    services.store().renew_recovery_codes(actor.user, &hashes, now).await?;
    Ok(shown)
}
