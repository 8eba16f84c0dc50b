//! `tenure lab uplift offer` and `win-back`: what an offer to each row's customer is worth.

use domain::{Lang, Message, Problem, ProblemKind};
use science::frame::Frame;
use science::table;
use science::uplift::{Offer, WinBack};
use serde::Serialize;

use super::arguments::Offers;
use super::{SHOWN, figure, keep, numbers, read, show, warn, word, written, yes_or_no};
use crate::arguments::Common;
use crate::report;

/// The offers as a document.
#[derive(Serialize)]
struct Worth {
    n: usize,
    left_out: usize,
    worth_while: usize,
    /// Of those worth while, in yuan.
    value: f64,
    /// The best first.
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    /// 1 for the first.
    row: usize,
    expected_value: f64,
    worth_while: bool,
}

/// To keep customers: columns `uplift, lifetime_value, expected_incentive, contact`.
pub fn offer(options: &Offers, common: &Common) -> Result<(), Problem> {
    let columns = ["uplift", "lifetime_value", "expected_incentive", "contact"];
    run(options, common, columns, |[uplift, lifetime_value, expected_incentive, contact]| {
        Offer { uplift, lifetime_value, expected_incentive, contact }.expected_value()
    })
}

/// To win customers back: columns `with_offer, by_itself, second_lifetime_value, offer, contact`.
pub fn win_back(options: &Offers, common: &Common) -> Result<(), Problem> {
    let columns = ["with_offer", "by_itself", "second_lifetime_value", "offer", "contact"];
    run(options, common, columns, |[with_offer, by_itself, second_lifetime_value, offer, contact]| {
        WinBack { with_offer, by_itself, second_lifetime_value, offer, contact }.expected_value()
    })
}

fn run<const N: usize>(
    options: &Offers,
    common: &Common,
    columns: [&'static str; N],
    worth: impl Fn([f64; N]) -> f64,
) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let mut given = [&[][..]; N];
    for (given, name) in given.iter_mut().zip(columns) {
        *given = table::numbers(&frame, name)?;
    }
    let mut values = Vec::with_capacity(frame.rows());
    for row in 0..frame.rows() {
        let cells = given.map(|numbers| numbers[row]);
        check(columns, cells, row)?;
        values.push(worth(cells));
    }
    let mut rows: Vec<Row> = values
        .iter()
        .enumerate()
        .filter(|(_, value)| value.is_finite())
        .map(|(row, &value)| Row { row: row + 1, expected_value: value, worth_while: value > 0.0 })
        .collect();
    rows.sort_by(|a, b| b.expected_value.total_cmp(&a.expected_value));
    let worth = Worth {
        n: rows.len(),
        left_out: frame.rows() - rows.len(),
        worth_while: rows.iter().filter(|row| row.worth_while).count(),
        value: rows.iter().filter(|row| row.worth_while).fold(0.0, |sum, row| sum + row.expected_value),
        rows,
    };
    if worth.left_out > 0 {
        warn(common.lang, [Message::new("lab-offers-left-out").with("count", worth.left_out)]);
    }
    let is_worth_while = |value: &f64| value.is_finite().then_some(*value > 0.0);
    let worth_while = yes_or_no("worth_while", values.iter().map(is_worth_while));
    keep(options.output.as_ref(), &frame, &[numbers("expected_value", values), worth_while])?;
    show(common, &frame, &worth, |lang| {
        print(&frame, &worth, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

/// Chances lie between 0 and 1, a change of one between −1 and 1, costs not below 0.
fn check<const N: usize>(columns: [&'static str; N], cells: [f64; N], row: usize) -> Result<(), Problem> {
    let fits = |name: &str, value: f64| match name {
        "uplift" => (-1.0..=1.0).contains(&value),
        "with_offer" | "by_itself" => (0.0..=1.0).contains(&value),
        "lifetime_value" | "second_lifetime_value" => true,
        _ => value >= 0.0,
    };
    let wrong = columns.into_iter().zip(cells).find(|&(name, value)| !value.is_nan() && !fits(name, value));
    wrong.map_or(Ok(()), |(name, value)| {
        let cause = Message::new("clv-problem-range").with("row", row + 1).with("column", name);
        Err(Problem::new(ProblemKind::BadInput, cause.with("value", value.to_string())))
    })
}

fn print(frame: &Frame, worth: &Worth, lang: Lang) {
    let title = Message::new("lab-offers-worth")
        .with("count", text::count(worth.n as i64))
        .with("worth", text::count(worth.worth_while as i64))
        .with("value", text::compact(lang, worth.value));
    report::line(lang, &title);
    let head = frame.columns().iter().map(|column| column.name.clone());
    let mut rows: Vec<Vec<String>> = vec![
        [word(lang, "lab-row")].into_iter().chain(head).chain([word(lang, "lab-offers-value")]).collect(),
    ];
    for row in worth.rows.iter().take(SHOWN) {
        let cells = frame.columns().iter().map(|column| column.text(row.row - 1));
        rows.push(
            [row.row.to_string()].into_iter().chain(cells).chain([figure(row.expected_value)]).collect(),
        );
    }
    report::table(&rows);
    if let Some(more) = worth.rows.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        report::line(lang, &Message::new("lab-more").with("count", text::count(more as i64)));
    }
}
