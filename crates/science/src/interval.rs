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

    /// The range from the 2.5th to the 97.5th hundredth of draws; none without any.
    #[must_use]
    pub(crate) fn of_draws(mut drawn: Vec<f64>) -> Option<Self> {
        drawn.sort_by(f64::total_cmp);
        let at = |share: f64| drawn.get((share * (drawn.len() as f64 - 1.0)).round() as usize).copied();
        Some(Self { low: at(0.025)?, high: at(0.975)? })
    }

    /// Whether a figure lies in it.
    #[must_use]
    pub fn holds(self, figure: f64) -> bool {
        (self.low..=self.high).contains(&figure)
    }

    /// The range around `figure` with the reach of this one times `factor`: an interval found on a sample, told of
    /// all that the sample was drawn from.
    #[must_use]
    pub fn scaled(self, figure: f64, factor: f64) -> Self {
        let reach = factor * (self.high - self.low) / 2.0;
        Self { low: figure - reach, high: figure + reach }
    }
}
