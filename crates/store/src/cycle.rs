//! Cycles: what became of each run, and the months they publish.

use domain::cycle::CycleMonth;
use domain::id::CycleId;
use domain::{Instant, Month};
use serde_json::json;
use sqlx::SqliteConnection;

use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::lake_file::{self, Kind};
use crate::row::RowExt;
use crate::run::RunState;
use crate::version::{Changed, bump};
use crate::{Store, insight, model_card};

/// A cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct CycleRow {
    /// Which.
    pub id: CycleId,
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
    /// Began.
    pub started_at: Instant,
    /// Ended.
    pub ended_at: Option<Instant>,
    /// How.
    pub state: RunState,
    /// Months published.
    pub months_done: u32,
    /// Customers assessed in the last month.
    pub customers: u64,
    /// What failed, if it did.
    pub failure: Option<String>,
}

impl Store {
    /// Puts the begin of a cycle on record.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn begin_cycle(&self, first: Month, last: Month, at: Instant) -> Result<CycleId> {
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO cycles (first_month, last_month, started_at, state) VALUES ($1, $2, $3, 'running') \
             RETURNING id",
        )
        .bind(first.number())
        .bind(last.number())
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(CycleId::new(id))
    }

    /// Publishes a month, or nothing of it: its files, its sums, and that later months published before rest on
    /// what no longer holds. Gives whether the month had been published before; that is left in the audit.
    ///
    /// # Errors
    /// When anything cannot be written; then nothing was.
    pub async fn publish(&self, cycle: CycleId, month: &CycleMonth, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let (assessments, state) = (&month.assessments, &month.state);
        let before = lake_file::put(
            &mut transaction,
            Kind::Assessments,
            month.month,
            &assessments.path,
            assessments.rows,
        )
        .await?;
        lake_file::put(&mut transaction, Kind::State, month.month, &state.path, state.rows).await?;
        let sample = &month.sample;
        lake_file::put(&mut transaction, Kind::Sample, month.month, &sample.path, sample.rows).await?;
        put_members(&mut transaction, month).await?;
        model_card::replace(&mut transaction, month).await?;
        insight::replace(&mut transaction, month).await?;
        sqlx::query("DELETE FROM stale_months WHERE month = $1")
            .bind(month.month.number())
            .execute(&mut *transaction)
            .await?;
        mark_stale_from(&mut transaction, month.month.next()).await?;
        sqlx::query("UPDATE cycles SET months_done = months_done + 1, customers = $1 WHERE id = $2")
            .bind(i64::try_from(assessments.rows).unwrap_or(i64::MAX))
            .bind(cycle.get())
            .execute(&mut *transaction)
            .await?;
        if let Some(before) = &before {
            let entry = AuditEntry {
                at,
                user: None,
                import: None,
                cycle: Some(cycle),
                action: "month.correct".to_owned(),
                noun: "months".to_owned(),
                record: Some(i64::from(month.month.number())),
                details: json!({"month": month.month.to_string(), "before": lake_file::kept(before)}),
            };
            audit::leave(&mut transaction, &entry).await?;
        }
        bump(&mut transaction, Changed { manifest: true, ..Changed::default() }).await?;
        transaction.commit().await?;
        Ok(before.is_some())
    }

    /// Puts on record how a cycle ended.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_cycle(
        &self,
        cycle: CycleId,
        state: RunState,
        failure: Option<String>,
        at: Instant,
    ) -> Result<()> {
        let mut transaction = self.database.write().await?;
        sqlx::query("UPDATE cycles SET state = $1, ended_at = $2, failure = $3 WHERE id = $4")
            .bind(state.code())
            .bind(at.micros())
            .bind(failure)
            .bind(cycle.get())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// The last cycles, newest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn cycles(&self, limit: u32) -> Result<Vec<CycleRow>> {
        let rows = sqlx::query(
            "SELECT id, first_month, last_month, started_at, ended_at, state, months_done, customers, failure \
             FROM cycles ORDER BY id DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CycleRow {
                    id: CycleId::new(row.value("id")?),
                    first: row.month("first_month")?,
                    last: row.month("last_month")?,
                    started_at: row.instant("started_at")?,
                    ended_at: row.optional_instant("ended_at")?,
                    state: row.code("state")?,
                    months_done: row.value("months_done")?,
                    customers: row.count("customers")?,
                    failure: row.value("failure")?,
                })
            })
            .collect()
    }

    /// Published months that are out of date, in order.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn stale_months(&self) -> Result<Vec<Month>> {
        let months: Vec<i32> = sqlx::query_scalar("SELECT month FROM stale_months ORDER BY month")
            .fetch_all(self.database.readers())
            .await?;
        Ok(months.into_iter().map(Month::from_number).collect())
    }
}

/// The files of a month's members, or none of them where no use of theirs is known any more.
async fn put_members(connection: &mut SqliteConnection, month: &CycleMonth) -> Result<()> {
    let files = month.members.as_ref();
    let kinds = [
        (Kind::Members, files.map(|files| &files.members)),
        (Kind::MemberSample, files.map(|files| &files.sample)),
    ];
    for (kind, file) in kinds {
        match file {
            Some(file) => {
                lake_file::put(connection, kind, month.month, &file.path, file.rows).await?;
            }
            None => lake_file::remove(connection, kind, month.month).await?,
        }
    }
    Ok(())
}

/// Marks every published month for computing again.
pub(crate) async fn mark_all_stale(connection: &mut SqliteConnection) -> Result<Vec<Month>> {
    let first: Option<i32> =
        sqlx::query_scalar("SELECT min(month) FROM lake_files WHERE kind = 'assessments'")
            .fetch_one(&mut *connection)
            .await?;
    match first {
        Some(first) => mark_stale_from(connection, Month::from_number(first)).await,
        None => Ok(Vec::new()),
    }
}

/// Marks the published months from one on as out of date, and gives them.
pub(crate) async fn mark_stale_from(connection: &mut SqliteConnection, from: Month) -> Result<Vec<Month>> {
    sqlx::query(
        "INSERT INTO stale_months (month) \
         SELECT month FROM lake_files WHERE kind = 'assessments' AND month >= $1 ON CONFLICT (month) DO NOTHING",
    )
    .bind(from.number())
    .execute(&mut *connection)
    .await?;
    let months: Vec<i32> =
        sqlx::query_scalar("SELECT month FROM stale_months WHERE month >= $1 ORDER BY month")
            .bind(from.number())
            .fetch_all(connection)
            .await?;
    Ok(months.into_iter().map(Month::from_number).collect())
}
