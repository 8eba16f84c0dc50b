//! Keeping a segment.

use domain::id::SegmentId;
use domain::policy::Action;
use domain::{Instant, Problem};
use store::segment::NewSegment;

use super::{Groups, filled, write};
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// A segment as a person describes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub goal: String,
    /// What is done with it.
    pub play: String,
    /// Its conditions.
    pub groups: Groups,
}

/// Characters of a name, and of goal and play.
pub const LONGEST_NAME: usize = 60;
/// Characters of goal and play.
pub const LONGEST_TEXT: usize = 200;

/// Keeps a segment for the actor's unit and those below it.
///
/// # Errors
/// When the role may not build segments, there is no condition, the name is empty, too long or taken within the
/// unit, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    draft: Draft,
    now: Instant,
) -> Result<SegmentId, Problem> {
    authorise(actor, Action::BuildSegments)?;
    let name = draft.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(problem::bad_segment_name(LONGEST_NAME));
    }
    let groups = filled(&draft.groups);
    if groups.is_empty() {
        return Err(problem::no_conditions());
    }
    let words = |text: &str| -> Option<String> {
        let text: String = text.trim().chars().take(LONGEST_TEXT).collect();
        (!text.is_empty()).then_some(text)
    };
    let new = NewSegment {
        name: name.to_owned(),
        goal: words(&draft.goal),
        play: words(&draft.play),
        conditions: write(&groups)?,
        unit: actor.unit.id,
        owner: actor.user,
    };
    match services.store().save_segment(&new, now).await {
        Err(error) if error.is_duplicate() => Err(problem::segment_name_taken(name)),
        other => Ok(other?),
    }
}
