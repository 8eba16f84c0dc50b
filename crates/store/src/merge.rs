//! Customers that stand for others: a merge is an alias, nothing that belongs to the merged one moves.

use std::collections::HashMap;

use domain::Instant;
use domain::id::{CustomerId, MergeId, OrgUnitId, UserId};
use serde_json::json;
use sqlx::SqliteConnection;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::cycle::mark_all_stale;
use crate::error::Result;
use crate::row::RowExt;
use crate::version::{Changed, bump};

/// A merge that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRow {
    /// Which.
    pub id: MergeId,
    /// The customer that another stands for …
    pub merged: CustomerId,
    /// … by code …
    pub merged_code: String,
    /// … and name.
    pub merged_name: String,
    /// Its unit.
    pub merged_unit: OrgUnitId,
    /// Which one stands for it in the end …
    pub into: CustomerId,
    /// … by code …
    pub into_code: String,
    /// … and name.
    pub into_name: String,
    /// Its unit.
    pub into_unit: OrgUnitId,
    /// Why.
    pub reason: String,
    /// The name of who merged them.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// What became of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// It holds.
    Done(MergeId),
    /// Another stands for that customer already.
    Already,
    /// It would stand for itself, or the one that remains lies below it in its tree.
    Circle,
}

/// Rows of a customer by relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RelationCounts {
    /// In the order of [`RELATIONS`].
    pub counts: [i64; RELATIONS.len()],
}

/// Tables whose rows belong to a customer, as the one view shows them.
pub const RELATIONS: [&str; 19] = [
    "contacts",
    "contracts",
    "services",
    "members",
    "tickets",
    "interactions",
    "opportunities",
    "surveys",
    "competitor_presences",
    "purchases",
    "relationship_moves",
    "relationship_reviews",
    "engagement_programmes",
    "programme_members",
    "programme_activities",
    "visits",
    "tasks",
    "field_values",
    "children",
];

const NOUN: &str = "merges";

