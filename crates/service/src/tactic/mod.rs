//! What is done about members who may be dissatisfied, cell by cell of stars and value: what the unit says or, where it says
//! nothing, the nearest unit above that does; the text that comes with the product otherwise.

pub mod save;
pub mod show;

use domain::archive::PROSE;
use domain::extract::{Column, ColumnType};
use domain::id::OrgUnitId;
use domain::tactic::TacticCell;
use domain::{Instant, Problem};
use hashbrown::HashMap;
use store::tactic::TacticRow;

use crate::Services;
use crate::units::Units;

/// A tactic as it is typed.
const TEXT: Column = Column { name: "tactic", kind: ColumnType::Text(PROSE), required: false };

/// What is done in one cell at a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tactic {
    /// Which cell.
    pub cell: TacticCell,
    /// What the unit or one above it says; none: the text of [`TacticCell::text_key`].
    pub said: Option<Said>,
}

/// What a unit says of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What is done.
    pub text: String,
    /// The unit that says so …
    pub unit: OrgUnitId,
    /// … by name.
    pub unit_name: String,
    /// Who wrote it last.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// What some units and all above them say.
pub(crate) struct Tactics<'a> {
    units: &'a Units,
    rows: HashMap<(OrgUnitId, TacticCell), TacticRow>,
}

impl<'a> Tactics<'a> {
    /// Reads what these units and all above them say.
    pub(crate) async fn read(
        services: &Services,
        units: &'a Units,
        of: impl IntoIterator<Item = OrgUnitId>,
    ) -> Result<Self, Problem> {
        let mut asked: Vec<OrgUnitId> =
            of.into_iter().flat_map(|unit| units.path(None, unit)).map(|unit| unit.id).collect();
        asked.sort_unstable();
        asked.dedup();
        let rows = services.store().tactics(&asked).await?;
        Ok(Self { units, rows: rows.into_iter().map(|row| ((row.unit, row.cell), row)).collect() })
    }

    /// What is done in a cell at a unit.
    pub(crate) fn at(&self, unit: OrgUnitId, cell: TacticCell) -> Tactic {
        let path = self.units.path(None, unit);
        let said = path.iter().rev().find_map(|unit| {
            let row = self.rows.get(&(unit.id, cell))?;
            Some(Said {
                text: row.text.clone()?,
                unit: unit.id,
                unit_name: unit.name.clone(),
                by: row.changed_by.clone(),
                at: row.changed_at,
            })
        });
        Tactic { cell, said }
    }

    /// What tells one state of what a unit itself says from another; 0 before it said anything.
    fn revision(&self, unit: OrgUnitId, cell: TacticCell) -> i64 {
        self.rows.get(&(unit, cell)).map_or(0, |row| row.revision)
    }

    /// Who wrote last what a unit itself says or took back, and when.
    fn changed(&self, unit: OrgUnitId, cell: TacticCell) -> Option<(String, Instant)> {
        self.rows.get(&(unit, cell)).map(|row| (row.changed_by.clone(), row.changed_at))
    }
}
