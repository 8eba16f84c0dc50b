//! One value for a column of many customers: previewed, done in one step, and undone.

pub mod apply;
pub mod list;
pub mod plan;
pub mod undo;

use domain::archive::Sheet;
use domain::extract::Column;
use domain::id::CustomerId;

pub use store::edit::EditRow;

use crate::customer::Pairs;

/// The columns that many customers can be given one value in. To whom customers belong is said by assignments.
pub const COLUMNS: [&str; 3] = ["category", "industry", "competitor"];

/// The column of this name, if it is one of those.
#[must_use]
pub fn column(name: &str) -> Option<&'static Column> {
    let known = COLUMNS.contains(&name).then(|| Sheet::Customer.place(name)).flatten();
    known.and_then(|place| Sheet::Customer.columns().get(place))
}

/// An edit as a person describes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// Which column, by name.
    pub column: String,
    /// Its value; empty for none.
    pub value: String,
    /// Which customers, as the address of a list says.
    pub query: Pairs,
    /// What was shown before: nothing else is done.
    pub seen: String,
}

/// What an edit would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Which column.
    pub column: &'static Column,
    /// What will stand in it, none for nothing.
    pub value: Option<String>,
    /// The customers that it would change.
    pub customers: Vec<CustomerId>,
    /// What stands there now, the commonest first, and at how many.
    pub before: Vec<(Option<String>, u64)>,
    /// Some of those customers by name, with what each has.
    pub examples: Vec<(CustomerId, String, Option<String>)>,
    /// Customers of the list that have the value already.
    pub same: u64,
    /// Customers of the list that are not the actor's own to edit.
    pub foreign: u64,
    /// What tells this plan from another.
    pub seen: String,
}

impl Plan {
    /// Customers named as examples.
    const EXAMPLES: usize = 10;
}
