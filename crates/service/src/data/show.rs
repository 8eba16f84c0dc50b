//! Showing imports and cycles.

use domain::Problem;
use domain::policy::Action;

use super::DataView;
use crate::services::authorise;
use crate::{Actor, Services};

/// Runs shown, of each kind.
const RUNS: u32 = 50;
/// Bad rows shown with each import.
const PROBLEMS: u32 = 20;

/// The last imports and cycles.
///
/// # Errors
/// When the role may not see them, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor) -> Result<DataView, Problem> {
    authorise(actor, Action::ViewData)?;
    let store = services.store();
    let (imports, cycles, stale) =
        tokio::try_join!(store.imports(RUNS, PROBLEMS), store.cycles(RUNS), store.stale_months())?;
    Ok(DataView { imports, cycles, stale })
}
