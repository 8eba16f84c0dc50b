//! Gauss's hypergeometric function ₂F₁ for the positive arguments that the models bring.

/// A term that adds less than this to the sum ends it.
const ENOUGH: f64 = 1e-16;
const MOST_TERMS: usize = 1_000_000;

/// ₂F₁(1, p; q; z) with its derivatives by p, q and z, for p, q > 0 and 0 ≤ z < 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sum {
    /// The sum.
    pub value: f64,
    /// Its derivative by p.
    pub by_p: f64,
    /// Its derivative by q.
    pub by_q: f64,
    /// Its derivative by z.
    pub by_z: f64,
}

/// ₂F₁(1, p; q; z) as a series of positive terms.
pub(crate) fn one(p: f64, q: f64, z: f64) -> Sum {
    let mut sum = Sum { value: 1.0, by_p: 0.0, by_q: 0.0, by_z: 0.0 };
    let (mut term, mut log_by_p, mut log_by_q) = (1.0, 0.0, 0.0);
    for place in 0..MOST_TERMS {
        let n = place as f64;
        let (over_p, over_q) = (1.0 / (p + n), 1.0 / (q + n));
        // The term without its last z, so that the derivative by z needs no division by z.
        let without_z = term * (p + n) * over_q;
        sum.by_z += without_z * (n + 1.0);
        term = without_z * z;
        log_by_p += over_p;
        log_by_q -= over_q;
        sum.value += term;
        sum.by_p += term * log_by_p;
        sum.by_q += term * log_by_q;
        if term * (n + 2.0) <= ENOUGH * sum.value * (1.0 - z) {
            break;
        }
    }
    sum
}

/// e^`log_factor` · ₃F₂(a, b, 1; c, 2; z) for c > 0 and 0 ≤ z < 1.
pub(crate) fn three_two(a: f64, b: f64, c: f64, z: f64, log_factor: f64) -> f64 {
    series(z, log_factor, |n| (a + n) * (b + n) / ((c + n) * (n + 2.0)))
}

/// e^`log_factor` · ₂F₁(a, b; c; z) for c > 0 and 0 ≤ z < 1.
pub(crate) fn two_one(a: f64, b: f64, c: f64, z: f64, log_factor: f64) -> f64 {
    series(z, log_factor, |n| (a + n) * (b + n) / ((c + n) * (n + 1.0)))
}

/// 1 + the sum of terms, each the one before times `ratio(n) · z`; all times e^`log_factor`.
fn series(z: f64, log_factor: f64, ratio: impl Fn(f64) -> f64) -> f64 {
    let (mut term, mut sum, mut log_scale) = (1.0_f64, 1.0_f64, log_factor);
    for place in 0..MOST_TERMS / 50 {
        let ratio = ratio(place as f64) * z;
        term *= ratio;
        sum += term;
        if sum > 1e250 {
            sum *= 1e-250;
            term *= 1e-250;
            log_scale += 250.0 * std::f64::consts::LN_10;
        }
        if ratio.abs() < 1.0 && term.abs() <= ENOUGH * sum.abs() * (1.0 - ratio.abs().max(z)) {
            break;
        }
    }
    sum * log_scale.exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        // ₂F₁(1, 1; 2; z) = −ln(1−z)/z, and p = q gives the geometric series.
        for z in [0.1_f64, 0.5, 0.9, 0.99] {
            assert!((one(1.0, 2.0, z).value / (-(1.0 - z).ln() / z) - 1.0).abs() < 1e-13, "{z}");
            assert!((one(3.3, 3.3, z).value * (1.0 - z) - 1.0).abs() < 1e-13, "{z}");
        }
        // ₃F₂(1, 1, 1; 1, 2; z) = −ln(1−z)/z.
        assert!((three_two(1.0, 1.0, 1.0, 0.7, 0.0) - -(0.3_f64.ln()) / 0.7).abs() < 1e-13);
        assert_eq!(one(2.0, 3.0, 0.0).value, 1.0);
        assert_eq!(one(2.0, 3.0, 0.0).by_z, 2.0 / 3.0);
    }

    proptest! {
        #[test]
        fn derivatives_are_those_of_small_steps(p in 0.1..20.0_f64, q in 0.2..30.0_f64, z in 0.01..0.9_f64) {
            let h = 1e-5;
            let sum = one(p, q, z);
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-5 * (1.0 + a.abs().max(b.abs()));
            prop_assert!(near(sum.by_p, (one(p + h, q, z).value - one(p - h, q, z).value) / (2.0 * h)));
            prop_assert!(near(sum.by_q, (one(p, q + h, z).value - one(p, q - h, z).value) / (2.0 * h)));
            prop_assert!(near(sum.by_z, (one(p, q, z + h).value - one(p, q, z - h).value) / (2.0 * h)), "{} {}", sum.by_z, (one(p, q, z + h).value - one(p, q, z - h).value) / (2.0 * h));
        }
    }
}
