//! How good stages and warnings are: against a truth, or, without one, by what happened next.

mod backtest;
mod quality;
mod warnings;

pub use backtest::{Backtest, LivedMonth, Outcome, OutcomeReport, StageOutcome};
pub use quality::{CalibrationBin, Delay, JudgedMonth, Quality, QualityReport, StageQuality};
pub use warnings::{WarnedMonth, WarningReport, warnings};
