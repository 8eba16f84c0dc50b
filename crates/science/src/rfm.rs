//! Recency, frequency, monetary: quintiles over the operator's base (Bob Stone).

use domain::Money;
use domain::assessment::Rfm;

/// What a customer is scored by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchases {
    /// Time since the latest revenue, in any unit; less is better.
    pub recency: i64,
    /// How often there was revenue; more is better.
    pub frequency: i64,
    /// How much in all; more is better.
    pub monetary: Money,
}

/// Scores each customer of a base, which holds only those who ever brought revenue. Among equals, those that
/// stand first get the lower points.
#[must_use]
pub fn score(base: &[Purchases]) -> Vec<Rfm> {
    let by = |key: fn(&Purchases) -> i64| quintiles(&base.iter().map(key).collect::<Vec<_>>());
    let recency = by(|customer| -customer.recency);
    let frequency = by(|customer| customer.frequency);
    let monetary = by(|customer| customer.monetary.fen());
    recency
        .into_iter()
        .zip(frequency)
        .zip(monetary)
        .map(|((recency, frequency), monetary)| Rfm { recency, frequency, monetary })
        .collect()
}

/// Points 1 to 5, 5 for the largest fifth; equal values by first order. Linear in the number of values.
#[must_use]
pub fn quintiles(values: &[i64]) -> Vec<u8> {
    let count = values.len();
    let first_of = |fifth: usize| (fifth * count).div_ceil(5);
    let mut cuts: Vec<i64> = Vec::with_capacity(4);
    let mut ordered = values.to_vec();
    let mut from = 0;
    for fifth in 1..5 {
        let at = first_of(fifth);
        if at >= count {
            break;
        }
        let (_, &mut cut, _) = ordered[from..].select_nth_unstable(at - from);
        cuts.push(cut);
        from = at;
    }
    // A value on a cut may fall on either side: its place decides, counted from the first value like it.
    let mut places: Vec<(i64, usize)> = Vec::with_capacity(4);
    for &cut in &cuts {
        if places.last().is_none_or(|&(last, _)| last != cut) {
            places.push((cut, 0));
        }
    }
    for &value in values {
        for place in &mut places {
            place.1 += usize::from(value < place.0);
        }
    }
    values
        .iter()
        .map(|&value| {
            if let Some((_, place)) = places.iter_mut().find(|(cut, _)| *cut == value) {
                *place += 1;
                return ((*place - 1) * 5 / count) as u8 + 1;
            }
            cuts.iter().filter(|&&cut| cut < value).count() as u8 + 1
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_sorting(values: &[i64]) -> Vec<u8> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by_key(|&index| (values[index], index));
        let mut points = vec![0; values.len()];
        for (place, index) in order.into_iter().enumerate() {
            points[index] = (place * 5 / values.len()) as u8 + 1;
        }
        points
    }

    proptest! {
        #[test]
        fn quintiles_are_those_of_sorting(values in prop::collection::vec(-6..6_i64, 0..60)) {
            prop_assert_eq!(quintiles(&values), by_sorting(&values));
        }

        #[test]
        fn quintiles_of_spread_values_too(values in prop::collection::vec(any::<i64>(), 0..60)) {
            prop_assert_eq!(quintiles(&values), by_sorting(&values));
        }
    }
}
