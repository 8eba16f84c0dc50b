//! How well what was told fits what came.
//!
//! A lifetime value is an expectation, so candidates are compared by the squared error, which expectations make
//! small. The absolute error is shown but decides nothing: where most customers bring nothing it is smallest for a
//! model that says nothing of anyone.

use domain::customer::CustomerCategory;

use super::{Candidate, CandidateTest, FEWEST, GroupTest, PARTS, Tenth, Verdict};
use crate::clv::estimate::Estimate;
use crate::interval::Interval;
use crate::random::Random;
use crate::segments::ranks;

/// Drawings of customers for the range of a difference.
const DRAWINGS: usize = 400;
const SEED: u64 = 42;

/// What a candidate told of each customer.
pub(super) type Told = (Candidate, Vec<Estimate>);

/// The candidates on the customers in these rows, the one in use first among those told.
pub(super) fn test(
    group: Option<CustomerCategory>,
    rows: &[usize],
    told: &[Told],
    came: &[f64],
) -> GroupTest {
    let came: Vec<f64> = rows.iter().map(|&row| came[row]).collect();
    let told: Vec<Told> = told
        .iter()
        .map(|(candidate, told)| (*candidate, rows.iter().map(|&row| told[row]).collect()))
        .collect();
    let mut test = GroupTest {
        group,
        customers: rows.len(),
        came: came.iter().sum::<f64>() / rows.len().max(1) as f64,
        verdict: Verdict::TooFew { needed: FEWEST },
        candidates: Vec::new(),
    };
    let is_in_use = told.first().is_some_and(|(candidate, _)| *candidate == Candidate::IN_USE);
    if rows.len() < FEWEST || told.len() < 2 || !is_in_use {
        return test;
    }
    if came.iter().all(|&came| came == 0.0) {
        test.verdict = Verdict::NothingCame;
        return test;
    }
    let errors = Errors::of(&told, &came);
    test.verdict = errors.verdict(&told);
    test.candidates = told
        .iter()
        .enumerate()
        .map(|(place, (model, told))| {
            let better_by = if place == 0 { None } else { errors.difference(0, place) };
            candidate(*model, told, &came, errors.all[place], better_by)
        })
        .collect();
    test.candidates.sort_by(|a, b| a.error.total_cmp(&b.error));
    test
}

/// The error of each candidate: of all customers, and of customers drawn with replacement, the same for each.
struct Errors {
    all: Vec<f64>,
    drawn: Vec<Vec<f64>>,
}

impl Errors {
    fn of(told: &[Told], came: &[f64]) -> Self {
        let squares: Vec<Vec<f64>> = told
            .iter()
            .map(|(_, told)| told.iter().zip(came).map(|(one, came)| (one.value - came).powi(2)).collect())
            .collect();
        let error = |apart: f64, size: f64| (apart / size).sqrt();
        let size = came.iter().map(|came| came * came).sum();
        let all = squares.iter().map(|squares| error(squares.iter().sum(), size)).collect();
        let mut random = Random::new(SEED);
        let mut drawn = Vec::with_capacity(DRAWINGS);
        for _ in 0..DRAWINGS {
            let mut size = 0.0;
            let mut apart = vec![0.0; told.len()];
            for _ in 0..came.len() {
                let row = random.below(came.len());
                size += came[row] * came[row];
                for (sum, squares) in apart.iter_mut().zip(&squares) {
                    *sum += squares[row];
                }
            }
            // Those drawn may by chance all have brought nothing.
            if size > 0.0 {
                drawn.push(apart.into_iter().map(|apart| error(apart, size)).collect());
            }
        }
        Self { all, drawn }
    }

    /// The 95 % range of one's error less another's.
    fn difference(&self, one: usize, other: usize) -> Option<Interval> {
        Interval::of_draws(self.drawn.iter().map(|errors| errors[one] - errors[other]).collect())
    }

