//! Beginning to set up the second step.

use domain::{Instant, Problem};

use super::key_or_new;
use crate::services::own_session;
use crate::{Actor, Services, problem};

/// Begins it, or begins it anew: what the actor is then shown stands on the account's page until it is confirmed. `random`
/// is for the key, should there be none yet, and for the salt.
///
/// # Errors
/// When it is on already, or key or records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    random: [[u8; 32]; 2],
    now: Instant,
) -> Result<(), Problem> {
    own_session(actor)?;
    key_or_new(services, &random[0])?;
    match services.store().begin_second_factor(actor.user, &random[1], now).await? {
        true => Ok(()),
        false => Err(problem::not_found()),
    }
}
