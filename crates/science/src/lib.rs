//! The models: pure functions on numbers. No IO, no clock, no randomness that is not a parameter.

mod random;
mod written;

pub mod allocation;
pub mod churn;
pub mod clv;
pub mod concentration;
pub mod duplicates;
pub mod evaluation;
pub mod frame;
pub mod interval;
pub mod learn;
pub mod lifecycle;
pub mod members;
pub mod outlook;
pub mod rfm;
pub mod satisfaction;
pub mod segments;
pub mod significance;
pub mod star;
pub mod table;
pub mod uplift;
