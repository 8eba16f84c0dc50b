//! The relation curve: revenue, cost and profit above, usage below, over the stages the relation went through.

use domain::engine::RelationMonth;
use domain::{LifecycleStage, Money, Month};
use maud::{Markup, html};

use super::{Axis, Canvas, Figure, line_path, month_labels, px, value_grid, yuan, yuan_on_axis};
use crate::ui::{Ui, stage, stage_shape, table};

const WIDE: Canvas =
    Canvas { width: 1000.0, height: 380.0, left: 72.0, right: 12.0, top: 34.0, bottom: 24.0 };
const NARROW: Canvas =
    Canvas { width: 360.0, height: 340.0, left: 56.0, right: 6.0, top: 34.0, bottom: 24.0 };

/// A run of months in one stage.
#[derive(Debug, Clone, PartialEq)]
pub struct StageRun<'a> {
    /// The stage.
    pub stage: LifecycleStage,
    /// The month it began.
    pub first: &'a RelationMonth,
    /// The last month of it.
    pub last: &'a RelationMonth,
}

/// The runs of equal stages, oldest first.
#[must_use]
pub fn stage_runs(months: &[RelationMonth]) -> Vec<StageRun<'_>> {
    months
        .chunk_by(|a, b| a.stage == b.stage)
        .filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            Some(StageRun { stage: first.stage, first, last })
        })
        .collect()
}

/// Draws the curve; nothing without months.
#[must_use]
pub fn draw(ui: &Ui<'_>, months: &[RelationMonth]) -> Option<Markup> {
    let first = months.first()?.month;
    let figure = Figure {
        question: &ui.t("relation-question"),
        caption: &ui.t("relation-caption"),
        legend: legend(ui),
        wide: plot(ui, months, first, WIDE),
        narrow: plot(ui, months, first, NARROW),
        table: figures(ui, months),
    };
    Some(figure.draw(ui))
}

fn legend(ui: &Ui<'_>) -> Markup {
    html! {
        @for (class, key) in
            [("revenue", "money-revenue"), ("cost", "money-cost"), ("profit", "money-profit"), ("usage", "usage")]
        {
            span.key {
                svg viewBox="0 0 24 10" aria-hidden="true" {
                    @if class == "usage" { rect.usage x="4" y="1" width="16" height="9" {} }
                    @else { path class={ "line " (class) } d="M1 5H23" {} }
                }
                (ui.t(key))
            }
        }
    }
}

fn plot(ui: &Ui<'_>, months: &[RelationMonth], first: Month, canvas: Canvas) -> Markup {
    const GAP: f64 = 28.0;
    let count = months.last().map_or(1, |last| (last.month - first) as usize + 1);
    let slot = canvas.plot_width() / count as f64;
    let left_of = |month: Month| canvas.left + f64::from(month - first) * slot;
    let centre_of = |month: Month| left_of(month) + slot / 2.0;

    let money_bottom = canvas.top + (canvas.plot_height() - GAP) * 0.68;
    let usage_top = money_bottom + GAP;
    let usage_bottom = canvas.height - canvas.bottom;
    let money = Axis::new(
        months.iter().flat_map(|m| [m.revenue, Some(m.cost), m.profit()]).flatten().map(Money::yuan),
        money_bottom,
        canvas.top,
        5,
    );
    let usage = Axis::new(months.iter().filter_map(|m| m.usage), usage_bottom, usage_top, 2);
    let say = |value| yuan_on_axis(ui.lang, value);
    // A month that nobody recorded is a gap in the line, not a fall to nothing.
    let series = |value: fn(&RelationMonth) -> Option<Money>| {
        line_path(months.iter().map(|m| Some((centre_of(m.month), money.at(value(m)?.yuan())))))
    };

    html! {
        svg.plot viewBox=(canvas.view_box()) role="img" aria-label=(ui.t("relation-question")) {
            (bands(ui, months, canvas, usage_bottom, slot, left_of))
            (value_grid(&canvas, &money, say))
            (value_grid(&canvas, &usage, say))
            text.axis x=(px(canvas.left)) y=(px(usage_top - 8.0)) { (ui.t("relation-usage-axis")) }
            @for (m, top) in months.iter().filter_map(|m| Some((m, usage.at(m.usage?)))) {
                rect.usage x=(px(left_of(m.month) + slot * 0.18)) width=(px(slot * 0.64))
                    y=(px(top)) height=(px((usage_bottom - top).max(0.0))) {}
            }
            path.line.cost d=(series(|m| m.revenue.and(Some(m.cost)))) {}
            path.line.profit d=(series(RelationMonth::profit)) {}
            path.line.revenue d=(series(|m| m.revenue)) {}
            (month_labels(first, count, canvas.plot_width(), canvas.height - 6.0, |index| centre_of(first + index as i32)))
            @for m in months {
                g.hover {
                    rect x=(px(left_of(m.month))) y=(px(canvas.top)) width=(px(slot))
                        height=(px(usage_bottom - canvas.top)) {}
                    @if let Some(revenue) = m.revenue {
                        circle cx=(px(centre_of(m.month))) cy=(px(money.at(revenue.yuan()))) r="3" {}
                    }
                    title { (hover(ui, m)) }
                }
            }
        }
    }
}

