//! Showing the worklist.
