//! Lifetime value by stage.

use domain::Money;

/// Lifetime value of a unit's customers in one stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StageWorth {
    /// Customers with a value.
    pub customers: i64,
    /// Their values together.
    pub total: Money,
    /// Half the 95 % range of that, if all are wrong in the same direction: the moves between stages are those of
    /// everyone.
    pub reach: Money,
}

impl StageWorth {
    /// The mean value with half its range; none without customers.
    #[must_use]
    pub fn mean(&self) -> Option<(Money, Money)> {
        let each = |sum: Money| Money::from_fen(sum.fen() / self.customers);
        (self.customers > 0).then(|| (each(self.total), each(self.reach)))
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            customers: self.customers + other.customers,
            total: self.total + other.total,
            reach: self.reach + other.reach,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_a_stage_is_its_total_over_its_customers() {
        let worth = StageWorth { customers: 4, total: Money::from_fen(1_000), reach: Money::from_fen(200) };
        assert_eq!(worth.mean(), Some((Money::from_fen(250), Money::from_fen(50))));
        assert_eq!(StageWorth::default().mean(), None);
        assert_eq!(worth.plus(worth).mean(), worth.mean());
    }
}
