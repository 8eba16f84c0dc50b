//! From a session token to the actor behind it.

use domain::{Instant, Problem};

use crate::actor::UnitName;
use crate::{Actor, Services};

/// The actor behind a token; none when the session is unknown or over. Role and unit are read each time: one
/// indexed row, and a change takes effect at once.
///
/// # Errors
/// When the records cannot be read.
pub async fn run(services: &Services, token: &str, now: Instant) -> Result<Option<Actor>, Problem> {
    let user = services.store().session(&super::kept(token), now).await?;
    Ok(user.map(|user| Actor {
        user: user.user,
        staff: user.staff,
        name: user.name,
        role: user.role,
        unit: UnitName { id: user.unit, name: user.unit_name, level: user.level },
        scope: user.role.scope(user.staff, user.unit),
    }))
}
