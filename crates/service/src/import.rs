//! Running an import: all or nothing, and on the record.

use std::path::PathBuf;
use std::sync::Arc;

use domain::engine::{ImportRequest, Manifest};
use domain::extract::Table;
use domain::id::ImportId;
use domain::import::{RowProblem, Staged};
use domain::progress::Progress;
use domain::{Instant, Lang, Message, Month, Problem};
use store::import::{ImportCommit, ImportOutcome};

use crate::data::RunState;
use crate::services::off_thread;
use crate::{Services, run};

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
    services: &Services,
    options: &ImportOptions,
    started: Instant,
    clock: &(dyn Fn() -> Instant + Send + Sync),
    progress: Arc<dyn Progress>,
) -> Result<ImportReport, Problem> {
    let (_lock, manifest) = run::begin(services, options.lang, started).await?;
    if options.dry_run {
        let outcome = read(services, options, "check".to_owned(), &manifest, progress).await;
        run::sweep(services).await?;
        return outcome
            .map(|staged| report(None, options, &staged, ImportOutcome::default(), started, clock()));
    }
    let store = services.store();
    let import = store.begin_import(&options.folder, options.mapping.as_deref(), started).await?;
    let name = format!("import-{import}");
    let outcome = match read(services, options, name, &manifest, Arc::clone(&progress)).await {
        Ok(staged) => match keep_replaced(services, options, &manifest, &staged).await {
            Ok(()) => store_or_refuse(services, import, options, staged, started, clock, progress).await,
            Err(problem) => Err(problem),
        },
        Err(problem) => Err(problem),
    };
    if let Err(problem) = &outcome {
        let failure = text::say(options.lang, &problem.cause);
        let closed =
            store.give_up_import(import, RunState::Failed, (0, 0), &[], Some(failure), clock()).await;
        run::left_to_the_next(closed);
        run::left_to_the_next(run::sweep(services).await);
    }
    outcome
}

/// Reads and checks the folder.
async fn read(
    services: &Services,
    options: &ImportOptions,
    run: String,
    manifest: &Manifest,
    progress: Arc<dyn Progress>,
) -> Result<Staged, Problem> {
    let mut catalog = services.store().catalog().await?;
    let (engine, manifest) = (Arc::clone(services.engine()), manifest.clone());
    let (folder, mapping, lang) = (options.folder.clone(), options.mapping.clone(), options.lang);
    off_thread(move || {
        let request = ImportRequest { folder: &folder, mapping: mapping.as_deref(), run: &run, lang };
        engine.read_extract(request, &mut catalog, &manifest, progress.as_ref())
    })
    .await
}

/// Keeps the months of facts that a correction replaces, for the audit.
async fn keep_replaced(
    services: &Services,
    options: &ImportOptions,
    manifest: &Manifest,
    staged: &Staged,
) -> Result<(), Problem> {
    if refuses(options, staged) {
        return Ok(());
    }
    for facts in staged.facts.iter().filter(|facts| facts.changed > 0) {
        if let Some(file) = manifest.facts.get(&facts.table).and_then(|months| months.get(&facts.month)) {
            run::keep(services, &file.path).await?;
        }
    }
    Ok(())
}

/// Stores what was read, or refuses it for its bad rows.
async fn store_or_refuse(
    services: &Services,
    import: ImportId,
    options: &ImportOptions,
    mut staged: Staged,
    started: Instant,
    clock: &(dyn Fn() -> Instant + Send + Sync),
    progress: Arc<dyn Progress>,
) -> Result<ImportReport, Problem> {
    let store = services.store();
    if refuses(options, &staged) {
        let (rows, at) = ((staged.rows_read, staged.bad_rows), clock());
        store.give_up_import(import, RunState::Refused, rows, &staged.problems, None, at).await?;
        run::sweep(services).await?;
        return Ok(report(Some(import), options, &staged, ImportOutcome::default(), started, at));
    }
    let commit = ImportCommit {
        import,
        rows_read: staged.rows_read,
        rows_bad: staged.bad_rows,
        problems: staged.problems.clone(),
        records: std::mem::take(&mut staged.records),
        facts: staged.facts.clone(),
    };
    let outcome = store.commit_import(commit, clock(), progress.as_ref()).await?;
    Ok(report(Some(import), options, &staged, outcome, started, clock()))
}

fn refuses(options: &ImportOptions, staged: &Staged) -> bool {
    staged.bad_files > 0 || (staged.bad_rows > 0 && !options.skip_bad)
}

fn report(
    import: Option<ImportId>,
    options: &ImportOptions,
    staged: &Staged,
    outcome: ImportOutcome,
    started: Instant,
    ended: Instant,
) -> ImportReport {
    let refused = refuses(options, staged);
    let mut tables: Vec<TableReport> = outcome
        .tables
        .iter()
        .map(|&(table, rows)| TableReport {
            table,
            added: rows.added,
            changed: rows.changed,
            months: Vec::new(),
        })
        .collect();
    for facts in staged.facts.iter().filter(|_| !refused) {
        let place = tables.iter().position(|report| report.table == facts.table).unwrap_or_else(|| {
            tables.push(TableReport { table: facts.table, added: 0, changed: 0, months: Vec::new() });
            tables.len() - 1
        });
        tables[place].added += facts.added;
        tables[place].changed += facts.changed;
        tables[place].months.push(facts.month);
    }
    tables.sort_by_key(|report| report.table);
    ImportReport {
        import,
        state: if refused { RunState::Refused } else { RunState::Done },
        rows_read: staged.rows_read,
        rows_bad: staged.bad_rows,
        problems: staged.problems.clone(),
        problem_file: staged.problem_file.clone(),
        notes: staged.notes.clone(),
        tables,
        stale: outcome.stale,
        duration_ms: run::milliseconds(started, ended),
    }
}
