//! Search: one question to everything that a person may see.

pub mod find;

mod spelt;
mod words;

use domain::id::{CustomerId, StaffId};
use store::search::Sought;

pub use spelt::{Fit, Spelt, WHOLE};
pub use words::Words;

use crate::actor::UnitName;
use crate::customer::CustomerRow;

/// What was found, the best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Customers …
    pub customers: Vec<CustomerRow>,
    /// … and how many there are: as many as the list shows.
    pub total: u64,
    /// People at customers, contracts, services, tickets and members.
    pub records: Vec<Records>,
    /// People who answer for customers.
    pub people: Few<(StaffId, String)>,
    /// Units.
    pub units: Few<UnitName>,
}

impl Found {
    /// Rows of a group at most.
    pub const ROWS: usize = 6;

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
            && self.records.is_empty()
            && self.people.rows.is_empty()
            && self.units.rows.is_empty()
    }
}

/// Some of what fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Few<T> {
    /// At most [`Found::ROWS`].
    pub rows: Vec<T>,
    /// Whether there is more of it, or may be: not all of it was looked through.
    pub more: bool,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), more: false }
    }
}

/// Rows of customers of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    /// Of which kind.
    pub kind: RecordKind,
    /// Which.
    pub found: Few<RecordHit>,
}

/// Of which kind rows of customers are.
pub type RecordKind = Sought;

/// A row of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordHit {
    /// Whose it is …
    pub customer: CustomerId,
    /// … by name.
    pub customer_name: String,
    /// Its code; of a contact the name.
    pub name: String,
    /// Title of a contact.
    pub title: Option<String>,
    /// Phone of a contact, all but the last four digits hidden.
    pub phone: Option<String>,
}
