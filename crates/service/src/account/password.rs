//! Changing one's own password.

use domain::{Instant, Problem};

use crate::services::own_session;
use crate::{Actor, Services, problem, user};

/// A change of password as a person types it.
#[derive(Clone, Default)]
pub struct Typed {
    /// The old one.
    pub old: String,
    /// The new one …
    pub new: String,
    /// … and once more.
    pub again: String,
}

/// Changes the actor's password and ends the actor's other sessions. `salt` is random.
///
/// # Errors
/// When the old password is wrong, the new one is the old one, was typed in two ways or is one that the rules refuse, or the
/// records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    typed: &Typed,
    salt: [u8; 16],
    now: Instant,
) -> Result<(), Problem> {
    let own = own_session(actor)?;
    let kept = user::own_password(services, actor, &typed.old, now).await?;
    if typed.new != typed.again {
        return Err(problem::different_passwords());
    }
    if typed.new == typed.old {
        return Err(problem::same_password());
    }
    let hash = user::hashed(services, &typed.new, &kept.username, salt).await?;
    services.store().set_password(actor.user, &hash, false, Some(actor.user), now).await?;
    services.store().end_sessions_of(actor.user, None, Some(own), Some(actor.user), now).await?;
    Ok(())
}
