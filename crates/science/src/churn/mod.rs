//! Who leaves: a probability learnt from any table with a column that says who left.

mod evaluate;
mod model;
mod task;
mod warning;

pub use evaluate::{FoldReport, MeanAndDeviation, MemberReport, Report, evaluate};
pub(crate) use model::train_and_judge;
pub use model::{Model, Reasons, Scored, train};
pub use task::Task;
pub use warning::{Warning, WarningKind};

use crate::learn::blend::Learner;

/// What to learn, and how to judge it.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The column that says who left.
    pub target: String,
    /// What stands in it for those who left.
    pub positive: String,
    /// Columns not to be used.
    pub drop: Vec<String>,
    /// Columns to be used though they look like identifiers.
    pub keep: Vec<String>,
    /// Parts that take turns at being judged.
    pub folds: u8,
    /// Of every drawing by lot.
    pub seed: u64,
    /// A column that alone orders the rows better than this (AUC, either way round) gives the answer away.
    pub leak_above: f64,
    /// Learn also from columns that give the answer away.
    pub allow_leaks: bool,
    /// Cases that people can look at, for precision at capacity; a twentieth of the rows if none.
    pub capacity: Option<usize>,
    /// What to learn with.
    pub learner: Learner,
    /// Judge later months by earlier ones instead of folds by lot.
    pub time: Option<TimeOrder>,
}

/// Months as folds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeOrder {
    /// The column of dates that says when a row was known; not learnt from.
    pub column: String,
    /// Months after which it is seen who left.
    pub horizon_months: i32,
}

impl Options {
    /// The defaults: five folds, seed 42, the mixture, leaks refused.
    #[must_use]
    pub fn new(target: &str, positive: &str) -> Self {
        Self {
            target: target.to_owned(),
            positive: positive.to_owned(),
            drop: Vec::new(),
            keep: Vec::new(),
            folds: 5,
            seed: 42,
            leak_above: 0.99,
            allow_leaks: false,
            capacity: None,
            learner: Learner::default(),
            time: None,
        }
    }
}
