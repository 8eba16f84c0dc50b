//! Ridge logistic regression with splines: log-odds as a sum of one smooth curve per column.
//!
//! A curve is a smoothing spline on the codes of its column (second differences penalised), a column of words has
//! one height per word drawn towards 0 (ridge); fitted by reweighted least squares, column after column.

use serde::{Deserialize, Serialize};

use super::calibration::probability;
use super::design::{Codes, Design};

const ROUNDS: usize = 12;
const SWEEPS: usize = 4;
/// Precision of a word's height around 0.
const RIDGE: f64 = 1.0;
/// Precision of a curve's slope.
const RIDGE_OF_SLOPE: f64 = 0.3;
const TOLERANCE: f64 = 1e-4;
/// How much larger (share) the loss may be after a round, since curves are drawn straight as well.
const SLACK: f64 = 1e-3;
/// How often a round that went too far is halved.
const HALVINGS: usize = 12;

/// How stiff the curves are; larger is straighter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Splines {
    /// Weight of ∫ f″² over a column's places from 0 to 1, against the log-likelihood.
    pub stiffness: f64,
}

/// A fitted sum of curves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Additive {
    /// Mean log-odds.
    pub intercept: f64,
    /// Per column and code, its height; of mean 0 over the training rows.
    pub curves: Vec<Vec<f64>>,
}

impl Splines {
    /// Fits to a design with one outcome per row.
    #[must_use]
    pub fn fit(&self, design: &Design, outcomes: &[bool]) -> Additive {
        let rows = outcomes.len() as f64;
        let positives = outcomes.iter().filter(|&&outcome| outcome).count() as f64;
        let mut intercept = ((positives + 0.5) / (rows - positives + 0.5)).ln();
        let mut curves: Vec<Vec<f64>> =
            design.columns().iter().map(|column| vec![0.0; column.count]).collect();
        let mut log_odds = vec![intercept; outcomes.len()];
        let mut weights = vec![0.0; outcomes.len()];
        let mut residuals = vec![0.0; outcomes.len()];
        let mut loss = mean_loss(&log_odds, outcomes);
        for _ in 0..ROUNDS {
            let before = (intercept, curves.clone(), log_odds.clone());
            for (row, &outcome) in outcomes.iter().enumerate() {
                let p = probability(log_odds[row]);
                weights[row] = (p * (1.0 - p)).max(1e-4);
                residuals[row] = (f64::from(u8::from(outcome)) - p) / weights[row];
            }
            let mut first_change = 0.0;
            for sweep in 0..SWEEPS {
                let pull: f64 =
                    weights.iter().zip(&residuals).map(|(weight, residual)| weight * residual).sum();
                let step = pull / weights.iter().sum::<f64>().max(1e-12);
                intercept += step;
                residuals.iter_mut().for_each(|residual| *residual -= step);
                log_odds.iter_mut().for_each(|value| *value += step);
                let mut largest = 0.0_f64;
                for (column, curve) in design.columns().iter().zip(&mut curves) {
                    let change = self.improve(column, curve, &weights, &residuals);
                    for ((&code, residual), value) in
                        column.codes.iter().zip(&mut residuals).zip(&mut log_odds)
                    {
                        *residual -= change[usize::from(code)];
                        *value += change[usize::from(code)];
                    }
                    largest = change.iter().fold(largest, |largest, change| largest.max(change.abs()));
                }
                if sweep == 0 {
                    first_change = largest;
                }
                if largest < TOLERANCE {
                    break;
                }
            }
            // Where outcomes are rare, a full step may lie far beyond the best.
            let mut now = mean_loss(&log_odds, outcomes);
            for _ in 0..HALVINGS {
                if now <= loss * (1.0 + SLACK) {
                    break;
                }
                intercept = (intercept + before.0) / 2.0;
                curves.iter_mut().zip(&before.1).for_each(|(curve, old)| half_way(curve, old));
                half_way(&mut log_odds, &before.2);
                now = mean_loss(&log_odds, outcomes);
            }
            loss = now;
            if first_change < TOLERANCE {
                break;
            }
        }
        Additive { intercept, curves }.centred(design)
    }

