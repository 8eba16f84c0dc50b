//! How good probabilities are: ordering, sharpness, calibration, and what a limited capacity gets out of them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// Bins of the calibration error: of equal count, equal scores never parted.
pub const CALIBRATION_BINS: usize = 10;

/// Places from the highest score to the lowest; equal scores keep their order.
fn descending(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    order
}

/// Runs of equal scores from the highest down: how many, how many of them positive.
fn ties(scores: &[f64], outcomes: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut last = f64::NAN;
    for place in descending(scores) {
        let score = scores[place];
        if score.partial_cmp(&last) != Some(Ordering::Equal) {
            runs.push((0, 0));
            last = score;
        }
        if let Some(run) = runs.last_mut() {
            run.0 += 1;
            run.1 += usize::from(outcomes[place]);
        }
    }
    runs
}

fn positives(outcomes: &[bool]) -> usize {
    outcomes.iter().filter(|&&outcome| outcome).count()
}

/// The chance that a positive scores above a negative, ties half; none with one class only.
#[must_use]
pub fn auc(scores: &[f64], outcomes: &[bool]) -> Option<f64> {
    let positives = positives(outcomes);
    let negatives = outcomes.len() - positives;
    if positives == 0 || negatives == 0 {
        return None;
    }
    let mut above = 0_usize;
    let mut twice_won = 0.0;
    for (count, positive) in ties(scores, outcomes) {
        let negative = count - positive;
        twice_won += negative as f64 * (2 * above + positive) as f64;
        above += positive;
    }
    Some(twice_won / 2.0 / positives as f64 / negatives as f64)
}

/// Average precision: precision at every positive found, ties taken at once; none without positives.
#[must_use]
pub fn pr_auc(scores: &[f64], outcomes: &[bool]) -> Option<f64> {
    let positives = positives(outcomes);
    if positives == 0 {
        return None;
    }
    let (mut seen, mut found, mut sum) = (0, 0, 0.0);
    for (count, positive) in ties(scores, outcomes) {
        seen += count;
        found += positive;
        sum += positive as f64 * found as f64 / seen as f64;
    }
    Some(sum / positives as f64)
}

/// Mean squared distance between probability and outcome.
#[must_use]
pub fn brier(probabilities: &[f64], outcomes: &[bool]) -> f64 {
    let squares = probabilities.iter().zip(outcomes).map(|(p, &y)| (p - f64::from(u8::from(y))).powi(2));
    squares.sum::<f64>() / probabilities.len().max(1) as f64
}

/// Mean negative log-likelihood, nats; probabilities are held 10⁻¹⁵ away from 0 and 1.
#[must_use]
pub fn log_loss(probabilities: &[f64], outcomes: &[bool]) -> f64 {
    let losses = probabilities.iter().zip(outcomes).map(|(&p, &y)| {
        let p = p.clamp(1e-15, 1.0 - 1e-15);
        if y { -p.ln() } else { -(-p).ln_1p() }
    });
    losses.sum::<f64>() / probabilities.len().max(1) as f64
}

/// A bin of the calibration chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// How many.
    pub count: usize,
    /// Mean probability said.
    pub said: f64,
    /// Share that happened.
    pub happened: f64,
}

/// [`CALIBRATION_BINS`] bins of equal count from the lowest probability up; equal ones share a bin.
#[must_use]
pub fn calibration(probabilities: &[f64], outcomes: &[bool]) -> Vec<CalibrationBin> {
    let order = descending(probabilities);
    let count = order.len();
    let mut bins = Vec::with_capacity(CALIBRATION_BINS);
    let (mut start, mut said, mut happened) = (0, 0.0, 0_usize);
    for (place, &row) in order.iter().rev().enumerate() {
        said += probabilities[row];
        happened += usize::from(outcomes[row]);
        let next = order.iter().rev().nth(place + 1).map(|&row| probabilities[row]);
        let parts = next.is_none_or(|next| next > probabilities[row]);
        let full = (place + 1) * CALIBRATION_BINS >= (bins.len() + 1) * count;
        if parts && full {
            let size = place + 1 - start;
            bins.push(CalibrationBin {
                count: size,
                said: said / size as f64,
                happened: happened as f64 / size as f64,
            });
            (start, said, happened) = (place + 1, 0.0, 0);
        }
    }
    bins
}

/// Mean distance between what was said and what happened over the bins of [`calibration`], by their counts.
#[must_use]
pub fn calibration_error(probabilities: &[f64], outcomes: &[bool]) -> f64 {
    let bins = calibration(probabilities, outcomes);
    let distance = |bin: &CalibrationBin| bin.count as f64 * (bin.said - bin.happened).abs();
    bins.iter().map(distance).sum::<f64>() / probabilities.len().max(1) as f64
}

/// Share of positives among the `capacity` highest; scores equal at the edge count by their share.
/// None without capacity or rows.
#[must_use]
pub fn precision_at(scores: &[f64], outcomes: &[bool], capacity: usize) -> Option<f64> {
    let capacity = capacity.min(scores.len());
    let (mut seen, mut found) = (0, 0.0);
    for (count, positive) in ties(scores, outcomes) {
        let taken = count.min(capacity - seen);
        found += positive as f64 * taken as f64 / count as f64;
        seen += taken;
        if seen == capacity {
            break;
        }
    }
    (capacity > 0).then(|| found / capacity as f64)
}

