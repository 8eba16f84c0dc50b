//! `tenure simulate`.

use std::process::ExitCode;

use domain::{Message, Problem};
use serde::Serialize;
use simulate::{Config, World};

use crate::arguments::{Common, Simulate, SimulatedWorld};
use crate::progress::Shown;
use crate::report;

#[derive(Serialize)]
struct Document<'a> {
    folder: &'a str,
    customers: u32,
    months: u16,
    seed: u64,
    rows: u64,
}

/// Writes a made-up operator.
pub fn run(options: &Simulate, common: &Common) -> Result<ExitCode, Problem> {
    let world = world(&options.world)?.with_duplicates(options.duplicates)?;
    let summary = simulate::write(&world, &options.out, &Shown::new(common.lang))?;
    let rows: u64 = summary.rows.iter().map(|(_, rows)| rows).sum();
    let folder = options.out.display().to_string();
    if common.json {
        report::json(&Document {
            folder: &folder,
            customers: options.world.customers,
            months: options.world.months,
            seed: options.world.seed,
            rows,
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let done = Message::new("cli-simulated")
        .with("customers", i64::from(options.world.customers))
        .with("months", i64::from(options.world.months))
        .with("rows", text::count(i64::try_from(rows).unwrap_or(i64::MAX)))
        .with("folder", folder);
    report::line(common.lang, &done);
    Ok(ExitCode::SUCCESS)
}

/// The made-up operator that the options describe.
pub fn world(options: &SimulatedWorld) -> Result<World, Problem> {
    World::new(Config::until(options.last, options.customers, options.months, options.seed))
}
