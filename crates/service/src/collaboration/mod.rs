//! Collaboration: units that do not see each other's customers work on one customer tree together. One leads, others
//! assist, each with its own last day; each opens what is its own of the tree, nobody what is another's.

pub mod close;
pub mod list;
pub mod open;
pub mod turn;

use domain::id::{CollaborationId, OrgUnitId};
use domain::org::OrgLevel;
use domain::policy::Action;
use domain::{Date, Problem, date};

pub use store::collaboration::{CollaborationRow, Party, Turn};

use crate::actor::UnitName;
use crate::customer::index::CustomerIndex;
use crate::services::{LONGEST_TERM, day_within};
use crate::units::Units;
use crate::{Actor, Services, problem};

/// Units that may assist.
pub const MOST_ASSISTING: usize = 4;
/// Days before its last day on which a part wants attention.
const SOON: i64 = 7;

/// The collaborations that someone takes part in, or those below them.
#[derive(Debug, Clone, PartialEq)]
pub struct Collaborations {
    /// The one with the next last day first.
    pub rows: Vec<Collaboration>,
    /// Today, from which on a last day may lie [`LONGEST_TERM`] days ahead.
    pub today: Date,
    /// The code of the user's unit, which leads unless another is named.
    pub unit_code: String,
    /// Whether the user may open one.
    pub may_open: bool,
}

/// A collaboration as someone sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Collaboration {
    /// What the records say.
    pub row: CollaborationRow,
    /// Whether the user may open the customer that it is on.
    pub sees_customer: bool,
    /// Each unit at work, and whether the user answers for its part; in the order of [`CollaborationRow::parties`].
    pub units: Vec<(UnitName, bool)>,
}

impl Collaboration {
    /// Whether the user answers for the part that leads, and so for the whole.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.units.first().is_some_and(|(_, is_own)| *is_own)
    }

    /// Whether a part that the user answers for has not joined, or is not done and soon due.
    #[must_use]
    pub fn waits(&self, today: Date) -> bool {
        let soon = |party: &Party| {
            let days = date::days(party.due) - date::days(today);
            party.done_at.is_none() && (party.open_until.is_none() || days <= SOON)
        };
        self.row.parties.iter().zip(&self.units).any(|(party, (_, is_own))| *is_own && soon(party))
    }
}

/// Whether people of a unit work with a party: they are of it, or of a unit below it.
pub(crate) fn is_of(units: &Units, unit: OrgUnitId, row: &CollaborationRow) -> bool {
    row.parties.iter().any(|party| units.contains(party.unit, unit))
}

/// The collaborations that concern someone.
pub(crate) async fn of(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
) -> Result<Vec<Collaboration>, Problem> {
    let (units, home) = (&index.units, actor.scope.home());
    let answers = actor.may(Action::Collaborate);
    let rows = services.store().collaborations().await?.into_iter();
    let concerns = |row: &CollaborationRow| {
        is_of(units, actor.unit.id, row) || row.parties.iter().any(|party| units.is_home(home, party.unit))
    };
    let parts = index.parts(&actor.scope);
    let seen = rows.filter(concerns).map(|row| {
        let sees = |row| parts.iter().any(|part| part.holds(index, row));
        // A unit that the index does not know yet is nobody's own.
        let unknown = |id| UnitName { id, name: String::new(), level: OrgLevel::Grid };
        let parties = row.parties.iter().map(|party| {
            let name = units.get(party.unit).map_or_else(|| unknown(party.unit), crate::units::name);
            (name, answers && units.is_home(home, party.unit))
        });
        Collaboration {
            units: parties.collect(),
            sees_customer: index.found_at(row.customer).is_some_and(sees),
            row,
        }
    });
    Ok(seen.collect())
}

/// In how many collaborations a part that the actor answers for wants attention.
pub(crate) async fn waiting(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    today: Date,
) -> Result<u64, Problem> {
    if !actor.may(Action::Collaborate) {
        return Ok(0);
    }
    Ok(of(services, index, actor).await?.iter().filter(|one| one.waits(today)).count() as u64)
}

/// A collaboration that concerns the actor; one that does not is not there.
async fn found(services: &Services, actor: &Actor, id: CollaborationId) -> Result<Collaboration, Problem> {
    let index = services.customers().await?;
    let rows = of(services, &index, actor).await?;
    rows.into_iter().find(|found| found.row.id == id).ok_or_else(problem::not_found)
}

/// A last day.
fn due_of(text: &str, today: Date) -> Result<Date, Problem> {
    day_within(text, today).ok_or_else(|| problem::bad_due(today, LONGEST_TERM))
}
