//! How good the stages are: against a truth, or, without one, by what happened next.

mod backtest;
mod quality;

pub use backtest::{Backtest, LivedMonth, Outcome, OutcomeReport, StageOutcome};
pub use quality::{CalibrationBin, Delay, JudgedMonth, Quality, QualityReport, StageQuality};
