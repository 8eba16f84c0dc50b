//! Curves through points: Levenberg and Marquardt's method with differences for slopes.

use super::linear;

/// Unknowns that bring a curve closest to points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fit<const N: usize> {
    /// The unknowns.
    pub at: [f64; N],
    /// Sum of squared residuals.
    pub squares: f64,
    /// Their covariance; none where the points do not settle them.
    pub covariance: Option<[[f64; N]; N]>,
}

/// Fits `curve(unknowns, x)` to the points (x, y) from `start`.
pub(crate) fn fit<const N: usize>(
    start: [f64; N],
    points: &[(f64, f64)],
    curve: impl Fn(&[f64; N], f64) -> f64,
) -> Fit<N> {
    let squares = |at: &[f64; N]| -> f64 { points.iter().map(|&(x, y)| (y - curve(at, x)).powi(2)).sum() };
    let mut at = start;
    let mut best = squares(&at);
    let mut damping = 1e-3;
    for _ in 0..500 {
        let (normal, pull) = normal_equations(&at, points, &curve);
        let before = best;
        while damping < 1e12 {
            let mut damped = normal;
            for (place, row) in damped.iter_mut().enumerate() {
                row[place] += damping * row[place].max(1e-12);
            }
            let step = linear::solve(damped.iter().map(|row| row.to_vec()).collect(), vec![pull.to_vec()]);
            let next: Option<[f64; N]> =
                step.map(|step| std::array::from_fn(|place| at[place] + step[0][place]));
            if let Some(next) = next
                && squares(&next) < best
            {
                (at, best) = (next, squares(&next));
                damping /= 5.0;
                break;
            }
            damping *= 4.0;
        }
        if damping >= 1e12 || before - best <= 1e-14 * before {
            break;
        }
    }
    let freedom = points.len().saturating_sub(N);
    let (normal, _) = normal_equations(&at, points, &curve);
    let covariance = (freedom > 0)
        .then(|| linear::inverse(&normal))
        .flatten()
        .filter(|inverse| (0..N).all(|place| inverse[place][place] >= 0.0))
        .map(|inverse| inverse.map(|row| row.map(|cell| cell * best / freedom as f64)));
    Fit { at, squares: best, covariance }
}

fn normal_equations<const N: usize>(
    at: &[f64; N],
    points: &[(f64, f64)],
    curve: &impl Fn(&[f64; N], f64) -> f64,
) -> ([[f64; N]; N], [f64; N]) {
    let (mut normal, mut pull) = ([[0.0; N]; N], [0.0; N]);
    for &(x, y) in points {
        let residual = y - curve(at, x);
        let slopes: [f64; N] = std::array::from_fn(|place| {
            let h = 1e-6 * at[place].abs().max(1e-3);
            let (mut above, mut below) = (*at, *at);
            above[place] += h;
            below[place] -= h;
            (curve(&above, x) - curve(&below, x)) / (2.0 * h)
        });
        for row in 0..N {
            pull[row] += slopes[row] * residual;
            for column in 0..N {
                normal[row][column] += slopes[row] * slopes[column];
            }
        }
    }
    (normal, pull)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_an_exponential_and_says_how_sure() {
        let points: Vec<(f64, f64)> = (0..20)
            .map(|x| {
                let x = f64::from(x);
                (x, 3.0 * (-0.2 * x).exp() + if x % 2.0 == 0.0 { 0.01 } else { -0.01 })
            })
            .collect();
        let fit = fit([1.0, -0.5], &points, |&[a, b], x| a * (b * x).exp());
        assert!((fit.at[0] - 3.0).abs() < 0.02 && (fit.at[1] + 0.2).abs() < 0.005, "{fit:?}");
        assert!(fit.covariance.unwrap()[0][0].sqrt() < 0.02);
    }
}
