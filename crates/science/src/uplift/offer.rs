//! What an offer is worth: to keep a customer, and to win one back (`models.md`, Uplift and decisions).

/// A retention offer to one customer; amounts in yuan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer {
    /// How much likelier the customer stays because of it, −1 to 1.
    pub uplift: f64,
    /// What the customer is worth if it stays: lifetime value.
    pub lifetime_value: f64,
    /// Expected cost of what is given: chance that it is taken × its cost.
    pub expected_incentive: f64,
    /// Cost of making the offer.
    pub contact: f64,
}

impl Offer {
    /// E = uplift · CLV − E\[incentive\] − contact. Rank by this, not by risk.
    #[must_use]
    pub fn expected_value(&self) -> f64 {
        self.uplift * self.lifetime_value - self.expected_incentive - self.contact
    }
}

/// An attempt to win back a customer that left; amounts in yuan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WinBack {
    /// Chance that the customer comes back with the offer, 0 to 1.
    pub with_offer: f64,
    /// Chance that it comes back by itself.
    pub by_itself: f64,
    /// Second lifetime value: what it is worth from its return on.
    pub second_lifetime_value: f64,
    /// Cost of the offer, paid if it comes back.
    pub offer: f64,
    /// Cost of the attempt.
    pub contact: f64,
}

impl WinBack {
    /// (p_wb − p₀) · SLTV − p_wb · offer − contact.
    #[must_use]
    pub fn expected_value(&self) -> f64 {
        (self.with_offer - self.by_itself) * self.second_lifetime_value
            - self.with_offer * self.offer
            - self.contact
    }

    /// Whether to try: iff that is above nothing; otherwise part well.
    #[must_use]
    pub fn is_worth_while(&self) -> bool {
        self.expected_value() > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_to_someone_who_stays_anyway_costs_more_than_it_brings() {
        let offer = Offer { uplift: 0.05, lifetime_value: 2_000.0, expected_incentive: 60.0, contact: 10.0 };
        assert!((offer.expected_value() - 30.0).abs() < 1e-9);
        assert!(Offer { uplift: 0.0, ..offer }.expected_value() < 0.0);
    }

    #[test]
    fn whoever_comes_back_anyway_is_not_worth_an_offer() {
        let attempt = WinBack {
            with_offer: 0.3,
            by_itself: 0.1,
            second_lifetime_value: 5_000.0,
            offer: 800.0,
            contact: 50.0,
        };
        assert!((attempt.expected_value() - 710.0).abs() < 1e-9 && attempt.is_worth_while());
        assert!(!WinBack { by_itself: 0.3, ..attempt }.is_worth_while());
    }
}
