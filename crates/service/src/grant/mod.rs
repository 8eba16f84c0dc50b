//! Grants: what a person may see for a time beyond what role and unit give, and why someone sees a customer.

pub mod end;
pub mod explain;
pub mod give;
pub mod list;

use domain::Date;
use domain::policy::{Granted, Home};

pub use store::grant::GrantRow;

use crate::Actor;
use crate::customer::index::CustomerIndex;

/// The grants that someone may see.
#[derive(Debug, Clone, PartialEq)]
pub struct Grants {
    /// Those that are not over, with whether the user may end them; those that end first before the others.
    pub rows: Vec<(GrantRow, bool)>,
    /// Today, from which on a grant may last [`LONGEST_TERM`](crate::LONGEST_TERM) days.
    pub today: Date,
}

/// Customers that a grant opens and that do not come with a person's own role and unit. What one was granted oneself
/// is not one's own to pass on.
fn beyond_home(index: &CustomerIndex, home: Home, granted: Granted) -> usize {
    let is_outside = |row: &usize| {
        let unit = index.units.at(index.positions[*row]);
        !unit.is_some_and(|unit| index.units.is_home(home, unit.id))
    };
    match granted {
        Granted::Subtree(unit) if index.units.is_home(home, unit) => 0,
        // Customers may come to a unit that has none today.
        Granted::Subtree(unit) => index.rows_below(unit).len().max(1),
        Granted::Tree(_) | Granted::Part(..) => {
            index.rows_of(granted).into_iter().flatten().filter(is_outside).count()
        }
    }
}

/// Whether it is for this person to give a grant, or to end it.
fn is_own(index: &CustomerIndex, actor: &Actor, granted: Granted) -> bool {
    beyond_home(index, actor.scope.home(), granted) == 0
}
