//! Keeping what a list shows as a view.

use domain::id::ViewId;
use domain::policy::Action;
use domain::{Instant, Problem};
use store::view::NewView;

use super::{MOST, name_of, name_taken, write};
use crate::customer::CustomerQuery;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Keeps a view for the actor, or, `shared`, for the actor's unit and those below it, which takes those who build segments.
///
/// # Errors
/// When the role may not see customers, or not share; when the name is empty, too long or taken, there are too many views already,
/// or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    name: &str,
    query: &CustomerQuery,
    shared: bool,
    now: Instant,
) -> Result<ViewId, Problem> {
    authorise(actor, if shared { Action::BuildSegments } else { Action::ViewCustomers })?;
    let name = name_of(name)?;
    let new = NewView {
        name: name.to_owned(),
        query: write(query)?,
        unit: shared.then_some(actor.unit.id),
        owner: actor.user,
    };
    let kept = services.store().keep_view(&new, MOST, now).await.map_err(name_taken(name))?;
    kept.ok_or_else(|| problem::too_many_views(MOST))
}
