//! Moves between stages over a quarter: those who moved as bands from then to now, those who stayed as numbers.

use domain::{Arg, LifecycleStage};
use maud::{Markup, html};

use super::{Canvas, Figure, px};
use crate::ui::{Ui, stage};

const WIDE: Canvas =
    Canvas { width: 560.0, height: 330.0, left: 150.0, right: 150.0, top: 30.0, bottom: 8.0 };
const NARROW: Canvas =
    Canvas { width: 360.0, height: 330.0, left: 104.0, right: 104.0, top: 30.0, bottom: 8.0 };

/// Customers from a stage (row) to a stage (column).
pub type Moves = [[i64; LifecycleStage::COUNT]; LifecycleStage::COUNT];

/// Draws the moves of those who were there a quarter ago; `customers` counts all that are there now.
#[must_use]
pub fn draw(ui: &Ui<'_>, moves: &Moves, customers: i64) -> Markup {
    let mut caption = ui.with(
        "flow-caption",
        [("moved", Arg::Text(text::count(moved(moves)))), ("stayed", Arg::Text(text::count(stayed(moves))))],
    );
    let new = customers - moves.iter().flatten().sum::<i64>();
    if new > 0 {
        caption.push_str(&ui.with("flow-new", [("new", Arg::Text(text::count(new)))]));
    }
    let figure = Figure {
        question: &ui.t("flow-question"),
        caption: &caption,
        legend: html! {},
        wide: plot(ui, moves, WIDE),
        narrow: plot(ui, moves, NARROW),
        table: table(ui, moves),
    };
    figure.draw(ui)
}

fn moved(moves: &Moves) -> i64 {
    moves.iter().flatten().sum::<i64>() - stayed(moves)
}

fn stayed(moves: &Moves) -> i64 {
    (0..LifecycleStage::COUNT).map(|index| moves[index][index]).sum()
}

/// A stage on one side: where its band begins and how tall it is.
#[derive(Clone, Copy, Default)]
struct Node {
    top: f64,
    height: f64,
    customers: i64,
}

/// So that names stay apart even where nobody moved.
const NODE_LEAST: f64 = 11.0;
const NODE_GAP_LEAST: f64 = 14.0;

fn plot(ui: &Ui<'_>, moves: &Moves, canvas: Canvas) -> Markup {
    const NODE_WIDTH: f64 = 8.0;
    let leaving: Vec<i64> = (0..LifecycleStage::COUNT).map(|from| row_moved(moves, from)).collect();
    let arriving: Vec<i64> = (0..LifecycleStage::COUNT).map(|to| column_moved(moves, to)).collect();
    let scale = scale_of(&canvas, &leaving).min(scale_of(&canvas, &arriving));
    let (left, right) = (nodes(&canvas, &leaving, scale), nodes(&canvas, &arriving, scale));
    let (x_left, x_right) = (canvas.left, canvas.width - canvas.right);

    html! {
        svg.plot viewBox=(canvas.view_box()) role="img" aria-label=(ui.t("flow-question")) {
            text.axis x=(px(x_left)) y="14" text-anchor="end" { (ui.t("flow-then")) }
            text.axis x=(px(x_right)) y="14" { (ui.t("flow-now")) }
            @for band in bands(moves, &left, &right, scale) {
                g class={ "hover flow stage-" (band.to.code()) } {
                    path d=(ribbon(x_left + NODE_WIDTH, x_right - NODE_WIDTH, &band)) {}
                    title { (ui.with("flow-hover", [
                        ("from", Arg::Key(band.from.text_key())),
                        ("to", Arg::Key(band.to.text_key())),
                        ("count", band.customers.into()),
                    ])) }
                }
            }
            @for (index, &each) in LifecycleStage::ALL.iter().enumerate() {
                g class={ "node stage-" (each.code()) } {
                    rect x=(px(x_left)) y=(px(left[index].top)) width=(px(NODE_WIDTH)) height=(px(left[index].height.max(1.0))) {}
                    rect x=(px(x_right - NODE_WIDTH)) y=(px(right[index].top)) width=(px(NODE_WIDTH))
                        height=(px(right[index].height.max(1.0))) {}
                }
                (label(ui, each, left[index], x_left - 8.0, "end", "−"))
                (label(ui, each, right[index], x_right + 8.0, "start", "+"))
            }
        }
    }
}

fn label(ui: &Ui<'_>, stage: LifecycleStage, node: Node, x: f64, anchor: &str, sign: &str) -> Markup {
    let middle = node.top + node.height / 2.0;
    let figure =
        if node.customers == 0 { "0".to_owned() } else { format!("{sign}{}", text::count(node.customers)) };
    html! {
        text.name x=(px(x)) y=(px(middle + 4.0)) text-anchor=(anchor) {
            (ui.t(stage.text_key())) " " tspan.figure { (figure) }
        }
    }
}

