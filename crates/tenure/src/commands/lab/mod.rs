//! `tenure lab`: the models on a table of one's own. No data folder is read or made.

mod allocate;
pub mod arguments;
mod churn;
mod clv;
mod concentration;
mod hold_out;
mod offers;
mod rfm;
mod satisfaction;
mod segments;
mod uplift;

use std::process::ExitCode;

use domain::{Lang, Message, Problem};
use science::frame::{Column, Frame, Note, UNKNOWN, Values};
use science::interval::Interval;
use serde::Serialize;

use crate::arguments::Common;
use crate::report;
use arguments::{Churn, Clv, Lab, Satisfaction, Segments, Uplift};

/// Calls a model on a table.
pub fn run(options: &Lab, common: &Common) -> Result<ExitCode, Problem> {
    match options {
        Lab::Clv(Clv::Fit(options)) => clv::fit(options, common),
        Lab::Clv(Clv::Score(options)) => clv::score(options, common),
        Lab::Clv(Clv::Recommend(options)) => clv::recommend(options, common),
        Lab::Churn(Churn::Evaluate(options)) => churn::evaluate(options, common),
        Lab::Churn(Churn::Train(options)) => churn::train(options, common),
        Lab::Churn(Churn::Score(options)) => churn::score(options, common),
        Lab::Satisfaction(Satisfaction::Evaluate(options)) => satisfaction::evaluate(options, common),
        Lab::Segments(Segments::Certify(options)) => segments::certify(options, common),
        Lab::Uplift(Uplift::Evaluate(options)) => uplift::evaluate(options, common),
        Lab::Segments(Segments::Choose(options)) => segments::choose(options, common),
        Lab::Uplift(Uplift::HoldOut(options)) => hold_out::plan(options, common),
        Lab::Uplift(Uplift::Offer(options)) => offers::offer(options, common),
        Lab::Uplift(Uplift::WinBack(options)) => offers::win_back(options, common),
        Lab::Allocate(options) => allocate::run(options, common),
        Lab::Rfm(options) => rfm::score(options, common),
        Lab::Concentration(options) => concentration::measure(options, common),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// The table; what was special about how it is written is said on standard error.
fn read(table: &arguments::Input, common: &Common) -> Result<Frame, Problem> {
    let frame = tracing::info_span!("read").in_scope(|| lake::table::read(&table.input))?;
    warn(common.lang, Note::messages(&frame.notes()));
    Ok(frame)
}

/// Rows shown to people; all of them are in the JSON document and in the file.
const SHOWN: usize = 10;

/// A result with how the table was read that it rests on.
#[derive(Serialize)]
struct Document<'a, T> {
    #[serde(flatten)]
    result: &'a T,
    table_notes: Vec<Note>,
}

/// The result as a document or in words.
fn show(
    common: &Common,
    table: &Frame,
    result: &impl Serialize,
    in_words: impl FnOnce(Lang),
) -> Result<(), Problem> {
    if common.json {
        return report::json(&Document { result, table_notes: table.notes() });
    }
    in_words(common.lang);
    Ok(())
}

/// Says on standard error what to beware of.
fn warn(lang: Lang, warnings: impl IntoIterator<Item = Message>) {
    for warning in warnings {
        let text = text::say(lang, &warning);
        report::aside(lang, &Message::new("lab-warning").with("text", text));
    }
}

fn word(lang: Lang, key: &str) -> String {
    text::get(lang, key).into_owned()
}

/// A statistic with as many figures as are worth reading.
fn figure(value: f64) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    format!("{value:.4}")
}

fn range(Interval { low, high }: Interval) -> String {
    format!("[{}, {}]", figure(low), figure(high))
}

/// A row of a table in words: what it is called, and its figure.
fn named(lang: Lang, key: &str, figure: String) -> Vec<String> {
    vec![word(lang, key), figure]
}

fn numbers(name: &str, values: Vec<f64>) -> Column {
    Column { name: name.to_owned(), values: Values::Numbers(values), misfits: 0 }
}

/// A column of `yes` and `no`; rows of which neither is known are empty.
fn yes_or_no(name: &str, rows: impl Iterator<Item = Option<bool>>) -> Column {
    let codes = rows.map(|yes| yes.map_or(UNKNOWN, u32::from)).collect();
    let names = vec!["no".to_owned(), "yes".to_owned()];
    Column { name: name.to_owned(), values: Values::Categories { codes, names }, misfits: 0 }
}

/// The table with more columns, as a file, if one is asked for.
fn keep(file: Option<&std::path::PathBuf>, frame: &Frame, more: &[Column]) -> Result<(), Problem> {
    let columns: Vec<_> = frame.columns().iter().chain(more).collect();
    file.map_or(Ok(()), |file| lake::table::write_csv(file, &columns))
}

fn written(lang: Lang, file: &std::path::Path) {
    report::line(lang, &Message::new("lab-written").with("file", file.display().to_string()));
}
