//! BG/NBD, and MBG/NBD, which differs only in that one may leave after the first purchase already: `first` is 1
//! for it and 0 for BG/NBD. Parameters r, α, a, b.

use statrs::function::gamma::{digamma, ln_gamma};

use super::{Customer, Purchases};
use crate::clv::numeric::hypergeometric;

/// Euler's transformation of ₂F₁ is shorter and free of r+x, but cancels where r is large: below this value of
/// its first argument, a+b−1−r, the plain series is summed.
const LARGE_R: f64 = -15.0;

/// The log-likelihood and its slopes by r, α, a, b.
pub(super) fn log_likelihood(
    purchases: &Purchases,
    [r, alpha, a, b]: [f64; 4],
    first: f64,
) -> (f64, [f64; 4]) {
    let log_alpha = alpha.ln();
    let (gamma_r, gamma_b, gamma_ab) = (ln_gamma(r), ln_gamma(b), ln_gamma(a + b));
    let (psi_r, psi_b, psi_ab) = (digamma(r), digamma(b), digamma(a + b));
    let (mut value, mut slopes) = (0.0, [0.0; 4]);
    for alike in purchases.by_frequency() {
        let x = alike[0].0.frequency;
        let (rx, bx) = (r + x, b + x + first);
        let of_x =
            ln_gamma(rx) - gamma_r + r * log_alpha + ln_gamma(bx) - gamma_b - ln_gamma(a + bx) + gamma_ab;
        let psi_a_bx = digamma(a + bx);
        let slopes_of_x = [
            digamma(rx) - psi_r + log_alpha,
            r / alpha,
            psi_ab - psi_a_bx,
            digamma(bx) - psi_b + psi_ab - psi_a_bx,
        ];
        let may_have_left = x + first > 0.0;
        let log_odds = if may_have_left { (a / (bx - 1.0)).ln() } else { f64::NEG_INFINITY };
        for (customer, count) in alike {
            let (at_end, at_last) = (alpha + customer.age, alpha + customer.recency);
            let (log_end, log_last) = (at_end.ln(), at_last.ln());
            // Alive: (α+T)^−(r+x); left after the latest purchase: a/(b+x−1) (α+tₓ)^−(r+x).
            let odds = log_odds + rx * (log_end - log_last);
            let log_sum = if odds > 0.0 { odds + (-odds).exp().ln_1p() } else { odds.exp().ln_1p() };
            let left = if may_have_left { (odds - log_sum).exp() } else { 0.0 };
            let alive = 1.0 - left;
            value += count * (of_x - rx * log_end + log_sum);
            slopes[0] += count * (slopes_of_x[0] - alive * log_end - left * log_last);
            slopes[1] += count * (slopes_of_x[1] - rx * (alive / at_end + left / at_last));
            slopes[2] += count * (slopes_of_x[2] + left / a);
            slopes[3] += count * slopes_of_x[3];
            if may_have_left {
                slopes[3] -= count * left / (bx - 1.0);
            }
        }
    }
    (value, slopes)
}

pub(super) fn p_alive([r, alpha, a, b]: [f64; 4], customer: &Customer, first: f64) -> f64 {
    let Customer { frequency: x, recency, age } = *customer;
    if x + first == 0.0 {
        return 1.0;
    }
    let odds = (a / (b + x + first - 1.0)).ln() + (r + x) * ((alpha + age) / (alpha + recency)).ln();
    1.0 / (1.0 + odds.exp())
}

/// Purchases in the next `time` of a customer who is alive: the mean over p ~ Beta(a, b+x) of
/// (1 − (1 + p·time/(α+T))^−(r+x)) / p.
pub(super) fn expected([r, alpha, a, b]: [f64; 4], customer: &Customer, time: f64, first: f64) -> f64 {
    let x = customer.frequency;
    let watched = alpha + customer.age;
    let log_y = -(time / watched).ln_1p();
    let z = time / (watched + time);
    let (rx, bx) = (r + x, b + x + first);
    let turned = a + b + first - 1.0 - r;
    let most = rx / watched * time;
    if turned > LARGE_R {
        let c = a + bx - 1.0;
        let direct = if a == 1.0 { -log_y } else { -f64::exp_m1((a - 1.0) * log_y) / (a - 1.0) };
        let tail = hypergeometric::three_two(turned + 1.0, a, c + 1.0, z, (a - 1.0) * log_y);
        return (c * direct - turned * z * tail).clamp(0.0, most);
    }
    // The gap at a = 1 is stepped over; on either side the values are the same to six digits.
    let a = if (a - 1.0).abs() < 1e-6 { 1.0 + 1e-6 } else { a };
    let c = a + bx - 1.0;
    let tail = hypergeometric::three_two(rx + 1.0, bx + 1.0, c + 1.0, z, rx * log_y);
    ((-c * f64::exp_m1(rx * log_y) - rx * bx * z * tail) / (a - 1.0)).clamp(0.0, most)
}

/// Purchases per unit of time at `time` from now on of a customer who is alive now: the slope of [`expected`].
pub(super) fn rate([r, alpha, a, b]: [f64; 4], customer: &Customer, time: f64, first: f64) -> f64 {
    let x = customer.frequency;
    let watched = alpha + customer.age;
    let (rx, bx) = (r + x, b + x + first);
    let log_y = -(time / watched).ln_1p();
    let z = time / (watched + time);
    let turned = a + b + first - 1.0 - r;
    let share = if turned > LARGE_R {
        hypergeometric::two_one(turned, a, a + bx, z, a * log_y)
    } else {
        hypergeometric::two_one(rx + 1.0, bx, a + bx, z, (rx + 1.0) * log_y)
    };
    rx / watched * share.clamp(0.0, 1.0)
}

/// How steeply the rate falls, at first and at last, in the logarithm of time.
pub(super) fn steepness([r, _, a, b]: [f64; 4], customer: &Customer) -> f64 {
    let x = customer.frequency;
    let most = r + x + 1.0;
    most * a / (a + b + x) + most.min(a)
}
