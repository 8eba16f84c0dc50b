//! `tenure lab allocate`: which play on which customer, under budget and capacity.

use domain::{Lang, Message, Problem};
use science::allocation::{self, Limits, Report};
use science::frame::{Column, Frame, Values};

use super::arguments::Allocate;
use super::{SHOWN, read, show, warn, written};
use crate::arguments::Common;
use crate::report;

/// Chooses among the possibilities of a table.
pub fn run(options: &Allocate, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let possibilities = allocation::from_frame(&frame)?;
    let limits = Limits { budget: options.budget, capacity: options.capacity };
    let allocated = allocation::allocate(&possibilities, limits);
    if allocated.skipped > 0 {
        warn(common.lang, [Message::new("lab-allocate-skipped").with("count", allocated.skipped)]);
    }
    if let Some(file) = &options.output {
        let chosen = of_rows(&frame, &allocated);
        let columns: Vec<_> = frame.columns().iter().chain([&chosen]).collect();
        lake::table::write_csv(file, &columns)?;
    }
    show(common, &frame, &allocated, |lang| {
        print(&frame, &allocated, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

fn of_rows(frame: &Frame, allocated: &Report) -> Column {
    let mut codes = vec![0; frame.rows()];
    for &row in &allocated.chosen {
        codes[row] = 1;
    }
    let names = vec!["no".to_owned(), "yes".to_owned()];
    Column { name: "chosen".to_owned(), values: Values::Categories { codes, names }, misfits: 0 }
}

fn print(frame: &Frame, allocated: &Report, lang: Lang) {
    report::line(lang, &allocated.message());
    if allocated.full_owners > 0 {
        let full = Message::new("lab-allocate-capacity")
            .with("count", allocated.full_owners)
            .with("price", text::number(allocated.capacity_price));
        report::line(lang, &full);
    }
    let mut rows: Vec<Vec<String>> = vec![frame.columns().iter().map(|column| column.name.clone()).collect()];
    for &row in allocated.chosen.iter().take(SHOWN) {
        rows.push(frame.columns().iter().map(|column| column.text(row)).collect());
    }
    report::table(&rows);
    if let Some(more) = allocated.chosen.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        report::line(lang, &Message::new("lab-more").with("count", text::count(more as i64)));
    }
}
