//! Running an import: all or nothing, and on the record.

use std::path::PathBuf;
use std::sync::Arc;

use domain::extract::Table;
use domain::id::ImportId;
use domain::import::RowProblem;
use domain::progress::Progress;
use domain::{Instant, Lang, Message, Month, Problem};

use crate::Services;
use crate::data::RunState;

/// What to import and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOptions {
    /// The folder handed over.
    pub folder: PathBuf,
    /// A mapping file, if the folder has another layout.
    pub mapping: Option<PathBuf>,
    /// Check only, store nothing.
    pub dry_run: bool,
    /// Store the good rows, leave the bad ones out.
    pub skip_bad: bool,
    /// The language in which a failure is kept on the record.
    pub lang: Lang,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportReport {
    /// Which run; none when only checking.
    pub import: Option<ImportId>,
    /// Done, or refused for bad rows; then nothing was stored. A dry run is done when the real one would be.
    pub state: RunState,
    /// Rows read, good and bad.
    pub rows_read: u64,
    /// Rows that cannot be taken: all counted …
    pub rows_bad: u64,
    /// … the first of them here …
    pub problems: Vec<RowProblem>,
    /// … and all of them in this CSV file, if there is any.
    pub problem_file: Option<PathBuf>,
    /// What a person should know that is no mistake.
    pub notes: Vec<Message>,
    /// What became of the rows, by table of the extract; in a dry run, only the facts say what would.
    pub tables: Vec<TableReport>,
    /// Published months that this import put out of date.
    pub stale: Vec<Month>,
    /// How long it took.
    pub duration_ms: u64,
}

impl ImportReport {
    /// New rows in all tables.
    #[must_use]
    pub fn rows_added(&self) -> u64 {
        self.tables.iter().map(|table| table.added).sum()
    }

    /// Changed rows in all tables.
    #[must_use]
    pub fn rows_changed(&self) -> u64 {
        self.tables.iter().map(|table| table.changed).sum()
    }
}

/// What became of the rows of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReport {
    /// The table.
    pub table: Table,
    /// Rows that were not there before.
    pub added: u64,
    /// Rows that were there with other values.
    pub changed: u64,
    /// For facts, the months that differ now.
    pub months: Vec<Month>,
}

/// Runs an import.
///
/// # Errors
/// When another run is at work, the folder or the mapping cannot be read, or the records cannot be written.
/// Bad rows are part of the report.
pub async fn run(
    _services: &Services,
    _options: &ImportOptions,
    _started: Instant,
    _clock: &(dyn Fn() -> Instant + Send + Sync),
    _progress: Arc<dyn Progress>,
) -> Result<ImportReport, Problem> {
    Err(Problem::internal("not written yet"))
}
