//! Customers or revenue by stage over months, as stacked columns.

use domain::{LifecycleStage, Month};
use maud::{Markup, html};

use super::{Axis, Canvas, Figure, month_labels, px, value_grid};
use crate::ui::{Ui, stage, table};

const WIDE: Canvas = Canvas { width: 560.0, height: 260.0, left: 64.0, right: 4.0, top: 12.0, bottom: 24.0 };
const NARROW: Canvas =
    Canvas { width: 360.0, height: 240.0, left: 56.0, right: 4.0, top: 12.0, bottom: 24.0 };

/// Values by stage, in the order of [`LifecycleStage::ALL`].
pub type ByStage = [f64; LifecycleStage::COUNT];

/// What is stacked.
pub struct Stages<'a> {
    /// The question that the chart answers.
    pub question: &'a str,
    /// What is drawn, with its unit.
    pub caption: &'a str,
    /// The months, oldest first.
    pub months: &'a [(Month, ByStage)],
    /// How a value is written on the axis.
    pub on_axis: &'a dyn Fn(f64) -> String,
    /// How a value is written in the table.
    pub in_table: &'a dyn Fn(f64) -> String,
}

/// Draws the columns; nothing without months.
#[must_use]
pub fn draw(ui: &Ui<'_>, stages: &Stages<'_>) -> Option<Markup> {
    stages.months.first()?;
    let figure = Figure {
        question: stages.question,
        caption: stages.caption,
        legend: html! { @for &each in LifecycleStage::ALL { span.key { (stage(ui, each)) } } },
        wide: plot(ui, stages, WIDE),
        narrow: plot(ui, stages, NARROW),
        table: figures(ui, stages),
    };
    Some(figure.draw(ui))
}

fn plot(ui: &Ui<'_>, stages: &Stages<'_>, canvas: Canvas) -> Markup {
    let first = stages.months[0].0;
    let count = stages.months.last().map_or(1, |last| (last.0 - first) as usize + 1);
    let slot = canvas.plot_width() / count as f64;
    let left_of = |month: Month| canvas.left + f64::from(month - first) * slot;
    let bottom = canvas.height - canvas.bottom;
    // A stage below nothing (credit notes) is not drawn; the table has it.
    let height_of = |values: &ByStage| values.iter().map(|value| value.max(0.0)).sum::<f64>();
    let axis = Axis::new(stages.months.iter().map(|(_, values)| height_of(values)), bottom, canvas.top, 4);

    html! {
        svg.plot viewBox=(canvas.view_box()) role="img" aria-label=(stages.question) {
            (value_grid(&canvas, &axis, stages.on_axis))
            @for (month, values) in stages.months {
                g.hover.column {
                    (column(values, &axis, left_of(*month) + slot * 0.12, slot * 0.76))
                    rect.reach x=(px(left_of(*month))) y=(px(canvas.top)) width=(px(slot)) height=(px(bottom - canvas.top)) {}
                    title { (hover(ui, stages, *month, values)) }
                }
            }
            (month_labels(first, count, canvas.plot_width(), canvas.height - 6.0, |index| {
                left_of(first + index as i32) + slot / 2.0
            }))
        }
    }
}

fn column(values: &ByStage, axis: &Axis, x: f64, width: f64) -> Markup {
    let mut below = 0.0;
    let parts: Vec<_> = LifecycleStage::ALL
        .iter()
        .zip(values)
        .filter(|(_, value)| **value > 0.0)
        .map(|(stage, value)| {
            let (from, to) = (axis.at(below), axis.at(below + value));
            below += value;
            (stage, to, from - to)
        })
        .collect();
    html! {
        @for (stage, y, height) in parts {
            rect class={ "fill stage-" (stage.code()) } x=(px(x)) y=(px(y)) width=(px(width)) height=(px(height)) {}
        }
    }
}

fn hover(ui: &Ui<'_>, stages: &Stages<'_>, month: Month, values: &ByStage) -> String {
    let total: f64 = values.iter().sum();
    let mut lines = vec![format!("{month} · {} {}", ui.t("total"), (stages.in_table)(total))];
    for (stage, &value) in LifecycleStage::ALL.iter().zip(values).rev() {
        let share = if total > 0.0 { text::share(value / total) } else { String::new() };
        lines.push(format!("{} {} {share}", ui.t(stage.text_key()), (stages.in_table)(value)));
    }
    lines.join("\n")
}

fn figures(ui: &Ui<'_>, stages: &Stages<'_>) -> Markup {
    let mut columns = [("total", "number"); LifecycleStage::COUNT + 2];
    columns[0] = ("month", "");
    for (column, of) in columns[1..].iter_mut().zip(LifecycleStage::ALL) {
        column.0 = of.text_key();
    }
    let row = |(month, values): &(Month, ByStage)| {
        std::array::from_fn(|place| match place.checked_sub(1) {
            None => html! { (month) },
            Some(stage) => {
                let value = values.get(stage).copied().unwrap_or_else(|| values.iter().sum());
                html! { ((stages.in_table)(value)) }
            }
        })
    };
    table(ui, columns, stages.months.iter().rev().map(row), None)
}
