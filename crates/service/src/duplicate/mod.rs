//! Customers that stand in the records more than once.

pub mod dismiss;
pub mod end;
pub mod find;
pub mod like;
pub mod list;
pub(crate) mod lookup;
pub(crate) mod many;
pub mod merge;

use domain::Problem;
use domain::id::{CustomerId, OrgUnitId};
use store::duplicate::Registered;

pub use science::duplicates::Evidence;
pub use store::duplicate::DuplicateRun;
pub use store::merge::{MergeRow, RELATIONS, RelationCounts};

use crate::actor::UnitName;
use crate::customer::index::CustomerIndex;
use crate::units::Units;
use crate::{Actor, Services, problem, units};

/// Two customers that probably are one, by the operator's codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspected {
    /// The one known first.
    pub first: String,
    /// The other.
    pub second: String,
    /// That they are the same, 0 to 1.
    pub probability: f64,
}

/// The lowest unit above two.
fn above_both(units: &Units, one: OrgUnitId, other: OrgUnitId) -> Option<UnitName> {
    let (one, other) = (units.path(None, one), units.path(None, other));
    let shared = one.into_iter().zip(other).take_while(|(one, other)| one.id == other.id);
    shared.last().map(|(unit, _)| unit)
}

/// Two customers that the actor is to decide about: both belong to units that the actor answers for, and nobody stands for
/// them yet. What the actor sees neither of is not there.
async fn own_pair(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    (one, other): (CustomerId, CustomerId),
) -> Result<(Registered, Registered), Problem> {
    let parts = index.parts(&actor.scope);
    let sees = |id| index.row(id).is_some_and(|row| parts.iter().any(|part| part.holds(index, row)));
    if !sees(one) && !sees(other) {
        return Err(problem::not_found());
    }
    let (low, high) = (one.min(other), one.max(other));
    let pair = services.store().registered(&[low, high]).await?;
    let Ok([first, second]) = <[Registered; 2]>::try_from(pair) else { return Err(problem::not_found()) };
    let is_own = |unit| index.units.is_home(actor.scope.home(), unit);
    if !is_own(first.unit) || !is_own(second.unit) {
        let decides = above_both(&index.units, first.unit, second.unit).map(|unit| unit.name);
        return Err(problem::not_ones_own_pair(&decides.unwrap_or_default()));
    }
    Ok(if low == one { (first, second) } else { (second, first) })
}

/// The name of a unit, if it is known.
fn unit_name(units: &Units, id: OrgUnitId) -> Option<UnitName> {
    units.get(id).map(units::name)
}
