//! `tenure import`.

use std::process::ExitCode;
use std::sync::Arc;

use domain::import::RowProblem;
use domain::{Lang, Message, Problem};
use serde::Serialize;
use service::data::RunState;
use service::import::{ImportOptions, ImportReport};

use crate::arguments::{Common, Import};
use crate::progress::Shown;
use crate::{ambient, house, report};

#[derive(Serialize)]
struct Document<'a> {
    state: &'static str,
    rows_read: u64,
    rows_added: u64,
    rows_changed: u64,
    rows_bad: u64,
    tables: Vec<TableDocument>,
    problems: Vec<ProblemDocument<'a>>,
    problem_file: Option<String>,
    notes: Vec<String>,
    stale_months: Vec<String>,
    duration_ms: u64,
}

#[derive(Serialize)]
struct TableDocument {
    table: &'static str,
    added: u64,
    changed: u64,
}

#[derive(Serialize)]
struct ProblemDocument<'a> {
    file: &'a str,
    line: u64,
    column: &'a str,
    value: &'a str,
    reason: String,
}

/// Imports a folder.
pub async fn run(options: Import, common: &Common) -> Result<ExitCode, Problem> {
    let (services, _lake) = house::open(common).await?;
    let dry_run = options.dry_run;
    let options = ImportOptions {
        folder: options.folder,
        mapping: options.mapping,
        dry_run,
        skip_bad: options.skip_bad,
        lang: common.lang,
    };
    let progress = Arc::new(Shown::new(common.lang));
    let done = service::import::run(&services, &options, ambient::now(), &ambient::now, progress).await?;
    if common.json {
        report::json(&document(&done, common.lang))?;
    } else {
        say(&done, dry_run, common.lang);
    }
    Ok(if done.state == RunState::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say(done: &ImportReport, dry_run: bool, lang: Lang) {
    for note in &done.notes {
        report::aside(lang, note);
    }
    for problem in &done.problems {
        report::aside(lang, &row(problem, lang));
    }
    let unseen = done.rows_bad.saturating_sub(done.problems.len() as u64);
    if let Some(file) = &done.problem_file {
        let key = if unseen > 0 { "cli-import-more" } else { "cli-import-listed" };
        let listed = Message::new(key).with("file", file.display().to_string());
        report::aside(lang, &if unseen > 0 { listed.with("count", unseen) } else { listed });
    }
    let count = |rows: u64| text::count(i64::try_from(rows).unwrap_or(i64::MAX));
    match (done.state, dry_run) {
        (RunState::Done, false) => report::line(
            lang,
            &Message::new("cli-import-done")
                .with("read", count(done.rows_read))
                .with("added", count(done.rows_added()))
                .with("changed", count(done.rows_changed()))
                .with("bad", count(done.rows_bad)),
        ),
        (RunState::Done, true) => report::line(
            lang,
            &Message::new("cli-import-checked")
                .with("read", count(done.rows_read))
                .with("bad", count(done.rows_bad)),
        ),
        _ => report::aside(lang, &Message::new("cli-import-refused").with("bad", done.rows_bad)),
    }
}

fn row(problem: &RowProblem, lang: Lang) -> Message {
    let place =
        if problem.line == 0 { problem.file.clone() } else { format!("{}:{}", problem.file, problem.line) };
    Message::new("cli-import-row")
        .with("place", place)
        .with("column", problem.column.as_str())
        .with("value", problem.value.as_str())
        .with("reason", text::say(lang, &problem.reason))
}

fn document(done: &ImportReport, lang: Lang) -> Document<'_> {
    Document {
        state: done.state.code(),
        rows_read: done.rows_read,
        rows_added: done.rows_added(),
        rows_changed: done.rows_changed(),
        rows_bad: done.rows_bad,
        tables: done
            .tables
            .iter()
            .map(|table| TableDocument {
                table: table.table.code(),
                added: table.added,
                changed: table.changed,
            })
            .collect(),
        problems: done
            .problems
            .iter()
            .map(|problem| ProblemDocument {
                file: &problem.file,
                line: problem.line,
                column: &problem.column,
                value: &problem.value,
                reason: text::say(lang, &problem.reason),
            })
            .collect(),
        problem_file: done.problem_file.as_ref().map(|file| file.display().to_string()),
        notes: done.notes.iter().map(|note| text::say(lang, note)).collect(),
        stale_months: done.stale.iter().map(ToString::to_string).collect(),
        duration_ms: done.duration_ms,
    }
}
