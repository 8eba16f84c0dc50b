//! P-values, and what is left of them when many things were tested.

use statrs::function::{beta::beta_reg, erf::erfc, gamma::gamma_ur};

/// Probability of a standard normal figure at least this far from nothing, either way.
pub(crate) fn normal(z: f64) -> f64 {
    if z.is_nan() { 1.0 } else { erfc(z.abs() / std::f64::consts::SQRT_2) }
}

/// Probability of a χ² figure at least this large.
pub(crate) fn chi_squared(figure: f64, degrees: usize) -> f64 {
    if degrees == 0 || !figure.is_finite() || figure <= 0.0 {
        return if figure == f64::INFINITY { 0.0 } else { 1.0 };
    }
    gamma_ur(degrees as f64 / 2.0, figure / 2.0)
}

/// Probability of an F figure at least this large.
pub(crate) fn f(figure: f64, between: usize, within: usize) -> f64 {
    if between == 0 || within == 0 || figure.is_nan() || figure <= 0.0 {
        return 1.0;
    }
    let (between, within) = (between as f64, within as f64);
    beta_reg(within / 2.0, between / 2.0, (within / (within + between * figure)).clamp(0.0, 1.0))
}

/// P-values adjusted so that those below a level hold at most that share of false ones (Benjamini & Hochberg
/// 1995), in the order given.
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[b].total_cmp(&p_values[a]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least = 1.0_f64;
    for (place, &at) in order.iter().enumerate() {
        let rank = p_values.len() - place;
        least = least.min(p_values[at] * p_values.len() as f64 / rank as f64);
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-5, "{found} is not {expected}");
    }

    #[test]
    fn tables_of_textbooks_are_met() {
        near(normal(1.959_964), 0.05);
        near(chi_squared(3.841_459, 1), 0.05);
        near(chi_squared(18.307_038, 10), 0.05);
        near(f(4.964_603, 1, 10), 0.05);
        near(f(2.866_081, 4, 20), 0.05);
    }

    #[test]
    fn figures_that_are_none_prove_nothing() {
        assert_eq!([normal(f64::NAN), chi_squared(f64::NAN, 1), f(f64::NAN, 1, 1), f(1.0, 0, 9)], [1.0; 4]);
        assert_eq!(chi_squared(f64::INFINITY, 1), 0.0);
    }

    #[test]
    fn adjusted_values_rise_with_the_number_of_tests() {
        let adjusted = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005]);
        for (found, expected) in adjusted.iter().zip([0.02, 0.04, 0.04, 0.02]) {
            near(*found, expected);
        }
        assert!(benjamini_hochberg(&[]).is_empty());
    }
}
