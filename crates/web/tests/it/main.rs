//! Pages, drawn from made-up views, and the addresses behind them over a small made-up operator.

mod fixtures;
mod http;
mod pages;
mod styles;
mod texts;
mod world;
