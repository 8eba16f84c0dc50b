//! `tenure evaluate value`: lifetime values against what came on months held out.

use domain::{Arg, Lang, Message, Money, Problem};
use service::Services;
use service::models::{Candidate, GroupTest, Tenth, ValueTest, value_test};

use crate::arguments::Common;
use crate::report;

/// Tests lifetime values on the operator's own months.
pub async fn run(services: &Services, common: &Common) -> Result<(), Problem> {
    let test = value_test::run(services).await?;
    if common.json {
        return report::json(&test);
    }
    print(&test, common.lang);
    Ok(())
}

fn print(test: &ValueTest, lang: Lang) {
    let word = |key: &str| text::get(lang, key).into_owned();
    let [months, needed] = test.months;
    let Some(held_out) = test.held_out else {
        let short = Message::new("value-test-too-short").with("months", months).with("needed", needed);
        return report::line(lang, &short);
    };
    let title = Message::new("value-test-what")
        .with("known_to", held_out.known_to)
        .with("last", held_out.last)
        .with("months", held_out.months);
    report::line(lang, &title);
    for &unfit in &test.unfit {
        let unfit = Message::new("value-test-unfit").with("model", Arg::Key(unfit.text_key()));
        report::line(lang, &unfit);
    }
    for group in &test.groups {
        report::plain("");
        let name = group.group.map_or("value-test-all", |group| group.text_key());
        report::plain(&format!("{} · {}", word(name), group.customers));
        report::line(lang, &group.reason());
        if !group.candidates.is_empty() {
            report::table(&candidates(group, lang));
        }
    }
    let in_use = test.groups.first().and_then(|all| all.candidate(Candidate::IN_USE));
    if let Some(in_use) = in_use {
        report::plain("");
        let title = Message::new("value-test-calibration").with("model", Arg::Key(in_use.model.text_key()));
        report::line(lang, &title);
        report::table(&tenths(&in_use.calibration, lang));
    }
}

fn candidates(group: &GroupTest, lang: Lang) -> Vec<Vec<String>> {
    let titles = [
        "model",
        "value-test-error",
        "value-test-total",
        "value-test-absolute",
        "value-test-rank",
        "value-test-coverage",
    ];
    let mut rows = vec![titles.map(|key| text::get(lang, key).into_owned()).to_vec()];
    let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), text::share);
    for test in &group.candidates {
        rows.push(vec![
            text::get(lang, test.model.text_key()).into_owned(),
            text::share(test.error),
            signed(test.total_error),
            text::share(test.absolute_error),
            test.rank_correlation.map_or_else(|| "–".to_owned(), |rank| format!("{rank:.2}")),
            share(test.coverage),
        ]);
    }
    rows
}

fn signed(share: f64) -> String {
    format!("{}{}", if share > 0.0 { "+" } else { "" }, text::share(share))
}

fn tenths(tenths: &[Tenth], lang: Lang) -> Vec<Vec<String>> {
    let titles = ["customers", "value-test-foretold", "value-test-came", "value-test-came-range"];
    let mut rows = vec![titles.map(|key| text::get(lang, key).into_owned()).to_vec()];
    let yuan = |yuan: f64| Money::from_fen((yuan * 100.0).round() as i64).to_string();
    for tenth in tenths {
        rows.push(vec![
            tenth.customers.to_string(),
            yuan(tenth.foretold),
            yuan(tenth.came),
            format!("{} – {}", yuan(tenth.range.low), yuan(tenth.range.high)),
        ]);
    }
    rows
}
