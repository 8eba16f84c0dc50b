//! Customers that stand in the records more than once.

pub mod find;
pub mod like;
pub(crate) mod lookup;

pub use science::duplicates::Evidence;

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
