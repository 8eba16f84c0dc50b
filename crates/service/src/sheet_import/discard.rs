//! Giving a sheet up.

use domain::id::SheetImportId;
use domain::policy::Action;
use domain::{Instant, Problem};

use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Gives one's own sheet up that was not brought in: nothing of it is left.
///
/// # Errors
/// When the role may not import customers, there is no such sheet, or the records cannot be written.
pub async fn run(services: &Services, actor: &Actor, id: SheetImportId, now: Instant) -> Result<(), Problem> {
    authorise(actor, Action::ImportCustomers)?;
    // What was worked out of it goes with it.
    services.sheets.take(id, actor.user);
    let there = services.store().discard_sheet(id, actor.user, now).await?;
    if there { Ok(()) } else { Err(problem::not_found()) }
}
