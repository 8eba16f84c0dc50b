//! Customer lifetime value: a family of models, each with its assumptions, callable by name.

mod numeric;

pub mod berger_nasr;
pub mod booking;
pub mod cohort;
pub mod estimate;
pub mod markov;
pub mod purchases;
pub mod recency;
pub mod transactions;
