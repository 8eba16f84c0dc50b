//! `tenure lab clv`: lifetime value.

use domain::{Arg, Lang, Message, Problem, date};
use science::clv::{self, FitReport, Mark, Model, Options, Recommendation, ScoreReport};
use serde::Serialize;
use tracing::info_span;

use super::arguments::{ClvOptions, ClvRecommend};
use super::{SHOWN, figure, range, read, show, warn, word, written};
use crate::arguments::Common;
use crate::report;

/// Fits a model.
pub fn fit(options: &ClvOptions, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let fitted = info_span!("fit").in_scope(|| clv::fit(options.model, &frame, &of(options)))?;
    warn(common.lang, fitted.notes.iter().map(|note| Message::new(note)));
    if let Some(file) = &options.output {
        let text = serde_json::to_string(&fitted).map_err(Problem::internal)?;
        lake::table::write_text(file, &(text + "\n"))?;
    }
    show(common, &frame, &fitted, |lang| {
        print_fitted(&fitted, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

/// Fits a model and values each row.
pub fn score(options: &ClvOptions, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let scored = clv::score(options.model, &frame, &of(options))?;
    warn(common.lang, scored.notes.iter().map(|note| Message::new(note)));
    if let Some(file) = &options.output {
        lake::table::write_csv(file, &scored.columns().iter().collect::<Vec<_>>())?;
    }
    show(common, &frame, &scored, |lang| {
        print_scored(&scored, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

/// The recommendation as a document.
#[derive(Serialize)]
struct Recommended {
    model: Model,
    /// Keys of why.
    reasons: Vec<&'static str>,
    /// Every candidate, the best first.
    back_tests: Vec<BackTest>,
}

#[derive(Serialize)]
struct BackTest {
    model: Model,
    error: f64,
}

/// Recommends a model by a back-test on the last third of the time.
pub fn recommend(options: &ClvRecommend, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let options = Options { unit: options.unit, ..Options::default() };
    let found = info_span!("recommend").in_scope(|| clv::recommend(&frame, &options))?;
    let recommended = Recommended {
        model: found.model,
        reasons: found.reasons.iter().map(|reason| reason.key).collect(),
        back_tests: found.back_tests.iter().map(|&(model, error)| BackTest { model, error }).collect(),
    };
    show(common, &frame, &recommended, |lang| print_recommended(&found, lang))
}

fn print_recommended(found: &Recommendation, lang: Lang) {
    let title = Message::new("lab-clv-recommended").with("model", Arg::Key(found.model.text_key()));
    report::line(lang, &title);
    for reason in &found.reasons {
        report::line(lang, reason);
    }
    let mut rows = vec![vec![word(lang, "model"), word(lang, "lab-clv-holdout-error")]];
    let tests = found.back_tests.iter();
    rows.extend(tests.map(|&(model, error)| vec![word(lang, model.text_key()), figure(error)]));
    report::table(&rows);
}

fn of(options: &ClvOptions) -> Options {
    Options {
        booking: options.booking,
        discount: options.discount,
        horizon_years: Some(options.horizon).filter(|years| years.is_finite()),
        margin: options.margin,
        transactions: options.transactions,
        unit: options.unit,
        as_of: options.as_of.map(date::days),
        ahead: options.ahead,
        seed: options.seed,
        ..Options::default()
    }
}

fn print_fitted(fitted: &FitReport, lang: Lang) {
    let title = Message::new("lab-clv-fitted")
        .with("model", Arg::Key(fitted.model.text_key()))
        .with("count", text::count(fitted.n as i64));
    report::line(lang, &title);
    if !fitted.params.is_empty() {
        let head = ["lab-parameter", "lab-value", "lab-clv-log-error"].map(|key| word(lang, key));
        let mut rows = vec![head.to_vec()];
        for (symbol, value) in &fitted.params {
            let error = fitted.log_errors.iter().find(|(name, _)| name == symbol);
            let error = error.map_or_else(|| "–".to_owned(), |(_, error)| figure(*error));
            rows.push(vec![(*symbol).to_owned(), figure(*value), error]);
        }
        report::table(&rows);
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    if let Some(value) = fitted.log_likelihood {
        rows.push(vec![word(lang, "lab-clv-log-likelihood"), figure(value)]);
    }
    for (name, value) in &fitted.figures {
        rows.push(vec![word(lang, &format!("lab-clv-figure-{name}")), figure(*value)]);
    }
    report::table(&rows);
    print_stages(fitted, lang);
    print_card(fitted, lang);
}

/// What each stage is worth, and where it leads.
fn print_stages(fitted: &FitReport, lang: Lang) {
    if fitted.stages.is_empty() {
        return;
    }
    let names: Vec<String> = fitted.stages.iter().map(|row| word(lang, row.stage.text_key())).collect();
    let head = ["lab-clv-stage", "lab-clv-stage-months", "lab-clv-stage-profit", "lab-value", "lab-interval"];
    let mut rows = vec![head.map(|key| word(lang, key)).to_vec()];
    for (row, name) in fitted.stages.iter().zip(&names) {
        let interval = row.interval.map_or_else(|| "–".to_owned(), range);
        rows.push(vec![name.clone(), figure(row.months), figure(row.profit), figure(row.value), interval]);
    }
    report::table(&rows);
    report::plain(&word(lang, "lab-clv-stage-moves"));
    let mut rows = vec![[vec![word(lang, "lab-clv-stage")], names.clone()].concat()];
    for (row, name) in fitted.stages.iter().zip(names) {
        let chances = row.chances.iter().map(|chance| text::share(*chance));
        rows.push(std::iter::once(name).chain(chances).collect());
    }
    report::table(&rows);
}

fn print_card(fitted: &FitReport, lang: Lang) {
    let mark = match fitted.card.mark {
        Mark::Published => "lab-clv-mark-published",
        Mark::Remembered => "lab-clv-mark-remembered",
        Mark::Memory => "lab-clv-mark-memory",
        Mark::Own => "lab-clv-mark-own",
    };
    report::plain(&word(lang, mark));
    report::line(lang, &Message::new("lab-clv-booking").with("booking", Arg::Key(fitted.booking.text_key())));
    report::plain(&word(lang, "lab-clv-assumptions"));
    for assumption in fitted.card.assumptions {
        report::plain(&format!("  {}", word(lang, assumption)));
    }
}

fn print_scored(scored: &ScoreReport, lang: Lang) {
    let count = scored.scores.len();
    let sum: f64 = scored.scores.iter().map(|score| score.value).sum();
    let title = Message::new("lab-clv-scored")
        .with("model", Arg::Key(scored.model.text_key()))
        .with("count", text::count(count as i64))
        .with("sum", text::compact(lang, sum))
        .with("mean", text::compact(lang, sum / count.max(1) as f64));
    report::line(lang, &title);
    let has = |name| {
        scored.scores.first().is_some_and(|score| score.figures.iter().any(|(figure, _)| *figure == name))
    };
    if has("discounted_purchases") && !has("expected_spend") {
        report::plain(&word(lang, "lab-clv-value-purchases"));
    }
    report::line(lang, &Message::new("lab-clv-booking").with("booking", Arg::Key(scored.booking.text_key())));
    let columns = scored.columns();
    let mut rows = vec![columns.iter().map(|column| column.name.clone()).collect()];
    for row in 0..count.min(SHOWN) {
        let cell = |(place, column): (usize, &science::frame::Column)| match column.numbers() {
            Some(numbers) if place >= scored.carried.len() => figure(numbers[row]),
            _ => column.text(row),
        };
        rows.push(columns.iter().enumerate().map(cell).collect());
    }
    report::table(&rows);
    if count > SHOWN {
        report::line(lang, &Message::new("lab-more").with("count", text::count((count - SHOWN) as i64)));
    }
}
