//! Contractual and lost for good: how many of a cohort renew. Shifted-beta-geometric (Fader & Hardie 2007) and
//! beta-discrete-Weibull (Fader, Hardie, Liu, Davin & Steenburgh 2018).

use domain::{Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use statrs::function::gamma::{digamma, ln_gamma};

use super::estimate::{Estimate, by_parameters};
use super::numeric::{hypergeometric, optimise};

/// How many of a cohort were still there, from the start on, one count per period.
#[derive(Debug, Clone, PartialEq)]
pub struct Survivors(Vec<f64>);

/// S(t) = B(α, β+tᶜ) / B(α, β); c = 1 is the shifted-beta-geometric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cohort {
    /// α.
    pub alpha: f64,
    /// β.
    pub beta: f64,
    /// c: above 1 a customer's own risk grows with time, below it falls.
    pub c: f64,
    /// Whether c was fitted.
    pub weibull: bool,
    /// Log-likelihood of the cohort it was fitted to.
    pub log_likelihood: f64,
    /// Whether the fit settled.
    pub converged: bool,
    /// Covariance of ln α, ln β, ln c; none where the cohort does not settle them.
    pub covariance: Option<[[f64; 3]; 3]>,
}

impl Survivors {
    /// Counts from the start on. They must be numbers that never grow, with a start above 0 and at least two
    /// periods after it, in which someone left.
    ///
    /// # Errors
    /// What is wrong, with the period.
    pub fn new(counts: Vec<f64>) -> Result<Self, Problem> {
        let bad = |message: Message| Err(Problem::new(ProblemKind::BadInput, message));
        for (period, &count) in counts.iter().enumerate() {
            if !count.is_finite() || count < 0.0 {
                return bad(Message::new("clv-problem-survivors-number").with("period", period));
            }
            if period > 0 && count > counts[period - 1] {
                return bad(Message::new("clv-problem-survivors-grow").with("period", period));
            }
        }
        if counts.len() < 3 {
            return bad(Message::new("clv-problem-survivors-short").with("needed", 3_usize));
        }
        if counts[0] == counts[counts.len() - 1] {
            return bad(Message::new("clv-problem-nobody-left"));
        }
        if counts[1] == 0.0 {
            return bad(Message::new("clv-problem-all-left-at-once"));
        }
        Ok(Self(counts))
    }

    /// Periods after the start.
    #[must_use]
    pub fn periods(&self) -> usize {
        self.0.len() - 1
    }

    /// Those still there, from the start on.
    #[must_use]
    pub fn counts(&self) -> &[f64] {
        &self.0
    }

    /// The first periods alone.
    ///
    /// # Errors
    /// If nobody left in them, or they are too few.
    pub fn first(&self, periods: usize) -> Result<Self, Problem> {
        Self::new(self.0[..=periods.min(self.periods())].to_vec())
    }
}

impl Cohort {
    /// Fits the shifted-beta-geometric by maximum likelihood.
    #[must_use]
    pub fn fit_sbg(survivors: &Survivors) -> Self {
        Self::fit(survivors, false)
    }

    /// Fits the beta-discrete-Weibull by maximum likelihood.
    #[must_use]
    pub fn fit_bdw(survivors: &Survivors) -> Self {
        Self::fit(survivors, true)
    }

    fn fit(survivors: &Survivors, weibull: bool) -> Self {
        let counts = survivors.counts();
        let start = counts[0];
        let scaled = |at: &[f64; 3]| {
            let (value, mut gradient) = log_likelihood(counts, at);
            if !weibull {
                gradient[2] = 0.0;
            }
            (-value / start, gradient.map(|slope| -slope / start))
        };
        // The mean share that leaves in the first period is α / (α + β).
        let left = (1.0 - counts[1] / start).clamp(0.01, 0.99);
        let beta = (1.0 - left) / left;
        let minimum = optimise::minimise([0.0, beta.ln(), 0.0], scaled);
        let covariance = if weibull {
            optimise::covariance(&minimum.at, scaled)
        } else {
            let two = optimise::covariance(&[minimum.at[0], minimum.at[1]], |&[a, b]| {
                let (value, [by_a, by_b, _]) = scaled(&[a, b, 0.0]);
                (value, [by_a, by_b])
            });
            two.map(|[[aa, ab], [ba, bb]]| [[aa, ab, 0.0], [ba, bb, 0.0], [0.0; 3]])
        };
        let [alpha, beta, c] = minimum.at.map(f64::exp);
        Self {
            alpha,
            beta,
            c,
            weibull,
            log_likelihood: -minimum.value * start,
            converged: minimum.converged,
            covariance: covariance.map(|rows| rows.map(|row| row.map(|cell| cell / start))),
        }
    }

