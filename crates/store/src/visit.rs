//! Visits planned, when customers were visited last, and tasks.

use domain::id::{CustomerId, OrgUnitId, StaffId, TaskId, UserId, VisitId};
use domain::{Date, Instant, date};
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::packed;
use crate::row::RowExt;

/// A visit that is or was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// Which.
    pub id: VisitId,
    /// Whom.
    pub customer: CustomerId,
    /// On which day.
    pub planned_on: Date,
    /// At what time, `HH:MM`.
    pub planned_at: Option<String>,
    /// Who goes.
    pub staff: Option<StaffId>,
    /// Their name.
    pub staff_name: Option<String>,
    /// Whom one meets.
    pub contact: Option<String>,
    /// What for.
    pub goal: Option<String>,
    /// Whether it was made.
    pub is_done: bool,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Which.
    pub id: TaskId,
    /// Around whom.
    pub customer: CustomerId,
    /// What.
    pub title: String,
    /// More of it.
    pub note: Option<String>,
    /// By which day.
    pub due_on: Date,
    /// Who does it.
    pub staff: Option<StaffId>,
    /// Their name.
    pub staff_name: Option<String>,
    /// Since when it is done.
    pub done_at: Option<Instant>,
}

/// Whose visits or tasks are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A person's.
    Staff(StaffId),
    /// Those of all people of a unit and below it.
    Unit(OrgUnitId),
    /// Those around a customer and whom it stands for.
    Customer(CustomerId),
}

impl Whose {
    /// What holds of their rows `x`, with `$1`.
    const fn holds(self) -> &'static str {
        match self {
            Self::Staff(_) => "x.staff_id = $1",
            Self::Unit(_) => {
                "x.staff_id IN (SELECT t.id FROM staff AS t JOIN org_units AS o ON o.id = t.org_id \
                 JOIN org_units AS top ON top.id = $1 WHERE o.position BETWEEN top.position AND top.last_position)"
            }
            Self::Customer(_) => {
                "x.customer_id IN (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1)"
            }
        }
    }

    const fn id(self) -> i64 {
        match self {
            Self::Staff(staff) => staff.get(),
            Self::Unit(unit) => unit.get(),
            Self::Customer(customer) => customer.get(),
        }
    }
}

const VISIT: &str = "SELECT x.id, x.customer_id, x.planned_on, x.planned_at, x.staff_id, s.name AS staff_name, \
                     k.name AS contact, x.goal, x.interaction_id IS NOT NULL AS is_done FROM visits AS x \
                     LEFT JOIN staff AS s ON s.id = x.staff_id LEFT JOIN contacts AS k ON k.id = x.contact_id";
const TASK: &str = "SELECT x.id, x.customer_id, x.title, x.note, x.due_on, x.staff_id, s.name AS staff_name, x.done_at \
                    FROM tasks AS x LEFT JOIN staff AS s ON s.id = x.staff_id";

impl Store {
    /// Visits planned for some days that are not taken out, in order of time, at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn visits(&self, whose: Whose, days: (Date, Date), limit: u32) -> Result<Vec<VisitRow>> {
        let sql = format!(
            "{VISIT} WHERE {} AND x.planned_on BETWEEN $2 AND $3 AND x.removed_at IS NULL \
             ORDER BY x.planned_on, x.planned_at, x.id LIMIT $4",
            whose.holds()
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(whose.id())
            .bind(date::days(days.0))
            .bind(date::days(days.1))
            .bind(limit)
            .fetch_all(self.database.readers())
            .await?;
        rows.iter().map(visit).collect()
    }

