//! Who did what, and what stood there before.

use domain::Instant;
use domain::id::{CycleId, ImportId, UserId};
use serde_json::Value;
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// An entry.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// When.
    pub at: Instant,
    /// By whom, if by a user.
    pub user: Option<UserId>,
    /// In which import, if in one.
    pub import: Option<ImportId>,
    /// In which cycle, if in one.
    pub cycle: Option<CycleId>,
    /// What was done, e.g. `record.change`.
    pub action: String,
    /// To a row of which table, or to what.
    pub noun: String,
    /// To which row, if to one.
    pub record: Option<i64>,
    /// For changes the values before, else what describes the act.
    pub details: Value,
}

impl AuditEntry {
    /// What a user did at a moment: `action` to the row `record` of `noun`, if to one.
    #[must_use]
    pub fn by(
        user: UserId,
        at: Instant,
        action: &str,
        noun: &str,
        record: Option<i64>,
        details: Value,
    ) -> Self {
        let (action, noun) = (action.to_owned(), noun.to_owned());
        Self { at, user: Some(user), import: None, cycle: None, action, noun, record, details }
    }
}

/// The noun of what is done to sessions; its entries stand beside them.
pub(crate) const SESSIONS: &str = "sessions";

impl Store {
    /// Leaves an entry for an act that changes nothing, such as an export.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn leave_audit(&self, entry: &AuditEntry) -> Result<()> {
        let mut transaction = self.database.write().await?;
        leave(&mut transaction, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// The entries about one row, or about a noun when no row is given; newest first, at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn audit(&self, noun: &str, record: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>> {
        let rows = sqlx::query(
            "SELECT at, user_id, import_id, cycle_id, action, noun, record_id, details FROM audit \
             WHERE noun = $1 AND ($2 IS NULL OR record_id = $2) ORDER BY id DESC LIMIT $3",
        )
        .bind(noun)
        .bind(record)
        .bind(limit)
        .fetch_all(if noun == SESSIONS { self.database.sessions() } else { self.database.readers() })
        .await?;
        rows.iter()
            .map(|row| {
                let details = row.value::<Option<&str>>("details")?.unwrap_or("null");
                Ok(AuditEntry {
                    at: row.instant("at")?,
                    user: row.value::<Option<i64>>("user_id")?.map(UserId::new),
                    import: row.value::<Option<i64>>("import_id")?.map(ImportId::new),
                    cycle: row.value::<Option<i64>>("cycle_id")?.map(CycleId::new),
                    action: row.value("action")?,
                    noun: row.value("noun")?,
                    record: row.value("record_id")?,
                    details: serde_json::from_str(details)
                        .map_err(|_| crate::StoreError::unreadable("audit.details", details))?,
                })
            })
            .collect()
    }
}

/// Leaves an entry within a transaction.
pub(crate) async fn leave(connection: &mut SqliteConnection, entry: &AuditEntry) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit (at, user_id, import_id, cycle_id, action, noun, record_id, details) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(entry.at.micros())
    .bind(entry.user.map(UserId::get))
    .bind(entry.import.map(ImportId::get))
    .bind(entry.cycle.map(CycleId::get))
    .bind(&entry.action)
    .bind(&entry.noun)
    .bind(entry.record)
    .bind(entry.details.to_string())
    .execute(connection)
    .await?;
    Ok(())
}
