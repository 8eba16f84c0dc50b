//! Views of the customer list that people keep.

use domain::Instant;
use domain::id::{OrgUnitId, UserId, ViewId};
use serde_json::json;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

/// A view as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRow {
    /// Which.
    pub id: ViewId,
    /// Its name.
    pub name: String,
    /// JSON: name and value pairs.
    pub query: String,
    /// Seen by this unit and those below it; none for its owner alone.
    pub unit: Option<OrgUnitId>,
    /// The name of that unit.
    pub unit_name: Option<String>,
    /// Whose it is …
    pub owner: UserId,
    /// … by name.
    pub owner_name: String,
    /// What tells one state of it from another.
    pub revision: i64,
    /// Who changed it last, by name.
    pub changed_by: String,
    /// When.
    pub changed_at: Instant,
    /// Whether the user who asks pinned it.
    pub is_pinned: bool,
}

/// A view to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    /// Its name.
    pub name: String,
    /// JSON: name and value pairs.
    pub query: String,
    /// Seen by this unit and those below it; none for its owner alone.
    pub unit: Option<OrgUnitId>,
    /// Whose it is.
    pub owner: UserId,
}

/// What became of a view that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewChange {
    /// It is kept.
    Kept,
    /// Someone changed it meanwhile; nothing was written.
    Changed,
    /// There is none; nothing was written.
    Gone,
}

const NOUN: &str = "views";

