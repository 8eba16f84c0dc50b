//! What relations bring as they grow older: usage, revenue, cost and profit per customer over the age of the
//! relation, a line for each year of start or each stage.

use domain::{Arg, LifecycleStage, Money};
use maud::{Markup, html};
use service::insight::ages::{AgePoint, Ages};

use super::{Axis, Canvas, Figure, line_path, px, value_grid, yuan_on_axis};
use crate::ui::{Ui, table};

const WIDE: Canvas = Canvas { width: 640.0, height: 210.0, left: 60.0, right: 14.0, top: 26.0, bottom: 36.0 };
const NARROW: Canvas =
    Canvas { width: 360.0, height: 200.0, left: 56.0, right: 10.0, top: 26.0, bottom: 36.0 };

/// The value of a measure at a point.
type ValueOf = fn(&AgePoint) -> Money;

/// The measures, a plot each: what it is called, and its value.
const MEASURES: [(&str, ValueOf); 4] = [
    ("usage", |point| point.usage),
    ("money-revenue", |point| point.revenue),
    ("money-cost", |point| point.cost),
    ("money-profit", AgePoint::profit),
];

/// A line: its name, its colour, how much of it shows, its points.
struct Line<'a> {
    name: String,
    class: String,
    opacity: f64,
    points: &'a [AgePoint],
}

/// Draws both figures.
#[must_use]
pub fn draw(ui: &Ui<'_>, ages: &Ages) -> Markup {
    let newest = ages.by_year.len().saturating_sub(1).max(1) as f64;
    let by_year: Vec<Line<'_>> = ages
        .by_year
        .iter()
        .enumerate()
        .map(|(place, (year, points))| Line {
            name: year.to_string(),
            class: "line profit".to_owned(),
            opacity: 0.25 + 0.75 * place as f64 / newest,
            points,
        })
        .collect();
    let by_stage: Vec<Line<'_>> = ages
        .by_stage
        .iter()
        .map(|(stage, points): &(LifecycleStage, Vec<AgePoint>)| Line {
            name: ui.t(stage.text_key()).into_owned(),
            class: format!("line of-stage stage-{}", stage.code()),
            opacity: 1.0,
            points,
        })
        .collect();
    let turning = match &ages.turning {
        Some(turning) => ui.with(
            "ages-turning",
            [
                ("years", Arg::Number(turning.years)),
                ("low", Arg::Number(turning.range.low)),
                ("high", Arg::Number(turning.range.high)),
            ],
        ),
        None => ui.t("ages-no-turning").into_owned(),
    };
    html! {
        div.pair {
            div.panel { (figure(ui, "ages", &turning, &by_year)) }
            @if !by_stage.is_empty() { div.panel { (figure(ui, "ages-stage", "", &by_stage)) } }
        }
    }
}

fn figure(ui: &Ui<'_>, key: &str, more: &str, lines: &[Line<'_>]) -> Markup {
    let plots = |canvas: Canvas| {
        html! { @for (name, value) in MEASURES { (plot(ui, &ui.t(name), value, lines, canvas)) } }
    };
    let figure = Figure {
        question: &ui.t(&format!("{key}-question")),
        caption: &format!("{} {more}", ui.t(&format!("{key}-caption"))),
        legend: html! {
            @for line in lines {
                span.key {
                    svg viewBox="0 0 24 10" aria-hidden="true" {
                        path class=(line.class) stroke-opacity=(format!("{:.2}", line.opacity)) d="M1 5H23" {}
                    }
                    (line.name)
                }
            }
        },
        wide: plots(WIDE),
        narrow: plots(NARROW),
        table: figures(ui, lines),
    };
    figure.draw(ui)
}

fn plot(ui: &Ui<'_>, name: &str, value: ValueOf, lines: &[Line<'_>], canvas: Canvas) -> Markup {
    let points = || lines.iter().flat_map(|line| line.points);
    let oldest = points().map(|point| point.age).fold(1.0, f64::max).ceil();
    let x = |age: f64| canvas.left + age / oldest * canvas.plot_width();
    let axis =
        Axis::new(points().map(|point| value(point).yuan()), canvas.height - canvas.bottom, canvas.top, 3);
    let every = (oldest / 8.0).ceil().max(1.0) as usize;
    html! {
        svg.plot viewBox=(canvas.view_box()) role="img" aria-label=(name) {
            text.name x=(px(canvas.left)) y="14" { (name) }
            (value_grid(&canvas, &axis, |value| yuan_on_axis(ui.lang, value)))
            @for year in (0..=oldest as usize).step_by(every) {
                text.tick x=(px(x(year as f64))) y=(px(canvas.height - canvas.bottom + 16.0)) text-anchor="middle" { (year) }
            }
            text.axis x=(px(canvas.left + canvas.plot_width() / 2.0)) y=(px(canvas.height - 4.0)) text-anchor="middle" {
                (ui.t("ages-axis"))
            }
            @for line in lines {
                path class=(line.class) stroke-opacity=(format!("{:.2}", line.opacity))
                    d=(line_path(line.points.iter().map(|point| Some((x(point.age), axis.at(value(point).yuan())))))) {}
                @for point in line.points {
                    g.hover {
                        circle cx=(px(x(point.age))) cy=(px(axis.at(value(point).yuan()))) r="4" {}
                        title { (ui.with("ages-hover", [
                            ("name", Arg::Text(line.name.clone())),
                            ("years", Arg::Number(point.age)),
                            ("amount", Arg::Text(ui.money(value(point)))),
                        ])) }
                    }
                }
            }
        }
    }
}

fn figures(ui: &Ui<'_>, lines: &[Line<'_>]) -> Markup {
    let [one, two, three, four] = MEASURES.map(|(name, _)| (name, "number"));
    let columns = [
        ("ages-line", ""),
        ("ages-axis", "number"),
        ("ages-customer-months", "number"),
        one,
        two,
        three,
        four,
    ];
    let row = |line: &Line<'_>, point: &AgePoint| {
        let [one, two, three, four] = MEASURES.map(|(_, value)| html! { (ui.money(value(point))) });
        let age = html! { (format!("{:.1}", point.age)) };
        [html! { (line.name) }, age, html! { (text::count(point.customer_months)) }, one, two, three, four]
    };
    let rows = lines.iter().flat_map(|line| line.points.iter().map(move |point| row(line, point)));
    table(ui, columns, rows, None)
}
