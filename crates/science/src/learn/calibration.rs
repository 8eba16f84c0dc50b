//! Scores made probabilities: a logistic curve (Platt 1999) or a rising staircase (isotonic regression).

use serde::{Deserialize, Serialize};

use super::metrics::{log_loss, mean_and_deviation};

/// The logistic function.
#[must_use]
pub fn probability(log_odds: f64) -> f64 {
    if log_odds >= 0.0 {
        1.0 / (1.0 + (-log_odds).exp())
    } else {
        let odds = log_odds.exp();
        odds / (1.0 + odds)
    }
}

/// Its inverse; 0 and 1 are held 10⁻⁹ away.
#[must_use]
pub fn log_odds(probability: f64) -> f64 {
    let probability = probability.clamp(1e-9, 1.0 - 1e-9);
    (probability / (1.0 - probability)).ln()
}

/// A way from a score to log-odds, learnt from scores of rows that the scoring model never saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    /// `intercept + slope · score`.
    Platt {
        /// Log-odds at score 0.
        intercept: f64,
        /// Not negative.
        slope: f64,
    },
    /// Straight lines between the steps, flat beyond the ends.
    Isotonic {
        /// Rising scores.
        scores: Vec<f64>,
        /// Log-odds at them, rising.
        log_odds: Vec<f64>,
    },
}

impl Calibration {
    /// A logistic curve by Newton's method, targets drawn in as Platt does, so that a perfect order stays finite.
    #[must_use]
    pub fn platt(scores: &[f64], outcomes: &[bool]) -> Self {
        let positives = outcomes.iter().filter(|&&outcome| outcome).count() as f64;
        let negatives = outcomes.len() as f64 - positives;
        let high = (positives + 1.0) / (positives + 2.0);
        let low = 1.0 / (negatives + 2.0);
        let (mut intercept, mut slope) = (((positives + 1.0) / (negatives + 1.0)).ln(), 0.0);
        // About their mean and in deviations: scores far from 0 would tie the slope to the intercept.
        let (mean, deviation) = mean_and_deviation(scores);
        let deviation = deviation.max(1e-12);
        for _ in 0..50 {
            let mut gradient = [0.0, 0.0];
            let mut curvature = [1e-9, 0.0, 1e-9];
            for (&score, &outcome) in scores.iter().zip(outcomes) {
                let score = (score - mean) / deviation;
                let p = probability(intercept + slope * score);
                let error = p - if outcome { high } else { low };
                let weight = (p * (1.0 - p)).max(1e-9);
                gradient[0] += error;
                gradient[1] += error * score;
                curvature[0] += weight;
                curvature[1] += weight * score;
                curvature[2] += weight * score * score;
            }
            let determinant = curvature[0] * curvature[2] - curvature[1] * curvature[1];
            if determinant.abs() < 1e-300 {
                break;
            }
            let step = [
                (curvature[2] * gradient[0] - curvature[1] * gradient[1]) / determinant,
                (curvature[0] * gradient[1] - curvature[1] * gradient[0]) / determinant,
            ];
            intercept -= step[0].clamp(-4.0, 4.0);
            slope -= step[1].clamp(-4.0, 4.0);
            if step[0].abs() + step[1].abs() < 1e-10 {
                break;
            }
        }
        let slope = slope.max(0.0) / deviation;
        Self::Platt { intercept: intercept - slope * mean, slope }
    }

    /// The rising staircase nearest to the outcomes (pooling of neighbours that fall), each step at its mean
    /// score and drawn half a case towards the base rate, so that no step says never or always.
    #[must_use]
    pub fn isotonic(scores: &[f64], outcomes: &[bool]) -> Self {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        let mut steps: Vec<Step> = Vec::new();
        let mut last = f64::NAN;
        for row in order {
            let one = Step { count: 1.0, positives: f64::from(u8::from(outcomes[row])), scores: scores[row] };
            match steps.last_mut() {
                Some(step) if (scores[row] - last).abs() < f64::EPSILON => step.add(one),
                _ => steps.push(one),
            }
            last = scores[row];
        }
        let mut pooled: Vec<Step> = Vec::with_capacity(steps.len());
        for mut step in steps {
            while let Some(before) = pooled.pop_if(|before| before.share() >= step.share()) {
                step.add(before);
            }
            pooled.push(step);
        }
        let base = outcomes.iter().filter(|&&outcome| outcome).count() as f64 / outcomes.len().max(1) as f64;
        Self::Isotonic {
            scores: pooled.iter().map(|step| step.scores / step.count).collect(),
            log_odds: pooled
                .iter()
                .map(|step| log_odds((step.positives + base) / (step.count + 1.0)))
                .scan(f64::NEG_INFINITY, |highest, value| {
                    *highest = value.max(*highest);
                    Some(*highest)
                })
                .collect(),
        }
    }

