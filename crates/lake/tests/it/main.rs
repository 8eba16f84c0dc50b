//! What the lake promises, from files to files and on made-up operators.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail the way tests do, and say why they skip"
)]

mod cycle;
mod cycle_operator;
mod history;
mod import;
mod members;
