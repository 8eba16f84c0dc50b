//! Curves over time fitted to what was seen: profit over relation age, and growth of a base.

use domain::{Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::numeric::least_squares;
use crate::interval::Interval;

/// Profit over relation age: A·L(t; k₁, t₁)·(1 − L(t; k₂, t₂)), L the logistic function. The inverted U is 陈明亮's
/// idea, this form is ours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RelationAge {
    /// A, k₁, t₁, k₂, t₂.
    pub parameters: [f64; 5],
    /// Age at which profit is highest.
    pub turning_point: Estimate,
    /// Share of the variance explained.
    pub r_squared: f64,
}

/// Growth by innovators and imitators (Bass 1969): p, q and the market m.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bass {
    /// p, q, m.
    pub parameters: [f64; 3],
    /// The market with its interval.
    pub market: Estimate,
    /// Share of the variance explained.
    pub r_squared: f64,
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn check(points: &[(f64, f64)], needed: usize) -> Result<(), Problem> {
    let bad = |message| Err(Problem::new(ProblemKind::BadInput, message));
    if let Some(row) = points.iter().position(|(x, y)| !x.is_finite() || !y.is_finite()) {
        return bad(Message::new("clv-problem-not-a-number").with("row", row + 1));
    }
    if points.len() < needed {
        return bad(Message::new("clv-problem-few-points")
            .with("count", points.len())
            .with("needed", needed));
    }
    if points.iter().all(|(_, y)| *y == points[0].1) || points.iter().all(|(x, _)| *x == points[0].0) {
        return bad(Message::new("clv-problem-flat"));
    }
    Ok(())
}

fn explained(points: &[(f64, f64)], squares: f64) -> f64 {
    let mean = points.iter().map(|(_, y)| y).sum::<f64>() / points.len() as f64;
    1.0 - squares / points.iter().map(|(_, y)| (y - mean).powi(2)).sum::<f64>()
}

