//! Who did what, and what stood there before. Entries are sealed: each seal is one hash over the seal before it and all
//! entries since, so that an entry that is changed or taken away later no longer fits. Whoever keeps the last seal
//! elsewhere also notices when the newest entries are gone.

use domain::Instant;
use domain::archive::columns_of;
use domain::extract::Column;
use domain::id::{CustomerId, CycleId, ImportId, OrgUnitId, UserId};
use domain::progress::Progress;
use futures::TryStreamExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use crate::Store;
use crate::error::{Result, StoreError};
use crate::row::RowExt;
use crate::session::Hash;
use crate::{field, schema};

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

/// An entry as a page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditLine {
    /// Which.
    pub id: i64,
    /// What it says.
    pub entry: AuditEntry,
    /// The name of the user, if it was one.
    pub by: Option<String>,
    /// Of a row that was changed, the columns that changed with their values before and after.
    pub changes: Vec<(String, Value, Value)>,
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Of sessions, which have entries of their own, instead of the records.
    pub sessions: bool,
    /// Of this person, by code or by the name to sign in with.
    pub by: Option<String>,
    /// Of this action.
    pub action: Option<String>,
    /// From this moment on …
    pub from: Option<Instant>,
    /// … and before this one.
    pub until: Option<Instant>,
    /// With this in what describes them.
    pub text: Option<String>,
    /// Older than this entry: the next page.
    pub before: Option<i64>,
}

/// What a chain of seals proves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditCheck {
    /// Entries.
    pub entries: u64,
    /// The last seal that fits.
    pub head: Option<Hash>,
    /// The first entries that do not fit their seal: it covers those after the one up to the other.
    pub broken: Option<(i64, i64)>,
    /// Entries after the last seal.
    pub unsealed: u64,
    /// Whether the seal that was asked for is among them.
    pub holds: bool,
}

/// What stands before the first seal, and the entry that it covers none after.
const NOTHING: (i64, Hash) = (i64::MIN, [0; 32]);

/// The action of a row that an import or a person changed; its entry holds what stood there before.
pub const RECORD_CHANGE: &str = "record.change";

/// The action of a row that a person added; its entry holds what they wrote.
pub const RECORD_ADD: &str = "record.add";

/// The action of a row that a person took out.
pub const RECORD_REMOVE: &str = "record.remove";

/// The action of a row that was put back.
pub const RECORD_RESTORE: &str = "record.restore";

/// Every action that leaves an entry.
pub const ACTIONS: [&str; 48] = [
    RECORD_CHANGE,
    RECORD_ADD,
    RECORD_REMOVE,
    RECORD_RESTORE,
    "facts.correct",
    "month.correct",
    "customers.export",
    "contact.reveal",
    "grant.give",
    "grant.end",
    "collaboration.open",
    "collaboration.join",
    "collaboration.leave",
    "collaboration.finish",
    "collaboration.due",
    "collaboration.close",
    "assignment.do",
    "assignment.undo",
    "visit.check_in",
    "task.done",
    "task.reopen",
    "field.define",
    "field.change",
    "field.retire",
    "field.restore",
    "segment.save",
    "segment.delete",
    "sheet_import.upload",
    "sheet_import.discard",
    "sheet_import.do",
    "sheet_import.revert",
    "duplicate.dismiss",
    "customer.merge",
    "customer.unmerge",
    "user.create",
    "user.reset",
    "user.password",
    "user.suspend",
    "user.resume",
    "two_factor.begin",
    "two_factor.on",
    "two_factor.codes",
    "two_factor.off",
    "token.make",
    "token.revoke",
    "audit.export",
    "session.begin",
    "session.end",
];

