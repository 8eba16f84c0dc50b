//! Gamma-Gamma: what a purchase is worth, for customers whose spend does not depend on how often they buy (Fader
//! & Hardie 2013).

use domain::{Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use statrs::function::gamma::{digamma, ln_gamma};

use crate::clv::estimate::{Estimate, around_log, log_variance};
use crate::clv::numeric::optimise;

/// A customer's repeat purchases and their mean amount.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spender {
    /// x.
    pub frequency: f64,
    /// z̄, yuan; 0 without repeats.
    pub mean: f64,
}

/// A fitted model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GammaGamma {
    /// p, q, γ.
    pub parameters: [f64; 3],
    /// Customers with repeat purchases, which are those it was fitted to.
    pub customers: usize,
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Whether the fit settled.
    pub converged: bool,
    /// Covariance of the logarithms of the parameters; none where the base does not settle them.
    pub covariance: Option<[[f64; 3]; 3]>,
}

const FEWEST: usize = 10;

impl GammaGamma {
    /// The symbols of its parameters, in their order.
    pub const SYMBOLS: [&'static str; 3] = ["p", "q", "gamma"];

    /// Fits by maximum likelihood to those with repeat purchases.
    ///
    /// # Errors
    /// If an amount of theirs is not above 0, they are too few, all spend the same, or the spread is so wide
    /// that there is no mean.
    pub fn fit(spenders: &[Spender]) -> Result<Self, Problem> {
        let bad = |message| Err(Problem::new(ProblemKind::BadInput, message));
        for (row, spender) in spenders.iter().enumerate() {
            let wrong = !spender.mean.is_finite() || spender.mean <= 0.0;
            if spender.frequency > 0.0 && wrong {
                return bad(Message::new("clv-problem-spend").with("row", row + 1));
            }
        }
        let repeating: Vec<Spender> =
            spenders.iter().filter(|spender| spender.frequency > 0.0).copied().collect();
        if repeating.len() < FEWEST {
            let message = Message::new("clv-problem-few-spenders")
                .with("count", repeating.len())
                .with("needed", FEWEST);
            return bad(message);
        }
        if repeating.iter().all(|spender| spender.mean == repeating[0].mean) {
            return bad(Message::new("clv-problem-same-spend"));
        }
        let count = repeating.len() as f64;
        let mean = repeating.iter().map(|spender| spender.mean).sum::<f64>() / count;
        let negative = |at: &[f64; 3]| {
            let parameters = at.map(f64::exp);
            let (value, slopes) = log_likelihood(&repeating, parameters);
            (-value / count, std::array::from_fn(|place| -slopes[place] * parameters[place] / count))
        };
        let minimum = optimise::minimise([2.0, 3.0, mean].map(f64::ln), negative);
        let covariance = optimise::covariance(&minimum.at, negative);
        let parameters = minimum.at.map(f64::exp);
        if parameters[1].is_nan() || parameters[1] <= 1.0 {
            return bad(Message::new("clv-problem-spend-no-mean"));
        }
        Ok(Self {
            parameters,
            customers: repeating.len(),
            log_likelihood: -minimum.value * count,
            converged: minimum.converged,
            covariance: covariance.map(|rows| rows.map(|row| row.map(|cell| cell / count))),
        })
    }

    /// Expected amount of a customer's next purchase: what they spent, drawn to the mean of all.
    #[must_use]
    pub fn expected(&self, spender: &Spender) -> f64 {
        let [p, q, gamma] = self.parameters;
        let Spender { frequency: x, mean } = *spender;
        p * (gamma + x * mean) / (p * x + q - 1.0)
    }

    /// Variance of the logarithm of [`Self::expected`] that the uncertainty of the parameters leaves.
    pub(crate) fn log_variance(&self, spender: &Spender) -> Option<f64> {
        let figure = |parameters: &[f64; 3]| Self { parameters: *parameters, ..*self }.expected(spender);
        Some(log_variance(self.parameters, self.covariance.as_ref()?, figure)).filter(|v| v.is_finite())
    }

    /// [`Self::expected`] with its interval.
    #[must_use]
    pub fn estimate(&self, spender: &Spender) -> Estimate {
        around_log(self.expected(spender), self.log_variance(spender))
    }
}

/// The log-likelihood and its slopes by p, q, γ.
fn log_likelihood(spenders: &[Spender], [p, q, gamma]: [f64; 3]) -> (f64, [f64; 3]) {
    let (gamma_q, psi_q, log_gamma) = (ln_gamma(q), digamma(q), gamma.ln());
    let (mut value, mut slopes) = (0.0, [0.0; 3]);
    for &Spender { frequency: x, mean } in spenders {
        let (px, total) = (p * x, x * mean);
        let log_all = (total + gamma).ln();
        let log_total = total.ln();
        let psi_all = digamma(px + q);
        value += ln_gamma(px + q) - ln_gamma(px) - gamma_q + q * log_gamma + px * log_total
            - mean.ln()
            - (px + q) * log_all;
        slopes[0] += x * (psi_all - digamma(px) + log_total - log_all);
        slopes[1] += psi_all - psi_q + log_gamma - log_all;
        slopes[2] += q / gamma - (px + q) / (total + gamma);
    }
    (value, slopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(spenders: &[Spender]) -> &'static str {
        GammaGamma::fit(spenders).unwrap_err().cause.key
    }

    #[test]
    fn what_cannot_be_fitted_is_a_problem() {
        let all = |frequency, mean| vec![Spender { frequency, mean }; 20];
        assert_eq!(problem(&all(1.0, f64::NAN)), "clv-problem-spend");
        assert_eq!(problem(&all(1.0, -3.0)), "clv-problem-spend");
        assert_eq!(problem(&all(1.0, 0.0)), "clv-problem-spend");
        assert_eq!(problem(&all(0.0, 0.0)), "clv-problem-few-spenders");
        assert_eq!(problem(&all(2.0, 5.0)), "clv-problem-same-spend");
    }

    #[test]
    fn few_purchases_are_drawn_to_the_mean_of_all() {
        let parameters = [6.0, 4.0, 15.0];
        let model =
            GammaGamma { parameters, customers: 1, log_likelihood: 0.0, converged: true, covariance: None };
        let of = |frequency| model.expected(&Spender { frequency, mean: 100.0 });
        assert_eq!(of(0.0), 30.0);
        assert!(of(0.0) < of(1.0) && of(1.0) < of(10.0) && of(10.0) < 100.0);
    }
}
