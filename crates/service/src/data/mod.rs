//! Imports and cycles: what came in, what was refused, what was computed.

pub mod show;

use domain::{Month, Problem};

use crate::Services;

pub use store::cycle::CycleRow;
pub use store::import::ImportRow;
pub use store::run::RunState;

/// How many imports were done.
///
/// # Errors
/// When the records cannot be read.
pub async fn imports_done(services: &Services) -> Result<u64, Problem> {
    Ok(services.store().imports_done().await?)
}

/// The page: newest first, at most 50 of each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DataView {
    /// Imports.
    pub imports: Vec<ImportRow>,
    /// Cycles.
    pub cycles: Vec<CycleRow>,
    /// Months with facts that changed since they were computed.
    pub stale: Vec<Month>,
}