/// The columns of an entry.
const COLUMNS: &str = "id, at, user_id, import_id, cycle_id, action, noun, record_id, details";

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
        let sql = format!(
            "SELECT {COLUMNS} FROM audit WHERE noun = $1 AND ($2 IS NULL OR record_id = $2) ORDER BY id DESC LIMIT $3"
        );
        let pool = if noun == SESSIONS { self.database.sessions() } else { self.database.readers() };
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(noun).bind(record).bind(limit).fetch_all(pool).await?;
        rows.iter().map(entry).collect()
    }

    /// The entries that a query asks for, of people of a unit and those below it or of everyone and every run; newest
    /// first, at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn search_audit(
        &self,
        query: &AuditQuery,
        within: Option<OrgUnitId>,
        limit: u32,
    ) -> Result<Vec<AuditLine>> {
        let users = self.audit_users(query.by.as_deref(), within).await?;
        let mut sql = QueryBuilder::<Sqlite>::new(format!("SELECT {COLUMNS} FROM audit WHERE id < "));
        sql.push_bind(query.before.unwrap_or(i64::MAX));
        if let Some(from) = query.from {
            sql.push(" AND at >= ").push_bind(from.micros());
        }
        if let Some(until) = query.until {
            sql.push(" AND at < ").push_bind(until.micros());
        }
        if let Some(action) = &query.action {
            sql.push(" AND action = ").push_bind(action);
        }
        if let Some(text) = &query.text {
            // What is hidden where it is shown is not found by asking for it either.
            sql.push(" AND NOT (action = ")
                .push_bind(RECORD_CHANGE)
                .push(" AND noun IN ('contacts', 'staff'))");
            sql.push(" AND instr(details, ").push_bind(text).push(") > 0");
        }
        if query.by.is_some() || within.is_some() {
            let ids: Vec<i64> = users.iter().map(|(id, _)| id.get()).collect();
            sql.push(" AND user_id IN (SELECT value FROM json_each(")
                .push_bind(json!(ids).to_string())
                .push("))");
        }
        sql.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
        let pool = if query.sessions { self.database.sessions() } else { self.database.readers() };
        let rows = sql.build().fetch_all(pool).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let (id, entry) = (row.value("id")?, entry(row)?);
            let place = entry.user.and_then(|user| users.binary_search_by_key(&user, |(id, _)| *id).ok());
            let by = place.map(|place| users[place].1.clone());
            let changes =
                if entry.action == RECORD_CHANGE { self.changes(id, &entry).await? } else { Vec::new() };
            lines.push(AuditLine { id, entry, by, changes });
        }
        Ok(lines)
    }

    /// What a change of a row changed: what stood there after it is what a later change found, or what stands there now.
    async fn changes(&self, id: i64, entry: &AuditEntry) -> Result<Vec<(String, Value, Value)>> {
        let (Some(columns), Value::Object(before)) = (columns_of(&entry.noun), &entry.details) else {
            return Ok(Vec::new());
        };
        let later: Vec<String> = sqlx::query_scalar(
            "SELECT details FROM audit WHERE noun = $1 AND record_id = $2 AND id > $3 AND action = $4 ORDER BY id",
        )
        .bind(&entry.noun)
        .bind(entry.record)
        .bind(id)
        .bind(RECORD_CHANGE)
        .fetch_all(self.database.readers())
        .await?;
        let later = later.iter().map(|details| parsed(details)).collect::<Result<Vec<_>>>()?;
        let found = |column: &str| later.iter().find_map(|details| details.get(column));
        let is_known = |column: &String| found(column).is_some();
        let (own, kept): (Vec<_>, Vec<_>) = before.keys().partition(|column| field::is_key(column));
        let mut now = match kept.into_iter().all(is_known) {
            true => json!({}),
            false => self.row(&entry.noun, columns, entry.record).await?,
        };
        if let (false, Value::Object(now), Some(record)) =
            (own.into_iter().all(is_known), &mut now, entry.record)
        {
            now.append(&mut self.written_values(CustomerId::new(record)).await?);
        }
        // A later extract may have had fewer columns: the first that had this one found what the change left.
        let stands = |column: &str| found(column).or_else(|| now.get(column)).cloned().unwrap_or_default();
        let changes = before.iter().map(|(column, was)| (column.clone(), was.clone(), stands(column)));
        Ok(changes.filter(|(_, was, is)| was != is).collect())
    }

    /// A row as it stands now, by column; nothing if it is not there.
    async fn row(&self, noun: &str, columns: &[Column], record: Option<i64>) -> Result<Value> {
        let columns = columns.iter().map(schema::column_name);
        let pairs: Vec<String> = columns.map(|column| format!("'{column}', {column}")).collect();
        let sql = format!("SELECT json_object({}) FROM {} WHERE id = $1", pairs.join(", "), noun);
        let row: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(record)
            .fetch_optional(self.database.readers())
            .await?;
        row.as_deref().map_or(Ok(Value::Null), parsed)
    }

    /// Users with their names, by id: a person, people of a unit and those below it, or all.
    async fn audit_users(
        &self,
        by: Option<&str>,
        within: Option<OrgUnitId>,
    ) -> Result<Vec<(UserId, String)>> {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT u.id, s.name FROM users AS u JOIN staff AS s ON s.id = u.staff_id \
             JOIN org_units AS o ON o.id = s.org_id LEFT JOIN org_units AS top ON top.id = $2 \
             WHERE ($1 IS NULL OR s.code = $1 OR u.username = $1) \
             AND ($2 IS NULL OR o.position BETWEEN top.position AND top.last_position) ORDER BY u.id",
        )
        .bind(by)
        .bind(within.map(OrgUnitId::get))
        .fetch_all(self.database.readers())
        .await?;
        Ok(rows.into_iter().map(|(id, name)| (UserId::new(id), name)).collect())
    }

    /// Looks through the entries of the records, or of sessions, and their seals, up to the first that does not fit.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn check_audit(
        &self,
        sessions: bool,
        asked: Option<Hash>,
        progress: &dyn Progress,
    ) -> Result<AuditCheck> {
        let pool = if sessions { self.database.sessions() } else { self.database.readers() };
        // Both tables as they are at one moment.
        let mut moment = pool.begin().await?;
        let mut check =
            AuditCheck { entries: count_after(&mut moment, NOTHING.0).await?, ..AuditCheck::default() };
        let subject = if sessions { SESSIONS } else { "records" };
        progress.begin("progress-check", subject, check.entries);
        let outcome = follow(&mut moment, &mut check, asked, progress).await;
        progress.end();
        outcome.map(|()| check)
    }
}

