//! Assignments: customers that come to another manager, or to the pool, in one step that can be undone.

use domain::Instant;
use domain::assignment::AssignmentKind;
use domain::extract::Table;
use domain::id::{AssignmentId, CustomerId, OrgUnitId, StaffId, UserId};
use serde_json::json;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::Store;
use crate::audit::{self, AuditEntry, RECORD_CHANGE};
use crate::error::Result;
use crate::row::RowExt;
use crate::version::touch;

/// Customers to be assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    /// Which way.
    pub kind: AssignmentKind,
    /// Which.
    pub customers: Vec<CustomerId>,
    /// To whom; none for the pool.
    pub to: Option<StaffId>,
    /// Whose open opportunities, tickets, tasks and planned visits come along, if anyone's.
    pub with_work_of: Option<StaffId>,
    /// What for.
    pub reason: String,
}

/// An assignment that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// Which.
    pub id: AssignmentId,
    /// Which way.
    pub kind: AssignmentKind,
    /// Whose the customers are since, by name; none for the pool.
    pub to: Option<String>,
    /// Whose they were, by name, if all were one person's.
    pub from: Option<String>,
    /// What for.
    pub reason: String,
    /// Customers …
    pub customers: u64,
    /// … and open work that moved.
    pub work: u64,
    /// By whom.
    pub by: UserId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: Instant,
    /// When it was undone, if it was.
    pub undone_at: Option<Instant>,
}

/// Work that lies with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Open opportunities.
    pub opportunities: u64,
    /// Open tickets.
    pub tickets: u64,
    /// Open tasks.
    pub tasks: u64,
    /// Visits planned.
    pub visits: u64,
}

const NOUN: &str = "assignments";

/// What moves: the table, the column that says whose a row is, and which rows of a person's move along.
const MOVED: [(&str, &str, &str); 4] = [
    ("opportunities", "manager_id", "closed_on IS NULL"),
    ("tickets", "first_responder_id", "closed_at IS NULL"),
    ("tasks", "staff_id", "done_at IS NULL AND removed_at IS NULL"),
    ("visits", "staff_id", "interaction_id IS NULL AND removed_at IS NULL"),
];

