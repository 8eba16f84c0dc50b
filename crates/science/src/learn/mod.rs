//! Learning a probability from a table: learners, their calibration, and how they are judged.

pub mod calibration;
pub mod folds;
pub mod metrics;
