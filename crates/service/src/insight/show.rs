//! Showing a unit.

use domain::Problem;
use domain::id::OrgUnitId;

use super::Insight;
use crate::{Actor, Services};

/// The sums of a unit, the actor's own if none is named; none when there is no such unit, it is outside the
/// actor's subtree, or no month is published yet.
///
/// # Errors
/// When the role may not see sums, or something cannot be read.
pub async fn run(
    _services: &Services,
    _actor: &Actor,
    _unit: Option<OrgUnitId>,
) -> Result<Option<Insight>, Problem> {
    Err(Problem::internal("not written yet"))
}
