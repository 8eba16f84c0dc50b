//! Giving a view another name or other conditions.

use domain::id::ViewId;
use domain::policy::Action;
use domain::{Instant, Problem};
use store::view::ViewChange;

use super::{SavedView, find, name_of, name_taken, write};
use crate::customer::CustomerQuery;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is kept.
    Kept,
    /// Someone else changed it since: the view as it is by now.
    Again(Box<SavedView>),
}

/// Renames a view or gives it other conditions, order and columns; what is not given stays. `seen` is the state that the actor
/// began with.
///
/// # Errors
/// When the view is not there or not the actor's to change, the name is empty, too long or taken, or the records cannot be
/// written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: ViewId,
    (name, query): (Option<&str>, Option<&CustomerQuery>),
    seen: i64,
    now: Instant,
) -> Result<Outcome, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let view = find(services, actor, id).await?;
    if !view.may_change {
        return Err(problem::not_found());
    }
    let name = name_of(name.unwrap_or(&view.name))?;
    let written = write(query.unwrap_or(&view.query))?;
    let changed = services.store().change_view(id, seen, (name, &written), actor.user, now).await;
    match changed.map_err(name_taken(name))? {
        ViewChange::Kept => Ok(Outcome::Kept),
        ViewChange::Changed => Ok(Outcome::Again(Box::new(find(services, actor, id).await?))),
        ViewChange::Gone => Err(problem::not_found()),
    }
}
