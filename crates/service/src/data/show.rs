//! Showing imports and cycles.
