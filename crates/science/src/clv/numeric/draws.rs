//! Draws from distributions, and the range that most of them fall in.

use crate::interval::Interval;
use crate::random::Random;

fn normal(random: &mut Random) -> f64 {
    // Box and Muller.
    let (u, v) = (1.0 - random.unit(), random.unit());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// A draw from the gamma distribution with this shape and scale 1 (Marsaglia & Tsang 2000).
pub(crate) fn gamma(random: &mut Random, shape: f64) -> f64 {
    if shape < 1.0 {
        let u = 1.0 - random.unit();
        return gamma(random, shape + 1.0) * (u.ln() / shape).exp();
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(random);
        let v = (1.0 + c * x).powi(3);
        let u = 1.0 - random.unit();
        if v > 0.0 && u.ln() < 0.5 * x * x + d * (1.0 - v + v.ln()) {
            return d * v;
        }
    }
}

/// A draw of a share that was seen `yes` times against `no` times.
pub(crate) fn share(random: &mut Random, yes: f64, no: f64) -> f64 {
    let (a, b) = (gamma(random, yes), gamma(random, no));
    if a + b > 0.0 { a / (a + b) } else { 0.5 }
}

/// [`Interval::of_draws`]; the value itself without draws.
pub(crate) fn interval(drawn: Vec<f64>, value: f64) -> Interval {
    Interval::of_draws(drawn).unwrap_or(Interval { low: value, high: value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_mean_and_spread_of_their_distribution() {
        let mut random = Random::new(1);
        for shape in [0.3, 1.0, 7.5] {
            let drawn: Vec<f64> = (0..20_000).map(|_| gamma(&mut random, shape)).collect();
            let mean = drawn.iter().sum::<f64>() / 20_000.0;
            let spread = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
            assert!((mean / shape - 1.0).abs() < 0.05, "{shape}: mean {mean}");
            assert!((spread / shape - 1.0).abs() < 0.1, "{shape}: variance {spread}");
        }
    }

    #[test]
    fn the_range_leaves_a_fortieth_out_on_each_side() {
        let interval = interval((0..=1000).map(f64::from).collect(), 0.0);
        assert_eq!((interval.low, interval.high), (25.0, 975.0));
    }
}
