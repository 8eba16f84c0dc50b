//! What was imported.

use domain::policy::{Action, Home};
use domain::{Instant, Problem};
use store::sheet_import::SheetImportRow;

use super::KEPT_S;
use crate::services::authorise;
use crate::{Actor, Services};

/// Imports shown.
const SHOWN: u32 = 100;

/// The last imports of the actor, those under way first, and of people of the actor's units.
///
/// # Errors
/// When the role may not import customers, or the records cannot be read.
pub async fn run(services: &Services, actor: &Actor, now: Instant) -> Result<Vec<SheetImportRow>, Problem> {
    authorise(actor, Action::ImportCustomers)?;
    services.store().sweep_sheets(now.plus_seconds(-KEPT_S)).await?;
    let below = match actor.scope.home() {
        Home::Subtree(top) => Some(top),
        Home::Own(_) => None,
    };
    Ok(services.store().sheet_imports(actor.user, below, SHOWN).await?)
}
