//! Counters that tell a reader whether what it holds is still right.

use domain::id::CustomerId;
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// The counters. Each grows with every change of what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Versions {
    /// Files of the lake that hold good.
    pub manifest: i64,
    /// What the cycle reads of the records.
    pub base: i64,
    /// Any record.
    pub records: i64,
}

impl Store {
    /// The counters now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn versions(&self) -> Result<Versions> {
        let row = sqlx::query("SELECT manifest, base, records FROM versions WHERE id = 1")
            .fetch_one(self.database.readers())
            .await?;
        Ok(Versions {
            manifest: row.value("manifest")?,
            base: row.value("base")?,
            records: row.value("records")?,
        })
    }
}

impl Store {
    /// The customers that the versions of the records after `from` up to `until` touched; none if one of them touched more
    /// than a few.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn touched(&self, from: i64, until: i64) -> Result<Option<Vec<CustomerId>>> {
        let mut connection = self.database.readers().acquire().await?;
        touched_between(&mut connection, from, until).await
    }
}

/// See [`Store::touched`].
pub(crate) async fn touched_between(
    connection: &mut SqliteConnection,
    from: i64,
    until: i64,
) -> Result<Option<Vec<CustomerId>>> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT version, customer_id FROM touched_customers WHERE version > $1 AND version <= $2 ORDER BY version",
    )
    .bind(from)
    .bind(until)
    .fetch_all(connection)
    .await?;
    let mut next = from + 1;
    for &(version, _) in &rows {
        if version > next {
            return Ok(None);
        }
        next = version + 1;
    }
    let customers = rows.into_iter().map(|(_, customer)| customer).filter(|customer| *customer != NOBODY);
    Ok((next > until).then(|| customers.map(CustomerId::new).collect()))
}

/// What changed in a transaction.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Changed {
    pub manifest: bool,
    pub base: bool,
    pub records: bool,
}

/// Versions that are remembered one by one.
const REMEMBERED: i64 = 10_000;

/// Counts on for records of some customers, which whoever reads them can then read anew alone.
pub(crate) async fn touch(connection: &mut SqliteConnection, customers: &[CustomerId]) -> Result<()> {
    bump(connection, Changed { base: true, records: true, ..Changed::default() }).await?;
    remember(connection, customers.iter().map(|customer| customer.get()).collect()).await
}

/// Likewise where the cycle reads nothing of what changed; without customers it was no record of any.
pub(crate) async fn touch_shown(connection: &mut SqliteConnection, customers: &[CustomerId]) -> Result<()> {
    bump(connection, Changed { records: true, ..Changed::default() }).await?;
    let ids: Vec<i64> = customers.iter().map(|customer| customer.get()).collect();
    remember(connection, if ids.is_empty() { vec![NOBODY] } else { ids }).await
}

/// Stands for a version that touched no customer.
const NOBODY: i64 = 0;

async fn remember(connection: &mut SqliteConnection, ids: Vec<i64>) -> Result<()> {
    sqlx::query(
        "INSERT INTO touched_customers (version, customer_id) SELECT v.records, i.value FROM json_each($1) AS i, \
         versions AS v WHERE v.id = 1 ON CONFLICT (version, customer_id) DO NOTHING",
    )
    .bind(serde_json::json!(ids).to_string())
    .execute(&mut *connection)
    .await?;
    let forget =
        "DELETE FROM touched_customers WHERE version <= (SELECT records FROM versions WHERE id = 1) - $1";
    sqlx::query(forget).bind(REMEMBERED).execute(connection).await?;
    Ok(())
}

/// Counts on.
pub(crate) async fn bump(connection: &mut SqliteConnection, changed: Changed) -> Result<()> {
    sqlx::query(
        "UPDATE versions SET manifest = manifest + $1, base = base + $2, records = records + $3 WHERE id = 1",
    )
    .bind(i64::from(changed.manifest))
    .bind(i64::from(changed.base))
    .bind(i64::from(changed.records))
    .execute(connection)
    .await?;
    Ok(())
}
