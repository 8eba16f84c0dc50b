//! Charts: SVG drawn here, with hover values, a legend and a table behind each. Colours are classes, so that
//! themes and print hold for them; nothing is styled inline (the content security policy forbids it).

pub mod ages;
pub mod calibration;
pub mod concentration;
pub mod flow;
pub mod relation;
pub mod stages;

use domain::{Lang, Month};
use maud::{Markup, html};

use crate::ui::Ui;

/// A chart on a page: the question it answers, what it shows, the same as a table.
pub struct Figure<'a> {
    /// The question.
    pub question: &'a str,
    /// What is drawn, with units.
    pub caption: &'a str,
    /// What marks mean.
    pub legend: Markup,
    /// The drawing for wide screens and paper.
    pub wide: Markup,
    /// The drawing for phones, where the wide one would be too small to read.
    pub narrow: Markup,
    /// The same as a table.
    pub table: Markup,
}

impl Figure<'_> {
    /// Draws it.
    #[must_use]
    pub fn draw(self, ui: &Ui<'_>) -> Markup {
        html! {
            figure.chart {
                figcaption { h2 { (self.question) } p { (self.caption) } }
                div.legend { (self.legend) }
                div.wide-only { (self.wide) }
                div.narrow-only { (self.narrow) }
                details { summary { (ui.t("chart-table")) } div.scroll { (self.table) } }
            }
        }
    }
}

/// The room of a drawing: its size and the margins around the plot, in pixels at natural size.
#[derive(Debug, Clone, Copy)]
pub struct Canvas {
    /// Width of everything.
    pub width: f64,
    /// Height of everything.
    pub height: f64,
    /// Left of the plot.
    pub left: f64,
    /// Right of the plot.
    pub right: f64,
    /// Above the plot.
    pub top: f64,
    /// Below the plot.
    pub bottom: f64,
}

impl Canvas {
    fn plot_width(&self) -> f64 {
        self.width - self.left - self.right
    }

    fn plot_height(&self) -> f64 {
        self.height - self.top - self.bottom
    }

    fn view_box(&self) -> String {
        format!("0 0 {} {}", self.width, self.height)
    }
}

/// A linear axis that always contains zero, with round ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    ticks: Vec<f64>,
}

impl Axis {
    /// An axis for values, drawn from pixel `from` (its low end) to pixel `to`.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = f64>, from: f64, to: f64, wanted_ticks: usize) -> Self {
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low == high {
            high = 1.0;
        }
        let step = round_step((high - low) / wanted_ticks.max(1) as f64);
        let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
        let ticks: Vec<f64> = (first..=last).map(|n| n as f64 * step).collect();
        Self { low: first as f64 * step, high: last as f64 * step, from, to, ticks }
    }

    /// The pixel of a value.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }
}

/// The next 1, 2, 2.5 or 5 times a power of ten.
fn round_step(rough: f64) -> f64 {
    let magnitude = 10_f64.powf(rough.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * magnitude >= rough * 0.999);
    factor.unwrap_or(10.0) * magnitude
}

/// Horizontal grid lines with their values at the left.
fn value_grid(canvas: &Canvas, axis: &Axis, say: impl Fn(f64) -> String) -> Markup {
    let (left, right) = (canvas.left, canvas.width - canvas.right);
    html! {
        g.grid {
            @for &tick in &axis.ticks {
                line class=[(tick == 0.0).then_some("zero")] x1=(px(left)) x2=(px(right))
                    y1=(px(axis.at(tick))) y2=(px(axis.at(tick))) {}
                text.tick x=(px(left - 8.0)) y=(px(axis.at(tick) + 4.0)) text-anchor="end" { (say(tick)) }
            }
        }
    }
}

/// Months below the plot, as many as fit; January always says its year.
fn month_labels(first: Month, count: usize, room: f64, y: f64, centre: impl Fn(usize) -> f64) -> Markup {
    let every = label_step(count, room);
    html! {
        g.months {
            @for index in 0..count {
                @let month = first + index as i32;
                @if (month.month_of_year() as usize - 1).is_multiple_of(every) {
                    text.tick x=(px(centre(index))) y=(px(y)) text-anchor="middle" { (month) }
                }
            }
        }
    }
}

/// Every how many months of the year one is labelled.
fn label_step(count: usize, room: f64) -> usize {
    const LABEL_WIDTH: f64 = 56.0;
    let fits = (room / LABEL_WIDTH).max(1.0);
    [1, 2, 3, 6].into_iter().find(|&every| count as f64 / every as f64 <= fits).unwrap_or(12)
}

/// A line through points; a gap where there is none.
fn line_path(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut down = false;
    for point in points {
        if let Some((x, y)) = point {
            path.push(if down { 'L' } else { 'M' });
            path.push_str(&px(x));
            path.push(' ');
            path.push_str(&px(y));
            // A point without neighbours is a dot, which round ends make of a line of no length.
            if !down {
                path.push_str("h0");
            }
        }
        down = point.is_some();
    }
    path
}

/// A pixel with one decimal, if it needs one. A page has thousands: whole numbers are written faster.
fn px(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    let (sign, tenths) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    match tenths % 10 {
        0 => format!("{sign}{}", tenths / 10),
        tenth => format!("{sign}{}.{tenth}", tenths / 10),
    }
}

/// A round value on an axis: without the zeros that say nothing.
#[must_use]
pub fn on_axis(lang: Lang, value: f64) -> String {
    let said = text::compact(lang, value);
    let end = said.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(said.len());
    let (digits, unit) = said.split_at(end);
    let digits =
        if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    format!("{digits}{unit}")
}

/// A round amount in yuan on an axis.
#[must_use]
pub fn yuan_on_axis(lang: Lang, value: f64) -> String {
    format!("¥{}", on_axis(lang, value)).replace("¥-", "-¥")
}

/// An amount in yuan that is not kept in fen.
fn yuan(lang: Lang, value: f64) -> String {
    format!("¥{}", text::compact(lang, value)).replace("¥-", "-¥")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_contain_zero_and_end_on_ticks() {
        let axis = Axis::new([120.0, 980.0], 100.0, 0.0, 4);
        assert_eq!(axis.ticks, [0.0, 250.0, 500.0, 750.0, 1000.0]);
        assert_eq!(axis.at(0.0), 100.0);
        assert_eq!(axis.at(1000.0), 0.0);
        let below = Axis::new([-30.0, 70.0], 100.0, 0.0, 4);
        assert_eq!(below.ticks.first(), Some(&-50.0));
        assert!(below.at(-30.0) > below.at(0.0));
        let flat = Axis::new([0.0, 0.0], 100.0, 0.0, 4);
        assert!(flat.at(0.0).is_finite());
    }

    #[test]
    fn axes_say_round_values_shortly() {
        assert_eq!(on_axis(Lang::ZhCn, 60_000.0), "6\u{a0}万");
        assert_eq!(on_axis(Lang::En, 1_500_000.0), "1.5M");
        assert_eq!(yuan_on_axis(Lang::En, -20_000.0), "-¥20K");
        assert_eq!(on_axis(Lang::En, 500.0), "500");
    }

    #[test]
    fn lines_have_gaps_where_nothing_is_known() {
        assert_eq!(
            line_path([Some((0.0, 1.0)), Some((2.0, 3.5)), None, Some((4.0, 5.0))]),
            "M0 1h0L2 3.5M4 5h0"
        );
    }
}
