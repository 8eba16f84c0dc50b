//! What was assigned.

use domain::Problem;
use domain::policy::{Action, Home};

use super::AssignmentRow;
use crate::services::authorise;
use crate::{Actor, Services};

/// Assignments shown.
const SHOWN: u32 = 100;

/// The last assignments that people of the actor's units did, newest first; and how many people there are to choose from, by
/// code and name.
///
/// # Errors
/// When the role may not assign customers, or the records cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
) -> Result<(Vec<AssignmentRow>, Vec<(String, String)>), Problem> {
    authorise(actor, Action::AssignCustomers)?;
    let Home::Subtree(top) = actor.scope.home() else { return Ok(Default::default()) };
    let store = services.store();
    let (rows, people) =
        tokio::try_join!(store.assignments(Some(top), None, SHOWN), store.keepers_below(top, 500))?;
    Ok((rows, people.into_iter().map(|person| (person.code, person.name)).collect()))
}
