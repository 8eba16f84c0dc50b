//! A figure with how sure it is.

use serde::{Deserialize, Serialize};

use crate::interval::Interval;

/// A figure with its interval, if what it rests on says one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Its interval.
    pub interval: Option<Interval>,
}

impl Estimate {
    /// A figure that is taken as known.
    #[must_use]
    pub const fn certain(value: f64) -> Self {
        Self { value, interval: None }
    }

    /// The same in other units.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        let interval = self.interval.map(|Interval { low, high }| Interval {
            low: (low * factor).min(high * factor),
            high: (low * factor).max(high * factor),
        });
        Self { value: self.value * factor, interval }
    }
}

/// Variance of ln `figure` by the covariance of the logarithms of its parameters (the delta method).
pub(crate) fn log_variance<const N: usize>(
    parameters: [f64; N],
    covariance: &[[f64; N]; N],
    figure: impl Fn(&[f64; N]) -> f64,
) -> f64 {
    let h = 1e-4_f64;
    let slopes: [f64; N] = std::array::from_fn(|place| {
        if covariance[place][place] == 0.0 {
            return 0.0;
        }
        let (mut above, mut below) = (parameters, parameters);
        above[place] *= h.exp();
        below[place] *= (-h).exp();
        (figure(&above).ln() - figure(&below).ln()) / (2.0 * h)
    });
    let mut variance = 0.0;
    for row in 0..N {
        for column in 0..N {
            variance += slopes[row] * covariance[row][column] * slopes[column];
        }
    }
    variance.max(0.0)
}

/// A positive figure with the interval that the uncertainty of its parameters gives it.
pub(crate) fn by_parameters<const N: usize>(
    parameters: [f64; N],
    covariance: Option<&[[f64; N]; N]>,
    figure: impl Fn(&[f64; N]) -> f64,
) -> Estimate {
    let value = figure(&parameters);
    let variance = covariance.map(|covariance| log_variance(parameters, covariance, &figure));
    around_log(value, variance)
}

/// A positive figure with the interval of the variance of its logarithm.
pub(crate) fn around_log(value: f64, variance: Option<f64>) -> Estimate {
    let interval = variance.filter(|variance| variance.is_finite()).map(|variance| {
        // Wider than this says only that nothing is known.
        let reach = (1.96 * variance.sqrt()).min(20.0);
        Interval { low: value * (-reach).exp(), high: value * reach.exp() }
    });
    Estimate { value, interval }
}
