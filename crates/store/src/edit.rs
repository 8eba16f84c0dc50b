//! Edits: a column that is given one value at many customers in one step that can be undone.

use domain::Instant;
use domain::archive::Sheet;
use domain::extract::{Cell, Column};
use domain::id::{CustomerId, EditId, OrgUnitId, UserId};
use serde_json::json;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::Store;
use crate::archive::{cell_of, cell_of_json, json_of};
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::import::mark_stale;
use crate::row::RowExt;
use crate::schema::column_name;
use crate::upsert::{Author, Writer, upsert_column};
use crate::version::touch;

/// A value for a column of customers.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEdit {
    /// Which column.
    pub column: &'static Column,
    /// Its value.
    pub value: Cell,
    /// At which customers; those that have it already stay as they are.
    pub customers: Vec<CustomerId>,
}

/// An edit that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct EditRow {
    /// Which.
    pub id: EditId,
    /// The name of its column in the records.
    pub column: String,
    /// The value.
    pub value: Cell,
    /// Customers that it changed.
    pub customers: u64,
    /// By whom.
    pub by_name: String,
    /// When.
    pub at: Instant,
    /// When it was undone, if it was.
    pub undone_at: Option<Instant>,
    /// Of an edit that was undone, the customers that were left as they are, since they were changed again.
    pub left: u64,
}

const NOUN: &str = "edits";

