//! Ranges that say how sure a figure is.

use serde::{Deserialize, Serialize};

/// A range that holds the true figure with a probability of about 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// From.
    pub low: f64,
    /// To.
    pub high: f64,
}

impl Interval {
    /// The range around a figure with this standard error.
    #[must_use]
    pub fn around(figure: f64, standard_error: f64) -> Self {
        let reach = 1.96 * standard_error;
        Self { low: figure - reach, high: figure + reach }
    }

    /// The range around `figure` with the reach of this one times `factor`: an interval found on a sample, told of
    /// all that the sample was drawn from.
    #[must_use]
    pub fn scaled(self, figure: f64, factor: f64) -> Self {
        let reach = factor * (self.high - self.low) / 2.0;
        Self { low: figure - reach, high: figure + reach }
    }
}
