//! Calibration: what was said against what came, part by part, with how sure the latter is. Both axes are drawn by
//! orders of magnitude, since the highest tenth may be a thousand times the lowest.

use maud::{Markup, html};
use service::insight::Interval;

use super::{Canvas, Figure, px};
use crate::ui::Ui;

const WIDE: Canvas = Canvas { width: 560.0, height: 380.0, left: 60.0, right: 18.0, top: 12.0, bottom: 44.0 };
const NARROW: Canvas =
    Canvas { width: 360.0, height: 320.0, left: 52.0, right: 16.0, top: 12.0, bottom: 44.0 };
/// What is so many times smaller than the largest is drawn as nothing.
const SMALLEST: f64 = 1_000.0;

/// A part of the cases, by what was said of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Cases.
    pub count: usize,
    /// Mean said.
    pub said: f64,
    /// Mean that came.
    pub came: f64,
    /// The range of that.
    pub range: Interval,
}

/// The words of a calibration chart.
pub struct Calibration<'a> {
    /// The question it answers.
    pub question: &'a str,
    /// What is drawn.
    pub caption: &'a str,
    /// What was said, with units.
    pub said: &'a str,
    /// What came, with units.
    pub came: &'a str,
    /// Parts from the lowest said up.
    pub parts: &'a [Part],
    /// A round figure on an axis.
    pub on_axis: &'a dyn Fn(f64) -> String,
    /// A figure in the table.
    pub in_table: &'a dyn Fn(f64) -> String,
}

/// Draws the chart; nothing without parts.
#[must_use]
pub fn draw(ui: &Ui<'_>, chart: &Calibration<'_>) -> Option<Markup> {
    let scale = Scale::of(chart.parts)?;
    let figure = Figure {
        question: chart.question,
        caption: chart.caption,
        legend: html! {
            span.key {
                svg viewBox="0 0 24 10" aria-hidden="true" { line.range x1="12" x2="12" y1="0" y2="10" {} circle.dot cx="12" cy="5" r="3.5" {} }
                (ui.t("calibration-part"))
            }
            span.key {
                svg viewBox="0 0 24 10" aria-hidden="true" { path.line.even d="M1 5H23" {} }
                (ui.t("calibration-exact"))
            }
        },
        wide: plot(chart, &scale, WIDE),
        narrow: plot(chart, &scale, NARROW),
        table: table(ui, chart),
    };
    Some(figure.draw(ui))
}

/// Both axes: linear around zero, by orders of magnitude away from it.
struct Scale {
    unit: f64,
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Scale {
    fn of(parts: &[Part]) -> Option<Self> {
        let values = || parts.iter().flat_map(|part| [part.said, part.came, part.range.low, part.range.high]);
        let (low, high) = values().fold((0.0_f64, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
        let largest = high.max(-low);
        if parts.is_empty() || !largest.is_finite() || largest <= 0.0 {
            return None;
        }
        let unit = largest / SMALLEST;
        let mut ticks = vec![0.0];
        let mut power = 10_f64.powf((4.0 * unit).log10().ceil());
        while power <= largest {
            ticks.extend([-power, power].into_iter().filter(|tick| (low..=high).contains(tick)));
            power *= 10.0;
        }
        Some(Self { unit, low, high, ticks })
    }

    /// A place from 0 to 1.
    fn at(&self, value: f64) -> f64 {
        let bent = |value: f64| value.signum() * (value.abs() / self.unit).ln_1p();
        (bent(value) - bent(self.low)) / (bent(self.high) - bent(self.low))
    }
}

fn plot(chart: &Calibration<'_>, scale: &Scale, canvas: Canvas) -> Markup {
    let x = |value: f64| canvas.left + scale.at(value) * canvas.plot_width();
    let y = |value: f64| canvas.height - canvas.bottom - scale.at(value) * canvas.plot_height();
    let (low, high) = (scale.low, scale.high);
    html! {
        svg.plot viewBox=(canvas.view_box()) role="img" aria-label=(chart.question) {
            g.grid {
                @for &tick in &scale.ticks {
                    line class=[(tick == 0.0).then_some("zero")] x1=(px(x(low))) x2=(px(x(high))) y1=(px(y(tick))) y2=(px(y(tick))) {}
                    text.tick x=(px(canvas.left - 8.0)) y=(px(y(tick) + 4.0)) text-anchor="end" { ((chart.on_axis)(tick)) }
                    text.tick x=(px(x(tick))) y=(px(y(low) + 16.0)) text-anchor="middle" { ((chart.on_axis)(tick)) }
                }
            }
            text.axis x=(px((x(low) + x(high)) / 2.0)) y=(px(canvas.height - 6.0)) text-anchor="middle" { (chart.said) " →" }
            text.axis x=(px(canvas.left + 6.0)) y=(px(canvas.top + 12.0)) { "↑ " (chart.came) }
            path.line.even d={ "M" (px(x(low))) " " (px(y(low))) "L" (px(x(high))) " " (px(y(high))) } {}
            @for part in chart.parts {
                line.range x1=(px(x(part.said))) x2=(px(x(part.said))) y1=(px(y(part.range.low))) y2=(px(y(part.range.high))) {}
                circle.dot cx=(px(x(part.said))) cy=(px(y(part.came))) r="3.5" {}
            }
            @for part in chart.parts {
                g.hover {
                    rect x=(px(x(part.said) - 7.0)) y=(px(canvas.top)) width="14" height=(px(canvas.plot_height())) {}
                    title {
                        (chart.said) " " ((chart.in_table)(part.said)) "\n"
                        (chart.came) " " ((chart.in_table)(part.came)) " (" ((chart.in_table)(part.range.low)) " – " ((chart.in_table)(part.range.high)) ")"
                    }
                }
            }
        }
    }
}

fn table(ui: &Ui<'_>, chart: &Calibration<'_>) -> Markup {
    html! {
        table.list {
            thead { tr {
                th.number scope="col" { (ui.t("calibration-count")) }
                th.number scope="col" { (chart.said) }
                th.number scope="col" { (chart.came) }
                th.number scope="col" { (ui.t("calibration-range")) }
            } }
            tbody {
                @for part in chart.parts {
                    tr {
                        th.number scope="row" { (text::count(i64::try_from(part.count).unwrap_or(i64::MAX))) }
                        td.number { ((chart.in_table)(part.said)) }
                        td.number { ((chart.in_table)(part.came)) }
                        td.number { ((chart.in_table)(part.range.low)) " – " ((chart.in_table)(part.range.high)) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(said: f64, came: f64) -> Part {
        Part { count: 1, said, came, range: Interval { low: came, high: came } }
    }

    #[test]
    fn both_axes_hold_every_part_and_zero() {
        let scale = Scale::of(&[part(-5_600.0, 2_100.0), part(89_000.0, 87_000.0)]).expect("a scale");
        assert_eq!((scale.at(-5_600.0), scale.at(89_000.0)), (0.0, 1.0));
        assert!(scale.at(-5_600.0) < scale.at(0.0) && scale.at(0.0) < scale.at(100.0));
        let mut ticks = scale.ticks.clone();
        ticks.sort_by(f64::total_cmp);
        assert_eq!(ticks, [-1_000.0, 0.0, 1_000.0, 10_000.0]);
    }

    #[test]
    fn where_nothing_was_said_and_nothing_came_there_is_no_chart() {
        assert!(Scale::of(&[]).is_none());
        assert!(Scale::of(&[part(0.0, 0.0)]).is_none());
        assert!(Scale::of(&[part(f64::NAN, f64::INFINITY)]).is_none());
    }
}
