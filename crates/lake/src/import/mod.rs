//! Reads an operator's extract: checks every row, keeps the rows of record tables in memory and writes facts by
//! month.
//!
//! ```text
//! files ─ one thread cuts them at line ends ─▶ two threads check rows ─▶ this one, in the order of the files:
//!     records: an id per code, then trees of units and customers
//!     facts:   buckets by month and range of ids (on disk when too many) ─▶ two threads sort, merge with what is
//!              stored, and write Parquet
//! ```
//!
//! Tables are read in the order of [`Table::ALL`], in which references point backwards, so the order of files does
//! not matter. Nothing is in use until the records name it: a run that fails takes its files with it, and files of
//! a run that is refused are left for the sweep.

mod check;
pub(crate) mod csv_file;
mod facts;
mod mapping;
mod memory;
mod months;
mod pieces;
mod pipeline;
mod records;
mod report;
mod sources;
mod tree;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::engine::{ImportRequest, Manifest};
use domain::extract::{ColumnType, Keeping, Table};
use domain::import::{Catalog, Codes, RecordRows, RowProblem, Staged, StagedFacts};
use domain::progress::Progress;
use domain::{Message, Month, Problem};
use hashbrown::HashMap;

use check::{Checker, Excluded};
use facts::{Batch, FactTable, Layout, PendingBucket, Texts};
use memory::Memory;
use months::MonthJob;
use pieces::Piece;
use pipeline::Step;
use records::{Block, RecordTable};
use report::Report;
use sources::{Folder, Source};

/// How much an import takes at a time.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Fact rows kept in memory; more go to disk until their month is written.
    pub memory_bytes: usize,
    /// What must be in memory until the run ends: rows of records, the sources and tables of a mapping, texts in
    /// facts, the rows of one month and a million customers. A run that needs more is refused.
    pub held_bytes: usize,
    /// How much of a file is checked in one go.
    pub piece_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_bytes: 1 << 30, held_bytes: 4 << 30, piece_bytes: 2 << 20 }
    }
}

/// Threads that write months.
const WRITERS: usize = 2;

/// Reads and checks a folder: [`domain::engine::Engine::read_extract`] for the data folder `root`.
///
/// # Errors
/// When the folder or the mapping cannot be read at all, a file cannot be read or written, or what must be kept does
/// not fit in half of the memory that the machine has to give. Bad rows and bad files are part of the result; their
/// list is written in the request's language.
pub fn read(
    root: &Path,
    request: ImportRequest<'_>,
    catalog: &mut Catalog,
    manifest: &Manifest,
    progress: &dyn Progress,
) -> Result<Staged, Problem> {
    let limits = Limits { held_bytes: memory::half_of_what_is_there(), ..Limits::default() };
    read_within(root, request, catalog, manifest, progress, limits)
}

/// [`read`] with other limits.
///
/// # Errors
/// As [`read`].
pub fn read_within(
    root: &Path,
    request: ImportRequest<'_>,
    catalog: &mut Catalog,
    manifest: &Manifest,
    progress: &dyn Progress,
    limits: Limits,
) -> Result<Staged, Problem> {
    let leftovers = Leftovers::new(root, request.run);
    let mut report = Report::new(root, request.run, request.lang);
    let mut memory = Memory::new(limits.held_bytes);
    let folder = match request.mapping {
        Some(mapping) => mapping::open(mapping, request.folder, limits, &mut report, &mut memory, progress)?,
        None => Folder::open(request.folder)?,
    };
    let mut run = Run {
        root,
        name: request.run,
        manifest,
        progress,
        limits,
        catalog,
        memory,
        report,
        excluded: Excluded::default(),
        records: Vec::new(),
        facts: Vec::new(),
    };
    run.check_folder(&folder)?;
    for &table in Table::ALL {
        match (folder.sources(table), table.keeping()) {
            ([], _) => {}
            (sources, Keeping::Records) => run.read_records(table, sources)?,
            (sources, Keeping::Facts) => run.read_facts(table, sources, &leftovers)?,
        }
    }
    tracing::debug!(bytes = run.memory.held(), of = limits.held_bytes, "kept in memory");
    let mut staged = run.report.finish()?;
    staged.records = run.records;
    staged.facts = run.facts;
    leftovers.keep();
    Ok(staged)
}