    /// Whether one's error is larger than another's beyond noise.
    fn is_worse(&self, one: usize, other: usize) -> bool {
        self.difference(one, other).is_some_and(|range| range.low > 0.0)
    }

    fn verdict(&self, told: &[Told]) -> Verdict {
        const IN_USE: usize = 0;
        let mut order: Vec<usize> = (0..told.len()).collect();
        order.sort_by(|&a, &b| self.all[a].total_cmp(&self.all[b]));
        let (best, second) = (order[0], order[1]);
        if best == IN_USE {
            return Verdict::InUse { second: told[second].0 };
        }
        if !self.is_worse(IN_USE, best) {
            return Verdict::WithinNoise { best: told[best].0 };
        }
        let is_as_good = |&place: &usize| self.is_worse(IN_USE, place) && !self.is_worse(place, best);
        match (1..told.len()).find(is_as_good).filter(|&simplest| simplest < best) {
            Some(simpler) => Verdict::Simpler { model: told[simpler].0, best: told[best].0 },
            None => Verdict::Better { model: told[best].0 },
        }
    }
}

fn candidate(
    model: Candidate,
    told: &[Estimate],
    came: &[f64],
    error: f64,
    better_by: Option<Interval>,
) -> CandidateTest {
    let values: Vec<f64> = told.iter().map(|one| one.value).collect();
    let total: f64 = came.iter().sum();
    let size: f64 = came.iter().map(|came| came.abs()).sum();
    let apart: f64 = values.iter().zip(came).map(|(value, came)| (value - came).abs()).sum();
    let within = told.iter().zip(came).filter_map(|(one, came)| Some(one.interval?.holds(*came)));
    let (held, ranges) = within.fold((0, 0), |(held, all), within| (held + usize::from(within), all + 1));
    CandidateTest {
        model,
        error,
        better_by,
        total_error: (values.iter().sum::<f64>() - total) / total.abs(),
        absolute_error: apart / size,
        rank_correlation: rank_correlation(&values, came),
        coverage: (ranges > 0).then(|| f64::from(held as u32) / f64::from(ranges)),
        calibration: calibration(&values, came),
    }
}

/// Spearman's; none where all are alike.
fn rank_correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    let (left, right) = (ranks(left).0, ranks(right).0);
    let middle = (left.len() as f64 + 1.0) / 2.0;
    let (mut both, mut of_left, mut of_right) = (0.0, 0.0, 0.0);
    for (left, right) in left.iter().zip(&right) {
        both += (left - middle) * (right - middle);
        of_left += (left - middle).powi(2);
        of_right += (right - middle).powi(2);
    }
    (of_left > 0.0 && of_right > 0.0).then(|| both / (of_left * of_right).sqrt())
}

