//! Learning a probability from a table: learners, their calibration, and how they are judged.
//!
//! The boosting is our own: `forust-ml` 0.8 is as fast, but takes numbers only, so that words would have to be spread
//! out once more beside the codes that the curves read, and brings a thread pool and an older random number
//! generator. With the table as codes, trees, curves and their reasons share one encoder.

pub mod additive;
pub mod blend;
pub mod boosting;
pub mod calibration;
pub mod design;
pub mod drift;
pub mod folds;
mod histogram;
pub mod metrics;
pub(crate) mod parallel;
mod shapley;
mod tree;
