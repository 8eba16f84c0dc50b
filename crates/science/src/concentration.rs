//! How far value rests on few customers: share of the top fifth, Gini coefficient, concentration curve.

use domain::{Message, Problem, ProblemKind};
use serde::Serialize;

use crate::clv::transactions::Log;
use crate::frame::Frame;
use crate::interval::Interval;
use crate::random::Random;
use crate::table::numbers;
use crate::uplift::Estimate;

/// Concentration over a set of customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    /// How many customers.
    pub customers: usize,
    /// Share of the value that the top fifth of them brings, 0 to 1.
    pub top_fifth: f64,
    /// Gini coefficient: 0 when all bring the same, near 1 when one brings all.
    pub gini: f64,
    /// Cumulated share of value at 0 %, 5 %, … 100 % of customers, largest first.
    pub curve: [f32; 21],
}

impl Concentration {
    /// Concentration of positive values (fen), largest first; none when there is nothing to share.
    #[must_use]
    pub fn of_descending(values: &[i64]) -> Option<Self> {
        measure(values.iter().map(|&value| (value, 1)), values.len())
    }

    /// Intervals of the share of the top fifth and of Gini, from `samples` drawings with replacement.
    #[must_use]
    pub fn intervals(descending: &[i64], samples: usize, seed: u64) -> Option<(Interval, Interval)> {
        let count = descending.len();
        let mut random = Random::new(seed);
        let mut drawn = vec![0_u32; count];
        let mut top_fifths = Vec::with_capacity(samples);
        let mut ginis = Vec::with_capacity(samples);
        for _ in 0..samples {
            drawn.fill(0);
            for _ in 0..count {
                drawn[random.below(count)] += 1;
            }
            let weighted = descending.iter().zip(&drawn).map(|(&value, &times)| (value, times as usize));
            // A drawing of customers who bring nothing says nothing.
            let Some(sample) = measure(weighted, count) else { continue };
            top_fifths.push(sample.top_fifth);
            ginis.push(sample.gini);
        }
        Some((Interval::of_draws(top_fifths)?, Interval::of_draws(ginis)?))
    }

    /// Smallest share of customers that brings `share` of the value.
    #[must_use]
    pub fn customers_bringing(descending: &[i64], share: f64) -> Option<f64> {
        let total: i128 = descending.iter().map(|&value| i128::from(value)).sum();
        let mut sum = 0;
        let place = descending.iter().position(|&value| {
            sum += i128::from(value);
            sum as f64 >= share * total as f64
        })?;
        Some((place + 1) as f64 / descending.len() as f64)
    }
}

/// A table's concentration with its intervals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Customers.
    pub n: usize,
    /// Rows whose value is not known: left out.
    pub left_out: usize,
    /// Customers that cost more than they bring: counted as bringing nothing.
    pub below_zero: usize,
    /// Share of the value that the top fifth brings.
    pub top_fifth: Estimate,
    /// Gini coefficient.
    pub gini: Estimate,
    /// Smallest share of customers that brings four fifths of the value.
    pub customers_for_80: f64,
    /// Cumulated share of value at 0 %, 5 %, … 100 % of customers, largest first.
    pub curve: Vec<f32>,
}

/// Measures a column of values by customer, or, without one, what each customer of a log `id, date, amount` spent;
/// yuan. Intervals are of `samples` drawings with replacement.
///
/// # Errors
/// If there is no such column, it holds words, a row of the log is wrong, or there is nothing to share.
pub fn evaluate(frame: &Frame, column: Option<&str>, samples: usize, seed: u64) -> Result<Report, Problem> {
    let spent;
    let values: &[f64] = match column {
        Some(column) => numbers(frame, column)?,
        None => {
            spent = Log::from_frame(frame)?.spent();
            &spent
        }
    };
    let known = values.iter().filter(|value| value.is_finite());
    let mut fen: Vec<i64> = known.clone().map(|value| (value.max(0.0) * 100.0).round() as i64).collect();
    fen.sort_unstable_by(|a, b| b.cmp(a));
    let nothing = || Problem::new(ProblemKind::BadInput, Message::new("problem-concentration-nothing"));
    let measured = Concentration::of_descending(&fen).ok_or_else(nothing)?;
    let (top_fifth, gini) = Concentration::intervals(&fen, samples.max(1), seed).ok_or_else(nothing)?;
    let estimate = |value, Interval { low, high }: Interval| Estimate { value, low, high };
    Ok(Report {
        n: fen.len(),
        left_out: values.len() - fen.len(),
        below_zero: known.filter(|value| **value < 0.0).count(),
        top_fifth: estimate(measured.top_fifth, top_fifth),
        gini: estimate(measured.gini, gini),
        customers_for_80: Concentration::customers_bringing(&fen, 0.8).ok_or_else(nothing)?,
        curve: measured.curve.to_vec(),
    })
}

