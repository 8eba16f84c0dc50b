//! The smallest value of a smooth function: Broyden, Fletcher, Goldfarb and Shanno's method with the gradient
//! given, for a handful of unknowns.

use super::linear;

/// Where a function is smallest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Minimum<const N: usize> {
    /// The place.
    pub at: [f64; N],
    /// The value there.
    pub value: f64,
    /// Steps taken.
    pub steps: usize,
    /// Whether the gradient vanished; else the search came to a stop at a border or after too many steps.
    pub converged: bool,
}

const MOST_STEPS: usize = 500;
const SMALL_GRADIENT: f64 = 1e-9;
/// Armijo's and Wolfe's constants.
const ENOUGH_DESCENT: f64 = 1e-4;
const ENOUGH_FLATTER: f64 = 0.9;
/// Longest step in any direction: unknowns are logarithms.
const LONGEST_STEP: f64 = 3.0;

/// Searches from `start`. The function gives its value and gradient; a value that is no number counts as a wall.
pub(crate) fn minimise<const N: usize>(
    start: [f64; N],
    mut function: impl FnMut(&[f64; N]) -> (f64, [f64; N]),
) -> Minimum<N> {
    let mut at = start;
    let (mut value, mut gradient) = function(&at);
    let mut inverse = identity::<N>();
    let mut steps = 0;
    let mut restarted = true;
    while steps < MOST_STEPS && norm(&gradient) > SMALL_GRADIENT {
        steps += 1;
        let mut direction: [f64; N] = std::array::from_fn(|row| -dot(&inverse[row], &gradient));
        if dot(&direction, &gradient) >= 0.0 {
            inverse = identity();
            restarted = true;
            direction = gradient.map(|slope| -slope);
        }
        let longest = direction.iter().fold(0.0_f64, |most, part| most.max(part.abs()));
        let scale = (LONGEST_STEP / longest).min(1.0);
        direction = direction.map(|part| part * scale);
        let Some((next, next_value, next_gradient)) = step(&at, value, &gradient, &direction, &mut function)
        else {
            if restarted {
                break;
            }
            inverse = identity();
            restarted = true;
            continue;
        };
        let moved: [f64; N] = std::array::from_fn(|place| next[place] - at[place]);
        let turned: [f64; N] = std::array::from_fn(|place| next_gradient[place] - gradient[place]);
        let curvature = dot(&moved, &turned);
        if curvature > 1e-14 * dot(&turned, &turned).sqrt() * dot(&moved, &moved).sqrt() {
            if restarted {
                let size = curvature / dot(&turned, &turned);
                inverse = identity::<N>().map(|row| row.map(|cell| cell * size));
            }
            update(&mut inverse, &moved, &turned, curvature);
            restarted = false;
        }
        (at, value, gradient) = (next, next_value, next_gradient);
    }
    Minimum { at, value, steps, converged: norm(&gradient) <= 1e3 * SMALL_GRADIENT }
}

/// A step that goes down enough and, where it can be had, flattens the slope enough; by bisection.
fn step<const N: usize>(
    at: &[f64; N],
    value: f64,
    gradient: &[f64; N],
    direction: &[f64; N],
    function: &mut impl FnMut(&[f64; N]) -> (f64, [f64; N]),
) -> Option<([f64; N], f64, [f64; N])> {
    let slope = dot(gradient, direction);
    let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0);
    let mut best = None;
    for _ in 0..40 {
        let next: [f64; N] = std::array::from_fn(|place| at[place] + length * direction[place]);
        let (next_value, next_gradient) = function(&next);
        // Near the minimum the descent drowns in rounding, that of a sum over many customers: then the slope alone
        // decides.
        let noise = 1e-12 * value.abs();
        let down = next_value <= value + ENOUGH_DESCENT * length * slope + noise;
        if !down || !next_value.is_finite() || next_gradient.iter().any(|part| !part.is_finite()) {
            high = length;
        } else {
            let next_slope = dot(&next_gradient, direction);
            best = Some((next, next_value, next_gradient));
            if next_slope >= ENOUGH_FLATTER * slope {
                return best;
            }
            low = length;
        }
        length = if high.is_finite() { (low + high) / 2.0 } else { 2.0 * length };
        if length * direction.iter().fold(0.0_f64, |most, part| most.max(part.abs())) > 2.0 * LONGEST_STEP {
            return best;
        }
    }
    best
}

fn update<const N: usize>(inverse: &mut [[f64; N]; N], moved: &[f64; N], turned: &[f64; N], curvature: f64) {
    let through: [f64; N] = std::array::from_fn(|row| dot(&inverse[row], turned));
    let scale = (1.0 + dot(turned, &through) / curvature) / curvature;
    for (row, cells) in inverse.iter_mut().enumerate() {
        for (column, cell) in cells.iter_mut().enumerate() {
            *cell += scale * moved[row] * moved[column]
                - (through[row] * moved[column] + moved[row] * through[column]) / curvature;
        }
    }
}

/// The inverse of the matrix of second derivatives, from differences of the gradient: the covariance of the
/// unknowns if the function is a negative log-likelihood. None where the function is flat.
pub(crate) fn covariance<const N: usize>(
    at: &[f64; N],
    mut function: impl FnMut(&[f64; N]) -> (f64, [f64; N]),
) -> Option<[[f64; N]; N]> {
    let h = 1e-4;
    let mut second = [[0.0; N]; N];
    for column in 0..N {
        let (mut above, mut below) = (*at, *at);
        above[column] += h;
        below[column] -= h;
        let (above, below) = (function(&above).1, function(&below).1);
        for row in 0..N {
            second[row][column] += (above[row] - below[row]) / (4.0 * h);
            second[column][row] += (above[row] - below[row]) / (4.0 * h);
        }
    }
    let inverse = linear::inverse(&second)?;
    (0..N).all(|place| inverse[place][place] > 0.0).then_some(inverse)
}

fn identity<const N: usize>() -> [[f64; N]; N] {
    std::array::from_fn(|row| std::array::from_fn(|column| f64::from(u8::from(row == column))))
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm<const N: usize>(gradient: &[f64; N]) -> f64 {
    gradient.iter().fold(0.0_f64, |most, part| most.max(part.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley.
    fn valley(at: &[f64; 2]) -> (f64, [f64; 2]) {
        let [x, y] = *at;
        let (a, b) = (1.0 - x, y - x * x);
        (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * x * b, 200.0 * b])
    }

    #[test]
    fn finds_the_end_of_a_bent_valley() {
        let minimum = minimise([-1.2, 1.0], valley);
        assert!(minimum.converged, "{minimum:?}");
        assert!(minimum.at.iter().all(|part| (part - 1.0).abs() < 1e-7), "{minimum:?}");
    }

    #[test]
    fn a_wall_is_not_walked_through() {
        let minimum =
            minimise(
                [3.0],
                |&[x]| {
                    if x <= 0.0 { (f64::NAN, [f64::NAN]) } else { (x - x.ln(), [1.0 - 1.0 / x]) }
                },
            );
        assert!((minimum.at[0] - 1.0).abs() < 1e-8, "{minimum:?}");
    }

    #[test]
    fn the_covariance_is_that_of_the_curvature() {
        let covariance = covariance(&[1.0, 1.0], valley).unwrap();
        // The inverse of [[802, −400], [−400, 200]].
        for (found, known) in covariance.iter().flatten().zip([0.5, 1.0, 1.0, 2.005]) {
            assert!((found - known).abs() < 1e-4, "{covariance:?}");
        }
    }
}
