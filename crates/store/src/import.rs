//! Imports: their rows and files in one transaction, and what became of each run.

use std::path::Path;

use domain::extract::Table;
use domain::id::ImportId;
use domain::import::{RecordRows, RowProblem, Staged, StagedFacts};
use domain::progress::Progress;
use domain::{Instant, Month};
use serde_json::json;
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::audit::{self, AuditEntry};
use crate::cycle::mark_stale_from;
use crate::error::{Result, StoreError};
use crate::lake_file::{self, Kind};
use crate::row::RowExt;
use crate::run::RunState;
use crate::upsert::{Author, Effect, Upserted, Writer, earlier, upsert};
use crate::version::{Changed, bump};
use crate::{Store, base, member, message, org};

/// An import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Which.
    pub id: ImportId,
    /// The folder.
    pub folder: String,
    /// Began.
    pub started_at: Instant,
    /// Ended.
    pub ended_at: Option<Instant>,
    /// How.
    pub state: RunState,
    /// Rows read.
    pub rows_read: u64,
    /// New rows.
    pub rows_added: u64,
    /// Changed rows.
    pub rows_changed: u64,
    /// Bad rows.
    pub rows_bad: u64,
    /// Bad rows one by one, as many as were asked for.
    pub problems: Vec<RowProblem>,
    /// What failed, if it did: kept in the language of the run.
    pub failure: Option<String>,
}

