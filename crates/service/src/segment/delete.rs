//! Deleting a segment.

use domain::id::SegmentId;
use domain::policy::Action;
use domain::{Instant, Problem};

use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Deletes a segment of the actor's own; what it was stays with the audit.
///
/// # Errors
/// When the role may not build segments, the segment is not there or another's, or the records cannot be written.
pub async fn run(services: &Services, actor: &Actor, id: SegmentId, now: Instant) -> Result<(), Problem> {
    authorise(actor, Action::BuildSegments)?;
    match services.store().delete_segment(id, actor.user, now).await? {
        true => Ok(()),
        false => Err(problem::not_found()),
    }
}
