//! Learners of uplift, and their scores for customers that they have not seen.

use serde::Serialize;

use super::design::Design;
use super::logistic::{Fit, Task, fit, probability};
use super::qini::Outcome;
use crate::random::Random;

/// How uplift is learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Learner {
    /// One model with the play among its columns, alone and times every other.
    SLearner,
    /// One model per arm.
    TLearner,
    /// One model of "responded if treated, did not if left alone" (Jaskowski & Jaroszewicz 2012).
    ClassTransformation,
    /// No uplift at all: who responds, treated or not. What a ranking by response would have done.
    Response,
}

impl Learner {
    /// Those that learn uplift, then what they are compared with.
    pub const ALL: [Self; 4] = [Self::SLearner, Self::TLearner, Self::ClassTransformation, Self::Response];

    /// Its code in results.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SLearner => "s_learner",
            Self::TLearner => "t_learner",
            Self::ClassTransformation => "class_transformation",
            Self::Response => "response",
        }
    }

    /// The key of its name in the locale files.
    #[must_use]
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::SLearner => "uplift-learner-s_learner",
            Self::TLearner => "uplift-learner-t_learner",
            Self::ClassTransformation => "uplift-learner-class_transformation",
            Self::Response => "uplift-learner-response",
        }
    }
}

/// Penalty of what a column says about the response: its coefficient is thought to be about 1.
const PENALTY: f64 = 1.0;
/// Penalty of how the effect differs with a column: thought to be about a tenth of that. Effects differ far less
/// between customers than responses do, and without this their noise drowns them.
const PENALTY_OF_DIFFERENCES: f64 = 100.0;

/// Numbers, outcomes and models of one experiment.
pub(super) struct School<'a> {
    pub(super) design: &'a Design,
    pub(super) outcomes: &'a [Outcome],
}

/// Fits that later ones start from.
#[derive(Default)]
pub(super) struct Starts([Option<Fit>; 2]);