/// One import under way.
struct Run<'a> {
    root: &'a Path,
    name: &'a str,
    manifest: &'a Manifest,
    progress: &'a dyn Progress,
    limits: Limits,
    catalog: &'a mut Catalog,
    memory: Memory,
    report: Report,
    excluded: Excluded,
    records: Vec<Box<dyn RecordRows>>,
    facts: Vec<StagedFacts>,
}

impl Run<'_> {
    /// What can be said of a folder before any file is opened.
    fn check_folder(&mut self, folder: &Folder) -> Result<(), Problem> {
        for &table in &folder.unread {
            self.excluded.mark_unread(table);
        }
        for &table in Table::ALL {
            if folder.unread.contains(&table) {
                continue;
            }
            if table.required() && folder.sources(table).is_empty() && !self.is_stored(table) {
                let reason = Message::new("import-table-missing")
                    .with("table", domain::Arg::Key(table.text_key()))
                    .with("name", table.code());
                self.report.file(whole_file(format!("{table}.csv"), reason))?;
                self.excluded.mark_unread(table);
            }
        }
        for (table, names) in &folder.doubled {
            let reason = Message::new("import-table-doubled").with("name", table.code());
            self.report.file(whole_file(names.clone(), reason))?;
        }
        for name in &folder.ignored {
            self.report.note(Message::new("import-note-file").with("file", name.as_str()));
        }
        Ok(())
    }

    fn is_stored(&self, table: Table) -> bool {
        match table.keeping() {
            Keeping::Records => !self.catalog.codes(table).is_empty(),
            Keeping::Facts => self.manifest.facts.get(&table).is_some_and(|months| !months.is_empty()),
        }
    }

    fn read_records(&mut self, table: Table, sources: &[Source]) -> Result<(), Problem> {
        // Its own codes change while those of the tables before are looked up.
        let mut codes = std::mem::take(self.catalog.codes_mut(table));
        let result = self.read_records_with(table, sources, &mut codes);
        *self.catalog.codes_mut(table) = codes;
        result
    }

    fn read_records_with(
        &mut self,
        table: Table,
        sources: &[Source],
        codes: &mut Codes,
    ) -> Result<(), Problem> {
        let mut rows = RecordTable::new(table, names(sources), codes);
        let mut left_out = Vec::new();
        let bad_files = self.report.bad_files();
        let (limits, progress, report, memory) =
            (self.limits, self.progress, &mut self.report, &mut self.memory);
        let checker = Checker { table, catalog: &*self.catalog, excluded: &self.excluded };
        pipeline::run(
            |sender| sources::read(table, sources, limits, sender),
            |rows| {
                let mut block = Block::new(table, rows.origin.number);
                let findings = checker.check(&rows, |line, values| block.push(line, values));
                (block, findings)
            },
            |step| match step {
                Step::Checked((block, findings), bytes) => {
                    memory.take(rows.file(block.file), block.bytes() + findings.excluded_bytes())?;
                    report.rows(findings.rows, findings.bad, findings.problems)?;
                    left_out.extend(findings.excluded);
                    for duplicate in rows.add(block, codes) {
                        report.row(duplicate)?;
                    }
                    progress.advance(bytes, findings.rows);
                    Ok(())
                }
                Step::Other(piece) => {
                    follow(piece, report, progress, |file, present| rows.set_present(file, present))
                }
            },
        )?;
        if self.report.bad_files() > bad_files {
            self.excluded.mark_unread(table);
        }
        for code in left_out {
            if codes.get(&code).is_none() {
                self.excluded.insert(table, &code);
            }
        }
        let tree_bytes = tree::bytes(&rows);
        self.memory.take(rows.file(0), tree_bytes)?;
        for problem in tree::check(&mut rows, codes, &mut self.excluded) {
            self.report.row(problem)?;
        }
        self.memory.give_back(tree_bytes);
        let parts = rows.finish().into_iter();
        self.records.extend(parts.map(|part| Box::new(part) as Box<dyn RecordRows>));
        Ok(())
    }

    fn read_facts(&mut self, table: Table, sources: &[Source], leftovers: &Leftovers) -> Result<(), Problem> {
        let memory_bytes = self.limits.memory_bytes;
        let mut rows = FactTable::new(table, names(sources), memory_bytes, leftovers.spill.clone());
        let layout = Layout::new(table);
        let texts: Mutex<Texts> = Mutex::default();
        let mut kept = 0;
        let (limits, progress, report, memory) =
            (self.limits, self.progress, &mut self.report, &mut self.memory);
        let checker = Checker { table, catalog: &*self.catalog, excluded: &self.excluded };
        pipeline::run(
            |sender| sources::read(table, sources, limits, sender),
            |rows| {
                let mut batch = Batch::default();
                let file = rows.origin.number;
                let findings =
                    checker.check(&rows, |line, values| batch.push(&layout, &texts, file, line, values));
                (batch, file, findings)
            },
            |step| match step {
                Step::Checked((batch, file, findings), bytes) => {
                    report.rows(findings.rows, findings.bad, findings.problems)?;
                    rows.add(batch)?;
                    let texts = lock(&texts).bytes();
                    memory.give_back(kept);
                    kept = rows.largest_bytes() + texts * (1 + WRITERS);
                    memory.take(&rows.files[file as usize], kept)?;
                    progress.advance(bytes, findings.rows);
                    Ok(())
                }
                Step::Other(piece) => {
                    follow(piece, report, progress, |file, present| rows.set_present(file, &present))
                }
            },
        )?;
        let texts = texts.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.write_months(rows, &texts, leftovers)?;
        self.memory.give_back(kept);
        Ok(())
    }

    fn write_months(
        &mut self,
        mut rows: FactTable,
        texts: &Texts,
        leftovers: &Leftovers,
    ) -> Result<(), Problem> {
        let months: Vec<Month> = rows.months().collect();
        let jobs: VecDeque<(Month, Vec<PendingBucket>)> =
            months.iter().map(|&month| (month, rows.take_month(month))).collect();
        let (table, layout) = (rows.layout.table, &rows.layout);
        let stored = self.manifest.facts.get(&table);
        self.progress.begin("import-step-write", table.code(), months.len() as u64);
        let duplicates = Mutex::new(Duplicates {
            report: &mut self.report,
            catalog: self.catalog,
            layout,
            files: &rows.files,
            codes: HashMap::new(),
        });
        let (jobs, results) = (Mutex::new(jobs), Mutex::new(Ok(Vec::new())));
        let (root, run, progress) = (self.root, self.name, self.progress);
        let next = || lock(&jobs).pop_front();
        let write_all = || {
            while let Some((month, buckets)) = next() {
                let stored = stored.and_then(|months| months.get(&month));
                let job = MonthJob { root, run, layout, present: &rows.present, month, stored };
                let result = job.write(
                    buckets,
                    texts.clone(),
                    &mut |month, row, first, texts| lock(&duplicates).add(month, row, first, texts),
                    &mut |path| leftovers.add(path),
                );
                progress.advance(1, result.as_ref().ok().and_then(Option::as_ref).map_or(0, |f| f.rows));
                let failed = result.is_err();
                match (&mut *lock(&results), result) {
                    (Ok(written), Ok(month)) => written.extend(month),
                    (results @ Ok(_), Err(problem)) => *results = Err(problem),
                    (Err(_), _) => {}
                }
                if failed {
                    lock(&jobs).clear();
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(write_all);
            }
        });
        self.progress.end();
        let mut written = results.into_inner().unwrap_or_else(PoisonError::into_inner)?;
        written.sort_by_key(|facts| facts.month);
        self.facts.extend(written);
        Ok(())
    }
}

