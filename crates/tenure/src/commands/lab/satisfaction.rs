//! `tenure lab satisfaction`: how well the dissatisfied are told who were never asked.

use domain::{Arg, Lang, Message, Problem};
use science::satisfaction::{self, Options, Report};

use super::arguments::SatisfactionEvaluate;
use super::churn::beware;
use super::{figure, named, read, show};
use crate::arguments::Common;
use crate::report;

/// Learns from those who answered, fold by fold, and judges on the others of them.
pub fn evaluate(options: &SatisfactionEvaluate, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let options = Options {
        scale: options.scale,
        drop: options.drop.clone(),
        folds: options.folds,
        allow_leaks: options.allow_leaks,
        seed: options.seed,
        ..Options::new(&options.score)
    };
    let evaluated = satisfaction::evaluate(&frame, &options)?;
    beware(common.lang, &evaluated.warnings);
    show(common, &frame, &evaluated, |lang| print(&evaluated, lang))
}

fn print(evaluated: &Report, lang: Lang) {
    let title = Message::new("lab-satisfaction-evaluated")
        .with("count", text::count(evaluated.n as i64))
        .with("dissatisfied", text::count(evaluated.dissatisfied as i64))
        .with("share", Arg::Share(evaluated.dissatisfied as f64 / evaluated.n.max(1) as f64))
        .with("scale", i64::from(evaluated.scale));
    report::line(lang, &title);
    let spread =
        |auc: &science::churn::MeanAndDeviation| format!("{} ± {}", figure(auc.mean), figure(auc.sd));
    report::table(&[
        named(lang, "lab-auc", spread(&evaluated.auc)),
        named(lang, "lab-satisfaction-without-missing", spread(&evaluated.auc_without_missing)),
        named(lang, "lab-pr-auc", figure(evaluated.pr_auc)),
        named(lang, "lab-brier", figure(evaluated.brier)),
        named(lang, "lab-calibration-error", figure(evaluated.calibration_error)),
        named(lang, "lab-top-decile-lift", figure(evaluated.top_decile_lift)),
    ]);
    if evaluated.auc.mean - evaluated.auc_without_missing.mean > 2.0 * evaluated.auc.sd {
        report::line(lang, &Message::new("lab-satisfaction-gaps-tell"));
    }
}
