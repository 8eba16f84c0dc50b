//! Running the cycle.
