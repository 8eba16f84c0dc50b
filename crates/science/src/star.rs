//! The star rating: from revenue and profit of twelve months, by the rules.

use domain::Money;
use domain::rules::Star;
use domain::star::StarRating;

/// The stars that a customer's twelve months earn: as many thresholds of revenue as are reached, at least
/// one; four and five also ask for profit.
#[must_use]
pub fn star(rules: &Star, revenue_12m: Money, profit_12m: Money) -> StarRating {
    let reaches = |amount: Money, yuan: i64| i128::from(amount.fen()) >= i128::from(yuan) * 100;
    let by_revenue = rules.revenue_12m_yuan.iter().take_while(|&&yuan| reaches(revenue_12m, yuan)).count();
    let by_profit =
        3 + rules.profit_12m_yuan_for_4_and_5.iter().take_while(|&&yuan| reaches(profit_12m, yuan)).count();
    StarRating::try_from(by_revenue.min(by_profit) as u8).unwrap_or(StarRating::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULES: Star =
        Star { revenue_12m_yuan: [0, 100, 200, 300, 400], profit_12m_yuan_for_4_and_5: [10, 20] };

    fn stars(revenue_yuan: i64, profit_yuan: i64) -> u8 {
        star(&RULES, Money::from_fen(revenue_yuan * 100), Money::from_fen(profit_yuan * 100)).get()
    }

    #[test]
    fn revenue_earns_stars_and_the_upper_two_need_profit() {
        assert_eq!(
            [-5, 0, 99, 100, 200, 300, 399, 400].map(|yuan| stars(yuan, 99)),
            [1, 1, 1, 2, 3, 4, 4, 5]
        );
        assert_eq!([9, 10, 19, 20].map(|profit| stars(1000, profit)), [3, 4, 4, 5]);
        assert_eq!(stars(200, -1), 3);
    }

    proptest! {
        #[test]
        fn more_money_never_costs_a_star(revenue in -10..900_i64, profit in -10..90_i64, more in 0..500_i64) {
            prop_assert!(stars(revenue + more, profit) >= stars(revenue, profit));
            prop_assert!(stars(revenue, profit + more) >= stars(revenue, profit));
        }
    }
}
