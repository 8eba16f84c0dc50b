//! `tenure lab concentration`: how far value rests on few customers.

use domain::{Lang, Message, Problem};
use science::concentration::{self, Report};
use science::interval::Interval;
use science::uplift::Estimate;

use super::arguments::Concentration;
use super::{figure, named, range, read, show, warn, word};
use crate::arguments::Common;
use crate::report;

/// Measures a column of values, or what the customers of a log spent.
pub fn measure(options: &Concentration, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let measured = concentration::evaluate(&frame, options.value.as_deref(), options.drawings, options.seed)?;
    let left_out = [
        ("lab-concentration-left-out", measured.left_out),
        ("lab-concentration-below-zero", measured.below_zero),
    ];
    let beware = left_out.into_iter().filter(|(_, count)| *count > 0);
    warn(common.lang, beware.map(|(key, count)| Message::new(key).with("count", count)));
    show(common, &frame, &measured, |lang| print(&measured, lang))
}

fn print(measured: &Report, lang: Lang) {
    let title = Message::new("lab-concentration-measured").with("count", text::count(measured.n as i64));
    report::line(lang, &title);
    let with_range =
        |Estimate { value, low, high }| format!("{} {}", figure(value), range(Interval { low, high }));
    report::table(&[
        named(lang, "lab-concentration-top-fifth", with_range(measured.top_fifth)),
        named(lang, "lab-concentration-gini", with_range(measured.gini)),
        named(lang, "lab-concentration-80", text::share(measured.customers_for_80)),
    ]);
    report::plain(&word(lang, "lab-concentration-curve"));
    let points = measured.curve.iter().enumerate().step_by(2).skip(1);
    let row = |(place, share): (usize, &f32)| {
        vec![text::share(place as f64 / 20.0), text::share(f64::from(*share))]
    };
    report::table(&points.map(row).collect::<Vec<_>>());
}
