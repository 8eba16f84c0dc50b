//! The models in use: what each says, what it rests on and how well it does, for those who must trust it.

use std::array;

use domain::satisfaction::SatisfactionLabel;
use domain::segment::{BuyingFactor, IctNeed, SegmentValue};
use domain::{Arg, LifecycleStage, Month};
use maud::{Markup, html};
use service::insight::Interval;
use service::models::{
    CalibrationBin, Drift, HeldOut, Inferences, Judged, JudgedOn, MemberRiskCard, ModelsView, RiskCard,
    SatisfactionCard, SegmentCard, StageCard, StageChain, StageFate, Trial,
};

use crate::chart::calibration::{self, Calibration, Part};
use crate::pages::today::{data_through, no_cycle_yet};
use crate::pages::value_test;
use crate::ui::{Column, Room, Ui, badge, field, page, section, stage, table};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, models: &ModelsView) -> Markup {
    let title = ui.t("models");
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/insight" { (ui.t("nav-insight")) } }
            h1 { (title) }
            @if let Some(month) = models.month { (data_through(ui, month)) }
        }
        @if models.month.is_none() { (no_cycle_yet(ui)) }
        @if let Some(card) = &models.stages { (stages(ui, card)) }
        @if let Some(card) = &models.risk { (risk(ui, card, &models.risk_over_time)) }
        @if let Some(chain) = &models.value { (value(ui, chain, models.ahead)) }
        @if let Some(test) = &models.value_test { (value_test::render(ui, test)) }
        @if let Some(card) = &models.segments { (segments(ui, card)) }
        @if let Some(card) = &models.satisfaction { (satisfaction(ui, card)) }
        @if let Some(card) = &models.member_risk { (member_risk(ui, card)) }
    };
    page(ui, Some(Room::Insight), &title, body)
}

fn risk(ui: &Ui<'_>, card: &RiskCard, over_time: &[(Month, RiskCard)]) -> Markup {
    section(
        "risk",
        &ui.t("exit-risk"),
        None,
        html! { div.card {
            p.note { (ui.t("model-risk-what")) }
            dl.facts {
                (source(ui))
                (field(&ui.t("model"), card.model.map(|model| ui.t(model.text_key()))))
                (field(&ui.t("model-version"), (card.version > 0).then_some(card.version)))
                (field(&ui.t("model-learnt-in"), card.learnt_in.map(|month| month.to_string())))
                (field(&ui.t("model-rows"), Some(ui.with("model-rows-of", [
                    ("rows", Arg::Text(count(card.rows))), ("exits", Arg::Text(count(card.exits))),
                ]))))
                (drifted(ui, card.drift.map(|stability| Drift { stability, alarm: card.drift_alarm })))
            }
            @match &card.judged {
                Some(judged) => {
                    h3 { (ui.t(judged_on(card.judged_on))) }
                    @let by_stage = card.by_stage.as_ref().map(|by_stage| ("model-by-stage", by_stage));
                    @let columns: Vec<_> = beside(judged, card.refused.as_ref()).into_iter().chain(by_stage).collect();
                    (figures(ui, ["model-figure-rows", "model-figure-exits"], &columns))
                    (calibrated(ui, &judged.tenths, &RISK_CHART))
                },
                None => p.faint { (ui.t("model-too-little")) },
            }
            @if !over_time.is_empty() { (judged_over_time(ui, over_time)) }
            h3 { (ui.t("model-assumes")) }
            ul.reasons { @for key in RISK_ASSUMES { li { (ui.t(key)) } } }
        } },
    )
}

/// What a model was judged on, in words.
const fn judged_on(judged_on: JudgedOn) -> &'static str {
    match judged_on {
        JudgedOn::LaterMonths => "model-judged",
        JudgedOn::OtherCustomers => "model-judged-others",
    }
}

/// What the form of a model is taken from: as yet none of those in use is an author's.
fn source(ui: &Ui<'_>) -> Markup {
    field(&ui.t("model-source"), Some(ui.t("model-source-own")))
}

fn drifted(ui: &Ui<'_>, drift: Option<Drift>) -> Markup {
    let told = drift.map(|drift| {
        html! {
            (format!("{:.3}", drift.stability)) " "
            @if drift.alarm { (badge("bad", &ui.t("model-drift-alarm"))) }
            @else { (badge("good", &ui.t("model-drift-calm"))) }
        }
    });
    field(&ui.t("model-drift"), told)
}

const RISK_ASSUMES: [&str; 5] = [
    "model-risk-assumes-past",
    "model-risk-assumes-cause",
    "model-risk-assumes-sample",
    "model-risk-assumes-worse",
    "model-risk-assumes-form",
];

