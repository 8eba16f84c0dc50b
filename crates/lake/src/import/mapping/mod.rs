//! Other layouts: a TOML file says for each table of the extract where its rows come from.
//!
//! ```toml
//! source = "accounts.csv"                      # CSV or Parquet, relative to the folder; for tables that name none
//! [derived]                                    # more columns of that file, by SQL
//! account = "region || '-' || number"
//! [customers]                                  # a table of the extract
//! where = "status <> 'test'"                   # optional: SQL over the source columns
//! group_by = ["account"]                       # optional: SQL, one row per group
//! code = "account"                             # a source column by its name
//! category = { value = "sme" }                 # the same for every row
//! created_on = { sql = "min(opened)" }         # an SQL expression of DataFusion over the source columns
//! ```
//!
//! - All source columns are text, empty cells null; numbers take a cast. Names are case-sensitive; names with blanks
//!   need double quotes in SQL. `source_line` is the line in the file.
//! - `source = "…"` in a table names another file for that table; `derived` columns are not in it.
//! - `distinct = true` takes equal rows once.
//! - `rows = [{ code = "…", … }]` instead of `source` gives the rows themselves.
//! - `unpivot = { "2025-01" = "jan", "2025-02" = "feb" }` makes a row per month of a wide one: the column `month` of
//!   the table is the key, and `{}` in columns and SQL stands for the value.
//! - `months = { from = "…", to = "…" }` (SQL giving `YYYY-MM`) repeats a row for every month between, as the
//!   source column `month`, which is also the column `month` of the table unless that is given.
//! - `month_of(date)` is the month of a date, `add_months(text, n)` moves a month or date.

mod entry;
mod load;
mod query;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::error::DataFusionError;
use domain::progress::Progress;
use domain::{Message, Problem, ProblemKind};

use crate::import::Limits;
use crate::import::memory::Memory;
use crate::import::report::Report;
use crate::import::sources::{Folder, Source, SourceKind};
use entry::{Entry, Origin};
use load::{LINE, Loaded, Loader};
use query::Query;

/// Reads a mapping and the files it names, and makes the tables of the extract out of them. Rows of the files that
/// cannot be read are told to `report` and left out, as those of an extract are.
pub(super) fn open(
    mapping: &Path,
    folder: &Path,
    limits: Limits,
    report: &mut Report,
    memory: &mut Memory,
    progress: &dyn Progress,
) -> Result<Folder, Problem> {
    let text = std::fs::read_to_string(mapping).map_err(|error| Problem::io(mapping, error))?;
    let name = mapping.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut reader = Mapping {
        name,
        folder: folder.to_owned(),
        limits,
        progress,
        source: None,
        derived: Vec::new(),
        sources: BTreeMap::new(),
    };
    let entries = reader.parse(&text)?;
    let before = memory.held();
    for entry in &entries {
        if let Origin::File { source, .. } = &entry.origin {
            reader.load(entry, source, report, memory)?;
        }
    }
    let sources = memory.held() - before;
    // A thread of its own: the caller may be inside another runtime.
    let folder = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .map_err(|error| Problem::io(mapping, error))?;
            runtime.block_on(reader.map_all(&entries, memory))
        });
        thread.join().unwrap_or_else(|_| Err(Problem::internal("the mapping thread panicked")))
    });
    memory.give_back(sources);
    folder
}

struct Mapping<'a> {
    /// The file's name for people.
    name: String,
    folder: PathBuf,
    limits: Limits,
    progress: &'a dyn Progress,
    /// The file of tables that name none.
    source: Option<String>,
    /// Its columns made by SQL.
    derived: Vec<(String, String)>,
    /// The files read; nothing for one that cannot be taken as a whole.
    sources: BTreeMap<String, Option<Loaded>>,
}

impl Mapping<'_> {
    /// A problem with an entry of the mapping.
    fn problem(&self, entry: impl Into<String>, cause: Message) -> Problem {
        let cause = cause.with("file", self.name.as_str()).with("entry", entry.into());
        Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-mapping"))
    }

    fn sql_problem(&self, entry: String, sql: &str, error: &DataFusionError) -> Problem {
        let cause =
            Message::new("problem-mapping-sql").with("sql", sql).with("error", error.strip_backtrace());
        self.problem(entry, cause)
    }

    fn wrong_form(&self, at: String) -> Problem {
        self.problem(at, Message::new("problem-mapping-form"))
    }

    /// Reads a source as columns of text, once.
    fn load(
        &mut self,
        entry: &Entry,
        source: &str,
        report: &mut Report,
        memory: &mut Memory,
    ) -> Result<(), Problem> {
        if self.sources.contains_key(source) {
            return Ok(());
        }
        let path = self.folder.join(source);
        if !path.is_file() {
            let cause = Message::new("problem-mapping-source").with("source", path.display().to_string());
            return Err(self.problem(format!("[{}] source", entry.table), cause));
        }
        let bytes = path.metadata().map_or(0, |metadata| metadata.len());
        self.progress.begin("import-step-read", source, bytes);
        let piece_bytes = self.limits.piece_bytes;
        let progress = self.progress;
        let loaded = Loader { path: &path, source, piece_bytes, report, memory, progress }.load()?;
        self.progress.end();
        self.sources.insert(source.to_owned(), loaded);
        Ok(())
    }

    async fn map_all(&self, entries: &[Entry], memory: &mut Memory) -> Result<Folder, Problem> {
        let mut folder = Folder::default();
        for entry in entries {
            let (name, batches) = match &entry.origin {
                Origin::Rows(rows) => (self.name.clone(), vec![constant_rows(entry, rows)?]),
                Origin::File { source, filter, shape } => {
                    let Some(Some(loaded)) = self.sources.get(source) else {
                        folder.unread.push(entry.table);
                        continue;
                    };
                    let filter = filter.as_deref();
                    let query = Query { mapping: self, entry, source, loaded, filter, shape };
                    (source.clone(), query.run(memory).await?)
                }
            };
            folder.add(entry.table, Source { name, kind: SourceKind::Mapped(batches) });
        }
        Ok(folder)
    }
}

fn constant_rows(entry: &Entry, rows: &[Vec<Option<String>>]) -> Result<RecordBatch, Problem> {
    let columns = (0..entry.columns.len()).map(|column| {
        Arc::new(rows.iter().map(|row| row[column].as_deref()).collect::<StringArray>()) as ArrayRef
    });
    let lines = Arc::new(UInt64Array::from_iter_values(1..=rows.len() as u64));
    mapped_batch(entry, columns.chain([lines as ArrayRef]).collect())
}

/// Columns of text named as in the table, then the lines.
fn mapped_batch(entry: &Entry, columns: Vec<ArrayRef>) -> Result<RecordBatch, Problem> {
    let names = entry.columns.iter().map(|(name, _)| Field::new(*name, DataType::Utf8, true));
    let fields: Vec<Field> = names.chain([Field::new(LINE, DataType::UInt64, false)]).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(Problem::internal)
}