fn bands(
    ui: &Ui<'_>,
    months: &[RelationMonth],
    canvas: Canvas,
    bottom: f64,
    slot: f64,
    left_of: impl Fn(Month) -> f64,
) -> Markup {
    const NAME_WIDTH: f64 = 64.0;
    html! {
        @for run in stage_runs(months) {
            @let (x, end) = (left_of(run.first.month), left_of(run.last.month) + slot);
            g class={ "band stage-" (run.stage.code()) } {
                rect.tint x=(px(x)) y=(px(canvas.top)) width=(px(end - x)) height=(px(bottom - canvas.top)) {}
                rect.strip x=(px(x + 0.5)) y=(px(canvas.top - 5.0)) width=(px((end - x - 1.0).max(1.0))) height="5" {}
                @if end - x >= 12.0 {
                    svg x=(px(x)) y=(px(canvas.top - 20.0)) width="10" height="10" { (stage_shape(run.stage)) }
                }
                @if end - x >= NAME_WIDTH {
                    text.name x=(px(x + 15.0)) y=(px(canvas.top - 11.0)) { (ui.t(run.stage.text_key())) }
                }
            }
        }
    }
}

fn hover(ui: &Ui<'_>, m: &RelationMonth) -> String {
    let lines = [
        format!("{} · {}", m.month, ui.t(m.stage.text_key())),
        format!("{} {}", ui.t("money-revenue"), known_money(ui, m.revenue)),
        format!("{} {}", ui.t("money-cost"), ui.money(m.cost)),
        format!("{} {}", ui.t("money-profit"), known_money(ui, m.profit())),
        format!("{} {}", ui.t("usage"), known(m.usage, |usage| yuan(ui.lang, usage))),
        format!("{} {}", ui.t("lines"), known(m.lines, |lines| text::compact(ui.lang, lines))),
    ];
    lines.join("\n")
}

fn known<T>(value: Option<T>, say: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), say)
}

fn known_money(ui: &Ui<'_>, amount: Option<Money>) -> String {
    known(amount, |amount| ui.money(amount))
}

fn figures(ui: &Ui<'_>, months: &[RelationMonth]) -> Markup {
    let columns = [
        ("month", ""),
        ("stage", ""),
        ("stage-confidence", "number"),
        ("usage", "number"),
        ("lines", "number"),
        ("money-revenue", "number"),
        ("money-cost", "number"),
        ("money-profit", "number"),
    ];
    let row = |m: &RelationMonth| {
        [
            html! { (m.month) },
            stage(ui, m.stage),
            html! { (text::share(f64::from(m.confidence))) },
            html! { (known(m.usage, |usage| yuan(ui.lang, usage))) },
            html! { (known(m.lines, |lines| text::compact(ui.lang, lines))) },
            html! { (known_money(ui, m.revenue)) },
            html! { (ui.money(m.cost)) },
            html! { (known_money(ui, m.profit())) },
        ]
    };
    table(ui, columns, months.iter().rev().map(row), None)
}