impl Store {
    /// Assigns customers with what comes along, in one transaction with the audit of each row. Gives none, and does nothing, when
    /// customers of the pool are claimed and one of them is somebody's by now.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn assign(&self, new: &NewAssignment, by: UserId, at: Instant) -> Result<Option<AssignmentId>> {
        let mut transaction = self.database.write().await?;
        let first_entry = audit::newest(&mut transaction).await? + 1;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO assignments (kind, to_staff, reason, done_by, done_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        )
        .bind(new.kind.code())
        .bind(new.to.map(StaffId::get))
        .bind(&new.reason)
        .bind(by.get())
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        let ids: Vec<i64> = new.customers.iter().map(|id| id.get()).collect();
        let from_pool = if new.kind == AssignmentKind::Claim { " AND c.manager_id IS NULL" } else { "" };
        let note = format!(
            "INSERT INTO assigned (assignment_id, noun, record_id, from_staff) \
             SELECT $1, 'customers', c.id, c.manager_id FROM json_each($2) AS i CROSS JOIN customers AS c \
             WHERE c.id = i.value AND c.manager_id IS NOT $3{from_pool}"
        );
        let moved = sqlx::query(AssertSqlSafe(note))
            .bind(id)
            .bind(json!(ids).to_string())
            .bind(new.to.map(StaffId::get))
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if new.kind == AssignmentKind::Claim && moved < ids.len() as u64 {
            return Ok(None);
        }
        for (table, column, open) in MOVED {
            let note = format!(
                "INSERT INTO assigned (assignment_id, noun, record_id, from_staff) \
                 SELECT $1, '{table}', id, {column} FROM {table} WHERE {column} = $2 AND {open}"
            );
            if let Some(from) = new.with_work_of {
                sqlx::query(AssertSqlSafe(note)).bind(id).bind(from.get()).execute(&mut *transaction).await?;
            }
        }
        let moves = Moves { id, author: by, at, to: Side::New(new.to.map(StaffId::get)) };
        moves.run(&mut transaction).await?;
        audit::seal(&mut transaction, first_entry).await?;
        let details = json!({
            "to": new.to.map(StaffId::get), "reason": new.reason, "customers": moved, "kind": new.kind.code(),
        });
        let entry = AuditEntry::by(by, at, "assignment.do", NOUN, Some(id), details);
        audit::leave(&mut transaction, &entry).await?;
        touch(&mut transaction, &new.customers).await?;
        transaction.commit().await?;
        Ok(Some(AssignmentId::new(id)))
    }

    /// Puts back what an assignment moved, but for rows that came to someone else since. Gives how many rows were put back and how
    /// many were not; none if there is no such assignment or it is undone.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn undo_assignment(
        &self,
        id: AssignmentId,
        by: UserId,
        at: Instant,
    ) -> Result<Option<(u64, u64)>> {
        let mut transaction = self.database.write().await?;
        let first_entry = audit::newest(&mut transaction).await? + 1;
        let done = sqlx::query(
            "UPDATE assignments SET undone_by = $2, undone_at = $3 WHERE id = $1 AND undone_at IS NULL",
        )
        .bind(id.get())
        .bind(by.get())
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        let moves = Moves { id: id.get(), author: by, at, to: Side::Before };
        let put_back = moves.run(&mut transaction).await?;
        audit::seal(&mut transaction, first_entry).await?;
        let all: i64 = sqlx::query_scalar("SELECT count(*) FROM assigned WHERE assignment_id = $1")
            .bind(id.get())
            .fetch_one(&mut *transaction)
            .await?;
        let left = all.unsigned_abs().saturating_sub(put_back);
        let details = json!({"put_back": put_back, "left": left});
        let entry = AuditEntry::by(by, at, "assignment.undo", NOUN, Some(id.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        let customers: Vec<i64> = sqlx::query_scalar(
            "SELECT record_id FROM assigned WHERE assignment_id = $1 AND noun = 'customers'",
        )
        .bind(id.get())
        .fetch_all(&mut *transaction)
        .await?;
        touch(&mut transaction, &customers.into_iter().map(CustomerId::new).collect::<Vec<_>>()).await?;
        transaction.commit().await?;
        Ok(Some((put_back, left)))
    }

    /// The customers that an assignment moved.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn assigned_customers(&self, id: AssignmentId) -> Result<Vec<CustomerId>> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "SELECT record_id FROM assigned WHERE assignment_id = $1 AND noun = 'customers'",
        )
        .bind(id.get())
        .fetch_all(self.database.readers())
        .await?;
        Ok(ids.into_iter().map(CustomerId::new).collect())
    }

    /// Assignments, newest first, at most `limit`: those that people of a unit and below it did, or those to a person since a
    /// moment that still hold.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn assignments(
        &self,
        by: Option<OrgUnitId>,
        to: Option<(StaffId, Instant)>,
        limit: u32,
    ) -> Result<Vec<AssignmentRow>> {
        let rows = sqlx::query(
            "SELECT a.id, a.kind, t.name AS to_name, a.reason, a.done_by, a.done_at, a.undone_at, s.name AS by_name, \
             (SELECT f.name FROM (SELECT min(r.from_staff) AS least, max(r.from_staff) AS most, \
                 count(r.from_staff) AS known, count(*) AS rows FROM assigned AS r \
                 WHERE r.assignment_id = a.id AND r.noun = 'customers') AS whose \
              JOIN staff AS f ON f.id = whose.least WHERE whose.least = whose.most AND whose.known = whose.rows) \
             AS from_name, \
             (SELECT count(*) FROM assigned AS r WHERE r.assignment_id = a.id AND r.noun = 'customers') AS customers, \
             (SELECT count(*) FROM assigned AS r WHERE r.assignment_id = a.id AND r.noun <> 'customers') AS work \
             FROM assignments AS a JOIN users AS u ON u.id = a.done_by JOIN staff AS s ON s.id = u.staff_id \
             LEFT JOIN staff AS t ON t.id = a.to_staff \
             LEFT JOIN org_units AS o ON o.id = s.org_id LEFT JOIN org_units AS top ON top.id = $1 \
             WHERE ($1 IS NULL OR o.position BETWEEN top.position AND top.last_position) \
             AND ($2 IS NULL OR (a.to_staff = $2 AND a.done_at >= $3 AND a.undone_at IS NULL)) \
             ORDER BY a.id DESC LIMIT $4",
        )
        .bind(by.map(OrgUnitId::get))
        .bind(to.map(|(staff, _)| staff.get()))
        .bind(to.map(|(_, since)| since.micros()))
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(AssignmentRow {
                    id: AssignmentId::new(row.value("id")?),
                    kind: row.code("kind")?,
                    to: row.value("to_name")?,
                    from: row.value("from_name")?,
                    reason: row.value("reason")?,
                    customers: row.count("customers")?,
                    work: row.count("work")?,
                    by: UserId::new(row.value("done_by")?),
                    by_name: row.value("by_name")?,
                    at: row.instant("done_at")?,
                    undone_at: row.optional_instant("undone_at")?,
                })
            })
            .collect()
    }

    /// Open work that lies with a person.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn work_of(&self, staff: StaffId) -> Result<Work> {
        let mut counts = [0; MOVED.len()];
        for (count, (table, column, open)) in counts.iter_mut().zip(MOVED) {
            let sql = format!("SELECT count(*) AS rows FROM {table} WHERE {column} = $1 AND {open}");
            let row =
                sqlx::query(AssertSqlSafe(sql)).bind(staff.get()).fetch_one(self.database.readers()).await?;
            *count = row.count("rows")?;
        }
        let [opportunities, tickets, tasks, visits] = counts;
        Ok(Work { opportunities, tickets, tasks, visits })
    }

    /// Customers that a person claimed from the pool since a moment.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn claimed_since(&self, staff: StaffId, since: Instant) -> Result<u64> {
        let row = sqlx::query(
            "SELECT count(*) AS rows FROM assignments AS a JOIN assigned AS r ON r.assignment_id = a.id \
             WHERE a.to_staff = $1 AND a.kind = $2 AND a.done_at >= $3 AND a.undone_at IS NULL",
        )
        .bind(staff.get())
        .bind(AssignmentKind::Claim.code())
        .bind(since.micros())
        .fetch_one(self.database.readers())
        .await?;
        row.count("rows")
    }
}