    /// Moves one curve to its best with the others held; returns the change per code.
    fn improve(&self, column: &Codes, curve: &mut [f64], weights: &[f64], residuals: &[f64]) -> Vec<f64> {
        let mut weight = [0.0; super::design::CODES];
        let mut pull = [0.0; super::design::CODES];
        for ((&code, &w), &residual) in column.codes.iter().zip(weights).zip(residuals) {
            let code = usize::from(code) % super::design::CODES;
            weight[code] += w;
            pull[code] += w * residual;
        }
        let mut wanted: Vec<f64> =
            curve.iter().enumerate().map(|(code, height)| pull[code] + weight[code] * height).collect();
        if column.places.is_empty() {
            for (code, height) in wanted.iter_mut().enumerate() {
                *height /= weight[code] + RIDGE;
            }
        } else {
            wanted[0] /= weight[0] + RIDGE;
            let mut bands = self.penalty(&column.places);
            for (band, weight) in bands.iter_mut().zip(&weight[1..]) {
                band[0] += weight + 1e-6;
            }
            solve(&mut bands, &mut wanted[1..]);
        }
        let change = wanted.iter().zip(curve.iter()).map(|(new, old)| new - old).collect();
        curve.copy_from_slice(&wanted);
        change
    }

    /// The symmetric penalty as its diagonal and the two bands above it.
    fn penalty(&self, places: &[f64]) -> Vec<[f64; 3]> {
        let mut bands = vec![[0.0; 3]; places.len()];
        for (first, two) in places.windows(2).enumerate() {
            let stiffness = RIDGE_OF_SLOPE / (two[1] - two[0]).max(1e-6);
            bands[first][0] += stiffness;
            bands[first][1] -= stiffness;
            bands[first + 1][0] += stiffness;
        }
        for (first, three) in places.windows(3).enumerate() {
            let (before, after) = ((three[1] - three[0]).max(1e-6), (three[2] - three[1]).max(1e-6));
            let span = (before + after) / 2.0;
            let bend = [1.0 / before, -1.0 / before - 1.0 / after, 1.0 / after];
            let stiffness = self.stiffness / span;
            for (i, a) in bend.iter().enumerate() {
                for (j, b) in bend.iter().enumerate().skip(i) {
                    bands[first + i][j - i] += stiffness * a * b;
                }
            }
        }
        bands
    }
}

fn half_way(values: &mut [f64], old: &[f64]) {
    for (value, old) in values.iter_mut().zip(old) {
        *value = (*value + old) / 2.0;
    }
}

/// Mean negative log-likelihood of log-odds, nats.
fn mean_loss(log_odds: &[f64], outcomes: &[bool]) -> f64 {
    let loss = |(&value, &outcome): (&f64, &bool)| {
        let against = if outcome { -value } else { value };
        against.max(0.0) + (-against.abs()).exp().ln_1p()
    };
    log_odds.iter().zip(outcomes).map(loss).sum::<f64>() / log_odds.len().max(1) as f64
}

/// Solves a symmetric positive system of two bands beside the diagonal in place (LDLᵀ).
fn solve(bands: &mut [[f64; 3]], right: &mut [f64]) {
    let count = right.len();
    for i in 0..count {
        let [diagonal, one, two] = bands[i];
        for (k, above) in [(1, one), (2, two)] {
            if i + k >= count {
                continue;
            }
            let factor = above / diagonal;
            bands[i + k][0] -= factor * above;
            if k == 1 && i + 2 < count {
                bands[i + 1][1] -= factor * two;
            }
            right[i + k] -= factor * right[i];
        }
    }
    for i in (0..count).rev() {
        let mut value = right[i];
        for k in 1..=2 {
            if i + k < count {
                value -= bands[i][k] * right[i + k];
            }
        }
        right[i] = value / bands[i][0];
    }
}

impl Additive {
    /// Moves the means of the curves into the intercept.
    fn centred(mut self, design: &Design) -> Self {
        for (column, curve) in design.columns().iter().zip(&mut self.curves) {
            let sum: f64 = column.codes.iter().map(|&code| curve[usize::from(code)]).sum();
            let mean = sum / column.codes.len().max(1) as f64;
            curve.iter_mut().for_each(|height| *height -= mean);
            self.intercept += mean;
        }
        self
    }

