//! Pages, drawn from made-up views, and the addresses behind them over a small made-up operator.
#![expect(clippy::expect_used, clippy::panic, reason = "a test ends where something is missing")]

mod fixtures;
mod http;
mod pages;
mod styles;
mod texts;
mod world;
