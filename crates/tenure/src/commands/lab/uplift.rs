//! `tenure lab uplift`: what a play adds, and whether it pays to choose whom to contact.

use domain::{Arg, Lang, Message, Problem};
use science::frame::{Column, Frame, UNKNOWN, Values};
use science::interval::Interval;
use science::uplift::{self, Learner, Options, Report};

use super::arguments::{ColumnValue, UpliftEvaluate};
use super::{figure, numbers, range, read, show, warn, word, written};
use crate::arguments::Common;
use crate::report;

/// Evaluates an experiment.
pub fn evaluate(options: &UpliftEvaluate, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let said = |column: &str, value: &str| match frame.column(column) {
        Some(column) => column.as_said(value),
        None => value.to_owned(),
    };
    let arm = |ColumnValue { column, value }: &ColumnValue| (column.clone(), said(column, value));
    let asked = Options {
        treatment: arm(&options.treatment),
        control: arm(&options.control),
        outcome: options.outcome.clone(),
        positive: options.positive.as_deref().map(|value| said(&options.outcome, value)),
        drop: options.drop.clone(),
        keep: options.keep.clone(),
        seed: options.seed,
    };
    let evaluated = uplift::evaluate(&frame, &asked)?;
    warn(common.lang, evaluated.warnings());
    if let Some(file) = &options.output {
        let [score, never] = of_rows(&frame, &evaluated);
        let columns: Vec<_> = frame.columns().iter().chain([&score, &never]).collect();
        lake::table::write_csv(file, &columns)?;
    }
    show(common, &frame, &evaluated, |lang| {
        print(&evaluated, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

/// What is thought of each row of the table; unknown for those in neither arm.
fn of_rows(frame: &Frame, evaluated: &Report) -> [Column; 2] {
    let mut scores = vec![f64::NAN; frame.rows()];
    let mut codes = vec![UNKNOWN; frame.rows()];
    for &(row, score) in &evaluated.scores {
        scores[row] = score;
        codes[row] = 0;
    }
    for &row in &evaluated.never_contact {
        codes[row] = 1;
    }
    let names = vec!["no".to_owned(), "yes".to_owned()];
    let never = Values::Categories { codes, names };
    [numbers("uplift", scores), Column { name: "never_contact".to_owned(), values: never, misfits: 0 }]
}

fn print(evaluated: &Report, lang: Lang) {
    let title = Message::new("lab-uplift-evaluated")
        .with("count", text::count(evaluated.n as i64))
        .with("treated", text::count(evaluated.treated as i64))
        .with("control", text::count(evaluated.control as i64))
        .with("base", Arg::Share(evaluated.base_rate));
    report::line(lang, &title);
    report::line(lang, &evaluated.message());
    let head = ["lab-uplift-learner", "lab-uplift-qini", "lab-interval"].map(|key| word(lang, key));
    let mut rows = vec![head.to_vec()];
    for learner in Learner::ALL {
        if let Some(qini) = evaluated.qini.get(learner.code()) {
            let interval = range(Interval { low: qini.low, high: qini.high });
            rows.push(vec![word(lang, learner.text_key()), figure(qini.value), interval]);
        }
    }
    let gain = evaluated.gain_over_response;
    let interval = range(Interval { low: gain.low, high: gain.high });
    rows.push(vec![word(lang, "lab-uplift-gain"), figure(gain.value), interval]);
    report::table(&rows);
    if evaluated.never_contact_count > 0 {
        let count = text::count(evaluated.never_contact_count as i64);
        report::line(lang, &Message::new("lab-uplift-never-contact").with("count", count));
    }
}
