//! Which customers to use which play on, under a budget and under what each person can handle, so that the
//! expected value is highest; with the bound that no choice can exceed and the price of a further yuan.

mod exact;
mod prices;
mod report;

pub use report::{Limits, Possibility, Report, allocate, from_frame};