    /// Share still there after `t` periods.
    #[must_use]
    pub fn survival(&self, t: f64) -> f64 {
        log_survival(self.alpha, self.beta, t.powf(self.c)).exp()
    }

    /// Share of those there after `t − 1` periods that are there after `t`.
    #[must_use]
    pub fn retention(&self, t: f64) -> f64 {
        (log_survival(self.alpha, self.beta, t.powf(self.c))
            - log_survival(self.alpha, self.beta, (t - 1.0).max(0.0).powf(self.c)))
        .exp()
    }

    /// Discounted expected residual lifetime just before the `n`-th renewal, in payments, the one that is due
    /// included: Σ S(n+i) / S(n−1) / (1+d)ⁱ (Fader & Hardie 2010). Infinite without a discount if α ≤ 1.
    #[must_use]
    pub fn residual(&self, n: f64, discount: f64) -> f64 {
        let z = 1.0 / (1.0 + discount);
        let due = self.retention(n);
        if z >= 1.0 {
            // Without a discount the series ends only where lifetimes have a mean, and then Gauss's sum holds.
            let endless = self.alpha <= 1.0 || self.weibull;
            return if endless {
                f64::INFINITY
            } else {
                due * (self.alpha + self.beta + n - 1.0) / (self.alpha - 1.0)
            };
        }
        if !self.weibull {
            return due * hypergeometric::one(self.beta + n, self.alpha + self.beta + n, z).value;
        }
        let before = log_survival(self.alpha, self.beta, (n - 1.0).powf(self.c));
        let (mut sum, mut factor) = (0.0, 1.0);
        for i in 0..100_000 {
            let share = (log_survival(self.alpha, self.beta, (n + f64::from(i)).powf(self.c)) - before).exp();
            sum += share * factor;
            factor *= z;
            if share * factor <= 1e-14 * sum * (1.0 - z) {
                break;
            }
        }
        sum
    }

    /// The same with its interval, that of the parameters.
    #[must_use]
    pub fn residual_estimate(&self, n: f64, discount: f64) -> Estimate {
        by_parameters([self.alpha, self.beta, self.c], self.covariance.as_ref(), |&[alpha, beta, c]| {
            Self { alpha, beta, c, ..*self }.residual(n, discount)
        })
    }

    /// Mean relative error of the survivors foretold for the periods after the first `known`.
    #[must_use]
    pub fn holdout_error(&self, survivors: &Survivors, known: usize) -> f64 {
        let counts = survivors.counts();
        let held: Vec<f64> = (known + 1..counts.len())
            .filter(|&t| counts[t] > 0.0)
            .map(|t| (self.survival(t as f64) * counts[0] / counts[t] - 1.0).abs())
            .collect();
        held.iter().sum::<f64>() / held.len() as f64
    }
}

/// ln B(α, β+x) − ln B(α, β).
fn log_survival(alpha: f64, beta: f64, x: f64) -> f64 {
    ln_gamma(beta + x) - ln_gamma(beta) + ln_gamma(alpha + beta) - ln_gamma(alpha + beta + x)
}