    /// A visit that is planned and not made.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn open_visit(&self, id: VisitId) -> Result<Option<VisitRow>> {
        let sql = format!("{VISIT} WHERE x.id = $1 AND x.interaction_id IS NULL AND x.removed_at IS NULL");
        let row =
            sqlx::query(AssertSqlSafe(sql)).bind(id.get()).fetch_optional(self.database.readers()).await?;
        row.as_ref().map(visit).transpose()
    }

    /// The day of the next visit that is planned to each of some customers, from a day on.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn next_visits(&self, customers: &[CustomerId], from: Date) -> Result<Vec<(CustomerId, Date)>> {
        let ids: Vec<i64> = customers.iter().map(|customer| customer.get()).collect();
        let rows = sqlx::query(
            "SELECT x.customer_id, min(x.planned_on) AS planned_on FROM json_each($1) AS i CROSS JOIN visits AS x \
             WHERE x.customer_id = i.value AND x.planned_on >= $2 AND x.removed_at IS NULL \
             AND x.interaction_id IS NULL GROUP BY x.customer_id",
        )
        .bind(json!(ids).to_string())
        .bind(date::days(from))
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| Ok((CustomerId::new(row.value("customer_id")?), row.date("planned_on")?)))
            .collect()
    }

    /// Tasks that are not taken out, those that are open first, by day; at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn tasks(&self, whose: Whose, open_until: Option<Date>, limit: u32) -> Result<Vec<TaskRow>> {
        let open = if open_until.is_some() { " AND x.done_at IS NULL AND x.due_on <= $3" } else { "" };
        let sql = format!(
            "{TASK} WHERE {} AND x.removed_at IS NULL{open} \
             ORDER BY x.done_at IS NOT NULL, x.done_at DESC, x.due_on, x.id LIMIT $2",
            whose.holds()
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(whose.id())
            .bind(limit)
            .bind(open_until.map(date::days))
            .fetch_all(self.database.readers())
            .await?;
        rows.iter().map(task).collect()
    }

    /// Marks a task of a customer as done, or as open again, with its audit entry. Gives whether there was anything to do.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn set_task_done(
        &self,
        (customer, task): (CustomerId, TaskId),
        done: bool,
        by: UserId,
        at: Instant,
    ) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let changed = sqlx::query(
            "UPDATE tasks SET done_at = $1 WHERE id = $2 AND (done_at IS NULL) = $4 AND removed_at IS NULL \
             AND customer_id IN (SELECT $3 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $3)",
        )
        .bind(done.then_some(at.micros()))
        .bind(task.get())
        .bind(customer.get())
        .bind(done)
        .execute(&mut *transaction)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        let action = if done { "task.done" } else { "task.reopen" };
        let details = json!({"customer": customer.get()});
        audit::leave(&mut transaction, &AuditEntry::by(by, at, action, "tasks", Some(task.get()), details))
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// When each customer that was ever visited was visited last, by id, in microseconds.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn last_visits(&self) -> Result<Vec<(CustomerId, Instant)>> {
        // One column after the other, packed: an operator has a million of them.
        let row = sqlx::query(
            "SELECT json_group_array(customer_id) AS ids, json_group_array(at) AS moments FROM \
             (SELECT customer_id, max(at) AS at FROM interactions WHERE channel = 'visit' AND removed_at IS NULL \
              GROUP BY customer_id)",
        )
        .fetch_one(self.database.readers())
        .await?;
        let (ids, moments) =
            (packed::wholes_of(row.value("ids")?)?, packed::wholes_of(row.value("moments")?)?);
        Ok(ids.into_iter().map(CustomerId::new).zip(moments.into_iter().map(Instant::from_micros)).collect())
    }
}

/// Notes the contact that a planned visit became.
pub(crate) async fn check_in(
    connection: &mut SqliteConnection,
    visit: VisitId,
    customer: Option<CustomerId>,
    contact: i64,
    (by, at): (UserId, Instant),
) -> Result<()> {
    let changed = sqlx::query(
        "UPDATE visits SET interaction_id = $1 WHERE id = $2 AND interaction_id IS NULL AND removed_at IS NULL \
         AND customer_id IN (SELECT $3 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $3)",
    )
    .bind(contact)
    .bind(visit.get())
    .bind(customer.map(CustomerId::get))
    .execute(&mut *connection)
    .await?;
    if changed.rows_affected() == 0 {
        return Ok(());
    }
    let details = json!({"interaction": contact});
    audit::leave(connection, &AuditEntry::by(by, at, "visit.check_in", "visits", Some(visit.get()), details))
        .await
}

fn visit(row: &SqliteRow) -> Result<VisitRow> {
    Ok(VisitRow {
        id: VisitId::new(row.value("id")?),
        customer: CustomerId::new(row.value("customer_id")?),
        planned_on: row.date("planned_on")?,
        planned_at: row.value("planned_at")?,
        staff: row.value::<Option<i64>>("staff_id")?.map(StaffId::new),
        staff_name: row.value("staff_name")?,
        contact: row.value("contact")?,
        goal: row.value("goal")?,
        is_done: row.value("is_done")?,
    })
}

fn task(row: &SqliteRow) -> Result<TaskRow> {
    Ok(TaskRow {
        id: TaskId::new(row.value("id")?),
        customer: CustomerId::new(row.value("customer_id")?),
        title: row.value("title")?,
        note: row.value("note")?,
        due_on: row.date("due_on")?,
        staff: row.value::<Option<i64>>("staff_id")?.map(StaffId::new),
        staff_name: row.value("staff_name")?,
        done_at: row.optional_instant("done_at")?,
    })
}