/// Walks down values with their counts; `count` is how many there are in all.
fn measure(descending: impl Iterator<Item = (i64, usize)> + Clone, count: usize) -> Option<Concentration> {
    let total: i128 = descending.clone().map(|(value, times)| i128::from(value) * times as i128).sum();
    if total <= 0 || count == 0 {
        return None;
    }
    let total = total as f64;
    let mut curve = [0.0_f32; 21];
    let mut next_point = 1;
    let mut top_fifth = 0.0;
    let fifth = count as f64 / 5.0;
    let mut before = 0_usize;
    let mut sum = 0_i128;
    let mut twice_area = 0.0;
    for (value, times) in descending {
        if times == 0 {
            continue;
        }
        let after = before + times;
        let share_at = |place: f64| (sum as f64 + (place - before as f64) * value as f64) / total;
        if before as f64 <= fifth && fifth <= after as f64 {
            top_fifth = share_at(fifth);
        }
        while next_point < 21 && (next_point * count) as f64 / 20.0 <= after as f64 {
            curve[next_point] = share_at((next_point * count) as f64 / 20.0) as f32;
            next_point += 1;
        }
        // Trapezes under the curve; those of equal values join to one.
        twice_area += times as f64 * (share_at(before as f64) + share_at(after as f64));
        sum += i128::from(value) * times as i128;
        before = after;
    }
    Some(Concentration { customers: count, top_fifth, gini: twice_area / count as f64 - 1.0, curve })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_customers_share_equally_and_one_may_bring_all() {
        let equal = Concentration::of_descending(&[7; 10]).expect("value");
        assert!((equal.top_fifth - 0.2).abs() < 1e-12 && equal.gini.abs() < 1e-12);
        assert!(equal.curve.iter().enumerate().all(|(i, &share)| (share - i as f32 / 20.0).abs() < 1e-6));
        let mut one = [0; 100];
        one[0] = 5;
        let one = Concentration::of_descending(&one).expect("value");
        assert!((one.top_fifth - 1.0).abs() < 1e-12 && (one.gini - 0.99).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_share_is_none() {
        assert_eq!(Concentration::of_descending(&[]), None);
        assert_eq!(Concentration::of_descending(&[0, 0]), None);
    }

    #[test]
    fn the_top_fifth_of_few_stands_on_the_curve() {
        for count in 1..20 {
            let values: Vec<i64> = (1..=count).rev().collect();
            let few = Concentration::of_descending(&values).expect("value");
            assert!((few.top_fifth - f64::from(few.curve[4])).abs() < 1e-6, "{count}");
        }
    }

    proptest! {
        #[test]
        fn the_curve_rises_and_bends_down(mut values in prop::collection::vec(1..1_000_000_i64, 1..80)) {
            values.sort_unstable_by(|a, b| b.cmp(a));
            let concentration = Concentration::of_descending(&values).expect("value");
            prop_assert_eq!(concentration.curve[0], 0.0);
            prop_assert!((concentration.curve[20] - 1.0).abs() < 1e-6);
            for three in concentration.curve.windows(3) {
                prop_assert!(three[2] - three[1] <= three[1] - three[0] + 1e-5);
            }
            prop_assert!((-1e-12..1.0).contains(&concentration.gini));
            let (top, gini) = Concentration::intervals(&values, 20, 7).expect("value");
            prop_assert!(top.low <= top.high && gini.low <= gini.high);
            prop_assert_eq!(Concentration::intervals(&values, 20, 7), Some((top, gini)));
        }
    }
}
