//! What the three purchase models have in common: fit, chance to be alive, purchases to come.

use serde::{Deserialize, Serialize};

use super::{Customer, Purchases, bg, pareto};
use crate::clv::estimate::{Estimate, log_variance};
use crate::clv::numeric::{optimise, quadrature};

/// How customers are taken to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// After any repeat purchase (Fader, Hardie & Lee 2005).
    BgNbd,
    /// After any purchase, the first too (Batislam, Denizel & Filiztekin 2007).
    MbgNbd,
    /// At any time (Schmittlein, Morrison & Colombo 1987).
    ParetoNbd,
}

/// How far the logarithm of a parameter may go from where the search starts: a base in which all are alike, or
/// nobody leaves, drives parameters to infinity, and beyond a factor of 10,000 nothing changes.
const FARTHEST: f64 = 9.2;

/// A fitted model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// Which.
    pub kind: Kind,
    /// r, α, a, b; or r, α, s, β.
    pub parameters: [f64; 4],
    /// Log-likelihood of the base it was fitted to.
    pub log_likelihood: f64,
    /// Whether the fit settled.
    pub converged: bool,
    /// Covariance of the logarithms of the parameters; none where the base does not settle them.
    pub covariance: Option<[[f64; 4]; 4]>,
}

impl Kind {
    /// Every model.
    pub const ALL: [Self; 3] = [Self::BgNbd, Self::MbgNbd, Self::ParetoNbd];

    /// The symbols of its parameters, in their order.
    #[must_use]
    pub const fn symbols(self) -> [&'static str; 4] {
        match self {
            Self::BgNbd | Self::MbgNbd => ["r", "alpha", "a", "b"],
            Self::ParetoNbd => ["r", "alpha", "s", "beta"],
        }
    }
}

impl Process {
    /// Fits by maximum likelihood.
    #[must_use]
    pub fn fit(kind: Kind, purchases: &Purchases) -> Self {
        let count = purchases.len() as f64;
        let (shape, rate) = (0.5, purchases.rate());
        let start = match kind {
            Kind::BgNbd | Kind::MbgNbd => [shape, shape / rate, 0.8, 2.0],
            Kind::ParetoNbd => [shape, shape / rate, 0.5, purchases.mean_age() / 2.0],
        }
        .map(f64::ln);
        let negative = |at: &[f64; 4]| {
            if at.iter().zip(start).any(|(at, start)| (at - start).abs() > FARTHEST) {
                return (f64::INFINITY, [0.0; 4]);
            }
            let parameters = at.map(f64::exp);
            let (value, slopes) = match kind {
                Kind::BgNbd => bg::log_likelihood(purchases, parameters, 0.0),
                Kind::MbgNbd => bg::log_likelihood(purchases, parameters, 1.0),
                Kind::ParetoNbd => pareto::log_likelihood(purchases, parameters),
            };
            (-value / count, std::array::from_fn(|place| -slopes[place] * parameters[place] / count))
        };
        let minimum = optimise::minimise(start, negative);
        let covariance = optimise::covariance(&minimum.at, negative);
        Self {
            kind,
            parameters: minimum.at.map(f64::exp),
            log_likelihood: -minimum.value * count,
            converged: minimum.converged,
            covariance: covariance.map(|rows| rows.map(|row| row.map(|cell| cell / count))),
        }
    }

    /// Chance that a customer has not left.
    #[must_use]
    pub fn p_alive(&self, customer: &Customer) -> f64 {
        match self.kind {
            Kind::BgNbd => bg::p_alive(self.parameters, customer, 0.0),
            Kind::MbgNbd => bg::p_alive(self.parameters, customer, 1.0),
            Kind::ParetoNbd => pareto::p_alive(self.parameters, customer),
        }
    }

    /// Purchases expected in the next `time`, of a customer of whom it is not known whether they left.
    #[must_use]
    pub fn expected(&self, customer: &Customer, time: f64) -> f64 {
        let if_alive = match self.kind {
            Kind::BgNbd => bg::expected(self.parameters, customer, time, 0.0),
            Kind::MbgNbd => bg::expected(self.parameters, customer, time, 1.0),
            Kind::ParetoNbd => pareto::expected(self.parameters, customer, time),
        };
        if_alive * self.p_alive(customer)
    }

    /// Purchases expected of a new customer in the first `time` after the first purchase.
    #[must_use]
    pub fn expected_of_new(&self, time: f64) -> f64 {
        self.expected(&NEW, time)
    }

    /// Purchases to come, each discounted continuously at `discount` per unit of time: DERT, over `horizon` or
    /// for ever. Infinite only if nothing is discounted and customers last.
    #[must_use]
    pub fn discounted(&self, customer: &Customer, discount: f64, horizon: Option<f64>) -> f64 {
        let reach = horizon.unwrap_or(f64::INFINITY).min(40.0 / discount);
        if reach.is_infinite() {
            return f64::INFINITY;
        }
        let [_, alpha, shape, beta] = self.parameters;
        let (scale, steep) = match self.kind {
            Kind::BgNbd | Kind::MbgNbd => (alpha + customer.age, bg::steepness(self.parameters, customer)),
            Kind::ParetoNbd => (beta + customer.age, shape),
        };
        // In y = ln(1 + t / scale) the rate falls like e^(−steep·y), without bends.
        let mut last = (reach / scale).ln_1p();
        if self.kind == Kind::ParetoNbd && steep > 2.0 {
            last = last.min(45.0 / (steep - 1.0));
        }
        let width = (8.0 / (1.0 + steep)).min(1.5);
        let if_alive = quadrature::integral(0.0, last, width, |y| {
            let time = scale * y.exp_m1();
            let rate = match self.kind {
                Kind::BgNbd => bg::rate(self.parameters, customer, time, 0.0),
                Kind::MbgNbd => bg::rate(self.parameters, customer, time, 1.0),
                Kind::ParetoNbd => pareto::rate(self.parameters, customer, time),
            };
            (-discount * time).exp() * rate * (time + scale)
        });
        if_alive * self.p_alive(customer)
    }

    /// Discounted purchases expected of a new customer, after the first: DET.
    #[must_use]
    pub fn discounted_of_new(&self, discount: f64, horizon: Option<f64>) -> f64 {
        self.discounted(&NEW, discount, horizon)
    }

    /// Variance of the logarithm of a figure of this model that the uncertainty of its parameters leaves.
    pub(crate) fn log_variance(&self, figure: impl Fn(&Self) -> f64) -> Option<f64> {
        let covariance = self.covariance.as_ref()?;
        let with = |parameters: &[f64; 4]| figure(&Self { parameters: *parameters, ..*self });
        Some(log_variance(self.parameters, covariance, with)).filter(|variance| variance.is_finite())
    }

    /// A positive figure of this model with the interval that the uncertainty of its parameters gives.
    #[must_use]
    pub fn estimate(&self, figure: impl Fn(&Self) -> f64) -> Estimate {
        let value = figure(self);
        crate::clv::estimate::around_log(value, self.log_variance(figure))
    }
}

/// One who has just bought for the first time.
const NEW: Customer = Customer { frequency: 0.0, recency: 0.0, age: 0.0 };
