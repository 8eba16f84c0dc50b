//! Counters that tell a reader whether what it holds is still right.

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

/// What changed in a transaction.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Changed {
    pub manifest: bool,
    pub base: bool,
    pub records: bool,
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
