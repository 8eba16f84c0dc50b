//! Segments that people keep.

use domain::Instant;
use domain::id::{OrgUnitId, SegmentId, UserId};
use serde_json::json;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

/// A segment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentRow {
    /// Which.
    pub id: SegmentId,
    /// Its name, one of its kind within the unit.
    pub name: String,
    /// What it is for.
    pub goal: Option<String>,
    /// What is done with it.
    pub play: Option<String>,
    /// JSON: groups of name and value pairs.
    pub conditions: String,
    /// Seen by this unit and those below it.
    pub unit: OrgUnitId,
    /// Whose it is …
    pub owner: UserId,
    /// … by name.
    pub owner_name: String,
}

/// A segment to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSegment {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub goal: Option<String>,
    /// What is done with it.
    pub play: Option<String>,
    /// JSON: groups of name and value pairs.
    pub conditions: String,
    /// Seen by this unit and those below it.
    pub unit: OrgUnitId,
    /// Whose it is.
    pub owner: UserId,
}

const NOUN: &str = "segments";

impl Store {
    /// The segments that a unit sees: its own and those of the units above it; by name, at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn segments(&self, seen_by: OrgUnitId, limit: u32) -> Result<Vec<SegmentRow>> {
        let rows = sqlx::query(
            "SELECT s.id, s.name, s.goal, s.play, s.conditions, s.unit_id, s.owner_id, p.name AS owner_name \
             FROM org_units AS seer JOIN org_units AS u ON seer.position BETWEEN u.position AND u.last_position \
             JOIN segments AS s ON s.unit_id = u.id JOIN users ON users.id = s.owner_id \
             JOIN staff AS p ON p.id = users.staff_id \
             WHERE seer.id = $1 ORDER BY s.name, s.id LIMIT $2",
        )
        .bind(seen_by.get())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(segment).collect()
    }

    /// Keeps a segment. [`crate::StoreError::is_duplicate`] when the unit has one of this name.
    ///
    /// # Errors
    /// When the name is taken or the records cannot be written.
    pub async fn save_segment(&self, new: &NewSegment, at: Instant) -> Result<SegmentId> {
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO segments (name, goal, play, conditions, unit_id, owner_id, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(&new.name)
        .bind(&new.goal)
        .bind(&new.play)
        .bind(&new.conditions)
        .bind(new.unit.get())
        .bind(new.owner.get())
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        let details = json!({"name": new.name, "conditions": new.conditions});
        let entry = AuditEntry::by(new.owner, at, "segment.save", NOUN, Some(id), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(SegmentId::new(id))
    }

    /// Deletes a segment of this owner; what it was stays with the audit. Gives whether there was one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn delete_segment(&self, id: SegmentId, owner: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let row = sqlx::query(
            "DELETE FROM segments WHERE id = $1 AND owner_id = $2 RETURNING name, goal, play, conditions, unit_id",
        )
        .bind(id.get())
        .bind(owner.get())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(false) };
        let details = json!({
            "name": row.value::<String>("name")?,
            "goal": row.value::<Option<String>>("goal")?,
            "play": row.value::<Option<String>>("play")?,
            "conditions": row.value::<String>("conditions")?,
            "unit": row.value::<i64>("unit_id")?,
        });
        let entry = AuditEntry::by(owner, at, "segment.delete", NOUN, Some(id.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn segment(row: &SqliteRow) -> Result<SegmentRow> {
    Ok(SegmentRow {
        id: SegmentId::new(row.value("id")?),
        name: row.value("name")?,
        goal: row.value("goal")?,
        play: row.value("play")?,
        conditions: row.value("conditions")?,
        unit: OrgUnitId::new(row.value("unit_id")?),
        owner: UserId::new(row.value("owner_id")?),
        owner_name: row.value("owner_name")?,
    })
}