/// Says which rows of facts have a key that was met before, with codes instead of ids.
struct Duplicates<'a> {
    report: &'a mut Report,
    catalog: &'a Catalog,
    layout: &'a Layout,
    files: &'a [String],
    /// Codes by id, made when there is anything to say.
    codes: HashMap<Table, HashMap<i64, &'a str>>,
}

impl Duplicates<'_> {
    fn add(&mut self, month: Month, row: &[u64], first: u64, texts: &Texts) -> Result<(), Problem> {
        let keys = &self.layout.columns[..self.layout.keys];
        let mut values = vec![month.to_string()];
        for (column, &word) in keys.iter().zip(row) {
            values.push(match column.kind {
                ColumnType::Reference(table) => {
                    let catalog = self.catalog;
                    let codes = self.codes.entry(table).or_insert_with(|| {
                        catalog.codes(table).iter().map(|(code, id)| (id, code)).collect()
                    });
                    codes.get(&(word as i64)).copied().unwrap_or_default().to_owned()
                }
                ColumnType::OneOf(choices) => {
                    choices.get(word as usize).copied().unwrap_or_default().to_owned()
                }
                _ => texts.text(word).unwrap_or_default().to_owned(),
            });
        }
        let (file, line) = records::unpack(row[row.len() - 1]);
        let (first_file, first_line) = records::unpack(first);
        self.report.row(RowProblem {
            file: self.files[file as usize].clone(),
            line,
            column: self.layout.table.key().join(","),
            value: values.join(","),
            reason: Message::new("import-duplicate")
                .with("file", self.files[first_file as usize].as_str())
                .with("line", first_line),
        })
    }
}

