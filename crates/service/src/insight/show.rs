//! Showing a unit.
