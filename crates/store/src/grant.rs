//! Sight of rows beyond what role and unit give: to a person, by name, for a time.

use domain::id::{CustomerId, GrantId, OrgUnitId, StaffId, UserId};
use domain::policy::Granted;
use domain::{Date, Instant, date};
use serde_json::json;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::{Result, StoreError};
use crate::row::RowExt;

/// A grant as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRow {
    /// Which.
    pub id: GrantId,
    /// To whom …
    pub staff: StaffId,
    /// … by code …
    pub staff_code: String,
    /// … and name.
    pub staff_name: String,
    /// Sight of what …
    pub granted: Granted,
    /// … by code …
    pub code: String,
    /// … and name.
    pub name: String,
    /// From this day on.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// What for.
    pub reason: String,
    /// The name of who gave it.
    pub given_by: String,
}

/// A grant to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGrant {
    /// To whom.
    pub staff: StaffId,
    /// Sight of what.
    pub granted: Granted,
    /// From this day on.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// What for.
    pub reason: String,
    /// Who gives it.
    pub given_by: UserId,
}

const NOUN: &str = "grants";
impl Store {
    /// The grants that are not over on a day, those that end first before the others.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn grants(&self, day: Date) -> Result<Vec<GrantRow>> {
        let rows = sqlx::query(
            "SELECT g.id, g.staff_id, p.code AS staff_code, p.name AS staff_name, g.unit_id, g.customer_id, \
             coalesce(o.code, c.code) AS code, coalesce(o.name, c.name) AS name, g.from_day, g.until_day, g.reason, \
             giver.name AS given_by \
             FROM grants AS g JOIN staff AS p ON p.id = g.staff_id \
             LEFT JOIN org_units AS o ON o.id = g.unit_id LEFT JOIN customers AS c ON c.id = g.customer_id \
             JOIN users AS u ON u.id = g.given_by JOIN staff AS giver ON giver.id = u.staff_id \
             WHERE g.ended_at IS NULL AND g.until_day >= $1 ORDER BY g.until_day, g.id",
        )
        .bind(date::days(day))
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(grant).collect()
    }

    /// What a person is granted on a day, by name or with the work of the person's unit, or one above it, with others:
    /// then the parts of those that have joined, each until the day it agreed to. Of a customer that another stands for, it
    /// is those that hung below it: nobody granted sight of the other.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn granted(&self, staff: StaffId, day: Date) -> Result<Vec<Granted>> {
        let rows = sqlx::query(
            "WITH RECURSIVE above (id) AS ( \
                 SELECT org_id FROM staff WHERE id = $1 \
                 UNION SELECT o.parent_id FROM above JOIN org_units AS o ON o.id = above.id \
                 WHERE o.parent_id IS NOT NULL \
             ), work (id) AS ( \
                 SELECT DISTINCT own.collaboration_id FROM above \
                 JOIN collaboration_parties AS own ON own.unit_id = above.id \
             ), given (unit_id, customer_id) AS ( \
             SELECT unit_id, customer_id FROM grants \
             WHERE staff_id = $1 AND ended_at IS NULL AND from_day <= $2 AND until_day >= $2 \
             UNION ALL \
             SELECT p.unit_id, c.customer_id FROM work JOIN collaborations AS c ON c.id = work.id \
             JOIN collaboration_parties AS p ON p.collaboration_id = c.id \
             WHERE c.closed_at IS NULL AND p.open_until >= $2 \
             ) \
             SELECT unit_id, customer_id FROM given \
             WHERE customer_id IS NULL OR customer_id NOT IN (SELECT customer_id FROM survivors) \
             UNION ALL \
             SELECT g.unit_id, below.id FROM given AS g JOIN survivors AS s ON s.customer_id = g.customer_id \
             JOIN customers AS below ON below.parent_id = s.customer_id",
        )
        .bind(staff.get())
        .bind(date::days(day))
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(granted).collect()
    }

    /// Gives a grant.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn give_grant(&self, new: &NewGrant, at: Instant) -> Result<GrantId> {
        let (unit, customer) = match new.granted {
            Granted::Subtree(unit) => (Some(unit.get()), None),
            Granted::Tree(customer) => (None, Some(customer.get())),
            Granted::Part(customer, unit) => (Some(unit.get()), Some(customer.get())),
        };
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO grants (staff_id, unit_id, customer_id, from_day, until_day, reason, given_by, given_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        )
        .bind(new.staff.get())
        .bind(unit)
        .bind(customer)
        .bind(date::days(new.from))
        .bind(date::days(new.until))
        .bind(&new.reason)
        .bind(new.given_by.get())
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        let details = json!({
            "staff": new.staff.get(), "unit": unit, "customer": customer,
            "from": new.from.to_string(), "until": new.until.to_string(), "reason": new.reason,
        });
        let entry = AuditEntry::by(new.given_by, at, "grant.give", NOUN, Some(id), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(GrantId::new(id))
    }

    /// Ends a grant before its time. Gives whether there was one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_grant(&self, id: GrantId, by: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let ended = sqlx::query("UPDATE grants SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
            .bind(id.get())
            .bind(at.micros())
            .execute(&mut *transaction)
            .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        let details = serde_json::Value::Null;
        let entry = AuditEntry::by(by, at, "grant.end", NOUN, Some(id.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn granted(row: &SqliteRow) -> Result<Granted> {
    let unit = row.value::<Option<i64>>("unit_id")?.map(OrgUnitId::new);
    let customer = row.value::<Option<i64>>("customer_id")?.map(CustomerId::new);
    match (unit, customer) {
        (Some(unit), Some(customer)) => Ok(Granted::Part(customer, unit)),
        (Some(unit), None) => Ok(Granted::Subtree(unit)),
        (None, Some(customer)) => Ok(Granted::Tree(customer)),
        (None, None) => Err(StoreError::unreadable("grants.unit_id", "")),
    }
}

fn grant(row: &SqliteRow) -> Result<GrantRow> {
    Ok(GrantRow {
        id: GrantId::new(row.value("id")?),
        staff: StaffId::new(row.value("staff_id")?),
        staff_code: row.value("staff_code")?,
        staff_name: row.value("staff_name")?,
        granted: granted(row)?,
        code: row.value("code")?,
        name: row.value("name")?,
        from: row.date("from_day")?,
        until: row.date("until_day")?,
        reason: row.value("reason")?,
        given_by: row.value("given_by")?,
    })
}
