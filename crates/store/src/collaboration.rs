//! Work on a customer tree by several units: one leads, others assist, each with its own last day.

use domain::id::{CollaborationId, CustomerId, OrgUnitId, UserId};
use domain::{Date, Instant, date};
use hashbrown::HashMap;
use serde_json::json;
use sqlx::SqliteConnection;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

/// A collaboration that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollaborationRow {
    /// Which.
    pub id: CollaborationId,
    /// The customer whose tree it is on …
    pub customer: CustomerId,
    /// … by code …
    pub code: String,
    /// … and name.
    pub name: String,
    /// What is to be done.
    pub subject: String,
    /// The name of who opened it …
    pub opened_by: String,
    /// … when.
    pub opened_at: Instant,
    /// The units at work, the one that leads first.
    pub parties: Vec<Party>,
}

/// A unit at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Which.
    pub unit: OrgUnitId,
    /// Its last day.
    pub due: Date,
    /// Until which day the others see its customers of the tree, if it has joined.
    pub open_until: Option<Date>,
    /// Since when its part is done.
    pub done_at: Option<Instant>,
}

/// A collaboration to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCollaboration {
    /// On which customer, with all below it in its tree.
    pub customer: CustomerId,
    /// What is to be done.
    pub subject: String,
    /// The units at work with their last days, the one that leads first, and whether each joins at once.
    pub parties: Vec<(OrgUnitId, Date, bool)>,
    /// Who opens it.
    pub by: UserId,
}

/// What becomes of a unit's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It lets the others see its customers of the tree, until the last day of all as it is now.
    Join,
    /// It lets them see nothing more.
    Leave,
    /// It has done its part.
    Finish,
    /// It has until this day.
    Due(Date),
}

const NOUN: &str = "collaborations";