fn count(number: usize) -> String {
    text::count(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A figure in words.
type Figure = fn(&Judged) -> String;

/// The model in use, and the one that was tried last and not taken.
fn beside<'a>(judged: &'a Judged, refused: Option<&'a Judged>) -> Vec<(&'static str, &'a Judged)> {
    let refused = refused.map(|refused| ("model-refused", refused));
    [("model-in-use", judged)].into_iter().chain(refused).collect()
}

/// How models did, each under its name; `counted`: what rows are, and those that the models are to tell.
fn figures(ui: &Ui<'_>, counted: [&'static str; 2], models: &[(&str, &Judged)]) -> Markup {
    let rows: [(&str, Figure); 8] = [
        (counted[0], |judged| count(judged.rows)),
        (counted[1], |judged| count(judged.exits)),
        ("model-figure-auc", |judged| format!("{:.3}", judged.auc)),
        ("model-figure-pr-auc", |judged| format!("{:.3}", judged.pr_auc)),
        ("model-figure-brier", |judged| format!("{:.4}", judged.brier)),
        ("model-figure-calibration", |judged| format!("{:.3}", judged.calibration_error)),
        ("model-figure-lift", |judged| format!("{:.1}", judged.top_decile_lift)),
        ("model-figure-log-loss", |judged| format!("{:.4}", judged.log_loss)),
    ];
    html! {
        div.scroll {
            table.list {
                thead {
                    tr {
                        th scope="col" { (ui.t("model-figure")) }
                        @for (name, _) in models { th.number scope="col" { (ui.t(name)) } }
                    }
                }
                tbody {
                    @for (key, figure) in rows {
                        tr {
                            th scope="row" { (ui.t(key)) }
                            @for (_, judged) in models { td.number { (figure(judged)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The last new model beside the one that it was to replace.
fn trial(ui: &Ui<'_>, counted: [&'static str; 2], trial: &Trial) -> Markup {
    html! {
        h3 { (ui.with("model-trial", [("month", trial.month.into())])) }
        p.note {
            @if trial.taken { (badge("good", &ui.t("model-trial-taken"))) }
            @else { (badge("warn", &ui.t("model-trial-refused"))) }
            " " (ui.t("model-trial-note"))
        }
        (figures(ui, counted, &[("model-trial-new", &trial.tried), ("model-trial-before", &trial.in_use)]))
    }
}

/// The texts of a calibration chart: question, caption, what was said, what came.
type Chart = [&'static str; 4];

const RISK_CHART: Chart =
    ["model-risk-chart-question", "model-risk-chart-caption", "model-risk-said", "model-risk-happened"];
const MEMBER_RISK_CHART: Chart = [
    "model-risk-chart-question",
    "model-member-risk-chart-caption",
    "model-risk-said",
    "model-risk-happened",
];
const SATISFACTION_CHART: Chart = [
    "model-satisfaction-chart-question",
    "model-satisfaction-chart-caption",
    "model-risk-said",
    "model-satisfaction-happened",
];
const STAGE_CHART: Chart =
    ["model-stage-chart-question", "model-stage-chart-caption", "model-stage-said", "model-stage-stood"];

/// What was said and what happened, by tenths; nothing where it is not known.
fn calibrated(ui: &Ui<'_>, tenths: &[CalibrationBin], texts: &Chart) -> Markup {
    let part = |tenth: &CalibrationBin| {
        let error = (tenth.happened * (1.0 - tenth.happened) / tenth.count as f64).sqrt();
        let range = Interval::around(tenth.happened, error);
        Part {
            count: tenth.count,
            said: tenth.said,
            came: tenth.happened,
            range: Interval { low: range.low.max(0.0), high: range.high.min(1.0) },
        }
    };
    let parts: Vec<Part> = tenths.iter().map(part).collect();
    let chart = calibration::draw(
        ui,
        &Calibration {
            question: &ui.t(texts[0]),
            caption: &ui.t(texts[1]),
            said: &ui.t(texts[2]),
            came: &ui.t(texts[3]),
            parts: &parts,
            on_axis: &|share| text::share(share),
            in_table: &|share| format!("{:.2}%", 100.0 * share),
        },
    );
    html! { @if let Some(chart) = chart { div.pair { div.panel { (chart) } } } }
}

/// The months in which the model in use was judged anew, the latest first.
fn judged_over_time(ui: &Ui<'_>, over_time: &[(Month, RiskCard)]) -> Markup {
    const COLUMNS: usize = 2 + OVER_TIME.len();
    let columns: [Column; COLUMNS] = array::from_fn(|place| match place {
        0 => ("month", ""),
        1 => ("model-version", "number"),
        _ => (OVER_TIME[place - 2].0, "number"),
    });
    let row = |(month, card): &(Month, RiskCard)| -> [Markup; COLUMNS] {
        array::from_fn(|place| match place {
            0 => html! { (month) },
            1 => html! { (card.version) },
            _ => html! { @if let Some(judged) = &card.judged { (OVER_TIME[place - 2].1(judged)) } },
        })
    };
    html! {
        h3 { (ui.t("model-over-time")) }
        p.note { (ui.t("model-over-time-note")) }
        div.scroll { (table(ui, columns, over_time.iter().rev().map(row), None)) }
    }
}

const OVER_TIME: [(&str, Figure); 5] = [
    ("model-figure-rows", |judged| count(judged.rows)),
    ("model-figure-exits", |judged| count(judged.exits)),
    ("model-figure-auc", |judged| format!("{:.3}", judged.auc)),
    ("model-figure-calibration", |judged| format!("{:.3}", judged.calibration_error)),
    ("model-figure-lift", |judged| format!("{:.1}", judged.top_decile_lift)),
];

fn value(ui: &Ui<'_>, chain: &StageChain, (months, discount): (u16, f64)) -> Markup {
    section(
        "value",
        &ui.t("lifetime-value"),
        None,
        html! { div.card {
            p.note { (ui.with("model-value-what", [
                ("months", Arg::Count(i64::from(months))), ("discount", Arg::Share(discount)),
            ])) }
            dl.facts { (source(ui)) }
            h3 { (ui.t("model-value-moves")) }
            div.scroll { (moves(ui, chain)) }
            h3 { (ui.t("model-assumes")) }
            ul.reasons { @for key in VALUE_ASSUMES { li { (ui.t(key)) } } }
        } },
    )
}

fn stages(ui: &Ui<'_>, card: &StageCard) -> Markup {
    section(
        "stages",
        &ui.t("stage"),
        None,
        html! { div.card {
            p.note { (ui.t("model-stage-what")) }
            dl.facts {
                (source(ui))
                (field(&ui.t("model-stage-months"), card.months.map(|(first, last)| format!("{first} – {last}"))))
                (field(&ui.t("model-figure-rows"), (card.rows > 0).then(|| count(card.rows))))
            }
            @if card.stages.is_empty() { p.faint { (ui.t("model-stage-too-early")) } }
            @else {
                (calibrated(ui, &card.tenths, &STAGE_CHART))
                h3 { (ui.t("model-stage-fates")) }
                div.scroll { (fates(ui, &card.stages)) }
            }
            h3 { (ui.t("model-assumes")) }
            ul.reasons { @for key in STAGE_ASSUMES { li { (ui.t(key)) } } }
        } },
    )
}

/// What became of the customers of each stage.
fn fates(ui: &Ui<'_>, stages: &[StageFate]) -> Markup {
    let columns: [Column; 5] = [
        ("stage", ""),
        ("model-figure-rows", "number"),
        ("model-stage-stood", "number"),
        ("model-stage-earning", "number"),
        ("model-stage-revenue", "number"),
    ];
    let row = |fate: &StageFate| -> [Markup; 5] {
        let (earning, of_earning) = fate.earning;
        [
            stage(ui, fate.stage),
            html! { (of_many(fate.rows)) },
            html! { (text::share(fate.stood)) },
            html! {
                (text::share(earning)) " "
                small { (text::share(of_earning.low)) " – " (text::share(of_earning.high)) }
            },
            html! {
                @match fate.revenue {
                    Some((ratio, range)) => {
                        (format!("{ratio:.2}")) " " small { (format!("{:.2} – {:.2}", range.low, range.high)) }
                    },
                    None => "–",
                }
            },
        ]
    };
    table(ui, columns, stages.iter().map(row), None)
}

const STAGE_ASSUMES: [&str; 4] = [
    "model-stage-assumes-rests",
    "model-stage-assumes-before",
    "model-stage-assumes-truth",
    "model-stage-assumes-form",
];

/// A dimension of the segments: its title, what was inferred, and the names of its codes.
type Dimension<'a> = (&'static str, &'a Inferences, Vec<&'static str>);

fn segments(ui: &Ui<'_>, card: &SegmentCard) -> Markup {
    let dimensions: [Dimension<'_>; 3] = [
        ("value", &card.value, SegmentValue::ALL.iter().map(|code| code.text_key()).collect()),
        (
            "model-segment-factor",
            &card.buying_factor,
            BuyingFactor::ALL.iter().map(|code| code.text_key()).collect(),
        ),
        ("model-segment-need", &card.ict_need, IctNeed::ALL.iter().map(|code| code.text_key()).collect()),
    ];
    section(
        "segments",
        &ui.t("segment"),
        None,
        html! { div.card {
            p.note { (ui.t("model-segment-what")) }
            dl.facts { (source(ui)) }
            h3 { (ui.t("model-segment-sure")) }
            p.note { (ui.t("model-segment-sure-note")) }
            div.scroll { (sureness(ui, &dimensions)) }
            @for (title, inferred, codes) in &dimensions {
                h3 { (ui.t(title)) }
                div.scroll { (inferences(ui, inferred, codes)) }
            }
            h3 { (ui.t("model-assumes")) }
            ul.reasons { @for key in SEGMENT_ASSUMES { li { (ui.t(key)) } } }
        } },
    )
}

/// How many customers were told each dimension, and how surely.
fn sureness(ui: &Ui<'_>, dimensions: &[Dimension<'_>]) -> Markup {
    let columns: [Column; 5] = [
        ("segment", ""),
        ("customers", "number"),
        ("model-segment-guess", "number"),
        ("model-segment-likely", "number"),
        ("model-segment-surely", "number"),
    ];
    let row = |(title, inferred, _): &Dimension<'_>| -> [Markup; 5] {
        let total = inferred.total();
        let share =
            |part: u64| html! { @if total > 0 { (text::share(part as f64 / total as f64)) } @else { "–" } };
        let [guess, likely, surely] = inferred.sure.map(share);
        [html! { (ui.t(title)) }, html! { (of_many(total)) }, guess, likely, surely]
    };
    table(ui, columns, dimensions.iter().map(row), None)
}

/// What was inferred in one dimension.
fn inferences(ui: &Ui<'_>, inferred: &Inferences, codes: &[&'static str]) -> Markup {
    let columns: [Column; 3] = [("segment", ""), ("customers", "number"), ("stage-confidence", "number")];
    let rows = codes.iter().enumerate().map(|(code, name)| -> [Markup; 3] {
        let told = inferred.of(code);
        [
            html! { (ui.t(name)) },
            html! { (of_many(told.map_or(0, |(customers, _)| customers))) },
            html! { @match told { Some((_, sure)) => (text::share(sure)), None => "–" } },
        ]
    });
    table(ui, columns, rows, None)
}

fn of_many(number: u64) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX))
}

const SEGMENT_ASSUMES: [&str; 4] = [
    "model-segment-assumes-rests",
    "model-segment-assumes-cannot",
    "model-segment-assumes-confidence",
    "model-segment-assumes-form",
];

/// From each stage to each, what a month there brings and what a customer there is worth.
fn moves(ui: &Ui<'_>, chain: &StageChain) -> Markup {
    const STAGES: usize = LifecycleStage::COUNT;
    let columns: [Column; STAGES + 3] = array::from_fn(|place| match place {
        0 => ("flow-from-to", ""),
        1..=STAGES => (LifecycleStage::ALL[place - 1].text_key(), "number"),
        place if place == STAGES + 1 => ("model-value-profit", "number first"),
        _ => ("model-value-worth", "number"),
    });
    let row = |&from: &LifecycleStage| -> [Markup; STAGES + 3] {
        let value = &chain.values[from.index()];
        array::from_fn(|place| match place {
            0 => stage(ui, from),
            1..=STAGES => {
                let chance = chain.chances[from.index()][place - 1];
                html! { @if chance > 0.0 { (text::share(chance)) } @else { "–" } }
            }
            place if place == STAGES + 1 => html! { (format!("{:.2}", chain.profit[from.index()])) },
            _ => html! { (format!("{:.1}", value.earning + value.cost)) },
        })
    };
    table(ui, columns, LifecycleStage::ALL.iter().map(row), None)
}

const VALUE_ASSUMES: [&str; 3] =
    ["model-value-assumes-chain", "model-value-assumes-level", "model-value-assumes-own"];

fn satisfaction(ui: &Ui<'_>, card: &SatisfactionCard) -> Markup {
    section(
        "satisfaction",
        &ui.t("satisfaction"),
        None,
        html! { div.card {
            p.note { (ui.t("model-satisfaction-what")) }
            dl.facts {
                (source(ui))
                (field(&ui.t("model-answers"), Some(count(card.answers))))
                (field(&ui.t("model-version"), (card.version > 0).then_some(card.version)))
                (field(&ui.t("model-learnt-in"), card.learnt_in.map(|month| month.to_string())))
                (drifted(ui, card.drift))
            }
            @match &card.held_out {
                Some(held_out) => {
                    (held_out_figures(ui, held_out))
                    (calibrated(ui, &held_out.tenths, &SATISFACTION_CHART))
                    (labels(ui, &card.labels))
                },
                None if card.refused => p.faint { (ui.t("model-satisfaction-refused")) },
                None => p.faint { (ui.with("model-satisfaction-too-little", [("least", Arg::Text(count(card.least)))])) },
            }
            @if let Some(last) = &card.trial { (trial(ui, ["model-figure-answers-since", "model-figure-dissatisfied"], last)) }
            h3 { (ui.t("model-assumes")) }
            ul.reasons { @for key in SATISFACTION_ASSUMES { li { (ui.t(key)) } } }
        } },
    )
}

const SATISFACTION_ASSUMES: [&str; 6] = [
    "model-satisfaction-assumes-answers",
    "model-satisfaction-assumes-labels",
    "model-satisfaction-assumes-question",
    "model-satisfaction-assumes-rollup",
    "model-satisfaction-assumes-worse",
    "model-satisfaction-assumes-form",
];

/// How well the dissatisfied were told who were not learnt from.
fn held_out_figures(ui: &Ui<'_>, held_out: &HeldOut) -> Markup {
    let rows = [
        ("model-figure-answers", count(held_out.rows)),
        ("model-figure-dissatisfied", count(held_out.dissatisfied)),
        ("model-figure-auc", format!("{:.3} ± {:.3}", held_out.auc.mean, held_out.auc.sd)),
        ("model-figure-pr-auc", format!("{:.3}", held_out.pr_auc)),
        ("model-figure-brier", format!("{:.4}", held_out.brier)),
        ("model-figure-calibration", format!("{:.3}", held_out.calibration_error)),
        ("model-figure-lift", format!("{:.1}", held_out.top_decile_lift)),
    ];
    html! {
        h3 { (ui.t("model-held-out")) }
        div.scroll {
            table.list {
                thead { tr { th scope="col" { (ui.t("model-figure")) } th.number scope="col" { (ui.t("model-in-use")) } } }
                tbody { @for (key, figure) in rows { tr { th scope="row" { (ui.t(key)) } td.number { (figure) } } } }
            }
        }
    }
}

/// What was answered.
fn labels(ui: &Ui<'_>, labels: &[usize; 4]) -> Markup {
    html! {
        h3 { (ui.t("model-labels")) }
        dl.facts {
            @for (label, &number) in SatisfactionLabel::ALL.iter().zip(labels) {
                (field(&ui.t(label.text_key()), Some(count(number))))
            }
        }
    }
}

fn member_risk(ui: &Ui<'_>, card: &MemberRiskCard) -> Markup {
    section(
        "member-risk",
        &ui.t("model-member-risk"),
        None,
        html! { div.card {
            p.note { (ui.t("model-member-risk-what")) }
            dl.facts {
                (source(ui))
                (field(&ui.t("model"), card.model.map(|model| ui.t(model.text_key()))))
                (field(&ui.t("model-version"), (card.version > 0).then_some(card.version)))
                (field(&ui.t("model-learnt-in"), card.learnt_in.map(|month| month.to_string())))
                (field(&ui.t("model-rows"), Some(ui.with("model-member-rows-of", [
                    ("rows", Arg::Text(count(card.rows))), ("exits", Arg::Text(count(card.exits))),
                ]))))
                (drifted(ui, card.drift))
            }
            @match (&card.trial, &card.judged) {
                (Some(last), _) => (trial(ui, MEMBER_MONTHS, last)),
                (None, Some(judged)) => {
                    h3 { (ui.t("model-judged")) }
                    (figures(ui, MEMBER_MONTHS, &beside(judged, None)))
                },
                (None, None) => p.faint { (ui.t("model-too-little")) },
            }
            @if let Some(judged) = &card.judged { (calibrated(ui, &judged.tenths, &MEMBER_RISK_CHART)) }
            h3 { (ui.t("model-assumes")) }
            ul.reasons { @for key in MEMBER_RISK_ASSUMES { li { (ui.t(key)) } } }
        } },
    )
}

/// What is counted where members are judged on.
const MEMBER_MONTHS: [&str; 2] = ["model-figure-member-rows", "model-figure-exits"];

const MEMBER_RISK_ASSUMES: [&str; 4] = [
    "model-risk-assumes-past",
    "model-member-risk-assumes-plan",
    "model-member-risk-assumes-worse",
    "model-risk-assumes-form",
];