/// Goes from seal to seal.
async fn follow(
    connection: &mut SqliteConnection,
    check: &mut AuditCheck,
    asked: Option<Hash>,
    progress: &dyn Progress,
) -> Result<()> {
    let seals: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT last_entry, hash FROM audit_seals ORDER BY last_entry")
            .fetch_all(&mut *connection)
            .await?;
    let (mut last, mut hash) = NOTHING;
    for (until, sealed) in seals {
        let (count, told) = hashed(connection, last, until, hash).await?;
        progress.advance(count, count);
        if told[..] != sealed[..] {
            check.broken = Some((last.max(0), until));
            return Ok(());
        }
        (last, hash) = (until, told);
        check.head = Some(told);
        check.holds |= asked == Some(told);
    }
    check.unsealed = count_after(connection, last).await?;
    Ok(())
}

fn parsed(details: &str) -> Result<Value> {
    serde_json::from_str(details).map_err(|_| StoreError::unreadable("audit.details", details))
}

fn entry(row: &SqliteRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
        at: row.instant("at")?,
        user: row.value::<Option<i64>>("user_id")?.map(UserId::new),
        import: row.value::<Option<i64>>("import_id")?.map(ImportId::new),
        cycle: row.value::<Option<i64>>("cycle_id")?.map(CycleId::new),
        action: row.value("action")?,
        noun: row.value("noun")?,
        record: row.value("record_id")?,
        details: parsed(row.value::<Option<&str>>("details")?.unwrap_or("null"))?,
    })
}