impl Store {
    /// Lets a customer stand for another from now on, with an audit entry in the same transaction. What was published is
    /// computed again.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn merge(
        &self,
        merged: CustomerId,
        into: CustomerId,
        reason: &str,
        by: UserId,
        at: Instant,
    ) -> Result<Merged> {
        let mut transaction = self.database.write().await?;
        let already: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM survivors WHERE customer_id = $1)")
                .bind(merged.get())
                .fetch_one(&mut *transaction)
                .await?;
        if already {
            return Ok(Merged::Already);
        }
        let into: i64 = sqlx::query_scalar(
            "SELECT coalesce((SELECT survivor_id FROM survivors WHERE customer_id = $1), $1)",
        )
        .bind(into.get())
        .fetch_one(&mut *transaction)
        .await?;
        let above: Vec<i64> =
            sqlx::query_scalar(crate::customer::PATH).bind(into).fetch_all(&mut *transaction).await?;
        if above.contains(&merged.get()) {
            return Ok(Merged::Circle);
        }
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO merges (merged_id, into_id, reason, merged_by, merged_at) VALUES ($1, $2, $3, $4, $5) \
             RETURNING id",
        )
        .bind(merged.get())
        .bind(into)
        .bind(reason)
        .bind(by.get())
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM duplicate_pairs WHERE first_id = $1 OR second_id = $1")
            .bind(merged.get())
            .execute(&mut *transaction)
            .await?;
        let months = settle(&mut transaction).await?;
        let details = json!({"merged": merged.get(), "into": into, "reason": reason, "months_again": months});
        let entry = AuditEntry::by(by, at, "customer.merge", NOUN, Some(id), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(Merged::Done(MergeId::new(id)))
    }

    /// Ends a merge. Gives whether it held.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_merge(&self, id: MergeId, by: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let ended =
            sqlx::query("UPDATE merges SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL")
                .bind(id.get())
                .bind(at.micros())
                .bind(by.get())
                .execute(&mut *transaction)
                .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        let months = settle(&mut transaction).await?;
        let details = json!({"months_again": months});
        let entry = AuditEntry::by(by, at, "customer.unmerge", NOUN, Some(id.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The merges that hold, the latest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn merges(&self) -> Result<Vec<MergeRow>> {
        let rows = sqlx::query(
            "SELECT m.id, m.merged_id, a.code AS merged_code, a.name AS merged_name, a.org_id AS merged_unit, \
             b.id AS into_id, b.code AS into_code, b.name AS into_name, b.org_id AS into_unit, m.reason, \
             p.name AS by_name, m.merged_at \
             FROM merges AS m JOIN customers AS a ON a.id = m.merged_id \
             JOIN survivors AS s ON s.customer_id = m.merged_id JOIN customers AS b ON b.id = s.survivor_id \
             JOIN users AS u ON u.id = m.merged_by JOIN staff AS p ON p.id = u.staff_id \
             WHERE m.ended_at IS NULL ORDER BY m.merged_at DESC, m.id DESC",
        )
        .fetch_all(self.database.readers())
        .await?;
        let merge = |row| {
            let customer = |name| RowExt::value(row, name).map(CustomerId::new);
            let unit = |name| RowExt::value(row, name).map(OrgUnitId::new);
            Ok(MergeRow {
                id: MergeId::new(RowExt::value(row, "id")?),
                merged: customer("merged_id")?,
                merged_code: RowExt::value(row, "merged_code")?,
                merged_name: RowExt::value(row, "merged_name")?,
                merged_unit: unit("merged_unit")?,
                into: customer("into_id")?,
                into_code: RowExt::value(row, "into_code")?,
                into_name: RowExt::value(row, "into_name")?,
                into_unit: unit("into_unit")?,
                reason: RowExt::value(row, "reason")?,
                by: RowExt::value(row, "by_name")?,
                at: RowExt::instant(row, "merged_at")?,
            })
        };
        rows.iter().map(merge).collect()
    }

    /// The customer that stands for one in the end: itself, if it was not merged.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn survivor(&self, id: CustomerId) -> Result<CustomerId> {
        let survivor: Option<i64> =
            sqlx::query_scalar("SELECT survivor_id FROM survivors WHERE customer_id = $1")
                .bind(id.get())
                .fetch_optional(self.database.readers())
                .await?;
        Ok(survivor.map_or(id, CustomerId::new))
    }

    /// Who stands for each customer that was merged.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn survivors(&self) -> Result<HashMap<CustomerId, CustomerId>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as("SELECT customer_id, survivor_id FROM survivors")
            .fetch_all(self.database.readers())
            .await?;
        Ok(rows.into_iter().map(|(merged, into)| (CustomerId::new(merged), CustomerId::new(into))).collect())
    }

    /// How many rows of each relation the one view of each customer shows.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn relation_counts(&self, ids: &[CustomerId]) -> Result<HashMap<CustomerId, RelationCounts>> {
        let count = |relation: &&str| match *relation {
            "children" => "(SELECT count(*) FROM of JOIN customers AS c ON c.parent_id = of.id \
                            WHERE of.top = asked.value AND c.id NOT IN (SELECT customer_id FROM survivors))"
                .to_owned(),
            table => format!(
                "(SELECT count(*) FROM of JOIN {table} AS t ON t.customer_id = of.id WHERE of.top = asked.value)"
            ),
        };
        let counts: Vec<String> = RELATIONS.iter().map(count).collect();
        let sql = format!(
            "WITH of (top, id) AS MATERIALIZED (SELECT value, value FROM json_each($1) \
             UNION ALL SELECT survivor_id, customer_id FROM survivors \
             WHERE survivor_id IN (SELECT value FROM json_each($1))) \
             SELECT asked.value AS id, json_array({}) AS counts FROM json_each($1) AS asked",
            counts.join(", ")
        );
        let rows: Vec<(i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(json!(ids).to_string())
            .fetch_all(self.database.readers())
            .await?;
        let read = |(id, counts): (i64, String)| {
            let counts = serde_json::from_str(&counts)
                .map_err(|error| crate::StoreError::unreadable("counts", error.to_string()))?;
            Ok((CustomerId::new(id), RelationCounts { counts }))
        };
        rows.into_iter().map(read).collect()
    }
}

/// What follows from the merges that hold, after one came or went. Gives how many months are computed again.
async fn settle(connection: &mut SqliteConnection) -> Result<usize> {
    sqlx::query("DELETE FROM survivors").execute(&mut *connection).await?;
    sqlx::query(
        "INSERT INTO survivors (customer_id, survivor_id) \
         WITH RECURSIVE chain (customer_id, at) AS ( \
             SELECT merged_id, into_id FROM merges WHERE ended_at IS NULL \
             UNION SELECT c.customer_id, m.into_id FROM chain AS c \
             JOIN merges AS m ON m.merged_id = c.at AND m.ended_at IS NULL \
         ) SELECT customer_id, at FROM chain \
         WHERE at NOT IN (SELECT merged_id FROM merges WHERE ended_at IS NULL)",
    )
    .execute(&mut *connection)
    .await?;
    bump(&mut *connection, Changed { base: true, records: true, ..Changed::default() }).await?;
    Ok(mark_all_stale(connection).await?.len())
}
