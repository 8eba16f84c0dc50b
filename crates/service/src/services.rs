//! What use cases work with.

/// Records, engine and read models.
pub struct Services {}
