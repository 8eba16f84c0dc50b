//! `tenure lab churn`: who leaves, from any table that says who left.

use domain::{Arg, Lang, Message, Problem};
use science::churn::{self, MemberReport, Model, Options, Report, Scored, TimeOrder, Warning, WarningKind};
use science::frame::Frame;
use serde::Serialize;
use tracing::info_span;

use super::arguments::{ChurnEvaluate, ChurnScore, ChurnTrain, Lesson};
use super::{SHOWN, figure, named, numbers, read, show, warn, word, written};
use crate::arguments::Common;
use crate::report;

/// Learns on all folds but one and judges on that one.
pub fn evaluate(options: &ChurnEvaluate, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.lesson.input, common)?;
    let time = options.time.as_ref();
    let options = Options {
        folds: options.folds,
        capacity: options.capacity,
        time: time.map(|column| TimeOrder { column: column.clone(), horizon_months: options.months_ahead }),
        ..of(&options.lesson)
    };
    let evaluated = churn::evaluate(&frame, &options)?;
    beware(common.lang, &evaluated.warnings);
    show(common, &frame, &evaluated, |lang| print_evaluated(&evaluated, lang))
}

/// Says what was noticed, but for cells left out: that was said when the table was read.
pub(super) fn beware(lang: Lang, warnings: &[Warning]) {
    let unsaid = warnings.iter().filter(|warning| warning.kind != WarningKind::Misfits);
    warn(lang, unsaid.map(Warning::message));
}

fn of(lesson: &Lesson) -> Options {
    Options {
        drop: lesson.drop.clone(),
        keep: lesson.keep.clone(),
        seed: lesson.seed,
        learner: lesson.learner,
        allow_leaks: lesson.allow_leaks,
        ..Options::new(&lesson.target, &lesson.positive)
    }
}

fn print_evaluated(evaluated: &Report, lang: Lang) {
    let title = Message::new("lab-churn-evaluated")
        .with("count", text::count(evaluated.n as i64))
        .with("positives", text::count(evaluated.positives as i64))
        .with("share", Arg::Share(evaluated.positives as f64 / evaluated.n.max(1) as f64))
        .with("folds", evaluated.folds.len())
        .with("columns", evaluated.features.len());
    report::line(lang, &title);
    let auc = format!("{} ± {}", figure(evaluated.auc.mean), figure(evaluated.auc.sd));
    report::table(&[
        named(lang, "lab-auc", auc),
        named(lang, "lab-pr-auc", figure(evaluated.pr_auc)),
        named(lang, "lab-brier", figure(evaluated.brier)),
        named(lang, "lab-log-loss", figure(evaluated.log_loss)),
        named(lang, "lab-calibration-error", figure(evaluated.calibration_error)),
        named(lang, "lab-top-decile-lift", figure(evaluated.top_decile_lift)),
        vec![
            text::say(lang, &Message::new("lab-precision").with("count", evaluated.capacity)),
            figure(evaluated.precision_at_capacity),
        ],
    ]);
    report::plain(&word(lang, "lab-calibration"));
    let head = ["lab-calibration-said", "lab-calibration-happened", "lab-rows"].map(|key| word(lang, key));
    let mut rows = vec![head.to_vec()];
    for bin in &evaluated.calibration {
        rows.push(vec![text::share(bin.said), text::share(bin.happened), bin.count.to_string()]);
    }
    report::table(&rows);
}

#[derive(Serialize)]
struct Trained<'a> {
    file: Option<String>,
    n: usize,
    positives: usize,
    seed: u64,
    members: &'a [MemberReport],
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluation: Option<Report>,
    warnings: &'a [Warning],
}

/// Learns from all rows and writes the model down, if it is said where; with folds, judges it first.
pub fn train(options: &ChurnTrain, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.lesson.input, common)?;
    let model = info_span!("train").in_scope(|| churn::train(&frame, &of(&options.lesson)))?;
    beware(common.lang, &model.warnings);
    let judged = |folds| churn::evaluate(&frame, &Options { folds, ..of(&options.lesson) });
    let evaluation = options.folds.map(judged).transpose()?;
    match &options.output {
        Some(file) => lake::table::write_text(file, &model.to_json()?)?,
        None => warn(common.lang, [Message::new("lab-churn-not-kept")]),
    }
    let trained = Trained {
        file: options.output.as_ref().map(|file| file.display().to_string()),
        n: model.rows,
        positives: model.positives,
        seed: model.seed,
        members: &model.members,
        evaluation,
        warnings: &model.warnings,
    };
    show(common, &frame, &trained, |lang| {
        let title = Message::new("lab-churn-trained")
            .with("count", text::count(model.rows as i64))
            .with("positives", text::count(model.positives as i64));
        report::line(lang, &title);
        let member = |member: &MemberReport| {
            let trees = member.trees.map_or(String::new(), |trees| {
                text::say(lang, &Message::new("lab-churn-trees").with("count", trees))
            });
            vec![word(lang, &format!("lab-churn-member-{}", member.kind)), text::share(member.weight), trees]
        };
        report::table(&model.members.iter().map(member).collect::<Vec<_>>());
        if let Some(evaluation) = &trained.evaluation {
            print_evaluated(evaluation, lang);
        }
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

#[derive(Serialize)]
struct ScoredDocument<'a> {
    n: usize,
    #[serde(flatten)]
    scored: &'a Scored,
}

/// Gives each row of another table its probability.
pub fn score(options: &ChurnScore, common: &Common) -> Result<(), Problem> {
    let file = &options.model_file;
    let text = std::fs::read_to_string(file).map_err(|error| Problem::io(file, error))?;
    let model = Model::from_json(&text)?;
    let frame = read(&options.input, common)?;
    let scored = info_span!("score").in_scope(|| model.score(&frame));
    warn(common.lang, scored.warnings.iter().map(Warning::message));
    if let Some(file) = &options.output {
        let probability = numbers("probability", scored.probabilities.clone());
        let columns: Vec<_> = frame.columns().iter().chain([&probability]).collect();
        lake::table::write_csv(file, &columns)?;
    }
    let document = ScoredDocument { n: frame.rows(), scored: &scored };
    show(common, &frame, &document, |lang| {
        print_scored(&model, &frame, &scored, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

/// The likeliest to leave, and why.
fn print_scored(model: &Model, frame: &Frame, scored: &Scored, lang: Lang) {
    let probabilities = &scored.probabilities;
    let mean = probabilities.iter().sum::<f64>() / probabilities.len().max(1) as f64;
    let title = Message::new("lab-churn-scored")
        .with("count", text::count(probabilities.len() as i64))
        .with("mean", Arg::Share(mean));
    report::line(lang, &title);
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    order.truncate(SHOWN);
    let first = frame.columns().first();
    let name = first.map_or_else(String::new, |column| column.name.clone());
    let mut rows =
        vec![vec![word(lang, "lab-row"), name, word(lang, "lab-probability"), word(lang, "lab-reasons")]];
    for (&row, reasons) in order.iter().zip(model.explain(frame, &order)) {
        let reasons: Vec<String> = reasons
            .parts
            .iter()
            .take(3)
            .map(|(name, part)| {
                let value = frame.column(name).map_or_else(String::new, |column| column.text(row));
                format!("{name} {value} ({part:+.2})")
            })
            .collect();
        rows.push(vec![
            (row + 1).to_string(),
            first.map_or_else(String::new, |column| column.text(row)),
            text::share(probabilities[row]),
            reasons.join("  "),
        ]);
    }
    report::table(&rows);
}
