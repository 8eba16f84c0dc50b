//! Showing what one's unit does in each cell.

use domain::policy::Action;
use domain::tactic::TacticCell;
use domain::{Instant, Problem};

use super::{Tactic, Tactics};
use crate::actor::UnitName;
use crate::services::authorise;
use crate::{Actor, Services};

/// What a unit does in each cell.
#[derive(Debug, Clone, PartialEq)]
pub struct TacticsView {
    /// The unit, the actor's.
    pub unit: UnitName,
    /// In the order of [`TacticCell::all`].
    pub lines: Vec<TacticLine>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct TacticLine {
    /// What is done there.
    pub tactic: Tactic,
    /// What tells one state of what the unit itself says from another.
    pub revision: i64,
    /// Who wrote it or took it back last, and when.
    pub changed: Option<(String, Instant)>,
}

impl TacticsView {
    /// What the unit itself says of a cell.
    #[must_use]
    pub fn own(&self, line: &TacticLine) -> Option<String> {
        line.tactic.said.as_ref().filter(|said| said.unit == self.unit.id).map(|said| said.text.clone())
    }
}

/// What the actor's unit does in each cell.
///
/// # Errors
/// When the role may not say what is done, or the records cannot be read.
pub async fn run(services: &Services, actor: &Actor) -> Result<TacticsView, Problem> {
    authorise(actor, Action::EditTactics)?;
    let index = services.customers().await?;
    let unit = actor.unit.id;
    let tactics = Tactics::read(services, &index.units, [unit]).await?;
    let line = |cell| TacticLine {
        tactic: tactics.at(unit, cell),
        revision: tactics.revision(unit, cell),
        changed: tactics.changed(unit, cell),
    };
    Ok(TacticsView { unit: actor.unit.clone(), lines: TacticCell::all().map(line).collect() })
}
