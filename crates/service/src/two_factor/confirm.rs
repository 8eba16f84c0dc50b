//! Confirming that the telephone gives the right codes.

use domain::{Instant, Problem};
use store::session::Proof;

use super::{RECOVERY_CODES, codes, key, recovery_codes, step_of};
use crate::services::own_session;
use crate::{Actor, Services, problem};

/// Turns the second step on, and gives the recovery codes, which nobody is shown again. The code is used up: none signs in
/// as well. Other sessions of the actor end, which began with less.
///
/// # Errors
/// When it is not begun or on already, the code does not fit, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    code: &str,
    random: [[u8; 32]; RECOVERY_CODES],
    now: Instant,
) -> Result<Vec<String>, Problem> {
    let (own, store) = (own_session(actor)?, services.store());
    let (Some((salt, false)), Some(key)) = (store.second_factor(actor.user).await?, key(services)?) else {
        return Err(problem::not_found());
    };
    let step = step_of(&codes(&key, &salt)?, code, now).ok_or_else(problem::wrong_code)?;
    if !store.use_code(actor.user, Proof::Step(step)).await? {
        return Err(problem::wrong_code());
    }
    let (shown, hashes) = recovery_codes(actor.user, &random);
    if !store.confirm_second_factor(actor.user, &hashes, now).await? {
        return Err(problem::not_found());
    }
    store.end_sessions_of(actor.user, None, Some(own), Some(actor.user), now).await?;
    Ok(shown)
}
