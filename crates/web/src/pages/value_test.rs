//! Lifetime value against what came, on the page of the models in use.

use domain::{Arg, Money};
use maud::{Markup, html};
use service::insight::Interval;
use service::models::{Candidate, CandidateTest, GroupTest, ValueTest};

use crate::chart::calibration::{self, Calibration, Part};
use crate::chart::yuan_on_axis;
use crate::ui::{Ui, badge, section, table};

/// Which model is recommended per customer group and why, how the candidates did, and how well the one in use is
/// calibrated.
pub(super) fn render(ui: &Ui<'_>, test: &ValueTest) -> Markup {
    let [months, needed] = test.months;
    let body = match test.held_out {
        None => {
            html! { p.faint { (ui.with("value-test-too-short", [("months", months.into()), ("needed", needed.into())])) } }
        }
        Some(held_out) => html! {
            p.note { (ui.with("value-test-what", [
                ("known_to", held_out.known_to.into()),
                ("last", held_out.last.into()),
                ("months", held_out.months.into()),
            ])) }
            @for unfit in &test.unfit {
                p.faint { (ui.with("value-test-unfit", [("model", Arg::Key(unfit.text_key()))])) }
            }
            (recommendations(ui, test))
            @if let Some(all) = test.groups.first() { (charts(ui, all)) }
            h3 { (ui.t("value-test-candidates")) }
            p.note { (ui.t("value-test-candidates-note")) }
            @for group in test.groups.iter().filter(|group| !group.candidates.is_empty()) {
                details open[group.group.is_none()] {
                    summary { (name(ui, group)) }
                    (candidates(ui, group))
                }
            }
        },
    };
    section("value-test", &ui.t("value-test-question"), None, html! { div.card { (body) } })
}

fn name(ui: &Ui<'_>, group: &GroupTest) -> String {
    ui.t(group.group.map_or("value-test-all", |group| group.text_key())).into_owned()
}

fn recommendations(ui: &Ui<'_>, test: &ValueTest) -> Markup {
    html! {
        ul.reasons {
            @for group in &test.groups {
                li {
                    strong { (name(ui, group)) } " "
                    @match group.recommended() {
                        Some(Candidate::IN_USE) => { (badge("good", &ui.t(Candidate::IN_USE.text_key()))) },
                        Some(other) => { (badge("warn", &ui.t(other.text_key()))) },
                        None => {},
                    }
                    " "
                    span.faint { (ui.with("value-test-group", [
                        ("customers", Arg::Text(text::count(i64::try_from(group.customers).unwrap_or(i64::MAX)))),
                        ("came", Arg::Text(yuan(ui, group.came))),
                    ])) }
                    br;
                    (ui.say(&group.reason()))
                }
            }
        }
    }
}

/// The calibration of the model in use, and beside it of the one recommended for all, if that is another.
fn charts(ui: &Ui<'_>, all: &GroupTest) -> Markup {
    let other = all.recommended().filter(|&model| model != Candidate::IN_USE);
    let models = [Some(Candidate::IN_USE), other];
    let tests: Vec<&CandidateTest> =
        models.into_iter().flatten().filter_map(|model| all.candidate(model)).collect();
    html! {
        div.pair {
            @for test in tests {
                @if let Some(chart) = calibrated(ui, test) { div.panel { (chart) } }
            }
        }
    }
}

fn calibrated(ui: &Ui<'_>, test: &CandidateTest) -> Option<Markup> {
    let part = |tenth: &service::models::Tenth| Part {
        count: tenth.customers,
        said: tenth.foretold,
        came: tenth.came,
        range: tenth.range,
    };
    let parts: Vec<Part> = test.calibration.iter().map(part).collect();
    let mut caption = ui.t("value-test-chart-caption").into_owned();
    if let Some(coverage) = test.coverage {
        caption.push_str(&ui.with("value-test-chart-coverage", [("share", Arg::Share(coverage))]));
    }
    calibration::draw(
        ui,
        &Calibration {
            question: &ui.with("value-test-chart-question", [("model", Arg::Key(test.model.text_key()))]),
            caption: &caption,
            said: &ui.t("value-test-foretold"),
            came: &ui.t("value-test-came"),
            parts: &parts,
            on_axis: &|value| yuan_on_axis(ui.lang, value),
            in_table: &|value| yuan(ui, value),
        },
    )
}

fn candidates(ui: &Ui<'_>, group: &GroupTest) -> Markup {
    let unknown = || "–".to_owned();
    let columns = [
        ("model", ""),
        ("value-test-error", "number"),
        ("value-test-better-by", "number"),
        ("value-test-total", "number"),
        ("value-test-absolute", "number"),
        ("value-test-rank", "number"),
        ("value-test-coverage", "number"),
    ];
    let row = |test: &CandidateTest| {
        let model = html! {
            (ui.t(test.model.text_key())) " "
            @if test.model == Candidate::IN_USE { (badge("good", &ui.t("model-in-use"))) }
        };
        let better_by = |range: Interval| format!("{} – {}", signed(range.low), signed(range.high));
        let figures = [
            text::share(test.error),
            test.better_by.map_or_else(unknown, better_by),
            signed(test.total_error),
            text::share(test.absolute_error),
            test.rank_correlation.map_or_else(unknown, |rank| format!("{rank:.2}")),
            test.coverage.map_or_else(unknown, text::share),
        ];
        let [error, better_by, total, absolute, rank, coverage] = figures.map(|figure| html! { (figure) });
        [model, error, better_by, total, absolute, rank, coverage]
    };
    html! { div.scroll { (table(ui, columns, group.candidates.iter().map(row), None)) } }
}

fn signed(share: f64) -> String {
    format!("{}{}", if share > 0.0 { "+" } else { "" }, text::share(share))
}

fn yuan(ui: &Ui<'_>, yuan: f64) -> String {
    ui.money(Money::from_fen((yuan * 100.0).round() as i64))
}
