//! From a session token to the actor behind it.

use domain::policy::Scope;
use domain::{Instant, Problem};

use crate::actor::UnitName;
use crate::{Actor, Services};

/// The actor behind a token; none when the session is unknown or over. Role, unit and grants are read each
/// time: a few indexed rows, and a change takes effect at once.
///
/// # Errors
/// When the records cannot be read.
pub async fn run(services: &Services, token: &str, now: Instant) -> Result<Option<Actor>, Problem> {
    let store = services.store();
    let Some(user) = store.session(&super::kept(token), now).await? else {
        return Ok(None);
    };
    let granted = store.granted(user.staff, now.date()).await?;
    Ok(Some(Actor {
        user: user.user,
        staff: user.staff,
        name: user.name,
        role: user.role,
        unit: UnitName { id: user.unit, name: user.unit_name, level: user.level },
        scope: Scope::new(user.role.home(user.staff, user.unit), granted),
    }))
}