impl Store {
    /// The views that a user sees: their own, and those that their unit or a unit above it shares; those that are pinned in the
    /// order in which they were, then by name; at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn views(&self, user: UserId, unit: OrgUnitId, limit: u32) -> Result<Vec<ViewRow>> {
        let rows = sqlx::query(
            "SELECT v.id, v.name, v.query, v.unit_id, u.name AS unit_name, v.owner_id, p.name AS owner_name, \
             v.revision, c.name AS changed_by, v.changed_at, pins.pinned_at FROM views AS v \
             JOIN users AS o ON o.id = v.owner_id JOIN staff AS p ON p.id = o.staff_id \
             JOIN users AS by_user ON by_user.id = v.changed_by JOIN staff AS c ON c.id = by_user.staff_id \
             LEFT JOIN org_units AS u ON u.id = v.unit_id LEFT JOIN org_units AS seer ON seer.id = $2 \
             LEFT JOIN view_pins AS pins ON pins.view_id = v.id AND pins.user_id = $1 \
             WHERE (v.unit_id IS NULL AND v.owner_id = $1) \
             OR seer.position BETWEEN u.position AND u.last_position \
             ORDER BY pins.pinned_at IS NULL, pins.pinned_at, v.name, v.id LIMIT $3",
        )
        .bind(user.get())
        .bind(unit.get())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(view).collect()
    }

    /// Keeps a view. Gives none, and does nothing, if its owner, or its unit, has `limit` views already.
    /// [`crate::StoreError::is_duplicate`] when one of them has this name.
    ///
    /// # Errors
    /// When the name is taken or the records cannot be written.
    pub async fn keep_view(&self, new: &NewView, limit: u32, at: Instant) -> Result<Option<ViewId>> {
        let mut transaction = self.database.write().await?;
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO views (name, query, unit_id, owner_id, changed_by, changed_at) \
             SELECT $1, $2, $3, $4, $4, $5 WHERE (SELECT count(*) FROM views WHERE unit_id IS $3 \
             AND ($3 IS NOT NULL OR owner_id = $4)) < $6 RETURNING id",
        )
        .bind(&new.name)
        .bind(&new.query)
        .bind(new.unit.map(OrgUnitId::get))
        .bind(new.owner.get())
        .bind(at.micros())
        .bind(limit)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(id) = id else { return Ok(None) };
        let details = json!({"name": new.name, "query": new.query, "unit": new.unit.map(OrgUnitId::get)});
        leave(&mut transaction, ViewId::new(id), "view.keep", details, (new.owner, at)).await?;
        transaction.commit().await?;
        Ok(Some(ViewId::new(id)))
    }

    /// Gives a view another name, other conditions or both, if it is still as `seen`; what it was stays with the audit.
    /// [`crate::StoreError::is_duplicate`] when the name is taken.
    ///
    /// # Errors
    /// When the name is taken or the records cannot be written.
    pub async fn change_view(
        &self,
        id: ViewId,
        seen: i64,
        (name, query): (&str, &str),
        by: UserId,
        at: Instant,
    ) -> Result<ViewChange> {
        let mut transaction = self.database.write().await?;
        let row = sqlx::query("SELECT name, query, revision FROM views WHERE id = $1")
            .bind(id.get())
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(row) = row else { return Ok(ViewChange::Gone) };
        if row.value::<i64>("revision")? != seen {
            return Ok(ViewChange::Changed);
        }
        let details = json!({"name": row.value::<String>("name")?, "query": row.value::<String>("query")?});
        sqlx::query(
            "UPDATE views SET name = $2, query = $3, revision = revision + 1, changed_by = $4, changed_at = $5 \
             WHERE id = $1",
        )
        .bind(id.get())
        .bind(name)
        .bind(query)
        .bind(by.get())
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        leave(&mut transaction, id, "view.change", details, (by, at)).await?;
        transaction.commit().await?;
        Ok(ViewChange::Kept)
    }

    /// Deletes a view with all its pins; what it was stays with the audit. Gives whether there was one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn delete_view(&self, id: ViewId, by: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        sqlx::query("DELETE FROM view_pins WHERE view_id = $1")
            .bind(id.get())
            .execute(&mut *transaction)
            .await?;
        let row =
            sqlx::query("DELETE FROM views WHERE id = $1 RETURNING name, query, unit_id, owner_id, revision")
                .bind(id.get())
                .fetch_optional(&mut *transaction)
                .await?;
        let Some(row) = row else { return Ok(false) };
        let details = json!({
            "name": row.value::<String>("name")?,
            "query": row.value::<String>("query")?,
            "unit": row.value::<Option<i64>>("unit_id")?,
            "owner": row.value::<i64>("owner_id")?,
        });
        leave(&mut transaction, id, "view.delete", details, (by, at)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Pins a view for a user, or takes the pin out. Gives none, and does nothing, when the user has `limit` pins already.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn pin_view(
        &self,
        id: ViewId,
        pin: bool,
        limit: u32,
        by: UserId,
        at: Instant,
    ) -> Result<Option<()>> {
        let mut transaction = self.database.write().await?;
        let sql = match pin {
            true => {
                "INSERT INTO view_pins (user_id, view_id, pinned_at) SELECT $1, $2, $3 \
                 WHERE (SELECT count(*) FROM view_pins WHERE user_id = $1 AND view_id <> $2) < $4 \
                 ON CONFLICT (user_id, view_id) DO UPDATE SET pinned_at = pinned_at"
            }
            false => "DELETE FROM view_pins WHERE user_id = $1 AND view_id = $2 AND $3 = $3 AND $4 = $4",
        };
        let done = sqlx::query(sql)
            .bind(by.get())
            .bind(id.get())
            .bind(at.micros())
            .bind(limit)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if pin && done == 0 {
            return Ok(None);
        }
        if done > 0 {
            let action = if pin { "view.pin" } else { "view.unpin" };
            leave(&mut transaction, id, action, json!({}), (by, at)).await?;
            transaction.commit().await?;
        }
        Ok(Some(()))
    }
}

async fn leave(
    connection: &mut SqliteConnection,
    id: ViewId,
    action: &'static str,
    details: serde_json::Value,
    (by, at): (UserId, Instant),
) -> Result<()> {
    audit::leave(connection, &AuditEntry::by(by, at, action, NOUN, Some(id.get()), details)).await
}

fn view(row: &SqliteRow) -> Result<ViewRow> {
    Ok(ViewRow {
        id: ViewId::new(row.value("id")?),
        name: row.value("name")?,
        query: row.value("query")?,
        unit: row.value::<Option<i64>>("unit_id")?.map(OrgUnitId::new),
        unit_name: row.value("unit_name")?,
        owner: UserId::new(row.value("owner_id")?),
        owner_name: row.value("owner_name")?,
        revision: row.value("revision")?,
        changed_by: row.value("changed_by")?,
        changed_at: row.instant("changed_at")?,
        is_pinned: row.value::<Option<i64>>("pinned_at")?.is_some(),
    })
}
