//! The world as files.

use std::path::Path;

use domain::Problem;
use domain::extract::Table;
use domain::progress::Progress;

use crate::World;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows by table, in the order of [`Table::ALL`].
    pub rows: Vec<(Table, u64)>,
    /// Rows of `truth.csv`.
    pub truth_rows: u64,
    /// Bytes in all files.
    pub bytes: u64,
}

/// Writes a world in the extract format plus `truth.csv`.
///
/// # Errors
/// When the folder holds something else, or cannot be written.
pub fn write(world: &World, dir: &Path, progress: &dyn Progress) -> Result<Summary, Problem> {
    let _ = (world, dir, progress);
    todo!()
}
