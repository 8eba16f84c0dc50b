//! To whom customers are given: a whole list handed over, chosen customers reassigned, customers claimed from the pool.

pub mod claim;
pub mod list;
pub mod plan;
pub mod pool;
pub mod reassign;
pub mod undo;

use domain::id::CustomerId;
use domain::{LifecycleStage, Money};

pub use store::assignment::{AssignmentRow, Work};

use crate::customer::{CustomerQuery, Pairs};

/// Customers that one step may move.
pub const MOST: usize = 20_000;

/// An assignment as a person describes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// Whose whole list, by code or the name to sign in with; empty for those that a list shows.
    pub from: String,
    /// Which list, as its address says.
    pub query: Pairs,
    /// To whom, likewise; empty for the pool.
    pub to: String,
    /// What for.
    pub reason: String,
    /// What was shown before: nothing else is done.
    pub seen: String,
}

impl Draft {
    /// The list that was chosen; none if it is someone's whole list.
    #[must_use]
    pub fn chosen(&self) -> Option<CustomerQuery> {
        self.from.trim().is_empty().then(|| CustomerQuery::parse(&self.query))
    }
}

/// What an assignment would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The customers that it would move.
    pub customers: Vec<CustomerId>,
    /// How many they are.
    pub count: u64,
    /// Their revenue of twelve months.
    pub revenue_12m: Money,
    /// How many by stage, in the order of [`LifecycleStage::ALL`].
    pub by_stage: [u64; LifecycleStage::COUNT],
    /// From whose lists, those with most first, by name; none for the pool.
    pub from: Vec<(Option<String>, u64)>,
    /// To whom: the name and how many customers that person has today; none for the pool.
    pub to: Option<(String, u64)>,
    /// Open work that comes along.
    pub work: Work,
    /// What tells this plan from another.
    pub seen: String,
}