fn calibration(told: &[f64], came: &[f64]) -> Vec<Tenth> {
    let mut order: Vec<usize> = (0..told.len()).collect();
    order.sort_by(|&a, &b| told[a].total_cmp(&told[b]));
    let cut = |part: usize| part * order.len() / PARTS;
    let tenth = |part: usize| {
        let rows = &order[cut(part)..cut(part + 1)];
        let count = rows.len() as f64;
        let mean = |of: &[f64]| rows.iter().map(|&row| of[row]).sum::<f64>() / count;
        let mean_came = mean(came);
        let squares: f64 = rows.iter().map(|&row| (came[row] - mean_came).powi(2)).sum();
        let error = (squares / (count - 1.0).max(1.0) / count).sqrt();
        Tenth {
            customers: rows.len(),
            foretold: mean(told),
            came: mean_came,
            range: Interval::around(mean_came, error),
        }
    };
    (0..PARTS).map(tenth).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(model: Candidate, values: &[f64]) -> Told {
        (model, values.iter().map(|&value| Estimate::certain(value)).collect())
    }

    /// Customers who bring 1 to 40, foretold with these parts of error.
    fn verdict(errors: &[(Candidate, f64)]) -> Verdict {
        let came: Vec<f64> = (1..=40).map(f64::from).collect();
        let wrong = |share: f64| -> Vec<f64> {
            let sign = |place: usize| if place.is_multiple_of(2) { 1.0 } else { -1.0 };
            came.iter().enumerate().map(|(place, came)| came * (1.0 + sign(place) * share)).collect()
        };
        let told: Vec<Told> = errors.iter().map(|&(model, share)| told(model, &wrong(share))).collect();
        test(None, &(0..40).collect::<Vec<_>>(), &told, &came).verdict
    }

    #[test]
    fn the_one_in_use_stays_unless_another_is_better_beyond_noise() {
        use Candidate::{BgNbd, LastYear, Sbg, StageChain};
        assert_eq!(verdict(&[(StageChain, 0.1), (Sbg, 0.2)]), Verdict::InUse { second: Sbg });
        assert_eq!(verdict(&[(StageChain, 0.2), (Sbg, 0.2)]), Verdict::InUse { second: Sbg });
        assert_eq!(verdict(&[(StageChain, 0.3), (Sbg, 0.2)]), Verdict::Better { model: Sbg });
        let alike = [(StageChain, 0.5), (LastYear, 0.2), (BgNbd, 0.2)];
        assert_eq!(verdict(&alike), Verdict::Better { model: LastYear });
        assert_eq!(verdict(&[(Sbg, 0.1), (BgNbd, 0.2)]), Verdict::TooFew { needed: FEWEST });
    }

    #[test]
    fn a_difference_that_one_customer_makes_is_noise() {
        let mut came: Vec<f64> = vec![10.0; 60];
        came[7] = 1_000.0;
        let plain = vec![12.0; 60];
        let mut lucky = vec![13.0; 60];
        lucky[7] = 700.0;
        let rows: Vec<usize> = (0..60).collect();
        let both = [told(Candidate::StageChain, &plain), told(Candidate::BgNbd, &lucky)];
        let found = test(None, &rows, &both, &came);
        assert_eq!(found.verdict, Verdict::WithinNoise { best: Candidate::BgNbd });
        let simple = [told(Candidate::StageChain, &lucky), told(Candidate::LastYear, &plain)];
        assert_eq!(test(None, &rows, &simple, &came).verdict, Verdict::InUse { second: Candidate::LastYear });
    }

    #[test]
    fn a_simpler_model_that_is_as_good_is_preferred() {
        let came: Vec<f64> = (1..=60).map(f64::from).collect();
        let off = |by: f64| came.iter().map(|came| came * by).collect::<Vec<f64>>();
        let mut mixed = off(1.2);
        // Nearly all of it a little worse, one customer much better.
        for (value, came) in mixed.iter_mut().zip(&came).skip(50) {
            *value = came * 1.21;
        }
        mixed[59] = 60.0;
        let told = [
            told(Candidate::StageChain, &off(3.0)),
            told(Candidate::LastYear, &off(1.2)),
            told(Candidate::BgNbd, &mixed),
        ];
        let found = test(None, &(0..60).collect::<Vec<_>>(), &told, &came);
        let expected = Verdict::Simpler { model: Candidate::LastYear, best: Candidate::BgNbd };
        assert_eq!(found.verdict, expected);
    }

    #[test]
    fn coverage_counts_those_who_have_a_range() {
        let range = |low, high| Some(Interval { low, high });
        let told = [
            Estimate { value: 1.0, interval: range(0.0, 2.0) },
            Estimate { value: 1.0, interval: range(1.5, 2.0) },
            Estimate::certain(1.0),
        ];
        let found = candidate(Candidate::Sbg, &told, &[1.0, 1.0, 1.0], 0.0, None);
        assert_eq!(found.coverage, Some(0.5));
        assert_eq!(found.rank_correlation, None);
    }
}