async fn count_after(connection: &mut SqliteConnection, last: i64) -> Result<u64> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM audit WHERE id > $1")
        .bind(last)
        .fetch_one(connection)
        .await?;
    Ok(count.unsigned_abs())
}

/// Leaves an entry within a transaction.
pub(crate) async fn leave(connection: &mut SqliteConnection, entry: &AuditEntry) -> Result<()> {
    let own: i64 = sqlx::query_scalar(
        "INSERT INTO audit (at, user_id, import_id, cycle_id, action, noun, record_id, details) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
    )
    .bind(entry.at.micros())
    .bind(entry.user.map(UserId::get))
    .bind(entry.import.map(ImportId::get))
    .bind(entry.cycle.map(CycleId::get))
    .bind(&entry.action)
    .bind(&entry.noun)
    .bind(entry.record)
    .bind(entry.details.to_string())
    .fetch_one(&mut *connection)
    .await?;
    seal(connection, own).await
}

/// The number of the newest entry, 0 before the first.
pub(crate) async fn newest(connection: &mut SqliteConnection) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM audit").fetch_one(connection).await?)
}

/// Seals the entries of a transaction from `first` on, if there are any. Entries before it without a seal were not left by
/// this program: they stay without one, and a check tells of it.
pub(crate) async fn seal(connection: &mut SqliteConnection, first: i64) -> Result<()> {
    let before: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT last_entry, hash FROM audit_seals ORDER BY last_entry DESC LIMIT 1")
            .fetch_optional(&mut *connection)
            .await?;
    let (last, hash) = match before {
        None => NOTHING,
        Some((last, hash)) => {
            let unreadable = |_| StoreError::unreadable("audit_seals.hash", last.to_string());
            (last, Hash::try_from(hash.as_slice()).map_err(unreadable)?)
        }
    };
    let (oldest, newest): (Option<i64>, Option<i64>) =
        sqlx::query_as("SELECT min(id), max(id) FROM audit WHERE id > $1")
            .bind(last)
            .fetch_one(&mut *connection)
            .await?;
    let (Some(oldest), Some(newest)) = (oldest, newest) else { return Ok(()) };
    if oldest < first {
        return Ok(());
    }
    let (_, hash) = hashed(connection, last, newest, hash).await?;
    sqlx::query("INSERT INTO audit_seals (last_entry, hash) VALUES ($1, $2)")
        .bind(newest)
        .bind(&hash[..])
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether there are seals yet; asked before migrations make their table.
pub(crate) async fn has_seals(pool: &SqlitePool) -> Result<bool> {
    let table = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'audit_seals')";
    Ok(sqlx::query_scalar(table).fetch_one(pool).await?)
}

/// Seals what was left before there were seals.
pub(crate) async fn seal_all(pool: &SqlitePool) -> Result<()> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    seal(&mut transaction, i64::MIN).await?;
    Ok(transaction.commit().await?)
}

/// The hash over `before` and the entries after `last` up to `until`, and how many they are.
async fn hashed(
    connection: &mut SqliteConnection,
    last: i64,
    until: i64,
    before: Hash,
) -> Result<(u64, Hash)> {
    type Columns =
        (i64, i64, Option<i64>, Option<i64>, Option<i64>, String, String, Option<i64>, Option<String>);
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE id > $1 AND id <= $2 ORDER BY id");
    let mut entries =
        sqlx::query_as::<_, Columns>(AssertSqlSafe(sql)).bind(last).bind(until).fetch(connection);
    let (mut count, mut hasher) = (0, Sha256::new_with_prefix(before));
    while let Some(entry) = entries.try_next().await? {
        // A line of JSON for each: no two rows of entries give the same bytes.
        let line = serde_json::to_string(&entry)
            .map_err(|error| StoreError::unreadable("audit", error.to_string()))?;
        hasher.update(line);
        hasher.update([b'\n']);
        count += 1;
    }
    Ok((count, hasher.finalize().into()))
}
