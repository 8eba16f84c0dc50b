//! The models: pure functions on numbers. No IO, no clock, no randomness that is not a parameter.

pub mod lifecycle;
