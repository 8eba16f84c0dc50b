//! Deleting a view.

use domain::id::ViewId;
use domain::policy::Action;
use domain::{Instant, Problem};

use super::find;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Deletes a view, for everyone who saw it; what it was stays with the audit.
///
/// # Errors
/// When the view is not there or not the actor's to delete, or the records cannot be written.
pub async fn run(services: &Services, actor: &Actor, id: ViewId, now: Instant) -> Result<(), Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let may_delete = find(services, actor, id).await?.may_change;
    match may_delete && services.store().delete_view(id, actor.user, now).await? {
        true => Ok(()),
        false => Err(problem::not_found()),
    }
}
