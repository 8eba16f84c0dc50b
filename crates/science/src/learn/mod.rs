//! Learning a probability from a table: learners, their calibration, and how they are judged.

pub mod additive;
pub mod blend;
pub mod boosting;
pub mod calibration;
pub mod design;
pub mod folds;
mod histogram;
pub mod metrics;
mod parallel;
mod shapley;
mod tree;
