//! Hiding a field, bringing it back, and moving it among the others.

use domain::id::FieldId;
use domain::policy::Action;
use domain::{Instant, Problem};

use crate::services::authorise;
use crate::{Actor, Services, problem};

/// What is to be done with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Hide it; what was filled in is kept.
    Retire,
    /// Bring it back.
    Restore,
    /// Let it change places with the one before.
    Up,
    /// Let it change places with the one after.
    Down,
}

/// Does it. The first that is to go further up stays where it is.
///
/// # Errors
/// When the role may not define fields, there is no such field or it is so already, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: FieldId,
    turn: Turn,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::DefineFields)?;
    let store = services.store();
    let done = match turn {
        Turn::Retire => store.retire_field(id, true, actor.user, now).await?,
        Turn::Restore => store.retire_field(id, false, actor.user, now).await?,
        Turn::Up | Turn::Down => {
            store.move_field(id, turn == Turn::Up, actor.user, now).await?;
            true
        }
    };
    if done { Ok(()) } else { Err(problem::not_found()) }
}
