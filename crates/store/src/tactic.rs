//! What units do about members who may be dissatisfied.

use domain::Instant;
use domain::id::{OrgUnitId, UserId};
use domain::tactic::TacticCell;
use serde_json::json;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

/// What one unit says of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TacticRow {
    /// Which unit.
    pub unit: OrgUnitId,
    /// Which cell.
    pub cell: TacticCell,
    /// What is done there; none where it was taken back.
    pub text: Option<String>,
    /// What tells one state of it from another, from 1 on.
    pub revision: i64,
    /// Who changed it last, by name.
    pub changed_by: String,
    /// When.
    pub changed_at: Instant,
}

impl Store {
    /// What these units say of cells.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn tactics(&self, units: &[OrgUnitId]) -> Result<Vec<TacticRow>> {
        let units: Vec<i64> = units.iter().map(|unit| unit.get()).collect();
        let rows = sqlx::query(
            "SELECT t.unit_id, t.stars, t.value, t.text, t.revision, s.name AS changed_by, t.changed_at \
             FROM json_each($1) AS i CROSS JOIN tactics AS t JOIN users AS u ON u.id = t.changed_by \
             JOIN staff AS s ON s.id = u.staff_id WHERE t.unit_id = i.value",
        )
        .bind(json!(units).to_string())
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(tactic).collect()
    }

    /// Says what a unit does in a cell, or, with none, takes back what it said, if it is still as `seen` (0 before it said
    /// anything); what it said before stays with the audit. Gives whether it was.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn change_tactic(
        &self,
        (unit, cell): (OrgUnitId, TacticCell),
        text: Option<&str>,
        seen: i64,
        by: UserId,
        at: Instant,
    ) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let row = sqlx::query(
            "SELECT text, revision FROM tactics WHERE unit_id = $1 AND stars = $2 AND value = $3",
        )
        .bind(unit.get())
        .bind(cell.stars())
        .bind(cell.value().code())
        .fetch_optional(&mut *transaction)
        .await?;
        let (before, revision) = match &row {
            Some(row) => (row.value::<Option<String>>("text")?, row.value::<i64>("revision")?),
            None => (None, 0),
        };
        if revision != seen {
            return Ok(false);
        }
        if before.as_deref() == text {
            return Ok(true);
        }
        sqlx::query(
            "INSERT INTO tactics (unit_id, stars, value, text, revision, changed_by, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (unit_id, stars, value) DO UPDATE SET \
             text = excluded.text, revision = excluded.revision, changed_by = excluded.changed_by, \
             changed_at = excluded.changed_at",
        )
        .bind(unit.get())
        .bind(cell.stars())
        .bind(cell.value().code())
        .bind(text)
        .bind(revision + 1)
        .bind(by.get())
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        let details = json!({"stars": cell.stars(), "value": cell.value(), "text": text, "before": before});
        let entry = AuditEntry::by(by, at, "tactic.change", "org_units", Some(unit.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn tactic(row: &SqliteRow) -> Result<TacticRow> {
    let stars: i64 = row.value("stars")?;
    let star = u8::try_from(stars).ok().and_then(|stars| stars.try_into().ok());
    Ok(TacticRow {
        unit: OrgUnitId::new(row.value("unit_id")?),
        cell: TacticCell::new(star, row.code("value")?),
        text: row.value("text")?,
        revision: row.value("revision")?,
        changed_by: row.value("changed_by")?,
        changed_at: row.instant("changed_at")?,
    })
}
