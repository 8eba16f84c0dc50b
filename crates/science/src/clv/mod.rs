//! Customer lifetime value: a family of models, each with its assumptions, callable by name.

mod fitting;
mod formula;
mod model;
mod numeric;
mod recommend;
mod report;
mod stage_table;

pub mod berger_nasr;
pub mod booking;
pub mod cohort;
pub mod curve;
pub mod estimate;
pub mod flow;
pub mod loss;
pub mod markov;
pub mod purchases;
pub mod recency;
pub mod stages;
pub mod transactions;

pub use fitting::{fit, score};
pub use model::{Card, Contract, Family, Mark, Model, Relation};
pub use recommend::{Recommendation, recommend};
pub use report::{FitReport, Options, Score, ScoreReport};
pub use stage_table::StageRow;
