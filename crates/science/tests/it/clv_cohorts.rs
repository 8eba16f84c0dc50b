//! Lifetimes of cohorts against the published fits.

use science::clv::cohort::{Cohort, Survivors};

const REGULAR: [f64; 13] =
    [1000.0, 631.0, 468.0, 382.0, 326.0, 289.0, 262.0, 241.0, 223.0, 207.0, 194.0, 183.0, 173.0];
const HIGH_END: [f64; 13] =
    [1000.0, 869.0, 743.0, 653.0, 593.0, 551.0, 517.0, 491.0, 468.0, 445.0, 427.0, 409.0, 394.0];

/// Parameters, log-likelihood, share left after twelve years, mean error of the years not seen.
fn row(counts: [f64; 13], years: usize, fit: fn(&Survivors) -> Cohort) -> [String; 6] {
    let survivors = Survivors::new(counts.to_vec()).expect("a cohort");
    let fitted = fit(&survivors.first(years).expect("a cohort"));
    assert!(fitted.converged);
    [
        format!("{:.4}", fitted.alpha),
        format!("{:.4}", fitted.beta),
        format!("{:.4}", fitted.c),
        format!("{:.4}", fitted.log_likelihood),
        format!("{:.4}", fitted.survival(12.0)),
        format!("{:.2}", 100.0 * fitted.holdout_error(&survivors, years)),
    ]
}

#[test]
fn the_shifted_beta_geometric_fits_as_published() {
    let fit = |counts, years| row(counts, years, Cohort::fit_sbg);
    assert_eq!(fit(REGULAR, 7), ["0.7041", "1.1820", "1.0000", "-1680.2652", "0.1700", "1.49"]);
    assert_eq!(fit(HIGH_END, 7), ["0.6681", "3.8061", "1.0000", "-1611.1581", "0.3780", "2.83"]);
    assert_eq!(fit(REGULAR, 4), ["0.7637", "1.2958", "1.0000", "-1401.5594", "0.1595", "5.40"]);
    assert_eq!(fit(HIGH_END, 4), ["1.2810", "7.7904", "1.0000", "-1225.1349", "0.3070", "13.21"]);
}

#[test]
fn the_beta_discrete_weibull_fits_as_published() {
    let fit = |counts, years| {
        let [alpha, beta, c, _, _, error] = row(counts, years, Cohort::fit_bdw);
        [alpha, beta, c, error]
    };
    assert_eq!(fit(REGULAR, 7), ["0.4556", "0.7793", "1.2835", "1.38"]);
    assert_eq!(fit(HIGH_END, 7), ["0.2143", "1.4266", "1.7236", "1.27"]);
    assert_eq!(fit(REGULAR, 4), ["0.5230", "0.8943", "1.1964", "1.31"]);
    assert_eq!(fit(HIGH_END, 4), ["0.2593", "1.7226", "1.5844", "1.68"]);
}

/// The published parameters are rounded; the published values rest on those of the fit.
#[test]
fn residual_lifetime_before_a_renewal_is_as_published() {
    let survivors = Survivors::new(REGULAR[..5].to_vec()).expect("a cohort");
    let cohort = Cohort::fit_sbg(&survivors);
    let value = |n| format!("{:.2}", 100.0 * cohort.residual(n, 0.1));
    assert_eq!([value(1.0), value(2.0), value(5.0)], ["288.33", "394.07", "568.38"]);
}
