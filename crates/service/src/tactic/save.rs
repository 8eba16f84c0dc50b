//! Saying what one's unit does in a cell.

use domain::archive::tidied;
use domain::policy::Action;
use domain::tactic::TacticCell;
use domain::{Instant, Problem, ProblemKind, cell};

use super::TEXT;
use crate::services::authorise;
use crate::{Actor, Services};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept.
    Kept,
    /// Someone else changed it since; nothing was written.
    Changed,
}

/// Says what the actor's unit and those below it do in a cell; empty takes back what the unit said. `seen` is the state that the
/// actor began with.
///
/// # Errors
/// When the role may not say what is done, the text is too long or holds what cannot be shown, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    of: TacticCell,
    typed: &str,
    seen: i64,
    now: Instant,
) -> Result<Outcome, Problem> {
    authorise(actor, Action::EditTactics)?;
    let text = tidied(&TEXT, typed);
    let text = Some(text.as_str()).filter(|text| !text.is_empty());
    if let Some(text) = text {
        cell::parse(TEXT.kind, text.as_bytes())
            .map_err(|wrong| Problem::new(ProblemKind::BadInput, wrong))?;
    }
    let kept = services.store().change_tactic((actor.unit.id, of), text, seen, actor.user, now).await?;
    Ok(if kept { Outcome::Kept } else { Outcome::Changed })
}