impl School<'_> {
    /// Scores of the customers of `asked`, higher for those whom the play helps more, by models of `taught`.
    pub(super) fn scores(
        &self,
        learner: Learner,
        taught: &[usize],
        asked: &[usize],
        starts: &mut Starts,
    ) -> Vec<f64> {
        match learner {
            Learner::SLearner => {
                let model = self.single(taught, starts.0[0].as_ref());
                let scores = asked.iter().map(|&row| self.effect(&model, row).0).collect();
                starts.0[0] = Some(model);
                scores
            }
            Learner::TLearner => {
                let arm = |treated: bool| -> Vec<usize> {
                    taught.iter().copied().filter(|&row| self.outcomes[row].treated == treated).collect()
                };
                let positive = |row: usize| indicator(self.outcomes[row].positive);
                let treated = self.plain(&arm(true), &positive, &|_| 1.0, PENALTY, starts.0[0].as_ref());
                let control = self.plain(&arm(false), &positive, &|_| 1.0, PENALTY, starts.0[1].as_ref());
                let scores = asked
                    .iter()
                    .map(|&row| self.predict(&treated, row) - self.predict(&control, row))
                    .collect();
                starts.0 = [Some(treated), Some(control)];
                scores
            }
            Learner::ClassTransformation => {
                let treated = taught.iter().filter(|&&row| self.outcomes[row].treated).count();
                let share = treated as f64 / taught.len() as f64;
                let same = |row: usize| indicator(self.outcomes[row].positive == self.outcomes[row].treated);
                // Unequal arms are weighed as if they were equal.
                let weight = |row: usize| 0.5 / if self.outcomes[row].treated { share } else { 1.0 - share };
                let model = self.plain(taught, &same, &weight, PENALTY_OF_DIFFERENCES, starts.0[0].as_ref());
                let scores = asked.iter().map(|&row| 2.0 * self.predict(&model, row) - 1.0).collect();
                starts.0[0] = Some(model);
                scores
            }
            Learner::Response => {
                let positive = |row: usize| indicator(self.outcomes[row].positive);
                let model = self.plain(taught, &positive, &|_| 1.0, PENALTY, starts.0[0].as_ref());
                let scores = asked.iter().map(|&row| self.predict(&model, row)).collect();
                starts.0[0] = Some(model);
                scores
            }
        }
    }

    /// Scores of every customer by models that have not seen it, in the folds given.
    pub(super) fn out_of_fold(&self, learner: Learner, folds: &[u8]) -> Vec<f64> {
        let mut scores = vec![0.0; folds.len()];
        let mut starts = Starts::default();
        for fold in 0..FOLDS {
            let (asked, taught): (Vec<usize>, Vec<usize>) =
                (0..folds.len()).partition(|&row| folds[row] == fold);
            for (row, score) in asked.iter().zip(self.scores(learner, &taught, &asked, &mut starts)) {
                scores[*row] = score;
            }
        }
        scores
    }

    /// The model with the play among its columns.
    pub(super) fn single(&self, rows: &[usize], start: Option<&Fit>) -> Fit {
        let width = self.design.width;
        let mut penalties = vec![PENALTY; width];
        penalties.push(0.0);
        penalties.extend(std::iter::repeat_n(PENALTY_OF_DIFFERENCES, width));
        penalties.push(0.0);
        let task = Task {
            fill: &|row, numbers| self.fill_single(row, self.outcomes[row].treated, numbers),
            answer: &|row| indicator(self.outcomes[row].positive),
            weight: &|_| 1.0,
            penalties: &penalties,
        };
        fit(&task, rows, start)
    }

    fn fill_single(&self, row: usize, treated: bool, numbers: &mut [f64]) {
        let width = self.design.width;
        let half = if treated { 0.5 } else { -0.5 };
        numbers[width] = half;
        numbers[2 * width + 1] = 1.0;
        for (at, &value) in self.design.row(row).iter().enumerate() {
            numbers[at] = value;
            numbers[width + 1 + at] = value * half;
        }
    }

    /// The effect on a customer by that model, and what it changes by with each coefficient.
    pub(super) fn effect(&self, model: &Fit, row: usize) -> (f64, Vec<f64>) {
        let mut numbers = vec![0.0; model.weights.len()];
        let mut slope = vec![0.0; model.weights.len()];
        let mut effect = 0.0;
        for (treated, sign) in [(true, 1.0), (false, -1.0)] {
            self.fill_single(row, treated, &mut numbers);
            let chance = probability(dot(&model.weights, &numbers));
            effect += sign * chance;
            for (slope, number) in slope.iter_mut().zip(&numbers) {
                *slope += sign * chance * (1.0 - chance) * number;
            }
        }
        (effect, slope)
    }

    fn plain(
        &self,
        rows: &[usize],
        answer: &dyn Fn(usize) -> f64,
        weight: &dyn Fn(usize) -> f64,
        penalty: f64,
        start: Option<&Fit>,
    ) -> Fit {
        let width = self.design.width;
        let mut penalties = vec![penalty; width];
        penalties.push(0.0);
        let fill = |row: usize, numbers: &mut [f64]| {
            numbers[..width].copy_from_slice(self.design.row(row));
            numbers[width] = 1.0;
        };
        fit(&Task { fill: &fill, answer, weight, penalties: &penalties }, rows, start)
    }

    fn predict(&self, model: &Fit, row: usize) -> f64 {
        let width = self.design.width;
        probability(dot(&model.weights[..width], self.design.row(row)) + model.weights[width])
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn indicator(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

/// How many folds.
pub(super) const FOLDS: u8 = 10;

/// A fold for each customer, with arm and outcome spread evenly over them.
pub(super) fn folds(outcomes: &[Outcome], seed: u64) -> Vec<u8> {
    let mut random = Random::new(seed);
    let mut order: Vec<usize> = (0..outcomes.len()).collect();
    for place in (1..order.len()).rev() {
        order.swap(place, random.below(place + 1));
    }
    order.sort_by_key(|&row| (outcomes[row].treated, outcomes[row].positive));
    let mut folds = vec![0; outcomes.len()];
    for (place, row) in order.into_iter().enumerate() {
        folds[row] = (place % usize::from(FOLDS)) as u8;
    }
    folds
}

/// Scores as places within the own fold, 0 to 1, equal ones alike: scores of different models are not compared,
/// since a customer's own outcome taught all models but its own.
pub(super) fn places(scores: &[f64], folds: &[u8]) -> Vec<f64> {
    let mut places = vec![0.0; scores.len()];
    for fold in 0..FOLDS {
        let mut order: Vec<usize> = (0..scores.len()).filter(|&row| folds[row] == fold).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        let count = order.len() as f64;
        let mut from = 0;
        for group in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
            for &row in group {
                places[row] = (from as f64 + group.len() as f64 / 2.0) / count;
            }
            from += group.len();
        }
    }
    places
}
