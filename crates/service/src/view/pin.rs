//! Having a view at hand above the list.

use domain::id::ViewId;
use domain::policy::Action;
use domain::{Instant, Problem};

use super::{MOST_PINS, find};
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Pins a view that the actor sees for the actor, or takes the pin out.
///
/// # Errors
/// When the view is not there, as many are pinned as can be, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: ViewId,
    pin: bool,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::ViewCustomers)?;
    find(services, actor, id).await?;
    let done = services.store().pin_view(id, pin, MOST_PINS, actor.user, now).await?;
    done.ok_or_else(|| problem::too_many_pins(MOST_PINS))
}
