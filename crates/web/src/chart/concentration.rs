//! The concentration curve: which share of revenue comes from which share of customers, largest first.

use domain::Arg;
use maud::{Markup, html};
use service::insight::Concentration;

use super::{Canvas, Figure, line_path, px};
use crate::ui::Ui;

const WIDE: Canvas = Canvas { width: 560.0, height: 330.0, left: 52.0, right: 16.0, top: 12.0, bottom: 40.0 };
const NARROW: Canvas =
    Canvas { width: 360.0, height: 280.0, left: 44.0, right: 14.0, top: 12.0, bottom: 40.0 };
const TOP_SHARE: f64 = 0.2;

/// Draws the curve.
#[must_use]
pub fn draw(ui: &Ui<'_>, concentration: &Concentration) -> Markup {
    let mut caption = ui.with(
        "concentration-caption",
        [
            ("share", Arg::Share(concentration.top_fifth)),
            ("gini", Arg::Number(concentration.gini)),
            ("count", Arg::Text(text::count(concentration.customers))),
        ],
    );
    if let Some(range) = concentration.top_fifth_range {
        caption.push_str(
            &ui.with(
                "concentration-range",
                [("low", Arg::Share(range.low)), ("high", Arg::Share(range.high))],
            ),
        );
    }
    let figure = Figure {
        question: &ui.t("concentration-question"),
        caption: &caption,
        legend: html! {
            span.key {
                svg viewBox="0 0 24 10" aria-hidden="true" { path.line.profit d="M1 5H23" {} }
                (ui.t("concentration-here"))
            }
            span.key {
                svg viewBox="0 0 24 10" aria-hidden="true" { path.line.even d="M1 5H23" {} }
                (ui.t("concentration-even"))
            }
        },
        wide: plot(ui, concentration, WIDE),
        narrow: plot(ui, concentration, NARROW),
        table: table(ui, concentration),
    };
    figure.draw(ui)
}

fn points(concentration: &Concentration) -> Vec<(f64, f64)> {
    let steps = concentration.curve.len().saturating_sub(1).max(1) as f64;
    concentration.curve.iter().enumerate().map(|(n, &share)| (n as f64 / steps, f64::from(share))).collect()
}

fn plot(ui: &Ui<'_>, concentration: &Concentration, canvas: Canvas) -> Markup {
    let x = |share: f64| canvas.left + share * canvas.plot_width();
    let y = |share: f64| canvas.height - canvas.bottom - share * canvas.plot_height();
    let points = points(concentration);
    let curve = line_path(points.iter().map(|&(customers, revenue)| Some((x(customers), y(revenue)))));
    let area = format!("{curve}L{} {}Z", px(x(1.0)), px(y(0.0)));
    let reach = canvas.plot_width() / points.len().max(2) as f64;
    let quarters = [0.0, 0.25, 0.5, 0.75, 1.0];
    html! {
        svg.plot viewBox=(canvas.view_box()) role="img" aria-label=(ui.t("concentration-question")) {
            g.grid {
                @for tick in quarters {
                    line class=[(tick == 0.0).then_some("zero")] x1=(px(x(0.0))) x2=(px(x(1.0))) y1=(px(y(tick))) y2=(px(y(tick))) {}
                    text.tick x=(px(canvas.left - 8.0)) y=(px(y(tick) + 4.0)) text-anchor="end" { (text::share(tick)) }
                    text.tick x=(px(x(tick))) y=(px(y(0.0) + 16.0)) text-anchor="middle" { (text::share(tick)) }
                }
            }
            text.axis x=(px(x(0.5))) y=(px(canvas.height - 6.0)) text-anchor="middle" { (ui.t("concentration-axis")) }
            path.line.even d={ "M" (px(x(0.0))) " " (px(y(0.0))) "L" (px(x(1.0))) " " (px(y(1.0))) } {}
            @if !points.is_empty() {
                path.area d=(area) {}
                path.line.profit d=(curve) {}
            }
            g.mark {
                line x1=(px(x(TOP_SHARE))) x2=(px(x(TOP_SHARE))) y1=(px(y(0.0))) y2=(px(y(concentration.top_fifth))) {}
                circle cx=(px(x(TOP_SHARE))) cy=(px(y(concentration.top_fifth))) r="4" {}
                text.name x=(px(x(TOP_SHARE) + 10.0)) y=(px(y(concentration.top_fifth) + 16.0)) {
                    (ui.with("concentration-top", [("share", Arg::Share(concentration.top_fifth))]))
                }
            }
            @for &(customers, revenue) in &points {
                g.hover {
                    rect x=(px(x(customers) - reach / 2.0)) y=(px(canvas.top)) width=(px(reach)) height=(px(canvas.plot_height())) {}
                    circle cx=(px(x(customers))) cy=(px(y(revenue))) r="3" {}
                    title { (ui.with("concentration-hover", [
                        ("customers", Arg::Share(customers)),
                        ("revenue", Arg::Share(revenue)),
                    ])) }
                }
            }
        }
    }
}

fn table(ui: &Ui<'_>, concentration: &Concentration) -> Markup {
    html! {
        table.list {
            thead { tr {
                th.number scope="col" { (ui.t("concentration-axis")) }
                th.number scope="col" { (ui.t("concentration-revenue")) }
            } }
            tbody {
                @for (customers, revenue) in points(concentration) {
                    tr { th.number scope="row" { (text::share(customers)) } td.number { (text::share(revenue)) } }
                }
            }
        }
    }
}
