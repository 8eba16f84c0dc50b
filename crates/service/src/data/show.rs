//! Showing imports and cycles.

use domain::Problem;

use super::DataView;
use crate::{Actor, Services};

/// The last imports and cycles.
///
/// # Errors
/// When the role may not see them, or something cannot be read.
pub async fn run(_services: &Services, _actor: &Actor) -> Result<DataView, Problem> {
    Err(Problem::internal("not written yet"))
}
