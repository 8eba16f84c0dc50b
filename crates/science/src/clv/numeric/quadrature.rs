//! Integrals of smooth positive functions by Gauss and Legendre's rule on panels.

use std::sync::LazyLock;

const POINTS: usize = 16;

/// Points in (−1, 1) and their weights.
static RULE: LazyLock<[(f64, f64); POINTS]> = LazyLock::new(|| {
    std::array::from_fn(|place| {
        let mut x = (std::f64::consts::PI * (place as f64 + 0.75) / (POINTS as f64 + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..50 {
            let (mut before, mut now) = (1.0, x);
            for degree in 2..=POINTS {
                let degree = degree as f64;
                (before, now) = (now, ((2.0 * degree - 1.0) * x * now - (degree - 1.0) * before) / degree);
            }
            slope = POINTS as f64 * (x * now - before) / (x * x - 1.0);
            let step = now / slope;
            x -= step;
            if step.abs() < 1e-16 {
                break;
            }
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    })
});

/// Calls `visit` with the points and weights of the rule on panels of at most `width` from `from` to `to`.
pub(crate) fn each_point(from: f64, to: f64, width: f64, mut visit: impl FnMut(f64, f64)) {
    let panels = ((to - from) / width).ceil().clamp(1.0, 512.0);
    let half = (to - from) / panels / 2.0;
    for panel in 0..panels as usize {
        let middle = from + (2 * panel + 1) as f64 * half;
        for &(x, weight) in RULE.iter() {
            visit(middle + half * x, weight * half);
        }
    }
}

/// The integral of a function.
pub(crate) fn integral(from: f64, to: f64, width: f64, mut function: impl FnMut(f64) -> f64) -> f64 {
    let mut sum = 0.0;
    each_point(from, to, width, |x, weight| sum += weight * function(x));
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrates_what_is_known() {
        assert!((integral(0.0, 1.0, 1.0, |x| x.powi(31)) - 1.0 / 32.0).abs() < 1e-15);
        assert!((integral(0.0, 30.0, 2.0, |x| (-x).exp()) - (1.0 - (-30.0_f64).exp())).abs() < 1e-14);
    }
}
