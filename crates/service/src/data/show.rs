//! Showing imports and cycles.

use domain::Problem;
use domain::org::OrgLevel;
use domain::policy::{Action, Home};

use super::DataView;
use crate::services::authorise;
use crate::{Actor, Services, run};

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
    // Runs are about the whole operator: what rows, folders and failures say is for those who may see all of it.
    let sees_all = matches!(actor.scope.home(), Home::Subtree(_)) && actor.unit.level == OrgLevel::Hq;
    let problems = if sees_all { PROBLEMS } else { 0 };
    let store = services.store();
    let (mut imports, mut cycles, manifest) =
        tokio::try_join!(store.imports(RUNS, problems), store.cycles(RUNS), store.manifest())?;
    let stale = run::stale_months(services, &manifest).await?;
    if !sees_all {
        for import in &mut imports {
            import.folder.clear();
            import.failure = None;
        }
        for cycle in &mut cycles {
            cycle.failure = None;
        }
    }
    Ok(DataView { imports, cycles, stale })
}