/// Takes note of what a file says beside its rows.
fn follow(
    piece: Piece,
    report: &mut Report,
    progress: &dyn Progress,
    mut present: impl FnMut(u32, Vec<bool>),
) -> Result<(), Problem> {
    match piece {
        Piece::Begin { name, bytes } => progress.begin("import-step-read", &name, bytes),
        Piece::Present { file, columns } => present(file, columns),
        Piece::BadRow(problem) => report.rows(1, 1, vec![problem])?,
        Piece::BadFile(problem) => report.file(problem)?,
        Piece::Note(note) => report.note(note),
        Piece::End => progress.end(),
        Piece::Fail(problem) => return Err(problem),
        // Rows are checked on the way and come as such.
        Piece::Rows(_) => {}
    }
    Ok(())
}

fn whole_file(file: String, reason: Message) -> RowProblem {
    RowProblem { file, line: 0, column: String::new(), value: String::new(), reason }
}

fn names(sources: &[Source]) -> Vec<String> {
    sources.iter().map(|source| source.name.clone()).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the folder that a file is to lie in.
fn create_parent(path: &Path) -> Result<(), Problem> {
    match path.parent() {
        Some(parent) => std::fs::create_dir_all(parent).map_err(|error| Problem::io(parent, error)),
        None => Ok(()),
    }
}

/// Files of a run that must not outlive its failure, and its spilled rows, which nobody needs in any case.
struct Leftovers {
    files: Mutex<Vec<PathBuf>>,
    spill: PathBuf,
}

impl Leftovers {
    fn new(root: &Path, run: &str) -> Self {
        let list = root.join("reports").join(format!("{run}-problems.csv"));
        Self { files: Mutex::new(vec![list]), spill: root.join("spill").join(run) }
    }

    fn add(&self, path: PathBuf) {
        lock(&self.files).push(path);
    }

    fn keep(self) {
        lock(&self.files).clear();
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        // A failed clean-up must not hide why the run failed; the sweep comes after it.
        for path in lock(&self.files).drain(..) {
            let _ = std::fs::remove_file(&path);
            let _ = path.parent().map(std::fs::remove_dir);
        }
        let _ = std::fs::remove_dir_all(&self.spill);
        let _ = self.spill.parent().map(std::fs::remove_dir);
    }
}