/// Whose rows are to be: someone's, or those whose they were before.
#[derive(Clone, Copy)]
enum Side {
    New(Option<i64>),
    Before,
}

/// Moves the rows noted for an assignment one way or the other.
struct Moves {
    id: i64,
    author: UserId,
    at: Instant,
    to: Side,
}

impl Moves {
    /// Gives how many rows moved.
    async fn run(&self, connection: &mut SqliteConnection) -> Result<u64> {
        let mut moved = 0;
        let (id, user, at) = (self.id, self.author.get(), self.at.micros());
        let customers = ("customers", "manager_id", "");
        for (table, column, _) in [customers].into_iter().chain(MOVED) {
            // Rows that came to someone else since are left where they are.
            let (target, still) = match self.to {
                Side::New(to) => {
                    let target = to.map_or_else(|| "NULL".to_owned(), |staff| staff.to_string());
                    (target, format!("t.{column} IS r.from_staff"))
                }
                Side::Before => (
                    "r.from_staff".to_owned(),
                    format!("t.{column} IS (SELECT to_staff FROM assignments WHERE id = {id})"),
                ),
            };
            let rows = format!(
                "FROM assigned AS r CROSS JOIN {table} AS t WHERE r.assignment_id = {id} AND r.noun = '{table}' \
                 AND t.id = r.record_id AND {still}"
            );
            let audit = format!(
                "INSERT INTO audit (at, user_id, action, noun, record_id, details) \
                 SELECT {at}, {user}, '{RECORD_CHANGE}', '{table}', t.id, json_object('{column}', t.{column}) {rows}"
            );
            let hold = format!(
                "INSERT INTO held (noun, record_id, column_name, extract_value) \
                 SELECT '{table}', t.id, '{column}', json_quote(t.{column}) {rows} \
                 ON CONFLICT (noun, record_id, column_name) DO NOTHING"
            );
            let update = format!(
                "UPDATE {table} AS moved SET {column} = {target} FROM assigned AS r, {table} AS t \
                 WHERE r.assignment_id = {id} AND r.noun = '{table}' AND t.id = r.record_id AND moved.id = t.id AND {still}"
            );
            // What the systems have, and a person says again, is held no more.
            let release = format!(
                "DELETE FROM held WHERE noun = '{table}' AND column_name = '{column}' AND record_id IN \
                 (SELECT record_id FROM assigned WHERE assignment_id = {id} AND noun = '{table}') AND extract_value = \
                 (SELECT json_quote(t.{column}) FROM {table} AS t WHERE t.id = held.record_id)"
            );
            // No import brings tasks and visits.
            let is_imported = table.parse::<Table>().is_ok();
            let steps = [
                (audit, false, true),
                (hold, false, is_imported),
                (update, true, true),
                (release, false, is_imported),
            ];
            for (sql, counts, _) in steps.into_iter().filter(|(.., wanted)| *wanted) {
                let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?.rows_affected();
                moved += if counts { done } else { 0 };
            }
        }
        Ok(moved)
    }
}
