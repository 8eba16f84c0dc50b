//! Showing the worklist.

use domain::Problem;

use super::Today;
use crate::{Actor, Services};

/// The worklist of the actor's customers.
///
/// # Errors
/// When the role may not see it, or something cannot be read.
pub async fn run(_services: &Services, _actor: &Actor) -> Result<Today, Problem> {
    Err(Problem::internal("not written yet"))
}