/// How many times more positives the highest tenth holds than all; none without positives.
#[must_use]
pub fn top_decile_lift(scores: &[f64], outcomes: &[bool]) -> Option<f64> {
    let base = positives(outcomes) as f64 / outcomes.len().max(1) as f64;
    let top = precision_at(scores, outcomes, scores.len().div_ceil(10))?;
    (base > 0.0).then(|| top / base)
}

/// Mean and sample standard deviation; of one value the deviation is 0.
#[must_use]
pub fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count.max(1.0);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0).max(1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OUTCOMES: [bool; 6] = [true, false, true, false, false, true];

    #[test]
    fn order_is_what_counts() {
        assert_eq!(auc(&[6.0, 1.0, 5.0, 2.0, 3.0, 4.0], &OUTCOMES), Some(1.0));
        assert_eq!(auc(&[1.0, 6.0, 2.0, 5.0, 4.0, 3.0], &OUTCOMES), Some(0.0));
        assert_eq!(auc(&[0.5; 6], &OUTCOMES), Some(0.5));
        assert_eq!(auc(&[0.5; 2], &[true, true]), None);
    }

    #[test]
    fn average_precision_counts_each_positive_at_its_place() {
        let expected = (1.0 + 2.0 / 3.0 + 3.0 / 5.0) / 3.0;
        let found = pr_auc(&[6.0, 5.0, 4.0, 3.0, 1.0, 2.0], &OUTCOMES).unwrap();
        assert!((found - expected).abs() < 1e-12);
        assert_eq!(pr_auc(&[0.1], &[false]), None);
    }

    #[test]
    fn what_is_said_and_happens_as_often_has_no_calibration_error() {
        let said: Vec<f64> = (0..1000).map(|i| f64::from(i / 100) / 10.0).collect();
        let happened: Vec<bool> = (0..1000).map(|i| i % 10 < i / 100).collect();
        assert!(calibration_error(&said, &happened) < 1e-12);
        let bold: Vec<f64> = said.iter().map(|p| p + 0.1).collect();
        assert!((calibration_error(&bold, &happened) - 0.1).abs() < 1e-12);
        assert_eq!(calibration(&[0.3; 50], &[false; 50]).len(), 1);
    }

    #[test]
    fn the_highest_tenth_of_a_perfect_order_lifts_as_far_as_it_can() {
        let scores: Vec<f64> = (0..100).map(f64::from).collect();
        let outcomes: Vec<bool> = (0..100).map(|i| i >= 95).collect();
        assert_eq!(top_decile_lift(&scores, &outcomes), Some(10.0));
        assert_eq!(precision_at(&scores, &outcomes, 5), Some(1.0));
        assert_eq!(precision_at(&scores, &outcomes, 0), None);
        assert_eq!(precision_at(&[1.0; 100], &outcomes, 20), Some(0.05));
    }

    #[test]
    fn sureness_in_the_wrong_is_costly_and_finite() {
        assert!(log_loss(&[0.0], &[true]) > 30.0);
        assert!((log_loss(&[0.5, 0.5], &[true, false]) - std::f64::consts::LN_2).abs() < 1e-12);
        assert!((brier(&[0.25, 0.5], &[false, true]) - 0.15625).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn stretching_the_scores_changes_no_order(
            rows in prop::collection::vec((-5_i32..5, any::<bool>()), 2..60),
        ) {
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let outcomes: Vec<bool> = rows.iter().map(|row| row.1).collect();
            let stretched: Vec<f64> = scores.iter().map(|score| (score / 2.0).exp() + 3.0).collect();
            let turned: Vec<f64> = scores.iter().map(|score| -score).collect();
            prop_assert_eq!(auc(&scores, &outcomes), auc(&stretched, &outcomes));
            prop_assert_eq!(pr_auc(&scores, &outcomes), pr_auc(&stretched, &outcomes));
            prop_assert_eq!(top_decile_lift(&scores, &outcomes), top_decile_lift(&stretched, &outcomes));
            if let (Some(up), Some(down)) = (auc(&scores, &outcomes), auc(&turned, &outcomes)) {
                prop_assert!((up + down - 1.0).abs() < 1e-12);
            }
        }

        #[test]
        fn bins_hold_every_row_once_and_rise(
            rows in prop::collection::vec((0_u8..30, any::<bool>()), 1..200),
        ) {
            let said: Vec<f64> = rows.iter().map(|row| f64::from(row.0) / 30.0).collect();
            let outcomes: Vec<bool> = rows.iter().map(|row| row.1).collect();
            let bins = calibration(&said, &outcomes);
            prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<usize>(), rows.len());
            prop_assert!(bins.windows(2).all(|two| two[0].said < two[1].said));
            prop_assert!(bins.len() <= CALIBRATION_BINS);
        }
    }
}