    /// The one of the two whose probabilities fit better on rows left out of it (`fold_of`, folds from 0);
    /// the staircase must be better by a thousandth of a nat to be worth its steps.
    #[must_use]
    pub fn choose(scores: &[f64], outcomes: &[bool], fold_of: &[u8]) -> Self {
        let loss = |fit: fn(&[f64], &[bool]) -> Self| {
            let folds = fold_of.iter().max().map_or(0, |&last| last + 1);
            let mut said = vec![0.0; scores.len()];
            for fold in 0..folds {
                let (others, known): (Vec<f64>, Vec<bool>) = (0..scores.len())
                    .filter(|&row| fold_of[row] != fold)
                    .map(|row| (scores[row], outcomes[row]))
                    .unzip();
                let fitted = fit(&others, &known);
                for row in (0..scores.len()).filter(|&row| fold_of[row] == fold) {
                    said[row] = probability(fitted.log_odds(scores[row]));
                }
            }
            log_loss(&said, outcomes)
        };
        if loss(Self::isotonic) + 0.001 < loss(Self::platt) {
            return Self::isotonic(scores, outcomes);
        }
        Self::platt(scores, outcomes)
    }

    /// Log-odds of a score.
    #[must_use]
    pub fn log_odds(&self, score: f64) -> f64 {
        match self {
            Self::Platt { intercept, slope } => intercept + slope * score,
            Self::Isotonic { scores, log_odds } => {
                let above = scores.partition_point(|&at| at <= score);
                let Some(before) = above.checked_sub(1) else {
                    return log_odds.first().copied().unwrap_or_default();
                };
                let (Some(next), Some(next_log_odds)) = (scores.get(above), log_odds.get(above)) else {
                    return log_odds[before];
                };
                let share = (score - scores[before]) / (next - scores[before]);
                log_odds[before] + share * (next_log_odds - log_odds[before])
            }
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step {
    count: f64,
    positives: f64,
    scores: f64,
}

impl Step {
    fn share(&self) -> f64 {
        self.positives / self.count
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.positives += other.positives;
        self.scores += other.scores;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rare_outcomes_of_scores_far_from_zero_keep_their_order() {
        // Two in a thousand at -6, two in a hundred at -4, as the scores themselves say.
        let scores: Vec<f64> = (0..4_000).map(|i| if i % 2 == 0 { -6.0 } else { -4.0 }).collect();
        let outcomes: Vec<bool> = (0..4_000).map(|i| i % 1_000 == 0 || i % 100 == 1).collect();
        let Calibration::Platt { intercept, slope } = Calibration::platt(&scores, &outcomes) else {
            panic!()
        };
        let at = |score: f64| probability(intercept + slope * score);
        assert!((at(-6.0) - 0.002).abs() < 0.0005 && (at(-4.0) - 0.02).abs() < 0.001, "{intercept} {slope}");
    }

    #[test]
    fn a_logistic_truth_is_found_again() {
        let scores: Vec<f64> = (0..20_000).map(|i| f64::from(i % 200) / 20.0 - 5.0).collect();
        let outcomes: Vec<bool> = (0..20_000)
            .map(|i| (f64::from(i / 200) + 0.5) / 100.0 < probability(-1.0 + 0.5 * scores[i as usize]))
            .collect();
        let Calibration::Platt { intercept, slope } = Calibration::platt(&scores, &outcomes) else {
            panic!()
        };
        assert!((intercept + 1.0).abs() < 0.02 && (slope - 0.5).abs() < 0.01, "{intercept} {slope}");
    }

    #[test]
    fn a_perfect_order_stays_finite() {
        let outcomes = [false, false, true, true];
        for fitted in [Calibration::platt, Calibration::isotonic] {
            let fitted = fitted(&[1.0, 2.0, 3.0, 4.0], &outcomes);
            assert!([-1e6, 0.0, 1e6].iter().all(|&score| fitted.log_odds(score).is_finite()), "{fitted:?}");
        }
    }

    #[test]
    fn steps_are_chosen_only_where_the_truth_has_them() {
        let scores: Vec<f64> = (0..9_000).map(|i| f64::from(i % 300)).collect();
        let folds: Vec<u8> = (0..9_000).map(|i| (i % 5) as u8).collect();
        let stepped: Vec<bool> = (0..9_000).map(|i| (i / 300) % 10 < [1, 1, 8][i % 300 / 100]).collect();
        assert!(matches!(Calibration::choose(&scores, &stepped, &folds), Calibration::Isotonic { .. }));
        let smooth: Vec<bool> = (0..9_000)
            .map(|i| ((i / 300) as f64 + 0.5) / 30.0 < probability((i % 300) as f64 / 50.0 - 3.0))
            .collect();
        assert!(matches!(Calibration::choose(&scores, &smooth, &folds), Calibration::Platt { .. }));
    }

    proptest! {
        #[test]
        fn a_higher_score_never_means_less(
            rows in prop::collection::vec((-20_i32..20, any::<bool>()), 2..80),
            at in -30.0..30.0_f64,
            more in 0.0..10.0_f64,
        ) {
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let outcomes: Vec<bool> = rows.iter().map(|row| row.1).collect();
            for fitted in [Calibration::platt, Calibration::isotonic] {
                let fitted = fitted(&scores, &outcomes);
                prop_assert!(fitted.log_odds(at) <= fitted.log_odds(at + more) + 1e-12);
                prop_assert!(fitted.log_odds(at).is_finite());
            }
        }
    }
}
