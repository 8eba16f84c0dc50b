//! Tenure (在网): the lifecycle CRM for telecom operators' enterprise customers. One binary.

mod ambient;
mod arguments;
mod commands;
mod house;
mod memory;
mod mistakes;
mod progress;
mod report;

use std::process::ExitCode;

use domain::{Lang, Problem};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::arguments::Command;

fn main() -> ExitCode {
    let arguments = arguments::parse();
    start_log();
    if matches!(arguments.command, Command::Cycle(_)) {
        memory::keep_what_is_freed();
    }
    let lang = arguments.common.lang;
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(lang, &Problem::internal(error)),
    };
    match runtime.block_on(run(arguments.command, &arguments.common)) {
        Ok(code) => code,
        Err(problem) => fail(lang, &problem),
    }
}

async fn run(command: Command, common: &arguments::Common) -> Result<ExitCode, Problem> {
    match command {
        Command::Simulate(options) => commands::simulate::run(&options, common),
        Command::Import(options) => commands::import::run(options, common).await,
        Command::Cycle(options) => commands::cycle::run(options, common).await,
        Command::Evaluate(options) => commands::evaluate::run(&options, common).await,
        Command::Export(options) => commands::export::run(&options, common).await,
        Command::Lab(options) => commands::lab::run(&options, common),
        Command::User(options) => commands::user::run(&options, common).await,
        Command::Admin(what) => commands::admin::run(&what, common).await,
        Command::Serve(options) => commands::serve::run(&options, common).await,
        Command::Check(options) => commands::check::run(&options, common).await,
        Command::Duplicates => commands::duplicates::run(common).await,
        Command::Demo(options) => commands::demo::run(&options, common).await,
    }
}

fn fail(lang: Lang, problem: &Problem) -> ExitCode {
    tracing::error!(error = %problem, "failed");
    report::problem(lang, problem);
    ExitCode::FAILURE
}

/// Logs, with how long each step took, go to standard error and only when asked for with `TENURE_LOG`, since people
/// read the same stream.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("TENURE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    log.with_span_events(FmtSpan::CLOSE).init();
}
