//! `tenure evaluate`: stages, warnings and values.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::ExitCode;

use domain::engine::{CustomerMonth, Engine};
use domain::id::CustomerId;
use domain::outlook::{ExitCause, ExitRisk};
use domain::{Lang, LifecycleStage, Message, Month, Problem, ProblemKind};
use lake::Lake;
use science::evaluation::{
    Backtest, JudgedMonth, LivedMonth, OutcomeReport, Quality, QualityReport, StageOutcome, WarnedMonth,
};
use serde::Serialize;
use service::Services;

use super::{evaluate_duplicates, evaluate_value};
use crate::arguments::{Common, Evaluate, Evaluated};
use crate::{house, report};

#[derive(Serialize)]
struct Judged {
    model: QualityReport,
    naive: QualityReport,
}

#[derive(Serialize)]
struct BackTested {
    model: Vec<OutcomeReport>,
    naive: Vec<OutcomeReport>,
}

/// Judges what is published: against a truth, or by what happened next.
pub async fn run(options: &Evaluate, common: &Common) -> Result<ExitCode, Problem> {
    let (services, lake) = house::open(common).await?;
    if let Evaluated::Value = options.what {
        evaluate_value::run(&services, common).await?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Evaluated::Duplicates = options.what {
        evaluate_duplicates::run(&services, options, common).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let history = published(&services, &lake).await?;
    if let Evaluated::Warnings = options.what {
        return warnings(&services, &history, options, common).await;
    }
    match &options.truth {
        Some(file) => {
            let judged = judge(&history, &truth(file, &services, false).await?);
            if common.json { report::json(&judged)? } else { print_judged(&judged, common.lang) }
        }
        None => {
            let tested = back_test(&history);
            if common.json { report::json(&tested)? } else { print_back_tested(&tested, common.lang) }
        }
    }
    Ok(ExitCode::SUCCESS)
}

type History = BTreeMap<CustomerId, Vec<CustomerMonth>>;

/// Every published month of every customer.
async fn published(services: &Services, lake: &Lake) -> Result<History, Problem> {
    let manifest = services.manifest().await?;
    if manifest.assessments.is_empty() {
        let cause = Message::new("problem-nothing-published");
        return Err(Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-nothing-published")));
    }
    let mut history = History::new();
    for file in manifest.assessments.values() {
        lake.customer_months(file, &mut |month| {
            history.entry(month.assessment.customer).or_default().push(month);
        })?;
    }
    Ok(history)
}

/// How good warnings are at what managers can handle: against a truth, or by who had left three months later.
async fn warnings(
    services: &Services,
    history: &History,
    options: &Evaluate,
    common: &Common,
) -> Result<ExitCode, Problem> {
    let truth = match &options.truth {
        Some(file) => Some(truth(file, services, true).await?),
        None => None,
    };
    let lists = services.customer_lists().await?;
    let last = history.values().flatten().map(|month| month.month).max();
    let mut months = Vec::new();
    for (&customer, lived) in history {
        for (place, month) in lived.iter().enumerate() {
            let Some(risk) = &month.assessment.risk else { continue };
            let left = match &truth {
                Some(truth) => match truth.get(&(customer, month.month)) {
                    Some(true_month) => true_month.exits,
                    None => continue,
                },
                // Who leaves after the last months is not known yet.
                None if last.is_none_or(|last| month.month > last - ExitRisk::MONTHS) => continue,
                None => lived[place + 1..]
                    .iter()
                    .take_while(|later| later.month <= month.month + ExitRisk::MONTHS)
                    .any(|later| later.assessment.stage == LifecycleStage::Termination),
            };
            months.push(WarnedMonth {
                month: month.month,
                list: lists.get(&customer).copied().unwrap_or_default(),
                customer: customer.get(),
                cause: risk.cause,
                expected_loss: risk.expected_loss.yuan(),
                at_stake: month.assessment.profit_12m.yuan().max(0.0),
                left,
            });
        }
    }
    let report = science::evaluation::warnings(&months, usize::from(options.capacity));
    if common.json {
        report::json(&report)?;
        return Ok(ExitCode::SUCCESS);
    }
    let title = Message::new("cli-warnings-title")
        .with("capacity", i64::from(options.capacity))
        .with("lists", text::count(i64::try_from(report.lists).unwrap_or(i64::MAX)));
    report::line(common.lang, &title);
    let print = |key: &str, figure: String| row(&text::get(common.lang, key), [figure]);
    print("cli-warnings-given", report.warnings.to_string());
    print("cli-warnings-precision", text::share(report.precision));
    print("cli-warnings-recall", text::share(report.recall));
    print("cli-warnings-customers", text::share(report.customers_warned));
    print("cli-warnings-lead", format!("{:.1}", report.lead_months));
    print("cli-warnings-value", text::share(report.value_saved));
    for of in &report.causes {
        let figures = Message::new("cli-warnings-cause")
            .with(
                "cause",
                text::get(common.lang, of.cause.map_or("exit-cause-unknown", ExitCause::text_key))
                    .into_owned(),
            )
            .with("warnings", of.warnings)
            .with("right", text::share(of.precision))
            .with("lead", format!("{:.1}", of.lead_months));
        report::line(common.lang, &figures);
    }
    Ok(ExitCode::SUCCESS)
}

/// What is true of a customer in a month.
struct TrueMonth {
    stage: LifecycleStage,
    exits: bool,
}

/// The truth by customer and month; `with_exits`: the column that says who leaves is needed.
async fn truth(
    file: &Path,
    services: &Services,
    with_exits: bool,
) -> Result<HashMap<(CustomerId, Month), TrueMonth>, Problem> {
    let failed = |error| Problem::io(file, error);
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let wrong = |line: usize, value: &str| {
        let cause = Message::new("problem-truth")
            .with("file", file.display().to_string())
            .with("line", line)
            .with("value", value);
        Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-truth"))
    };
    let codes: HashMap<String, CustomerId> =
        services.customer_codes().await?.into_iter().map(|(id, code)| (code, id)).collect();
    let mut lines = text.lines();
    let header: Vec<&str> =
        lines.next().unwrap_or_default().trim_start_matches('\u{feff}').split(',').collect();
    let place = |name: &str| header.iter().position(|column| *column == name).ok_or_else(|| wrong(1, name));
    let (month, customer, stage) = (place("month")?, place("customer_code")?, place("stage")?);
    let exits = if with_exits { Some(place("exit_within_3m")?) } else { None };
    let mut truth = HashMap::new();
    for (index, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let fields: Vec<&str> = line.split(',').collect();
        let field = |place: usize| fields.get(place).copied().unwrap_or_default();
        let at: Month = field(month).parse().map_err(|_| wrong(index + 2, field(month)))?;
        let id = *codes.get(field(customer)).ok_or_else(|| wrong(index + 2, field(customer)))?;
        let stage = field(stage).parse().map_err(|_| wrong(index + 2, field(stage)))?;
        truth.insert((id, at), TrueMonth { stage, exits: exits.is_some_and(|place| field(place) == "1") });
    }
    Ok(truth)
}

fn judge(history: &History, truth: &HashMap<(CustomerId, Month), TrueMonth>) -> Judged {
    let (mut model, mut naive) = (Quality::default(), Quality::default());
    for (&customer, months) in history {
        let judged = |given: fn(&CustomerMonth) -> (LifecycleStage, f32)| -> Vec<JudgedMonth> {
            months
                .iter()
                .filter_map(|month| {
                    let (given, confidence) = given(month);
                    let truth = truth.get(&(customer, month.month))?.stage;
                    Some(JudgedMonth { month: month.month, truth, given, confidence })
                })
                .collect()
        };
        model.add_customer(&judged(|m| (m.assessment.stage, m.assessment.stage_confidence)));
        naive.add_customer(&judged(|m| (m.assessment.naive_stage, 1.0)));
    }
    Judged { model: model.report(), naive: naive.report() }
}

fn back_test(history: &History) -> BackTested {
    let (mut model, mut naive) = (Backtest::default(), Backtest::default());
    for months in history.values() {
        let lived = |given: fn(&CustomerMonth) -> LifecycleStage| -> Vec<LivedMonth> {
            months
                .iter()
                .map(|month| LivedMonth {
                    month: month.month,
                    given: given(month),
                    active: month.usage.is_some_and(|usage| usage > 0.0)
                        || month.revenue.is_some_and(|revenue| revenue.fen() > 0),
                    usage: month.usage.unwrap_or_default(),
                    revenue: month.revenue.unwrap_or_default().yuan(),
                })
                .collect()
        };
        model.add_customer(&lived(|m| m.assessment.stage));
        naive.add_customer(&lived(|m| m.assessment.naive_stage));
    }
    BackTested { model: model.report(), naive: naive.report() }
}

const NAME: usize = 38;
const CELL: usize = 12;

fn row(name: &str, cells: impl IntoIterator<Item = String>) {
    let cells: String = cells.into_iter().map(|cell| report::padded(&cell, CELL)).collect();
    report::plain(format!("{}{cells}", report::padded(name, NAME)).trim_end());
}

fn stage_names(lang: Lang) -> impl Iterator<Item = String> {
    LifecycleStage::ALL.iter().map(move |stage| text::get(lang, stage.text_key()).into_owned())
}

fn print_judged(judged: &Judged, lang: Lang) {
    let both = [&judged.model, &judged.naive];
    let title = |key: &str| text::get(lang, key).into_owned();
    let figures = |key: &str, figure: fn(&QualityReport) -> String| {
        row(&title(key), both.map(figure));
    };
    let rows = Message::new("cli-evaluate-title").with("rows", judged.model.months);
    report::line(lang, &rows);
    row("", [title("cli-evaluate-model"), title("cli-evaluate-naive")]);
    figures("cli-evaluate-macro-f1", |quality| format!("{:.3}", quality.macro_f1));
    figures("cli-evaluate-delay", |quality| delay(quality, LifecycleStage::Decline));
    figures("cli-evaluate-flips", |quality| format!("{:.2}", quality.changes_per_year));
    figures("cli-evaluate-flips-truth", |quality| format!("{:.2}", quality.true_changes_per_year));
    row(&title("cli-evaluate-calibration"), [format!("{:.3}", judged.model.calibration_error)]);
    report::plain("");
    row(&title("cli-evaluate-delays"), stage_names(lang));
    for (key, quality) in [("cli-evaluate-model", both[0]), ("cli-evaluate-naive", both[1])] {
        row(&title(key), LifecycleStage::ALL.iter().map(|&stage| delay(quality, stage)));
    }
    for (key, quality) in [("cli-evaluate-model", both[0]), ("cli-evaluate-naive", both[1])] {
        report::plain("");
        report::plain(&format!("{} · {}", title("cli-evaluate-confusion"), title(key)));
        row("", stage_names(lang).chain(["F1".to_owned()]));
        for ((stage, counts), name) in quality.stages.iter().zip(&quality.confusion).zip(stage_names(lang)) {
            let f1 = stage.f1.map_or_else(|| "–".to_owned(), |f1| format!("{f1:.3}"));
            row(&name, counts.iter().map(ToString::to_string).chain([f1]));
        }
    }
}

fn delay(quality: &QualityReport, stage: LifecycleStage) -> String {
    let of_stage = quality.stages.iter().find(|of_stage| of_stage.stage == stage);
    let median = of_stage.and_then(|of_stage| of_stage.delay.median_months);
    median.map_or_else(|| "–".to_owned(), |months| months.to_string())
}

fn print_back_tested(tested: &BackTested, lang: Lang) {
    report::line(lang, &Message::new("cli-evaluate-backtest"));
    for (key, reports) in [("cli-evaluate-model", &tested.model), ("cli-evaluate-naive", &tested.naive)] {
        for of_horizon in reports.iter().filter(|report| report.month.is_none()) {
            report::plain("");
            let months = i64::try_from(of_horizon.horizon_months).unwrap_or_default();
            let say = |key| text::say(lang, &Message::new(key).with("months", months));
            report::plain(&text::get(lang, key));
            print_outcomes(
                &of_horizon.stages,
                lang,
                [
                    text::get(lang, "cli-evaluate-stage").into_owned(),
                    text::get(lang, "cli-evaluate-customers").into_owned(),
                    say("cli-evaluate-active"),
                    say("cli-evaluate-usage"),
                    say("cli-evaluate-revenue"),
                ],
            );
        }
    }
}

fn print_outcomes(stages: &[StageOutcome], lang: Lang, titles: [String; 5]) {
    const WIDTHS: [usize; 5] = [14, 12, 26, 30, 30];
    let print = |cells: [String; 5]| {
        let line: String =
            cells.iter().zip(WIDTHS).map(|(cell, width)| report::padded(cell, width)).collect();
        report::plain(line.trim_end());
    };
    print(titles);
    for outcome in stages {
        print([
            text::get(lang, outcome.stage.text_key()).into_owned(),
            outcome.customer_months.to_string(),
            format!(
                "{} [{}, {}]",
                text::share(outcome.active),
                text::share(outcome.active_interval.low),
                text::share(outcome.active_interval.high)
            ),
            ratio(outcome.usage_ratio, outcome.usage_ratio_interval.as_ref()),
            ratio(outcome.revenue_ratio, outcome.revenue_ratio_interval.as_ref()),
        ]);
    }
}

fn ratio(value: Option<f64>, interval: Option<&science::interval::Interval>) -> String {
    match (value, interval) {
        (Some(value), Some(interval)) => format!("{value:.2} [{:.2}, {:.2}]", interval.low, interval.high),
        _ => "–".to_owned(),
    }
}
