//! Cash flows over a relation's periods, worth what is left of the customer times the discount. Loyal-customer
//! forms, Reichheld's plain cash flow, share of wallet and dynamic retention are this sum with different flows and
//! survivals. The forms are ours in the spirit of the authors named, whose texts could not be had.

use super::booking::{Booking, present_value};

/// What a loyal customer brings per period, growing by `growth` from one to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Loyal {
    /// Our revenue, or, with a wallet, all that the customer spends; yuan.
    pub spend: f64,
    /// Growth of the spend per period.
    pub growth: f64,
    /// Our share of the spend; 1 where the spend is our revenue.
    pub share: f64,
    /// Change of the share per period, in points; it stays within 0 and 1.
    pub share_growth: f64,
    /// Share of revenue that is left after its direct cost.
    pub margin: f64,
    /// Cost to serve, yuan per period.
    pub cost: f64,
    /// The customer's part of common costs, yuan per period.
    pub overhead: f64,
    /// Cost of winning the customer, paid at the start, yuan.
    pub acquisition: f64,
    /// Share that stays from one period to the next.
    pub retention: f64,
    /// Discount per period.
    pub discount: f64,
    /// Payments.
    pub horizon: usize,
}

impl Loyal {
    /// The flow of a period.
    #[must_use]
    pub fn flow(&self, period: usize) -> f64 {
        let t = period as f64;
        let share = (self.share + self.share_growth * t).clamp(0.0, 1.0);
        self.spend * (1.0 + self.growth).powi(period as i32) * share * self.margin - self.cost - self.overhead
    }

    /// The value: Σ flow · survival · discount, less what winning the customer cost.
    #[must_use]
    pub fn value(&self, booking: Booking) -> f64 {
        let survival = |t: usize| self.retention.powi(t as i32);
        present_value(|t| self.flow(t), survival, self.discount, self.horizon, booking) - self.acquisition
    }
}

/// Retention that changes with tenure: R(t) = exp(−(t/η)ᵏ). BdW is its form for customers who differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dynamic {
    /// η, periods after which 1/e are left.
    pub scale: f64,
    /// k: below 1 those who stay become ever more loyal.
    pub shape: f64,
}

impl Dynamic {
    /// R(t).
    #[must_use]
    pub fn survival(&self, t: f64) -> f64 {
        (-(t / self.scale).powf(self.shape)).exp()
    }

    /// Retention in period t ≥ 1: R(t) / R(t−1).
    #[must_use]
    pub fn retention(&self, t: f64) -> f64 {
        (((t - 1.0) / self.scale).powf(self.shape) - (t / self.scale).powf(self.shape)).exp()
    }

    /// What `margin` per period is worth.
    #[must_use]
    pub fn value(&self, margin: f64, discount: f64, horizon: usize, booking: Booking) -> f64 {
        present_value(|_| margin, |t| self.survival(t as f64), discount, horizon, booking)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clv::booking::retention_value;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_flows_are_the_retention_form(r in 0.1..1.0_f64, d in 0.0..0.4_f64, n in 0..30_usize) {
            let loyal = Loyal {
                spend: 100.0, share: 1.0, margin: 0.3, retention: r, discount: d, horizon: n, ..Loyal::default()
            };
            for booking in Booking::ALL {
                let plain = retention_value(30.0, r, d, Some(n), booking);
                prop_assert!((loyal.value(booking) - plain).abs() < 1e-9);
                // With a shape of 1, retention does not change with tenure.
                let dynamic = Dynamic { scale: -1.0 / r.ln(), shape: 1.0 };
                prop_assert!((dynamic.value(30.0, d, n, booking) - plain).abs() < 1e-6);
            }
        }

        #[test]
        fn survival_is_the_product_of_retentions(scale in 0.5..20.0_f64, shape in 0.3..2.5_f64) {
            let dynamic = Dynamic { scale, shape };
            let product: f64 = (1..=9).map(|t| dynamic.retention(f64::from(t))).product();
            prop_assert!((product - dynamic.survival(9.0)).abs() < 1e-12);
        }
    }

    #[test]
    fn a_growing_share_of_the_wallet_stops_at_all_of_it() {
        let loyal = Loyal { spend: 100.0, share: 0.8, share_growth: 0.1, margin: 1.0, ..Loyal::default() };
        assert_eq!([0, 1, 2, 3, 9].map(|t| loyal.flow(t).round()), [80.0, 90.0, 100.0, 100.0, 100.0]);
    }
}
