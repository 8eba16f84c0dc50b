//! What people and CI run: `cargo xtask test | tidy | bench`.

mod bench;
#[cfg(test)]
mod edges;
mod system;

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Chores of the workspace")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything CI checks: installs the browser for the journeys if it is missing, then runs all tests.
    Test,
    /// Formatting, clippy without warnings, and the edges between crates.
    Tidy,
    /// Figures from a release build, beside peers in the same run.
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    match chore {
        Chore::Test => {
            system::install_browser()?;
            call("cargo", &["fmt", "--all", "--check"])?;
            call("cargo", &["test", "--workspace", "--locked"])
        }
        Chore::Tidy => {
            call("cargo", &["fmt", "--all", "--check"])?;
            call("cargo", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
            call("cargo", &["test", "--package", "xtask", "--locked"])
        }
        Chore::Bench(bench) => bench.run(),
    }
}

/// Runs a command from the workspace's root and shows what it prints.
fn call(program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(system::root())
        .status()
        .with_context(|| format!("{program} did not start"))?;
    ensure!(status.success(), "{program} {} failed", arguments.join(" "));
    Ok(())
}
