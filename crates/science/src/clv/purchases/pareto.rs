//! Pareto/NBD. Parameters r, α, s, β.

use statrs::function::gamma::{digamma, ln_gamma};

use super::{Customer, Purchases};
use crate::clv::numeric::{hypergeometric, quadrature};

/// Above this the series for ₂F₁ is long, and the integral it stands for is taken itself.
const LARGE_Z: f64 = 0.9;

/// A customer's part of the likelihood that depends on tₓ and T: ln of
/// (α+T)^−(r+x) (β+T)^−s + s ∫ (α+u)^−(r+x) (β+u)^−(s+1) du over u from tₓ to T: alive, or left at u.
struct Part {
    log_sum: f64,
    /// Share of the first summand: the chance to be alive.
    alive: f64,
    /// Slopes of `log_sum` by r, α, s, β.
    slopes: [f64; 4],
}

/// The log-likelihood and its slopes by r, α, s, β.
pub(super) fn log_likelihood(purchases: &Purchases, parameters: [f64; 4]) -> (f64, [f64; 4]) {
    let [r, alpha, s, beta] = parameters;
    let (log_alpha, log_beta) = (alpha.ln(), beta.ln());
    let (gamma_r, psi_r) = (ln_gamma(r), digamma(r));
    let (mut value, mut slopes) = (0.0, [0.0; 4]);
    for alike in purchases.by_frequency() {
        let x = alike[0].0.frequency;
        let of_x = ln_gamma(r + x) - gamma_r + r * log_alpha + s * log_beta;
        let slopes_of_x = [digamma(r + x) - psi_r + log_alpha, r / alpha, log_beta, s / beta];
        for (customer, count) in alike {
            let part = part(parameters, customer);
            value += count * (of_x + part.log_sum);
            for place in 0..4 {
                slopes[place] += count * (slopes_of_x[place] + part.slopes[place]);
            }
        }
    }
    (value, slopes)
}

pub(super) fn p_alive(parameters: [f64; 4], customer: &Customer) -> f64 {
    part(parameters, customer).alive
}

/// Purchases in the next `time` of a customer who is alive.
pub(super) fn expected([r, alpha, s, beta]: [f64; 4], customer: &Customer, time: f64) -> f64 {
    let log = (time / (beta + customer.age)).ln_1p();
    let span = if s == 1.0 { log } else { -f64::exp_m1((1.0 - s) * log) / (s - 1.0) };
    (r + customer.frequency) / (alpha + customer.age) * (beta + customer.age) * span
}

/// Purchases per unit of time at `time` from now on of a customer who is alive now.
pub(super) fn rate([r, alpha, s, beta]: [f64; 4], customer: &Customer, time: f64) -> f64 {
    let log = (time / (beta + customer.age)).ln_1p();
    (r + customer.frequency) / (alpha + customer.age) * (-s * log).exp()
}

fn part(parameters: [f64; 4], customer: &Customer) -> Part {
    let [r, alpha, s, beta] = parameters;
    let Customer { frequency: x, recency, age } = *customer;
    let rx = r + x;
    let (at_alpha, at_beta) = (alpha + age, beta + age);
    let (log_alpha, log_beta) = (at_alpha.ln(), at_beta.ln());
    let log_alive = -rx * log_alpha - s * log_beta;
    let of_alive = [-log_alpha, -rx / at_alpha, -log_beta, -s / at_beta];
    if age == recency {
        return Part { log_sum: log_alive, alive: 1.0, slopes: of_alive };
    }
    let z = (alpha - beta).abs() / (alpha.max(beta) + recency);
    let (log_left, of_left) = if z > LARGE_Z {
        left_by_integral(parameters, customer)
    } else {
        left_by_series(parameters, customer)
    };
    let most = log_alive.max(log_left);
    let log_sum = most + ((log_alive - most).exp() + (log_left - most).exp()).ln();
    let (alive, left) = ((log_alive - log_sum).exp(), (log_left - log_sum).exp());
    let slopes = std::array::from_fn(|place| alive * of_alive[place] + left * of_left[place]);
    Part { log_sum, alive, slopes }
}

/// ln of the second summand and its slopes: s/(r+s+x) (A(tₓ) − A(T)).
fn left_by_series(parameters: [f64; 4], customer: &Customer) -> (f64, [f64; 4]) {
    let [r, _, s, _] = parameters;
    let (log_from, of_from) = antiderivative(parameters, customer.frequency, customer.recency);
    let (log_to, of_to) = antiderivative(parameters, customer.frequency, customer.age);
    let k = r + s + customer.frequency;
    let ratio = (log_to - log_from).exp();
    let rest = -f64::exp_m1(log_to - log_from);
    let log_left = (s / k).ln() + log_from + rest.ln();
    let mut slopes: [f64; 4] = std::array::from_fn(|place| (of_from[place] - ratio * of_to[place]) / rest);
    slopes[0] -= 1.0 / k;
    slopes[2] += 1.0 / s - 1.0 / k;
    (log_left, slopes)
}