/// What an import brings in.
pub struct ImportCommit {
    /// The run.
    pub import: ImportId,
    /// Rows read, good and bad.
    pub rows_read: u64,
    /// Bad rows left out, all counted …
    pub rows_bad: u64,
    /// … and the first of them.
    pub problems: Vec<RowProblem>,
    /// Rows for the records, tables in the order of [`Table::ALL`], a table in one or more parts.
    pub records: Vec<Box<dyn RecordRows>>,
    /// Months of facts that differ from what is stored.
    pub facts: Vec<StagedFacts>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportOutcome {
    /// By table of the records.
    pub tables: Vec<(Table, Upserted)>,
    /// Published months that it put out of date.
    pub stale: Vec<Month>,
}

impl Store {
    /// Puts the begin of an import on record.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn begin_import(&self, folder: &Path, mapping: Option<&Path>, at: Instant) -> Result<ImportId> {
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO imports (folder, mapping, started_at, state) VALUES ($1, $2, $3, 'running') RETURNING id",
        )
        .bind(folder.display().to_string())
        .bind(mapping.map(|mapping| mapping.display().to_string()))
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(ImportId::new(id))
    }

    /// Brings everything in, or nothing: rows, files, the audit of what changed, months put out of date, and
    /// that the import is done.
    ///
    /// # Errors
    /// When anything cannot be written; then nothing was.
    pub async fn commit_import(
        &self,
        mut commit: ImportCommit,
        at: Instant,
        progress: &dyn Progress,
    ) -> Result<ImportOutcome> {
        let mut transaction = self.database.write().await?;
        let author = Author { by: Writer::Import(commit.import), at };
        let mut tables: Vec<(Table, Upserted)> = Vec::new();
        let first_entry = audit::newest(&mut transaction).await? + 1;
        let last_answer = member::last_answer(&mut transaction).await?;
        for rows in &mut commit.records {
            progress.begin("progress-store", rows.table().code(), rows.len());
            let upserted = upsert(&mut transaction, rows.as_mut(), author, progress).await?;
            progress.end();
            match tables.last_mut() {
                Some((table, before)) if *table == rows.table() => *before = before.and(upserted),
                _ => tables.push((rows.table(), upserted)),
            }
        }
        let effects = tables.iter().map(|(_, upserted)| upserted.effect);
        let mut effect = effects.fold(Effect::default(), Effect::and);
        for facts in &commit.facts {
            let kind = Kind::Facts(facts.table);
            let before = lake_file::put(&mut transaction, kind, facts.month, &facts.path, facts.rows).await?;
            if let Some(before) = before.filter(|_| facts.changed > 0) {
                let entry = AuditEntry {
                    at,
                    user: None,
                    import: Some(commit.import),
                    cycle: None,
                    action: "facts.correct".to_owned(),
                    noun: facts.table.code().to_owned(),
                    record: Some(i64::from(facts.month.number())),
                    details: json!({
                        "month": facts.month.to_string(),
                        "changed": facts.changed,
                        "before": lake_file::kept(&before),
                    }),
                };
                audit::leave(&mut transaction, &entry).await?;
            }
            if facts.table.feeds_cycle() {
                effect.from = earlier(effect.from, Some(facts.month));
            }
        }
        let answered_from = member::note_answers(&mut transaction, last_answer).await?;
        let stated_from = base::stated_from(&mut transaction, last_answer).await?;
        effect.from = earlier(effect.from, earlier(answered_from, stated_from));
        let stale = mark_stale(&mut transaction, effect).await?;
        let changed = what_changed(&tables, &commit.facts);
        if changed.base {
            org::place(&mut transaction).await?;
        }
        bump(&mut transaction, changed).await?;
        let added =
            sum(&tables, |upserted| upserted.added) + commit.facts.iter().map(|f| f.added).sum::<u64>();
        let altered =
            sum(&tables, |upserted| upserted.changed) + commit.facts.iter().map(|f| f.changed).sum::<u64>();
        let end = ImportEnd {
            state: RunState::Done,
            rows_read: commit.rows_read,
            rows_added: added,
            rows_changed: altered,
            rows_bad: commit.rows_bad,
            failure: None,
        };
        // Changed rows leave their entries in one statement.
        audit::seal(&mut transaction, first_entry).await?;
        end_import(&mut transaction, commit.import, &end, &commit.problems, at).await?;
        transaction.commit().await?;
        Ok(ImportOutcome { tables, stale })
    }

    /// Puts on record that an import stored nothing: refused for bad rows, or failed.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn give_up_import(
        &self,
        import: ImportId,
        state: RunState,
        rows: (u64, u64),
        problems: &[RowProblem],
        failure: Option<String>,
        at: Instant,
    ) -> Result<()> {
        let mut transaction = self.database.write().await?;
        let (rows_read, rows_bad) = rows;
        let end = ImportEnd { state, rows_read, rows_added: 0, rows_changed: 0, rows_bad, failure };
        end_import(&mut transaction, import, &end, problems, at).await?;
        Ok(transaction.commit().await?)
    }

    /// Puts imports and cycles that were killed on record as failed. To be called under the lock of the data
    /// folder: what still stands as running then runs no more.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn close_killed_runs(&self, failure: &str, at: Instant) -> Result<()> {
        let mut transaction = self.database.write().await?;
        for sql in [
            "UPDATE imports SET state = 'failed', ended_at = $1, failure = $2 WHERE state = 'running'",
            "UPDATE cycles SET state = 'failed', ended_at = $1, failure = $2 WHERE state = 'running'",
        ] {
            sqlx::query(sql).bind(at.micros()).bind(failure).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// How many imports were done.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn imports_done(&self) -> Result<u64> {
        let row = sqlx::query("SELECT count(*) AS done FROM imports WHERE state = $1")
            .bind(RunState::Done.code())
            .fetch_one(self.database.readers())
            .await?;
        row.count("done")
    }

    /// The last imports, newest first, each with its first bad rows.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn imports(&self, limit: u32, problems_each: u32) -> Result<Vec<ImportRow>> {
        let mut transaction = self.database.read().await?;
        let rows = sqlx::query(
            "SELECT id, folder, started_at, ended_at, state, rows_read, rows_added, rows_changed, rows_bad, failure \
             FROM imports ORDER BY id DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(&mut *transaction)
        .await?;
        let mut imports = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = ImportId::new(row.value("id")?);
            let rows_bad = row.count("rows_bad")?;
            imports.push(ImportRow {
                id,
                folder: row.value("folder")?,
                started_at: row.instant("started_at")?,
                ended_at: row.optional_instant("ended_at")?,
                state: row.code("state")?,
                rows_read: row.count("rows_read")?,
                rows_added: row.count("rows_added")?,
                rows_changed: row.count("rows_changed")?,
                rows_bad,
                problems: match rows_bad {
                    0 => Vec::new(),
                    _ => problems(&mut transaction, id, problems_each).await?,
                },
                failure: row.value("failure")?,
            });
        }
        Ok(imports)
    }
}

