//! Opening a collaboration.

use domain::id::{CollaborationId, OrgUnitId};
use domain::policy::Action;
use domain::{Date, Instant, Problem};
use store::collaboration::NewCollaboration;

use super::{MOST_ASSISTING, due_of};
use crate::services::{authorise, row_in_sight, words_of};
use crate::{Actor, Services, problem};

/// A collaboration as a person describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// On which customer, by code, with all below it in its tree.
    pub customer: String,
    /// What is to be done.
    pub subject: String,
    /// The unit that leads, by code or name, and its last day, `YYYY-MM-DD`.
    pub lead: (String, String),
    /// The units that assist, likewise; those without a unit are left out.
    pub assisting: Vec<(String, String)>,
}

/// Asks other units to work on a customer tree together. Units of the actor's own join at once: the others see what
/// belongs to them of the tree from now on. Other units see that and join when they choose to.
///
/// # Errors
/// When the role may not, the customer or the unit that leads is not the actor's own, a unit is not known or named
/// twice, none assists, a last day lies behind or too far ahead, nothing is said of what is to be done, or the records
/// cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    draft: &Draft,
    now: Instant,
) -> Result<CollaborationId, Problem> {
    authorise(actor, Action::Collaborate)?;
    let (today, home) = (now.date(), actor.scope.home());
    let (index, code) = (services.customers().await?, draft.customer.trim());
    let units = &index.units;
    let row = row_in_sight(services, &index, actor, code).await?;
    let unit = units.at(index.positions[row]);
    if !unit.is_some_and(|unit| units.is_home(home, unit.id)) {
        return Err(problem::not_own_tree(code));
    }
    let party = |(unit, due): &(String, String)| -> Result<(OrgUnitId, Date, bool), Problem> {
        let unit = unit.trim();
        let found = units.named(unit).ok_or_else(|| problem::unknown_unit(unit))?;
        Ok((found.id, due_of(due, today)?, units.is_home(home, found.id)))
    };
    let lead = party(&draft.lead)?;
    if !lead.2 {
        return Err(problem::lead_not_own(draft.lead.0.trim()));
    }
    let named = draft.assisting.iter().filter(|(unit, _)| !unit.trim().is_empty());
    let mut parties = vec![lead];
    for assisting in named.take(MOST_ASSISTING) {
        let assisting = party(assisting)?;
        if parties.iter().any(|party| party.0 == assisting.0) {
            return Err(problem::bad_parties());
        }
        parties.push(assisting);
    }
    if parties.len() < 2 {
        return Err(problem::bad_parties());
    }
    let new = NewCollaboration {
        customer: index.ids[row],
        subject: words_of(&draft.subject).ok_or_else(problem::no_subject)?,
        parties,
        by: actor.user,
    };
    Ok(services.store().open_collaboration(&new, now).await?)
}
