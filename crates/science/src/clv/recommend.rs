//! Which model fits a relation: by what the table is, then by a back-test on time held out.

use domain::{Arg, Message, Problem, ProblemKind};

use super::cohort::{Cohort, Survivors};
use super::fitting::{kind, survivors};
use super::model::Model;
use super::purchases::{Customer, Process, Purchases};
use super::report::Options;
use super::transactions::Log;
use crate::frame::Frame;

/// The model to use and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// Which.
    pub model: Model,
    /// Why, in words.
    pub reasons: Vec<Message>,
    /// Every candidate's mean error on the time held out, the best first: a share of the survivors, or purchases
    /// per customer.
    pub back_tests: Vec<(Model, f64)>,
}

/// Recommends a model for cohorts (`year, survivors`) or a log (`id, date, amount`), by the error on the last third
/// of the time.
///
/// # Errors
/// If the table is neither, or too short to hold a part of it out.
pub fn recommend(frame: &Frame, options: &Options) -> Result<Recommendation, Problem> {
    if frame.column("survivors").is_some() {
        let survivors = survivors(Model::Sbg, frame)?;
        return recommend_for_cohort(&survivors);
    }
    if Log::fits(frame) {
        return recommend_for_log(&Log::from_frame(frame)?, options);
    }
    let message = Message::new("clv-problem-columns").with("columns", "survivors | id, date, amount");
    Err(Problem::new(ProblemKind::BadInput, message.with("model", "recommend")))
}

fn recommend_for_cohort(survivors: &Survivors) -> Result<Recommendation, Problem> {
    let known = survivors.periods() * 2 / 3;
    let first = survivors.first(known)?;
    let error = |model, cohort: Cohort| (model, cohort.holdout_error(survivors, known));
    let tests = vec![error(Model::Sbg, Cohort::fit_sbg(&first)), error(Model::Bdw, Cohort::fit_bdw(&first))];
    best(tests, "clv-because-contractual", "clv-because-back-test-survivors", Arg::Share)
}

fn recommend_for_log(log: &Log, options: &Options) -> Result<Recommendation, Problem> {
    let short = || Problem::new(ProblemKind::BadInput, Message::new("clv-problem-short-log"));
    let (from, to) = log.span().ok_or_else(short)?;
    let cut = from + (to - from) * 2 / 3;
    let seen = log.as_of(cut, options.unit);
    let customers: Vec<Customer> = seen.iter().map(|summary| summary.customer).collect();
    let purchases = Purchases::new(&customers)?;
    let ahead = (to - cut) as f64 / options.unit.days();
    let tests = [Model::BgNbd, Model::MbgNbd, Model::ParetoNbd].map(|model| {
        let process = Process::fit(kind(model), &purchases);
        let errors = seen.iter().map(|one| (process.expected(&one.customer, ahead) - one.later).abs());
        (model, errors.sum::<f64>() / seen.len() as f64)
    });
    best(tests.into(), "clv-because-non-contractual", "clv-because-back-test-purchases", Arg::Number)
}

fn best(
    mut tests: Vec<(Model, f64)>,
    relation: &'static str,
    test: &'static str,
    shown: fn(f64) -> Arg,
) -> Result<Recommendation, Problem> {
    tests.sort_by(|a, b| a.1.total_cmp(&b.1));
    let [(model, error), (second, second_error), ..] = tests[..] else {
        return Err(Problem::new(ProblemKind::BadInput, Message::new("clv-problem-short-log")));
    };
    let because = Message::new(test)
        .with("model", Arg::Key(model.text_key()))
        .with("error", shown(error))
        .with("second", Arg::Key(second.text_key()))
        .with("second_error", shown(second_error));
    Ok(Recommendation { model, reasons: vec![Message::new(relation), because], back_tests: tests })
}
