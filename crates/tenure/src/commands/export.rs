//! `tenure export assessments`.

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use documents::{Spreadsheet, SpreadsheetError, Value};
use domain::assessment::Reason;
use domain::engine::Manifest;
use domain::id::CustomerId;
use domain::{Lang, Message, Month, Problem, ProblemKind};
use lake::Lake;
use lake::export::{self, Cell, Words};
use serde::Serialize;

use crate::arguments::{Common, Export, Exported, Format, MonthOrAll};
use crate::{house, report};

#[derive(Serialize)]
struct Document {
    file: String,
    rows: u64,
}

/// Writes one row per customer and month, whole or not at all.
pub async fn run(options: &Export, common: &Common) -> Result<ExitCode, Problem> {
    let Exported::Assessments = options.what;
    let (services, lake) = house::open(common).await?;
    let manifest = services.manifest().await?;
    let codes: HashMap<CustomerId, String> = services.customer_codes().await?.into_iter().collect();
    let reasons = |reasons: &[Reason]| in_words(reasons, common.lang);
    let words = Words { code: &|customer| codes.get(&customer).cloned(), reasons: &reasons };
    let month = match options.month {
        MonthOrAll::All => None,
        MonthOrAll::Month(month) => Some(month),
    };
    let rows = match options.format {
        Format::Csv => export::write_csv(&lake, &manifest, month, &words, &options.output)?,
        Format::Parquet => export::write_parquet(&lake, &manifest, month, &words, &options.output)?,
        Format::Xlsx => write_xlsx(&lake, &manifest, month, &words, &options.output, common.lang)?,
    };
    let file = options.output.display().to_string();
    if common.json {
        report::json(&Document { file, rows })?;
    } else {
        let count = text::count(i64::try_from(rows).unwrap_or(i64::MAX));
        report::line(common.lang, &Message::new("cli-export-done").with("rows", count).with("file", file));
    }
    Ok(ExitCode::SUCCESS)
}

fn in_words(reasons: &[Reason], lang: Lang) -> String {
    let said: Vec<String> = reasons.iter().map(|reason| text::say(lang, &reason.message())).collect();
    said.join(match lang {
        Lang::ZhCn => "；",
        Lang::En => "; ",
    })
}

fn write_xlsx(
    lake: &Lake,
    manifest: &Manifest,
    month: Option<Month>,
    words: &Words<'_>,
    path: &Path,
    lang: Lang,
) -> Result<u64, Problem> {
    let failed = |error| match error {
        SpreadsheetError::Io(error) => Problem::io(path, error),
        SpreadsheetError::Xlsx(error) => {
            let cause = Message::new("problem-xlsx")
                .with("file", path.display().to_string())
                .with("error", error.to_string());
            Problem::new(ProblemKind::Environment, cause).hint(Message::new("hint-xlsx")).because(error)
        }
    };
    let header = export::COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut sheet = Spreadsheet::new(&text::get(lang, "cli-export-sheet"), header);
    let rows = export::rows(lake, manifest, month, words, &mut |cells| {
        let row: Vec<Value> = cells.iter().map(value).collect();
        sheet.push(&row).map_err(failed)
    })?;
    // Beside the target first, so that a full disk leaves no half of a file under its name.
    let beside = path.with_extension("xlsx.part");
    let saved = sheet
        .save(&beside)
        .map_err(failed)
        .and_then(|()| std::fs::rename(&beside, path).map_err(|error| Problem::io(path, error)));
    if saved.is_err() {
        // The first failure is the one to tell of.
        let _ = std::fs::remove_file(&beside);
    }
    saved.map(|()| rows)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Empty,
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Whole(number) => Value::Number(*number as f64),
        Cell::Number(number) => Value::Number(*number),
        Cell::Money(amount) => Value::Yuan(amount.yuan()),
    }
}
