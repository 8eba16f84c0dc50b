//! The average effect, and the smallest one that an experiment could have seen.

use serde::Serialize;

use crate::interval::Interval;

/// A figure with the range that holds the true one with a probability of about 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// From.
    pub low: f64,
    /// To.
    pub high: f64,
}

impl Estimate {
    /// The figure with this standard error.
    #[must_use]
    pub fn around(value: f64, standard_error: f64) -> Self {
        let Interval { low, high } = Interval::around(value, standard_error);
        Self { value, low, high }
    }
}

/// Normal quantiles of .975 (two-sided .05) and .8 (power).
const Z_SURE: f64 = 1.959_963_984_540_054;
const Z_POWER: f64 = 0.841_621_233_572_914_3;

/// Difference of two shares, treated minus left alone, from positives and sizes of the arms (Wald).
#[must_use]
pub fn difference(treated: (usize, usize), control: (usize, usize)) -> Estimate {
    let part = |(positives, size): (usize, usize)| {
        let share = positives as f64 / size as f64;
        (share, share * (1.0 - share) / size as f64)
    };
    let ((treated, treated_variance), (control, control_variance)) = (part(treated), part(control));
    Estimate::around(treated - control, (treated_variance + control_variance).sqrt())
}

/// Smallest difference of shares that arms of these sizes show with power .8 at two-sided .05, when
/// `base_rate` of the customers left alone respond.
#[must_use]
pub fn smallest_detectable(base_rate: f64, treated: usize, control: usize) -> f64 {
    smallest_detectable_mean((base_rate * (1.0 - base_rate)).sqrt(), treated, control)
}

/// The same for an outcome that is an amount with this standard deviation.
#[must_use]
pub fn smallest_detectable_mean(deviation: f64, treated: usize, control: usize) -> f64 {
    (Z_SURE + Z_POWER) * deviation * (1.0 / treated as f64 + 1.0 / control as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn the_smallest_detectable_effect_is_seen_in_four_of_five_experiments() {
        let (base, size) = (0.2, 2_000);
        let effect = smallest_detectable(base, size, size);
        let mut random = Random::new(1);
        let mut positives =
            |share: f64| (0..size).filter(|_| (random.below(1_000_000) as f64) < share * 1_000_000.0).count();
        let seen = (0..1_000)
            .filter(|_| difference((positives(base + effect), size), (positives(base), size)).low > 0.0)
            .count();
        assert!((760..=830).contains(&seen), "{seen}");
    }

    #[test]
    fn four_times_the_customers_halve_what_can_be_seen() {
        let few = smallest_detectable(0.1, 500, 500);
        assert!((few / smallest_detectable(0.1, 2_000, 2_000) - 2.0).abs() < 1e-12);
        assert!(smallest_detectable(0.1, 0, 500).is_infinite());
    }
}
