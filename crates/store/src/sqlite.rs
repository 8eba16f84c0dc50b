//! The embedded engine: how it is opened, and the little that is its own. Everything else in this crate is
//! SQL that PostgreSQL takes as well; a second engine gets a module like this one.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::audit;
use crate::error::{Result, StoreError};

/// The file of the records in the data folder.
const FILE: &str = "records.sqlite";
/// The file of the sessions beside it: an import holds the one writer of the records for as long as it stores, and
/// nobody should wait for that to sign in.
const SESSIONS_FILE: &str = "sessions.sqlite";
static RECORDS: Migrator = sqlx::migrate!("migrations/sqlite");
static SESSIONS: Migrator = sqlx::migrate!("migrations/sqlite_sessions");
/// Readers at once; each is a thread that mostly waits.
const READERS: u32 = 4;
/// How many values a statement may bind.
pub const BINDINGS: usize = 32_766;

/// One writer and several readers of the same records, and the sessions.
#[derive(Debug, Clone)]
pub struct Database {
    writer: SqlitePool,
    readers: SqlitePool,
    sessions: SqlitePool,
}

/// What kind of fault lies behind an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No room on the disk.
    Full,
    /// Someone else is writing.
    Busy,
    /// Not ours to write.
    Denied,
    /// Not a database, or a broken one.
    Damaged,
    /// The disk failed.
    Disk,
    /// Anything else.
    Other,
}

/// The fault behind an extended result code.
pub fn fault(code: &str) -> Fault {
    // No room for what connections share in memory: SQLITE_IOERR_SHMSIZE.
    if code == "4874" {
        return Fault::Full;
    }
    match code.parse::<i64>().map(|code| code & 0xff) {
        Ok(13) => Fault::Full,
        Ok(5 | 6) => Fault::Busy,
        Ok(3 | 8 | 14 | 23) => Fault::Denied,
        Ok(11 | 26) => Fault::Damaged,
        Ok(10) => Fault::Disk,
        _ => Fault::Other,
    }
}

impl Database {
    /// Opens the records of a data folder, making them if they are not there, and brings them up to date.
    pub async fn open(data_dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(data_dir)
            .map_err(|error| StoreError::Folder { path: data_dir.to_owned(), error })?;
        let options = file(data_dir, FILE)
            .row_buffer_size(1024)
            .pragma("journal_size_limit", "67108864")
            .pragma("mmap_size", "1073741824");
        let writer = writers(1)
            .connect_with(
                options
                    .clone()
                    // A published month must survive a power cut; commits are few.
                    .synchronous(SqliteSynchronous::Full)
                    .pragma("cache_size", "-131072"),
            )
            .await?;
        migrate(&RECORDS, &writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.pragma("query_only", "on").pragma("cache_size", "-16384"))
            .await?;
        // A session that a power cut takes away is begun again.
        let sessions = file(data_dir, SESSIONS_FILE).synchronous(SqliteSynchronous::Normal);
        let sessions = writers(READERS).connect_with(sessions).await?;
        migrate(&SESSIONS, &sessions).await?;
        Ok(Self { writer, readers, sessions })
    }

    /// Whether both files are in a data folder.
    pub fn is_in(data_dir: &Path) -> bool {
        [FILE, SESSIONS_FILE].iter().all(|file| data_dir.join(file).is_file())
    }

    /// Records that live as long as this value, for tests.
    pub async fn open_in_memory() -> Result<Self> {
        let (records, sessions) = (in_memory().await?, in_memory().await?);
        RECORDS.run(&records).await?;
        SESSIONS.run(&sessions).await?;
        Ok(Self { writer: records.clone(), readers: records, sessions })
    }

    /// Where reads go.
    pub fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Where sessions are read.
    pub fn sessions(&self) -> &SqlitePool {
        &self.sessions
    }

    /// A transaction that may write sessions; it waits for no import.
    pub async fn write_sessions(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.sessions.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A transaction that may write. It waits for the one before, and holds from its first statement on.
    pub async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A transaction that only reads: everything in it sees the same state.
    pub async fn read(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.readers.begin().await?)
    }
}

/// The columns of all tables that point at rows of one, each with the name of its table.
pub async fn pointing_at(connection: &mut SqliteConnection, table: &str) -> Result<Vec<(String, String)>> {
    let sql = "SELECT t.name, f.\"from\" FROM sqlite_master AS t, pragma_foreign_key_list(t.name) AS f \
               WHERE t.type = 'table' AND f.\"table\" = $1 ORDER BY t.name, f.\"from\"";
    Ok(sqlx::query_as(sql).bind(table).fetch_all(connection).await?)
}

fn file(data_dir: &Path, name: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(data_dir.join(name))
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(10))
}

/// Connections that write: one that is left inside a transaction is given up.
fn writers(most: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(most).after_release(|connection, _| {
        Box::pin(async move {
            // A full disk ends a transaction from below; the connection never learns that it is over.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

/// Brings a file to this program's form. What its audit holds from before there were seals is sealed then, and only then.
async fn migrate(migrator: &Migrator, pool: &SqlitePool) -> Result<()> {
    let sealed_before = audit::has_seals(pool).await?;
    migrator.run(pool).await?;
    if sealed_before { Ok(()) } else { audit::seal_all(pool).await }
}

async fn in_memory() -> Result<SqlitePool> {
    // One connection for everyone: another one would see another database.
    let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    Ok(pool.connect_with(SqliteConnectOptions::new().in_memory(true).foreign_keys(true)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn records_can_be_written_again_once_there_is_room() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::open(folder.path()).await.expect("records");
        let mut transaction = database.write().await.expect("a transaction");
        sqlx::query("CREATE TABLE heap (row BLOB)").execute(&mut *transaction).await.expect("a table");
        transaction.commit().await.expect("stored");

        let mut transaction = database.write().await.expect("a transaction");
        sqlx::query("PRAGMA max_page_count = 1").execute(&mut *transaction).await.expect("a limit");
        let insert = "INSERT INTO heap VALUES (zeroblob(1000000))";
        let full = sqlx::query(insert).execute(&mut *transaction).await.expect_err("no room");
        let code = full.as_database_error().and_then(|error| error.code()).expect("a code");
        assert_eq!(fault(&code), Fault::Full);
        drop(transaction);

        let mut transaction = database.write().await.expect("another transaction");
        sqlx::query("PRAGMA max_page_count = 1000000").execute(&mut *transaction).await.expect("room");
        sqlx::query(insert).execute(&mut *transaction).await.expect("a row");
        transaction.commit().await.expect("stored");
    }
}
