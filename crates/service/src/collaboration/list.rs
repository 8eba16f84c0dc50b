//! Listing collaborations.

use domain::policy::Action;
use domain::{Instant, Problem};

use super::Collaborations;
use crate::services::authorise;
use crate::{Actor, Services};

/// The collaborations of the actor's unit, of those above it and, for who sees a unit, of those below.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, now: Instant) -> Result<Collaborations, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let index = services.customers().await?;
    let rows = super::of(services, &index, actor).await?;
    let unit_code = index.units.get(actor.unit.id).map(|unit| unit.code.clone()).unwrap_or_default();
    let may_open = actor.may(Action::Collaborate);
    Ok(Collaborations { rows, today: now.date(), unit_code, may_open })
}