/// ln A(t) = ln of (α+t)^−(r+x) (β+t)^−s ₂F₁(1, r+x; r+s+x+1; (α−β)/(α+t)) for α ≥ β, its mirror else, with its
/// slopes. Both are ₂F₁(r+s+x, ·; r+s+x+1; z) after Euler's transformation: positive terms only.
fn antiderivative([r, alpha, s, beta]: [f64; 4], x: f64, t: f64) -> (f64, [f64; 4]) {
    let (at_alpha, at_beta) = (alpha + t, beta + t);
    let (log_alpha, log_beta) = (at_alpha.ln(), at_beta.ln());
    let rx = r + x;
    let q = rx + s + 1.0;
    if alpha >= beta {
        let sum = hypergeometric::one(rx, q, (alpha - beta) / at_alpha);
        let [by_p, by_q, by_z] = [sum.by_p, sum.by_q, sum.by_z].map(|slope| slope / sum.value);
        let slopes = [
            by_p + by_q - log_alpha,
            by_z * at_beta / (at_alpha * at_alpha) - rx / at_alpha,
            by_q - log_beta,
            -by_z / at_alpha - s / at_beta,
        ];
        return (sum.value.ln() - rx * log_alpha - s * log_beta, slopes);
    }
    let sum = hypergeometric::one(s + 1.0, q, (beta - alpha) / at_beta);
    let [by_p, by_q, by_z] = [sum.by_p, sum.by_q, sum.by_z].map(|slope| slope / sum.value);
    let slopes = [
        by_q - log_alpha,
        -by_z / at_beta + (1.0 - rx) / at_alpha,
        by_p + by_q - log_beta,
        by_z * at_alpha / (at_beta * at_beta) - (s + 1.0) / at_beta,
    ];
    (sum.value.ln() + (1.0 - rx) * log_alpha - (s + 1.0) * log_beta, slopes)
}

/// The same by integration over w = ln(δ+u), δ the smaller of α and β: there the integrand bends slowly.
fn left_by_integral([r, alpha, s, beta]: [f64; 4], customer: &Customer) -> (f64, [f64; 4]) {
    let rx = r + customer.frequency;
    let smaller = alpha.min(beta);
    // Later than this it has fallen to nothing.
    let last = |shift: f64, power: f64| (shift + customer.recency) * (45.0 / power).exp() - shift;
    let until = customer.age.min(last(alpha, rx)).min(last(beta, s + 1.0));
    let (from, to) = ((smaller + customer.recency).ln(), (smaller + until).ln());
    let steep = (smaller + until) * (rx / (alpha + until) + (s + 1.0) / (beta + until));
    let width = (8.0 / steep).min(1.0);
    let integrand = |w: f64| {
        let u = w.exp() - smaller;
        let (log_alpha, log_beta) = ((alpha + u).ln(), (beta + u).ln());
        (u, log_alpha, log_beta, w - rx * log_alpha - (s + 1.0) * log_beta)
    };
    let largest = [from, (from + to) / 2.0, to].map(|w| integrand(w).3).into_iter().fold(f64::MIN, f64::max);
    let mut sums = [0.0; 5];
    quadrature::each_point(from, to, width, |w, weight| {
        let (u, log_alpha, log_beta, log) = integrand(w);
        let mass = weight * (log - largest).exp();
        for (sum, part) in
            sums.iter_mut().zip([1.0, log_alpha, 1.0 / (alpha + u), log_beta, 1.0 / (beta + u)])
        {
            *sum += mass * part;
        }
    });
    let [mass, log_alpha, over_alpha, log_beta, over_beta] = sums;
    let slopes = [
        -log_alpha / mass,
        -rx * over_alpha / mass,
        1.0 / s - log_beta / mass,
        -(s + 1.0) * over_beta / mass,
    ];
    (s.ln() + largest + mass.ln(), slopes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_series_is_the_integral(
            r in 0.1..5.0_f64, alpha in 1.0..30.0_f64, s in 0.1..5.0_f64, beta in 1.0..30.0_f64,
            x in 0..40_u8, recency in 0.0..30.0_f64, later in 0.1..30.0_f64,
        ) {
            let customer = Customer { frequency: f64::from(x), recency, age: recency + later };
            let parameters = [r, alpha, s, beta];
            let (a, slopes_a) = left_by_series(parameters, &customer);
            let (b, slopes_b) = left_by_integral(parameters, &customer);
            prop_assert!((a - b).abs() < 1e-9 * (1.0 + a.abs()), "{a} {b}");
            for (a, b) in slopes_a.iter().zip(slopes_b) {
                prop_assert!((a - b).abs() < 1e-6 * (1.0 + a.abs()), "{slopes_a:?} {slopes_b:?}");
            }
        }
    }
}