fn row_moved(moves: &Moves, from: usize) -> i64 {
    (0..LifecycleStage::COUNT).filter(|&to| to != from).map(|to| moves[from][to]).sum()
}

fn column_moved(moves: &Moves, to: usize) -> i64 {
    (0..LifecycleStage::COUNT).filter(|&from| from != to).map(|from| moves[from][to]).sum()
}

/// Pixels per customer such that one side fits.
fn scale_of(canvas: &Canvas, customers: &[i64]) -> f64 {
    let total: i64 = customers.iter().sum();
    let gaps = NODE_GAP_LEAST * (LifecycleStage::COUNT - 1) as f64;
    let least = NODE_LEAST * LifecycleStage::COUNT as f64;
    ((canvas.plot_height() - gaps - least) / total.max(1) as f64).max(0.0)
}

/// The stages of one side, spread over the whole height.
fn nodes(canvas: &Canvas, customers: &[i64], scale: f64) -> Vec<Node> {
    let rooms: Vec<f64> = customers.iter().map(|&n| (n as f64 * scale).max(NODE_LEAST)).collect();
    let free = canvas.plot_height() - rooms.iter().sum::<f64>();
    let gap = free / (LifecycleStage::COUNT - 1) as f64;
    let mut top = canvas.top;
    rooms
        .iter()
        .zip(customers)
        .map(|(&room, &customers)| {
            let height = customers as f64 * scale;
            let node = Node { top: top + (room - height) / 2.0, height, customers };
            top += room + gap;
            node
        })
        .collect()
}

struct Band {
    from: LifecycleStage,
    to: LifecycleStage,
    customers: i64,
    left: f64,
    right: f64,
    height: f64,
}

fn bands(moves: &Moves, left: &[Node], right: &[Node], scale: f64) -> Vec<Band> {
    let mut used_left = [0.0; LifecycleStage::COUNT];
    let mut used_right = [0.0; LifecycleStage::COUNT];
    let mut bands = Vec::new();
    for (i, &from) in LifecycleStage::ALL.iter().enumerate() {
        for (j, &to) in LifecycleStage::ALL.iter().enumerate() {
            let customers = moves[i][j];
            if i == j || customers <= 0 {
                continue;
            }
            let height = customers as f64 * scale;
            bands.push(Band {
                from,
                to,
                customers,
                left: left[i].top + used_left[i],
                right: right[j].top + used_right[j],
                height,
            });
            used_left[i] += height;
            used_right[j] += height;
        }
    }
    bands
}

fn ribbon(x0: f64, x1: f64, band: &Band) -> String {
    let middle = (x0 + x1) / 2.0;
    let height = band.height.max(1.0);
    let (a, b) = (band.left, band.right);
    let [x0, x1, middle] = [x0, x1, middle].map(px);
    format!(
        "M{x0} {}C{middle} {} {middle} {} {x1} {}V{}C{middle} {} {middle} {} {x0} {}Z",
        px(a),
        px(a),
        px(b),
        px(b),
        px(b + height),
        px(b + height),
        px(a + height),
        px(a + height)
    )
}

fn table(ui: &Ui<'_>, moves: &Moves) -> Markup {
    html! {
        table.list.matrix {
            thead {
                tr {
                    th scope="col" { (ui.t("flow-from-to")) }
                    @for &to in LifecycleStage::ALL { th.number scope="col" { (stage(ui, to)) } }
                    th.number scope="col" { (ui.t("total")) }
                }
            }
            tbody {
                @for (i, &from) in LifecycleStage::ALL.iter().enumerate() {
                    tr {
                        th scope="row" { (stage(ui, from)) }
                        @for (j, &count) in moves[i].iter().enumerate() {
                            td.number.stayed[i == j].faint[count == 0] { (text::count(count)) }
                        }
                        td.number { (text::count(moves[i].iter().sum())) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_fill_their_nodes() {
        let mut moves = Moves::default();
        moves[1][2] = 30;
        moves[3][4] = 50;
        moves[4][5] = 20;
        moves[2][2] = 900;
        assert_eq!((moved(&moves), stayed(&moves)), (100, 900));
        let leaving: Vec<i64> = (0..LifecycleStage::COUNT).map(|from| row_moved(&moves, from)).collect();
        let scale = scale_of(&WIDE, &leaving);
        let left = nodes(&WIDE, &leaving, scale);
        let last = left.last().expect("a node");
        assert!(last.top + last.height <= WIDE.height - WIDE.bottom + 0.5, "{}", last.top);
        let drawn: f64 = bands(&moves, &left, &left, scale).iter().map(|band| band.height).sum();
        assert!((drawn - 100.0 * scale).abs() < 1e-9);
    }
}