impl Store {
    /// What stands in a column at some customers.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_column(
        &self,
        column: &'static Column,
        customers: &[CustomerId],
    ) -> Result<Vec<(CustomerId, Cell)>> {
        let name = column_name(column);
        let sql = format!(
            "SELECT c.id, c.{name} FROM json_each($1) AS i CROSS JOIN customers AS c WHERE c.id = i.value ORDER BY c.id"
        );
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(numbers(customers)).fetch_all(self.database.readers());
        let rows = rows.await?;
        rows.iter().map(|row| Ok((CustomerId::new(row.value("id")?), cell_of(column, row, &name)?))).collect()
    }

    /// Gives customers a value, in one transaction with the audit of each. What they had is noted.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn edit_customers(&self, new: &NewEdit, by: UserId, at: Instant) -> Result<EditId> {
        let mut transaction = self.database.write().await?;
        let first_entry = audit::newest(&mut transaction).await? + 1;
        let name = column_name(new.column);
        let value = json_of(&new.value).to_string();
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO edits (column_name, value, done_by, done_at) VALUES ($1, $2, $3, $4) RETURNING id",
        )
        .bind(&name)
        .bind(&value)
        .bind(by.get())
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        let note = format!(
            "INSERT INTO edited (edit_id, customer_id, before) SELECT $1, c.id, json_quote(c.{name}) \
             FROM json_each($2) AS i CROSS JOIN customers AS c WHERE c.id = i.value AND c.{name} IS NOT ($3 ->> '$')"
        );
        let noted = sqlx::query(AssertSqlSafe(note))
            .bind(id)
            .bind(numbers(&new.customers))
            .bind(&value)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        let values = "SELECT json_group_array(json_array(e.customer_id, json(d.value))) FROM edited AS e \
                      JOIN edits AS d ON d.id = e.edit_id WHERE e.edit_id = $1";
        bring_in(&mut transaction, new.column, values, id, (by, at)).await?;
        audit::seal(&mut transaction, first_entry).await?;
        let details = json!({"column": name, "value": json_of(&new.value), "customers": noted});
        let entry = AuditEntry::by(by, at, "edit.do", NOUN, Some(id), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(EditId::new(id))
    }

    /// Gives customers back what they had before an edit, but for those that were changed again since. Gives how many have it
    /// back and how many have not; none if there is no such edit or it is undone.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn undo_edit(
        &self,
        id: EditId,
        column: &'static Column,
        by: UserId,
        at: Instant,
    ) -> Result<Option<(u64, u64)>> {
        let mut transaction = self.database.write().await?;
        let first_entry = audit::newest(&mut transaction).await? + 1;
        let name = column_name(column);
        let done = sqlx::query(
            "UPDATE edits SET undone_by = $2, undone_at = $3 WHERE id = $1 AND undone_at IS NULL AND column_name = $4",
        )
        .bind(id.get())
        .bind(by.get())
        .bind(at.micros())
        .bind(&name)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        let mark = format!(
            "UPDATE edited SET is_restored = 1 FROM edits AS d, customers AS c WHERE edited.edit_id = $1 \
             AND d.id = $1 AND c.id = edited.customer_id AND c.{name} IS (d.value ->> '$')"
        );
        let back =
            sqlx::query(AssertSqlSafe(mark)).bind(id.get()).execute(&mut *transaction).await?.rows_affected();
        let values = "SELECT json_group_array(json_array(customer_id, json(before))) FROM edited \
                      WHERE edit_id = $1 AND is_restored = 1";
        bring_in(&mut transaction, column, values, id.get(), (by, at)).await?;
        audit::seal(&mut transaction, first_entry).await?;
        let row = sqlx::query("SELECT count(*) AS rows FROM edited WHERE edit_id = $1")
            .bind(id.get())
            .fetch_one(&mut *transaction)
            .await?;
        let left = row.count("rows")?.saturating_sub(back);
        let details = json!({"put_back": back, "left": left});
        let entry = AuditEntry::by(by, at, "edit.undo", NOUN, Some(id.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(Some((back, left)))
    }

    /// The name of the column of an edit in the records, and the customers that it changed; none if there is no such edit.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn edited(&self, id: EditId) -> Result<Option<(String, Vec<CustomerId>)>> {
        let column: Option<String> = sqlx::query_scalar("SELECT column_name FROM edits WHERE id = $1")
            .bind(id.get())
            .fetch_optional(self.database.readers())
            .await?;
        let Some(column) = column else { return Ok(None) };
        let ids: Vec<i64> = sqlx::query_scalar("SELECT customer_id FROM edited WHERE edit_id = $1")
            .bind(id.get())
            .fetch_all(self.database.readers())
            .await?;
        Ok(Some((column, ids.into_iter().map(CustomerId::new).collect())))
    }

    /// The customers that the undoing of an edit left as they are, at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn left_by_undo(&self, id: EditId, limit: u32) -> Result<Vec<CustomerId>> {
        let sql = "SELECT customer_id FROM edited WHERE edit_id = $1 AND is_restored = 0 ORDER BY customer_id LIMIT $2";
        let ids: Vec<i64> =
            sqlx::query_scalar(sql).bind(id.get()).bind(limit).fetch_all(self.database.readers()).await?;
        Ok(ids.into_iter().map(CustomerId::new).collect())
    }

    /// Edits, newest first, at most `limit`: a user's own, and those that people of a unit and below it did.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn edits(&self, by: UserId, below: Option<OrgUnitId>, limit: u32) -> Result<Vec<EditRow>> {
        let rows = sqlx::query(
            "SELECT d.id, d.column_name, d.value, d.done_at, d.undone_at, s.name AS by_name, \
             (SELECT count(*) FROM edited AS e WHERE e.edit_id = d.id) AS customers, \
             (SELECT count(*) FROM edited AS e WHERE e.edit_id = d.id AND e.is_restored = 0) AS standing \
             FROM edits AS d JOIN users AS u ON u.id = d.done_by JOIN staff AS s ON s.id = u.staff_id \
             LEFT JOIN org_units AS o ON o.id = s.org_id LEFT JOIN org_units AS top ON top.id = $2 \
             WHERE d.done_by = $1 OR o.position BETWEEN top.position AND top.last_position \
             ORDER BY d.id DESC LIMIT $3",
        )
        .bind(by.get())
        .bind(below.map(OrgUnitId::get))
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                let undone_at = row.optional_instant("undone_at")?;
                Ok(EditRow {
                    id: EditId::new(row.value("id")?),
                    column: row.value("column_name")?,
                    value: cell_of_json(&row.value::<String>("value")?)?,
                    customers: row.count("customers")?,
                    by_name: row.value("by_name")?,
                    at: row.instant("done_at")?,
                    left: if undone_at.is_some() { row.count("standing")? } else { 0 },
                    undone_at,
                })
            })
            .collect()
    }
}

/// Brings values in, pairs of customer and value that a statement gives for an edit, with what that does to months computed.
async fn bring_in(
    connection: &mut SqliteConnection,
    column: &'static Column,
    values: &'static str,
    id: i64,
    (by, at): (UserId, Instant),
) -> Result<()> {
    let values: String = sqlx::query_scalar(values).bind(id).fetch_one(&mut *connection).await?;
    let author = Author { by: Writer::User(by), at };
    let upserted = upsert_column(connection, Sheet::Customer, column, &values, author).await?;
    mark_stale(connection, upserted.effect).await?;
    let customers: Vec<i64> = sqlx::query_scalar("SELECT value ->> 0 FROM json_each($1)")
        .bind(&values)
        .fetch_all(&mut *connection)
        .await?;
    touch(connection, &customers.into_iter().map(CustomerId::new).collect::<Vec<_>>()).await
}

fn numbers(customers: &[CustomerId]) -> String {
    let ids: Vec<i64> = customers.iter().map(|customer| customer.get()).collect();
    json!(ids).to_string()
}