    /// Log-odds of each row.
    #[must_use]
    pub fn log_odds(&self, design: &Design) -> Vec<f64> {
        let mut log_odds = vec![self.intercept; design.rows()];
        for (column, curve) in design.columns().iter().zip(&self.curves) {
            for (value, &code) in log_odds.iter_mut().zip(&column.codes) {
                *value += curve[usize::from(code)];
            }
        }
        log_odds
    }

    /// Adds `weight` times the part of each column in the log-odds of a row to `parts`: how far its curve lies
    /// from its mean. Returns that of no column.
    pub fn explain(&self, design: &Design, row: usize, weight: f64, parts: &mut [f64]) -> f64 {
        for ((column, curve), part) in design.columns().iter().zip(&self.curves).zip(parts) {
            *part += weight * curve[usize::from(column.codes[row])];
        }
        weight * self.intercept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn bands_solve_what_they_stand_for() {
        let full =
            [[4.0, -1.0, 0.5, 0.0], [-1.0, 5.0, -2.0, 0.3], [0.5, -2.0, 6.0, 1.0], [0.0, 0.3, 1.0, 3.0]];
        let known = [1.0, -2.0, 3.0, 0.5];
        let mut right: Vec<f64> =
            full.iter().map(|row: &[f64; 4]| row.iter().zip(known).map(|(a, b)| a * b).sum()).collect();
        let mut bands = [[4.0, -1.0, 0.5], [5.0, -2.0, 0.3], [6.0, 1.0, 0.0], [3.0, 0.0, 0.0]];
        solve(&mut bands, &mut right);
        assert!(right.iter().zip(known).all(|(found, known)| (found - known).abs() < 1e-12), "{right:?}");
    }

    #[test]
    fn where_outcomes_are_rare_a_fit_is_never_worse_than_their_share() {
        let mut random = Random::new(9);
        let count = 6_000;
        let places: Vec<f64> = (0..6).map(|i| f64::from(i) / 5.0).collect();
        // Columns that move together, mostly at their lowest, and one outcome in thirty where they do not.
        let shared: Vec<usize> = (0..count).map(|_| random.below(40)).collect();
        let mut column = || {
            let code = |&at: &usize| if at < 4 { 2 + random.below(5) as u8 } else { 1 };
            Codes { codes: shared.iter().map(code).collect(), count: 7, places: places.clone() }
        };
        let design = Design::new(count, (0..25).map(|_| column()).collect());
        let outcomes: Vec<bool> = shared.iter().map(|&at| at < 4 && at % 3 == 0).collect();
        let fitted = Splines { stiffness: 0.03 }.fit(&design, &outcomes);
        let share = outcomes.iter().filter(|&&outcome| outcome).count() as f64 / count as f64;
        let of_share = mean_loss(&vec![(share / (1.0 - share)).ln(); count], &outcomes);
        assert!(mean_loss(&fitted.log_odds(&design), &outcomes) < of_share);
    }

    #[test]
    fn a_bent_truth_is_found_and_an_idle_column_stays_flat() {
        let mut random = Random::new(5);
        let count = 20_000;
        let codes = |random: &mut Random| (0..count).map(|_| random.below(20) as u8 + 1).collect::<Vec<_>>();
        let truth = |code: u8| (f64::from(code) - 10.0).powi(2) / 30.0 - 2.0;
        let column =
            |codes| Codes { codes, count: 21, places: (0..20).map(|i| f64::from(i) / 19.0).collect() };
        let (bent, idle) = (codes(&mut random), codes(&mut random));
        let outcomes: Vec<bool> = bent
            .iter()
            .map(|&code| (random.below(1_000_000) as f64) < 1e6 * probability(truth(code)))
            .collect();
        let design = Design::new(count, vec![column(bent), column(idle)]);
        let fitted = Splines { stiffness: 0.1 }.fit(&design, &outcomes);
        for code in 1..=20_u8 {
            let found = fitted.intercept + fitted.curves[0][usize::from(code)];
            assert!((found - truth(code)).abs() < 0.25, "{code}: {found} for {}", truth(code));
            assert!(fitted.curves[1][usize::from(code)].abs() < 0.15);
        }
    }
}