impl Store {
    /// The collaborations that are not over, the one with the next last day first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn collaborations(&self) -> Result<Vec<CollaborationRow>> {
        let rows = sqlx::query(
            "SELECT c.id, c.customer_id, k.code, k.name, c.subject, s.name AS opened_by, c.opened_at \
             FROM collaborations AS c JOIN customers AS k ON k.id = c.customer_id \
             JOIN users AS u ON u.id = c.opened_by JOIN staff AS s ON s.id = u.staff_id \
             WHERE c.closed_at IS NULL ORDER BY c.id",
        )
        .fetch_all(self.database.readers())
        .await?;
        let mut parties: HashMap<i64, Vec<Party>> = HashMap::new();
        let of_all = sqlx::query(
            "SELECT p.collaboration_id, p.unit_id, p.due_day, p.open_until, p.done_at \
             FROM collaboration_parties AS p JOIN collaborations AS c ON c.id = p.collaboration_id \
             WHERE c.closed_at IS NULL ORDER BY p.collaboration_id, p.is_lead DESC, p.due_day, p.unit_id",
        )
        .fetch_all(self.database.readers())
        .await?;
        for row in of_all {
            parties.entry(row.value("collaboration_id")?).or_default().push(Party {
                unit: OrgUnitId::new(row.value("unit_id")?),
                due: row.date("due_day")?,
                open_until: row.optional_date("open_until")?,
                done_at: row.optional_instant("done_at")?,
            });
        }
        let mut collaborations = rows
            .iter()
            .map(|row| {
                let id = row.value("id")?;
                Ok(CollaborationRow {
                    id: CollaborationId::new(id),
                    customer: CustomerId::new(row.value("customer_id")?),
                    code: row.value("code")?,
                    name: row.value("name")?,
                    subject: row.value("subject")?,
                    opened_by: row.value("opened_by")?,
                    opened_at: row.instant("opened_at")?,
                    parties: parties.remove(&id).unwrap_or_default(),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        collaborations.sort_by_key(CollaborationRow::next_due);
        Ok(collaborations)
    }

    /// Opens a collaboration.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn open_collaboration(&self, new: &NewCollaboration, at: Instant) -> Result<CollaborationId> {
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO collaborations (customer_id, subject, opened_by, opened_at) \
             VALUES ($1, $2, $3, $4) RETURNING id",
        )
        .bind(new.customer.get())
        .bind(&new.subject)
        .bind(new.by.get())
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        let last = new.parties.iter().map(|&(_, due, _)| date::days(due)).max();
        for (place, &(unit, due, joins)) in new.parties.iter().enumerate() {
            sqlx::query(
                "INSERT INTO collaboration_parties \
                 (collaboration_id, unit_id, is_lead, due_day, joined_by, joined_at, open_until) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id)
            .bind(unit.get())
            .bind(place == 0)
            .bind(date::days(due))
            .bind(joins.then_some(new.by.get()))
            .bind(joins.then_some(at.micros()))
            .bind(last.filter(|_| joins))
            .execute(&mut *transaction)
            .await?;
        }
        let parties: Vec<_> = new
            .parties
            .iter()
            .map(|(unit, due, joined)| json!({"unit": unit.get(), "due": due.to_string(), "joined": joined}))
            .collect();
        let details = json!({"customer": new.customer.get(), "subject": new.subject, "parties": parties});
        let entry = AuditEntry::by(new.by, at, "collaboration.open", NOUN, Some(id), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(CollaborationId::new(id))
    }

    /// Puts on record what becomes of a unit's part. Gives whether there was anything to put: a part that is open up to the
    /// last day joins no second time, only one that has joined leaves or is done, and one that is done gets no other day.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn turn_collaboration(
        &self,
        id: CollaborationId,
        unit: OrgUnitId,
        turn: Turn,
        by: UserId,
        at: Instant,
    ) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let before: Option<i64> = sqlx::query_scalar(
            "SELECT p.due_day FROM collaboration_parties AS p JOIN collaborations AS c ON c.id = p.collaboration_id \
             WHERE c.id = $1 AND p.unit_id = $2 AND c.closed_at IS NULL",
        )
        .bind(id.get())
        .bind(unit.get())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(before) = before else {
            return Ok(false);
        };
        let of_unit = |sql| sqlx::query(sql).bind(id.get()).bind(unit.get());
        let (action, update) = match turn {
            Turn::Join => {
                let sql = "UPDATE collaboration_parties SET joined_by = $3, joined_at = $4, open_until = \
                           (SELECT max(due_day) FROM collaboration_parties WHERE collaboration_id = $1) \
                           WHERE collaboration_id = $1 AND unit_id = $2 AND coalesce(open_until, -1) < \
                           (SELECT max(due_day) FROM collaboration_parties WHERE collaboration_id = $1)";
                ("collaboration.join", of_unit(sql).bind(by.get()).bind(at.micros()))
            }
            Turn::Leave => {
                let sql = "UPDATE collaboration_parties SET joined_by = NULL, joined_at = NULL, open_until = NULL \
                           WHERE collaboration_id = $1 AND unit_id = $2 AND joined_at IS NOT NULL";
                ("collaboration.leave", of_unit(sql))
            }
            Turn::Finish => {
                let sql = "UPDATE collaboration_parties SET done_by = $3, done_at = $4 WHERE collaboration_id = $1 \
                           AND unit_id = $2 AND joined_at IS NOT NULL AND done_at IS NULL";
                ("collaboration.finish", of_unit(sql).bind(by.get()).bind(at.micros()))
            }
            Turn::Due(day) => {
                let sql = "UPDATE collaboration_parties SET due_day = $3 \
                           WHERE collaboration_id = $1 AND unit_id = $2 AND done_at IS NULL AND due_day <> $3";
                ("collaboration.due", of_unit(sql).bind(date::days(day)))
            }
        };
        let changed = update.execute(&mut *transaction).await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        let details = match turn {
            Turn::Join | Turn::Leave | Turn::Finish => json!({"unit": unit.get()}),
            Turn::Due(day) => json!({
                "unit": unit.get(),
                "before": date::from_days(before).map(|day| day.to_string()),
                "after": day.to_string(),
            }),
        };
        leave(&mut transaction, id, action, by, at, details).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Closes a collaboration with what came of it. Gives whether it was open.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn close_collaboration(
        &self,
        id: CollaborationId,
        outcome: &str,
        by: UserId,
        at: Instant,
    ) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let closed = sqlx::query(
            "UPDATE collaborations SET closed_by = $2, closed_at = $3, outcome = $4 \
             WHERE id = $1 AND closed_at IS NULL",
        )
        .bind(id.get())
        .bind(by.get())
        .bind(at.micros())
        .bind(outcome)
        .execute(&mut *transaction)
        .await?;
        if closed.rows_affected() == 0 {
            return Ok(false);
        }
        leave(&mut transaction, id, "collaboration.close", by, at, json!({"outcome": outcome})).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn leave(
    connection: &mut SqliteConnection,
    id: CollaborationId,
    action: &str,
    by: UserId,
    at: Instant,
    details: serde_json::Value,
) -> Result<()> {
    let entry = AuditEntry::by(by, at, action, NOUN, Some(id.get()), details);
    audit::leave(connection, &entry).await
}

impl CollaborationRow {
    /// The last day of all its units.
    #[must_use]
    pub fn last_due(&self) -> Option<Date> {
        self.parties.iter().map(|party| party.due).max()
    }

    /// The next last day of a unit that has not done its part; nothing comes after what has one.
    fn next_due(&self) -> (bool, Option<Date>) {
        let next = self.parties.iter().filter(|party| party.done_at.is_none()).map(|party| party.due).min();
        (next.is_none(), next)
    }
}