struct ImportEnd {
    state: RunState,
    rows_read: u64,
    rows_added: u64,
    rows_changed: u64,
    rows_bad: u64,
    failure: Option<String>,
}

async fn end_import(
    transaction: &mut Transaction<'static, Sqlite>,
    import: ImportId,
    end: &ImportEnd,
    problems: &[RowProblem],
    at: Instant,
) -> Result<()> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    sqlx::query(
        "UPDATE imports SET state = $1, ended_at = $2, rows_read = $3, rows_added = $4, rows_changed = $5, \
         rows_bad = $6, failure = $7 WHERE id = $8",
    )
    .bind(end.state.code())
    .bind(at.micros())
    .bind(number(end.rows_read))
    .bind(number(end.rows_added))
    .bind(number(end.rows_changed))
    .bind(number(end.rows_bad))
    .bind(&end.failure)
    .bind(import.get())
    .execute(&mut **transaction)
    .await?;
    for (ordinal, problem) in problems.iter().take(Staged::SHOWN).enumerate() {
        sqlx::query(
            "INSERT INTO import_problems (import_id, ordinal, file, line, column_name, value, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(import.get())
        .bind(number(ordinal as u64))
        .bind(&problem.file)
        .bind(number(problem.line))
        .bind(&problem.column)
        .bind(&problem.value)
        .bind(message::to_json(&problem.reason))
        .execute(&mut **transaction)
        .await?;
    }
    Ok(())
}

async fn problems(
    connection: &mut SqliteConnection,
    import: ImportId,
    limit: u32,
) -> Result<Vec<RowProblem>> {
    let rows = sqlx::query(
        "SELECT file, line, column_name, value, reason FROM import_problems WHERE import_id = $1 \
         ORDER BY ordinal LIMIT $2",
    )
    .bind(import.get())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let reason: &str = row.value("reason")?;
            Ok(RowProblem {
                file: row.value("file")?,
                line: row.count("line")?,
                column: row.value("column_name")?,
                value: row.value("value")?,
                reason: message::from_json(reason)
                    .ok_or_else(|| StoreError::unreadable("import_problems.reason", reason))?,
            })
        })
        .collect()
}

fn sum(tables: &[(Table, Upserted)], of: impl Fn(&Upserted) -> u64) -> u64 {
    tables.iter().map(|(_, upserted)| of(upserted)).sum()
}

fn what_changed(tables: &[(Table, Upserted)], facts: &[StagedFacts]) -> Changed {
    let changed: Vec<Table> = tables
        .iter()
        .filter(|(_, upserted)| upserted.added + upserted.changed > 0)
        .map(|(table, _)| *table)
        .collect();
    let in_base = [
        Table::OrgUnits,
        Table::Products,
        Table::Customers,
        Table::Contracts,
        Table::Services,
        Table::Members,
        Table::Tickets,
        Table::Interactions,
        Table::Opportunities,
        Table::Surveys,
    ];
    Changed {
        manifest: !facts.is_empty(),
        base: changed.iter().any(|table| in_base.contains(table)),
        records: !changed.is_empty(),
    }
}

/// Marks published months that would come out otherwise now, and gives them.
pub(crate) async fn mark_stale(connection: &mut SqliteConnection, effect: Effect) -> Result<Vec<Month>> {
    let mut from = effect.from;
    if effect.moved {
        // Earlier months stay as they were told: sums belong to the units of their time.
        let last: Option<i32> =
            sqlx::query_scalar("SELECT max(month) FROM lake_files WHERE kind = 'assessments'")
                .fetch_one(&mut *connection)
                .await?;
        from = earlier(from, last.map(Month::from_number));
    }
    match from {
        Some(from) => mark_stale_from(connection, from).await,
        None => Ok(Vec::new()),
    }
}
