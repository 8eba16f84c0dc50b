//! Giving a grant.

use domain::id::GrantId;
use domain::policy::{Action, Granted};
use domain::{Instant, Problem};
use store::grant::NewGrant;

use super::beyond_home;
use crate::customer::index::CustomerIndex;
use crate::services::{LONGEST_TERM, authorise, day_within, reason_of, row_in_sight};
use crate::{Actor, Services, problem};

/// A grant as a person describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// To whom: a person's code or the name to sign in with.
    pub person: String,
    /// Sight of a unit, by code or name; empty for that of a customer.
    pub unit: String,
    /// Sight of a customer and all below it in its tree, by code; empty for that of a unit.
    pub customer: String,
    /// The last day, `YYYY-MM-DD`.
    pub until: String,
    /// What for.
    pub reason: String,
}

/// Lets a person see what is the actor's own to show, from today on.
///
/// # Errors
/// When the role may not grant sight, there is no such person, unit or customer, part of it is not the actor's to show,
/// the last day lies behind or more than [`LONGEST_TERM`] days ahead, there is no reason, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    draft: &Draft,
    now: Instant,
) -> Result<GrantId, Problem> {
    authorise(actor, Action::GrantSight)?;
    let (named, today) = (draft.person.trim(), now.date());
    let Some(person) = services.store().person(named).await? else {
        return Err(problem::no_person(named));
    };
    let index = services.customers().await?;
    let granted = granted(services, &index, actor, draft).await?;
    let until =
        day_within(&draft.until, today).ok_or_else(|| problem::bad_grant_term(today, LONGEST_TERM))?;
    let reason = reason_of(&draft.reason)?;
    let new = NewGrant { staff: person.id, granted, from: today, until, reason, given_by: actor.user };
    Ok(services.store().give_grant(&new, now).await?)
}

/// What is to be seen. What the actor does not see is not there.
async fn granted(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    draft: &Draft,
) -> Result<Granted, Problem> {
    let granted = match (draft.unit.trim(), draft.customer.trim()) {
        ("", "") => return Err(problem::nothing_to_grant()),
        (unit, "") => {
            let found = index.units.named(unit).filter(|found| {
                index.tops(&actor.scope).iter().any(|&top| index.units.contains(top, found.id))
            });
            Granted::Subtree(found.ok_or_else(|| problem::no_unit(unit))?.id)
        }
        ("", code) => Granted::Tree(index.ids[row_in_sight(services, index, actor, code).await?]),
        _ => return Err(problem::nothing_to_grant()),
    };
    match beyond_home(index, actor.scope.home(), granted) {
        0 => Ok(granted),
        outside => Err(problem::not_ones_own(outside)),
    }
}