/// Log-likelihood of a cohort and its slopes, at ln α, ln β, ln c.
fn log_likelihood(counts: &[f64], at: &[f64; 3]) -> (f64, [f64; 3]) {
    let [alpha, beta, c] = at.map(f64::exp);
    let survival = |t: usize| -> (f64, [f64; 3]) {
        if t == 0 {
            return (0.0, [0.0; 3]);
        }
        let log_t = (t as f64).ln();
        let x = (t as f64).powf(c);
        let (of_sum, of_sum_x, of_beta_x) =
            (digamma(alpha + beta), digamma(alpha + beta + x), digamma(beta + x));
        let slopes = [
            alpha * (of_sum - of_sum_x),
            beta * (of_beta_x - digamma(beta) + of_sum - of_sum_x),
            c * (of_beta_x - of_sum_x) * x * log_t,
        ];
        (log_survival(alpha, beta, x), slopes)
    };
    let (mut value, mut gradient) = (0.0, [0.0; 3]);
    let mut before = survival(0);
    for t in 1..counts.len() {
        let now = survival(t);
        let left = counts[t - 1] - counts[t];
        // Those who left in period t: ln(S(t−1) − S(t)).
        let ratio = (now.0 - before.0).exp();
        let leaving = -f64::exp_m1(now.0 - before.0);
        if left > 0.0 {
            value += left * (before.0 + leaving.ln());
            for (slope, (of_before, of_now)) in gradient.iter_mut().zip(before.1.iter().zip(&now.1)) {
                *slope += left * (of_before - ratio * of_now) / leaving;
            }
        }
        before = now;
    }
    let staying = counts[counts.len() - 1];
    value += staying * before.0;
    for (slope, of_last) in gradient.iter_mut().zip(before.1) {
        *slope += staying * of_last;
    }
    (value, gradient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cohort(alpha: f64, beta: f64, c: f64) -> Cohort {
        let weibull = c != 1.0;
        Cohort { alpha, beta, c, weibull, log_likelihood: 0.0, converged: true, covariance: None }
    }

    #[test]
    fn what_is_no_cohort_is_a_problem() {
        let key = |counts: &[f64]| Survivors::new(counts.to_vec()).unwrap_err().cause.key;
        assert_eq!(key(&[10.0, f64::NAN, 3.0]), "clv-problem-survivors-number");
        assert_eq!(key(&[10.0, -1.0, -3.0]), "clv-problem-survivors-number");
        assert_eq!(key(&[10.0, 5.0, 6.0]), "clv-problem-survivors-grow");
        assert_eq!(key(&[10.0, 5.0]), "clv-problem-survivors-short");
        assert_eq!(key(&[10.0, 10.0, 10.0]), "clv-problem-nobody-left");
        assert_eq!(key(&[0.0, 0.0, 0.0]), "clv-problem-nobody-left");
        assert_eq!(key(&[10.0, 0.0, 0.0]), "clv-problem-all-left-at-once");
    }

    #[test]
    fn odd_cohorts_fit_to_numbers() {
        for counts in [
            vec![1e12, 6e11, 4e11, 3e11],
            vec![2.0, 1.0, 1.0],
            vec![3.0, 3.0, 0.0],
            vec![1000.0, 500.0, 250.0, 125.0, 62.5],
            vec![1000.0, 999.0, 999.0, 999.0],
        ] {
            let survivors = Survivors::new(counts.clone()).unwrap();
            for fitted in [Cohort::fit_sbg(&survivors), Cohort::fit_bdw(&survivors)] {
                assert!(fitted.log_likelihood.is_finite(), "{counts:?} {fitted:?}");
                assert!(fitted.residual(3.0, 0.1).is_finite(), "{counts:?} {fitted:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn slopes_are_those_of_small_steps(a in -1.0..1.5_f64, b in -1.0..1.5_f64, c in -0.5..0.7_f64) {
            let counts = [1000.0, 631.0, 468.0, 468.0, 326.0];
            let (_, gradient) = log_likelihood(&counts, &[a, b, c]);
            for place in 0..3 {
                let (mut above, mut below) = ([a, b, c], [a, b, c]);
                above[place] += 1e-5;
                below[place] -= 1e-5;
                let slope = (log_likelihood(&counts, &above).0 - log_likelihood(&counts, &below).0) / 2e-5;
                prop_assert!((slope - gradient[place]).abs() < 1e-3 * (1.0 + slope.abs()), "{slope} {gradient:?}");
            }
        }

        #[test]
        fn with_c_of_one_the_two_are_the_same(alpha in 0.2..3.0_f64, beta in 0.2..5.0_f64, n in 1..9_u8) {
            let geometric = cohort(alpha, beta, 1.0);
            let weibull = Cohort { weibull: true, ..geometric };
            let (a, b) = (geometric.residual(f64::from(n), 0.1), weibull.residual(f64::from(n), 0.1));
            prop_assert!((a - b).abs() < 1e-9 * a, "{a} {b}");
            prop_assert!((geometric.retention(f64::from(n)) - (beta + f64::from(n) - 1.0) / (alpha + beta + f64::from(n) - 1.0)).abs() < 1e-9);
        }

        #[test]
        fn without_a_discount_the_series_is_its_limit(alpha in 1.5..4.0_f64, beta in 0.2..5.0_f64) {
            let cohort = cohort(alpha, beta, 1.0);
            let near = cohort.residual(2.0, 1e-4);
            prop_assert!((near / cohort.residual(2.0, 0.0) - 1.0).abs() < 0.2);
        }
    }
}