impl RelationAge {
    /// The symbols of its parameters, in their order.
    pub const SYMBOLS: [&'static str; 5] = ["A", "k1", "t1", "k2", "t2"];

    /// Fits to (age, profit) by least squares, from several starts.
    ///
    /// # Errors
    /// If there are fewer than eight points, what is no number, or no rise or fall at all.
    pub fn fit(points: &[(f64, f64)]) -> Result<Self, Problem> {
        check(points, 8)?;
        let last = points.iter().map(|(age, _)| *age).fold(f64::MIN, f64::max);
        let first = points.iter().map(|(age, _)| *age).fold(f64::MAX, f64::min);
        let most = points.iter().map(|(_, profit)| *profit).fold(f64::MIN, f64::max);
        let span = last - first;
        // k₁ and k₂ as logarithms: both stay above 0, so that profit rises first and falls later.
        let curve = |at: &[f64; 5], age: f64| profit(&[at[0], at[1].exp(), at[2], at[3].exp(), at[4]], age);
        let starts = [(0.1, 0.7), (0.3, 0.6), (0.2, 0.9), (0.4, 1.1)];
        let best = starts
            .map(|(rise, fall)| {
                let k = (8.0 / span).ln();
                let start = [1.2 * most, k, first + rise * span, k, first + fall * span];
                least_squares::fit(start, points, curve)
            })
            .into_iter()
            .filter(|fit| fit.squares.is_finite())
            .min_by(|a, b| a.squares.total_cmp(&b.squares))
            .ok_or_else(|| Problem::new(ProblemKind::BadInput, Message::new("clv-problem-flat")))?;
        let at = best.at;
        let parameters = [at[0], at[1].exp(), at[2], at[3].exp(), at[4]];
        let turn = turning_point(&parameters);
        let interval = best.covariance.map(|covariance| {
            let slopes: [f64; 5] = std::array::from_fn(|place| {
                let h = 1e-5 * at[place].abs().max(0.1);
                let moved = |by: f64| {
                    let mut at = at;
                    at[place] += by;
                    turning_point(&[at[0], at[1].exp(), at[2], at[3].exp(), at[4]])
                };
                (moved(h) - moved(-h)) / (2.0 * h)
            });
            let mut variance = 0.0;
            for row in 0..5 {
                for column in 0..5 {
                    variance += slopes[row] * covariance[row][column] * slopes[column];
                }
            }
            Interval::around(turn, variance.max(0.0).sqrt())
        });
        let interval = interval.filter(|interval| interval.low.is_finite() && interval.high.is_finite());
        let turning_point = Estimate { value: turn, interval };
        Ok(Self { parameters, turning_point, r_squared: explained(points, best.squares) })
    }

    /// Profit at an age.
    #[must_use]
    pub fn profit(&self, age: f64) -> f64 {
        profit(&self.parameters, age)
    }
}

fn profit(&[most, k1, t1, k2, t2]: &[f64; 5], age: f64) -> f64 {
    most * logistic(k1 * (age - t1)) * logistic(-k2 * (age - t2))
}

/// Where the slope k₁(1 − L₁) − k₂L₂ changes its sign; it only falls.
fn turning_point(&[_, k1, t1, k2, t2]: &[f64; 5]) -> f64 {
    let slope = |age: f64| k1 * logistic(-k1 * (age - t1)) - k2 * logistic(k2 * (age - t2));
    let reach = 50.0 / k1 + 50.0 / k2;
    let (mut low, mut high) = (t1.min(t2) - reach, t1.max(t2) + reach);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if slope(middle) > 0.0 { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

impl Bass {
    /// The symbols of its parameters, in their order.
    pub const SYMBOLS: [&'static str; 3] = ["p", "q", "m"];

    /// Fits to newcomers per period, the first period first, by least squares on those who came by its end.
    ///
    /// # Errors
    /// If there are fewer than five periods, a number is below 0 or none, or nobody came.
    pub fn fit(newcomers: &[f64]) -> Result<Self, Problem> {
        if let Some(row) = newcomers.iter().position(|count| !count.is_finite() || *count < 0.0) {
            let message = Message::new("clv-problem-negative").with("row", row + 1);
            return Err(Problem::new(ProblemKind::BadInput, message));
        }
        let points: Vec<(f64, f64)> =
            newcomers.iter().enumerate().map(|(period, count)| (period as f64 + 1.0, *count)).collect();
        let needed = 5;
        if points.len() < needed {
            check(&points, needed)?;
        }
        let sum: f64 = newcomers.iter().sum();
        if sum == 0.0 {
            return Err(Problem::new(ProblemKind::BadInput, Message::new("clv-problem-flat")));
        }
        let curve = |at: &[f64; 3], period: f64| {
            let of = [at[0].exp(), at[1].exp(), at[2].exp()];
            came(&of, period) - came(&of, period - 1.0)
        };
        let best = [(0.01, 0.3, 1.2), (0.05, 0.1, 1.5), (0.001, 0.6, 1.1), (0.02, 0.4, 3.0)]
            .map(|(p, q, times): (f64, f64, f64)| {
                least_squares::fit([p.ln(), q.ln(), (times * sum).ln()], &points, curve)
            })
            .into_iter()
            .filter(|fit| fit.squares.is_finite())
            .min_by(|a, b| a.squares.total_cmp(&b.squares))
            .ok_or_else(|| Problem::new(ProblemKind::BadInput, Message::new("clv-problem-flat")))?;
        let parameters = best.at.map(f64::exp);
        let market = super::estimate::around_log(parameters[2], best.covariance.map(|rows| rows[2][2]));
        Ok(Self { parameters, market, r_squared: explained(&points, best.squares) })
    }

    /// How many have come by the end of a period.
    #[must_use]
    pub fn came(&self, period: f64) -> f64 {
        came(&self.parameters, period)
    }
}

fn came(&[p, q, market]: &[f64; 3], period: f64) -> f64 {
    let decay = (-(p + q) * period).exp();
    market * (1.0 - decay) / (1.0 + q / p * decay)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_turn_of_an_inverted_u() {
        let truth = [120.0, 0.5, 8.0, 0.3, 30.0];
        let points: Vec<(f64, f64)> = (0..48)
            .map(|age| {
                let age = f64::from(age);
                (age, profit(&truth, age) + if age % 2.0 == 0.0 { 1.5 } else { -1.5 })
            })
            .collect();
        let fit = RelationAge::fit(&points).unwrap();
        let turn = turning_point(&truth);
        let interval = fit.turning_point.interval.unwrap();
        assert!(interval.low < turn && turn < interval.high, "{turn} {fit:?}");
        assert!(interval.high - interval.low < 4.0 && fit.r_squared > 0.99, "{fit:?}");
        assert!((profit(&truth, turn) - profit(&truth, turn + 0.01)).abs() < 1e-3);
    }

    #[test]
    fn growth_is_found_again() {
        let truth =
            Bass { parameters: [0.02, 0.4, 5_000.0], market: Estimate::certain(5_000.0), r_squared: 1.0 };
        let newcomers: Vec<f64> =
            (1..15).map(|t| truth.came(f64::from(t)) - truth.came(f64::from(t) - 1.0)).collect();
        let fit = Bass::fit(&newcomers).unwrap();
        for (found, known) in fit.parameters.iter().zip(truth.parameters) {
            assert!((found / known - 1.0).abs() < 1e-4, "{fit:?}");
        }
    }

    #[test]
    fn too_little_is_a_problem() {
        assert_eq!(RelationAge::fit(&[(1.0, 2.0)]).unwrap_err().cause.key, "clv-problem-few-points");
        assert_eq!(RelationAge::fit(&[(1.0, f64::NAN)]).unwrap_err().cause.key, "clv-problem-not-a-number");
        assert_eq!(RelationAge::fit(&[(1.0, 2.0); 9]).unwrap_err().cause.key, "clv-problem-flat");
        assert_eq!(Bass::fit(&[0.0; 9]).unwrap_err().cause.key, "clv-problem-flat");
        assert_eq!(Bass::fit(&[1.0; 2]).unwrap_err().cause.key, "clv-problem-few-points");
    }
}
