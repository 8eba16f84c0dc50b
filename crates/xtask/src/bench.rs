//! Figures from a release build. Machines are noisy: each figure is a ratio to a peer, or stands beside a limit,
//! measured in the same run.

mod cycle;
mod import;
mod models;
mod pages;
mod science;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};

use crate::{call, system};

/// Which figure, and on how many customers.
#[derive(Args)]
pub struct Bench {
    #[command(subcommand)]
    figure: Figure,
    /// Customers of the made-up operator.
    #[arg(long, default_value_t = 1_000_000, global = true)]
    customers: u32,
    /// Months.
    #[arg(long, default_value_t = 24, global = true)]
    months: u16,
}

#[derive(Subcommand)]
enum Figure {
    /// Usage CSV with all checks, beside DuckDB's copy from CSV to Parquet.
    Import,
    /// The full cycle and a new month, beside the same monthly features in DuckDB.
    Cycle,
    /// The full cycle with all models, members too, beside the cycle with stages alone.
    Models,
    /// List, customer page and Insight in a running server.
    Pages,
    /// Fits beside lifetimes, learning beside LightGBM.
    Science,
}

impl Bench {
    /// Builds the release binary, makes the operator once where one is needed, measures.
    pub fn run(&self) -> Result<()> {
        call("cargo", &["build", "--release", "--locked", "--package", "tenure"])?;
        let operator = || Operator::prepare(self.customers, self.months);
        match self.figure {
            Figure::Import => import::run(&operator()?),
            Figure::Cycle => cycle::run(&operator()?),
            Figure::Models => models::run(&operator()?),
            Figure::Pages => pages::run(&operator()?),
            Figure::Science => science::run(),
        }
    }
}

/// The files of the extract that the figures need.
const NEEDED: [&str; 9] = [
    "org_units.csv",
    "staff.csv",
    "customers.csv",
    "contacts.csv",
    "products.csv",
    "contracts.csv",
    "services.csv",
    "usage",
    "costs",
];

/// A made-up operator and its data folder, made once for each size and kept below `target`.
struct Operator {
    extract: PathBuf,
    data: PathBuf,
    months: u16,
}

impl Operator {
    fn prepare(customers: u32, months: u16) -> Result<Self> {
        let folder = system::root().join(format!("target/bench/{customers}x{months}"));
        let operator = Self { extract: folder.join("extract"), data: folder.join("data"), months };
        if !operator.extract.join("truth.csv").exists() {
            std::fs::create_dir_all(&folder)?;
            let customers = customers.to_string();
            let months = months.to_string();
            let mut simulate = tenure();
            simulate.args([
                "simulate",
                "--customers",
                &customers,
                "--months",
                &months,
                "--seed",
                "7",
                "--out",
            ]);
            measure(simulate.arg(&operator.extract))?;
        }
        Ok(operator)
    }

    /// Imports what the figures need of the extract, unless the data folder has it.
    fn import(&self) -> Result<()> {
        self.import_to(&self.data, &NEEDED)
    }

    /// Imports these files of the extract into a data folder, unless it has them.
    fn import_to(&self, data: &Path, files: &[&str]) -> Result<()> {
        if data.join("records.sqlite").exists() {
            return Ok(());
        }
        let needed = data.with_extension("needed");
        if needed.exists() {
            std::fs::remove_dir_all(&needed)?;
        }
        std::fs::create_dir_all(&needed)?;
        for name in files {
            std::os::unix::fs::symlink(self.extract.join(name), needed.join(name))?;
        }
        let import = measure(tenure().arg("import").arg(&needed).arg("--data").arg(data))?;
        note("import of what is needed", import.elapsed.as_secs_f64(), "s");
        note("import of what is needed, peak memory", import.peak_mib as f64, "MiB");
        Ok(())
    }
}

/// The release binary.
fn tenure() -> Command {
    Command::new(system::root().join("target/release/tenure"))
}

/// What a command took.
struct Measured {
    elapsed: Duration,
    /// Peak resident memory, MiB.
    peak_mib: u64,
    output: String,
}

/// Runs a command to its end; its memory is read from the kernel while it runs.
fn measure(command: &mut Command) -> Result<Measured> {
    let began = Instant::now();
    let child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?} did not start"))?;
    let status_file = PathBuf::from(format!("/proc/{}/status", child.id()));
    let watch = std::thread::spawn(move || {
        let mut peak = 0;
        while let Some(kib) = peak_kib(&status_file) {
            peak = kib;
            std::thread::sleep(Duration::from_millis(50));
        }
        peak
    });
    let output = child.wait_with_output()?;
    let elapsed = began.elapsed();
    let peak_mib = watch.join().unwrap_or(0) / 1024;
    ensure!(output.status.success(), "{command:?} failed");
    Ok(Measured { elapsed, peak_mib, output: String::from_utf8(output.stdout)? })
}

fn peak_kib(status_file: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(status_file).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Prints one figure beside its limit.
#[expect(clippy::print_stdout, reason = "figures are the output")]
fn report(name: &str, value: f64, unit: &str, limit: f64) {
    let verdict = if value <= limit { "holds" } else { "MISSED" };
    println!("{name:<52} {value:>10.2} {unit:<6} limit {limit:>8.2}  {verdict}");
}

/// Prints one figure beside the least that it should be.
#[expect(clippy::print_stdout, reason = "figures are the output")]
fn at_least(name: &str, value: f64, unit: &str, least: f64) {
    let verdict = if value >= least { "holds" } else { "MISSED" };
    println!("{name:<52} {value:>10.2} {unit:<6} least {least:>8.2}  {verdict}");
}

/// Prints one figure without limit.
#[expect(clippy::print_stdout, reason = "figures are the output")]
fn note(name: &str, value: f64, unit: &str) {
    println!("{name:<52} {value:>10.2} {unit}");
}
