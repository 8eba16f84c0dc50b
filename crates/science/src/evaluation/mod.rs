//! How good stages, warnings and values are: against a truth, or, without one, by what happened next.

mod backtest;
mod quality;
pub mod value;
mod warnings;

pub use backtest::{Backtest, LivedMonth, Outcome, OutcomeReport, StageOutcome};
pub use quality::{CalibrationBin, Delay, JudgedMonth, Quality, QualityReport, StageQuality};
pub use warnings::{WarnedMonth, WarningReport, warnings};
