//! The views at hand.

use domain::Problem;
use domain::policy::Action;

use super::{SavedView, seen};
use crate::services::authorise;
use crate::{Actor, Services};

/// The views that the actor sees: their own and those that their unit or one above it shares; those pinned first.
///
/// # Errors
/// When the role may not see customers, or the records cannot be read.
pub async fn run(services: &Services, actor: &Actor) -> Result<Vec<SavedView>, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    seen(services, actor).await
}
