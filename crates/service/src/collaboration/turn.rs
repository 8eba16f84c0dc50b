//! What becomes of a unit's part: it joins, it is done, it gets another last day.

use domain::id::{CollaborationId, OrgUnitId};
use domain::policy::Action;
use domain::{Instant, Problem};
use store::collaboration::Turn;

use super::{due_of, found};
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// What is asked for a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// That its unit joins, or stays open up to the last day of all.
    Join,
    /// That its unit shows nothing more.
    Leave,
    /// That it is done.
    Finish,
    /// Another last day, `YYYY-MM-DD`.
    Due(String),
}

/// Puts on record what becomes of a part. Whoever answers for its unit joins, leaves and finishes; whoever answers for
/// the unit that leads moves last days, and so opens nothing of another's for longer.
///
/// # Errors
/// When the role may not, there is no such part or it is another's, it has joined or is done already, a day lies behind or
/// too far ahead, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: CollaborationId,
    unit: OrgUnitId,
    asked: &Asked,
    now: Instant,
) -> Result<(), Problem> {
    authorise(actor, Action::Collaborate)?;
    let collaboration = found(services, actor, id).await?;
    let is_own = collaboration.units.iter().any(|(of, is_own)| of.id == unit && *is_own);
    let (may, turn) = match asked {
        Asked::Join => (is_own, Turn::Join),
        Asked::Leave => (is_own, Turn::Leave),
        Asked::Finish => (is_own, Turn::Finish),
        Asked::Due(_) if !collaboration.is_own() => return Err(problem::not_found()),
        Asked::Due(day) => (true, Turn::Due(due_of(day, now.date())?)),
    };
    if !may || !services.store().turn_collaboration(id, unit, turn, actor.user, now).await? {
        return Err(problem::not_found());
    }
    Ok(())
}
