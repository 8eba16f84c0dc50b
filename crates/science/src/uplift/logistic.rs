//! Ridge logistic regression by Newton's method: small, for the learners of uplift.
//!
//! To be replaced by the one in `learn` once that is there: nothing outside this folder uses it.

/// Coefficients of a fit, the constant last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fit {
    pub(super) weights: Vec<f64>,
    /// Lower triangle of the Cholesky factor of the curvature at the optimum, row by row, square.
    pub(super) curvature: Vec<f64>,
}

/// What is fitted: rows of numbers that end with a 1, their answers, and what each coefficient costs.
pub(super) struct Task<'a> {
    /// Writes the numbers of a row, the constant last.
    pub(super) fill: &'a dyn Fn(usize, &mut [f64]),
    /// 1 or 0 by row.
    pub(super) answer: &'a dyn Fn(usize) -> f64,
    /// How much a row counts.
    pub(super) weight: &'a dyn Fn(usize) -> f64,
    /// Ridge penalty by coefficient: one over the variance that it is thought to have.
    pub(super) penalties: &'a [f64],
}

const MOST_STEPS: usize = 40;
/// Gain of log-likelihood per row below which a step is the last: the next would gain its square.
const SMALL_GAIN: f64 = 1e-7;

/// Fits the rows given; `start` saves steps, the optimum is the same from anywhere.
pub(super) fn fit(task: &Task<'_>, rows: &[usize], start: Option<&Fit>) -> Fit {
    let width = task.penalties.len();
    let mut weights = start.map_or_else(|| vec![0.0; width], |fit| fit.weights.clone());
    let mut before = (f64::NEG_INFINITY, weights.clone());
    let mut curvature = Vec::new();
    let small_gain = SMALL_GAIN * rows.len() as f64;
    for _ in 0..MOST_STEPS {
        let (likelihood, gradient, hessian) = look(task, rows, &weights);
        if likelihood < before.0 - small_gain {
            for (weight, old) in weights.iter_mut().zip(&before.1) {
                *weight = (*weight + old) / 2.0;
            }
            continue;
        }
        curvature = cholesky(hessian, width);
        let step = solve(&curvature, &gradient);
        let gain: f64 = step.iter().zip(&gradient).map(|(step, slope)| step * slope).sum();
        before = (likelihood, weights.clone());
        for (weight, step) in weights.iter_mut().zip(&step) {
            *weight += step;
        }
        if gain < small_gain {
            break;
        }
    }
    Fit { weights, curvature }
}

/// Penalised log-likelihood, its gradient, and its curvature (lower triangle, square storage).
fn look(task: &Task<'_>, rows: &[usize], weights: &[f64]) -> (f64, Vec<f64>, Vec<f64>) {
    let width = weights.len();
    let mut likelihood = 0.0;
    let mut gradient = vec![0.0; width];
    let mut hessian = vec![0.0; width * width];
    for (at, (&penalty, &weight)) in task.penalties.iter().zip(weights).enumerate() {
        likelihood -= penalty * weight * weight / 2.0;
        gradient[at] -= penalty * weight;
        hessian[at * width + at] = penalty;
    }
    let mut numbers = vec![0.0; width];
    let mut present = Vec::with_capacity(width);
    for &row in rows {
        (task.fill)(row, &mut numbers);
        present.clear();
        present.extend((0..width).filter(|&at| numbers[at] != 0.0));
        let odds: f64 = present.iter().map(|&at| weights[at] * numbers[at]).sum();
        let (answer, chance, counts) = ((task.answer)(row), probability(odds), (task.weight)(row));
        likelihood += counts * (answer * odds - odds.max(0.0) - (-odds.abs()).exp().ln_1p());
        let spread = counts * chance * (1.0 - chance);
        for (place, &at) in present.iter().enumerate() {
            gradient[at] += counts * (answer - chance) * numbers[at];
            let scaled = spread * numbers[at];
            let line = &mut hessian[at * width..(at + 1) * width];
            for &other in &present[..=place] {
                line[other] += scaled * numbers[other];
            }
        }
    }
    (likelihood, gradient, hessian)
}

/// The probability that belongs to log odds.
pub(super) fn probability(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// Factor of a symmetric matrix; what has no curvature of its own (a constant column) gets next to none.
fn cholesky(mut matrix: Vec<f64>, width: usize) -> Vec<f64> {
    for row in 0..width {
        for column in 0..=row {
            let known: f64 =
                (0..column).map(|at| matrix[row * width + at] * matrix[column * width + at]).sum();
            let rest = matrix[row * width + column] - known;
            matrix[row * width + column] =
                if row == column { rest.max(1e-9).sqrt() } else { rest / matrix[column * width + column] };
        }
    }
    matrix
}

fn solve(factor: &[f64], right: &[f64]) -> Vec<f64> {
    let width = right.len();
    let mut result = forward(factor, right);
    for row in (0..width).rev() {
        let known: f64 = (row + 1..width).map(|at| factor[at * width + row] * result[at]).sum();
        result[row] = (result[row] - known) / factor[row * width + row];
    }
    result
}

/// Solves the lower half: its squared length is the variance of a linear combination of the coefficients.
pub(super) fn forward(factor: &[f64], right: &[f64]) -> Vec<f64> {
    let width = right.len();
    let mut result = vec![0.0; width];
    for row in 0..width {
        let known: f64 = (0..row).map(|at| factor[row * width + at] * result[at]).sum();
        result[row] = (right[row] - known) / factor[row * width + row];
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_alone_gives_the_share_of_the_positives() {
        let task = Task {
            fill: &|_, numbers| numbers[0] = 1.0,
            answer: &|row| f64::from(u8::from(row < 3)),
            weight: &|_| 1.0,
            penalties: &[0.0],
        };
        let fit = fit(&task, &(0..10).collect::<Vec<_>>(), None);
        assert!((probability(fit.weights[0]) - 0.3).abs() < 1e-6);
    }

    #[test]
    fn separated_and_constant_columns_stay_finite() {
        let task = Task {
            fill: &|row, numbers| numbers.copy_from_slice(&[row as f64 * 100.0, 0.0, 1.0]),
            answer: &|row| f64::from(u8::from(row >= 5)),
            weight: &|_| 1.0,
            penalties: &[1.0, 0.0, 0.0],
        };
        let fit = fit(&task, &(0..10).collect::<Vec<_>>(), None);
        assert!(fit.weights.iter().all(|weight| weight.is_finite()), "{fit:?}");
    }
}
