//! The evaluation of an experiment: effect, learners, and a verdict in words.

use std::collections::BTreeMap;

use domain::{Message, Problem};
use serde::Serialize;

use super::design::Design;
use super::experiment::{Experiment, Options, bad};
use super::learner::{Learner, School, folds, places};
use super::qini::{Outcome, Ranking};
use super::{Estimate, difference, never_contact, smallest_detectable};
use crate::frame::Frame;
use crate::random::Random;

/// What an experiment says about choosing whom to contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Ranking by uplift beats chance and a ranking by response.
    Works,
    /// What there is may be chance.
    Inconclusive,
    /// A ranking by response does as well, or better.
    NotBetterThanResponse,
    /// On average the play does harm.
    Harmful,
}

/// Why a column was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// It differs between the arms though chance drew them: it came after the play.
    DiffersByArm,
    /// It decides the outcome or is decided by it without exception.
    DecidesOutcome,
    /// The same everywhere.
    Constant,
    /// Another value for nearly every customer.
    Identifier,
}

/// A column that was not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its name.
    pub column: String,
    /// Why.
    pub reason: LeftOutReason,
}

/// What came out. Scores and lists hold places in the table (0 for the first row).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Customers in both arms whose outcome is known.
    pub n: usize,
    /// Of them treated.
    pub treated: usize,
    /// Of them left alone.
    pub control: usize,
    /// Customers of the arms whose outcome is not known: left out.
    pub unknown_outcome: usize,
    /// Share of those left alone that responded.
    pub base_rate: f64,
    /// Average effect on the share that responds, with its interval.
    pub ate: Estimate,
    /// The smallest average effect that arms of these sizes show with power .8.
    pub smallest_detectable: f64,
    /// Normalised Qini coefficient of each learner on customers it has not seen, with its interval from drawings
    /// with replacement: `s_learner`, `t_learner`, `class_transformation`, and `response` to compare with.
    pub qini: BTreeMap<&'static str, Estimate>,
    /// The learner with the highest coefficient.
    pub best: Learner,
    /// Its coefficient minus that of the ranking by response; the interval allows for there being three learners.
    pub gain_over_response: Estimate,
    /// What to make of it.
    pub verdict: Verdict,
    /// Columns not used.
    pub left_out: Vec<LeftOut>,
    /// How many must not be contacted.
    pub never_contact_count: usize,
    /// Who: the effect is negative for sure. Empty unless the verdict is `Works` or `Harmful`.
    #[serde(skip)]
    pub never_contact: Vec<usize>,
    /// Place and out-of-fold score of each customer by the best learner.
    #[serde(skip)]
    pub scores: Vec<(usize, f64)>,
}

/// How often the folds are drawn anew: the coefficients are averaged.
const REPEATS: u64 = 3;
/// Drawings with replacement.
const SAMPLES: usize = 600;

/// Evaluates an experiment. Scores are out of fold (ten folds by arm and outcome, drawn three times) and ranked
/// within their fold; intervals are of 600 drawings of customers with replacement, models kept.
///
/// # Errors
/// A column or value that is not there, arms that overlap or are too small, an outcome that is not of two values,
/// has one only or too few of one kind, or a table without a usable column.
pub fn evaluate(frame: &Frame, options: &Options) -> Result<Report, Problem> {
    let experiment = Experiment::read(frame, options)?;
    let (design, left_out) = Design::build(frame, options, &experiment);
    if design.width == 0 {
        let cause = Message::new("problem-uplift-no-columns");
        return Err(bad(cause).hint(Message::new("hint-uplift-no-columns")));
    }
    let school = School { design: &design, outcomes: &experiment.outcomes };
    let (treated, control) = (experiment.arm(true), experiment.arm(false));
    let ate = difference(treated, control);
    let base_rate = control.0 as f64 / control.1 as f64;

    let mut rankings: [Vec<Ranking>; 4] = Default::default();
    let mut scores = vec![vec![0.0; experiment.rows.len()]; Learner::ALL.len()];
    for repeat in 0..REPEATS {
        let folds = folds(&experiment.outcomes, options.seed.wrapping_add(repeat << 32));
        for (at, &learner) in Learner::ALL.iter().enumerate() {
            let found = school.out_of_fold(learner, &folds);
            rankings[at].push(Ranking::new(&places(&found, &folds), &experiment.outcomes));
            for (sum, score) in scores[at].iter_mut().zip(&found) {
                *sum += score / REPEATS as f64;
            }
        }
    }
    let found = rankings.each_ref().map(|of_learner| mean(of_learner));
    let samples = sample(&rankings, &experiment.outcomes, options.seed);
    let estimate = |at: usize| Estimate { value: found[at], ..middle(samples.iter().map(|s| s[at]), 0.05) };
    let best = if found[1] > found[0] { 1 } else { 0 };
    let best = if found[2] > found[best] { 2 } else { best };
    let gains = samples.iter().map(|sample| sample[best] - sample[RESPONSE]);
    let gain = Estimate { value: found[best] - found[RESPONSE], ..middle(gains, 0.05 / RESPONSE as f64) };
    let rare = [treated, control].into_iter().map(|(positives, size)| positives.min(size - positives)).min();
    let enough = rare.unwrap_or(0) >= RESPONSES_PER_COLUMN * design.width;
    let verdict = verdict(ate, estimate(best), gain, enough);
    let never_contact: Vec<usize> = match verdict {
        Verdict::Works | Verdict::Harmful => never_contact::list(&school),
        Verdict::Inconclusive | Verdict::NotBetterThanResponse => Vec::new(),
    };
    Ok(Report {
        n: experiment.rows.len(),
        treated: treated.1,
        control: control.1,
        unknown_outcome: experiment.unknown,
        base_rate,
        ate,
        smallest_detectable: smallest_detectable(base_rate, treated.1, control.1),
        qini: Learner::ALL.iter().enumerate().map(|(at, learner)| (learner.code(), estimate(at))).collect(),
        best: Learner::ALL[best],
        gain_over_response: gain,
        verdict,
        left_out,
        never_contact_count: never_contact.len(),
        never_contact: never_contact.into_iter().map(|row| experiment.rows[row]).collect(),
        scores: experiment.rows.iter().copied().zip(scores.swap_remove(best)).collect(),
    })
}

/// Place of [`Learner::Response`] in [`Learner::ALL`], and number of the learners before it.
const RESPONSE: usize = 3;

/// Responses (or their absence, whichever is rarer) in the smaller arm that one column of numbers needs, below
/// which coefficients are not to be trusted (Peduzzi et al. 1996).
const RESPONSES_PER_COLUMN: usize = 10;

fn verdict(ate: Estimate, best: Estimate, gain: Estimate, enough: bool) -> Verdict {
    if ate.high < 0.0 {
        return Verdict::Harmful;
    }
    if gain.value <= 0.0 {
        return Verdict::NotBetterThanResponse;
    }
    if best.low <= 0.0 || !enough {
        return Verdict::Inconclusive;
    }
    if gain.low > 0.0 { Verdict::Works } else { Verdict::NotBetterThanResponse }
}

fn mean(rankings: &[Ranking]) -> f64 {
    rankings.iter().map(|ranking| ranking.qini(|_| 1.0).unwrap_or(0.0)).sum::<f64>() / rankings.len() as f64
}

/// Coefficients of every learner in each drawing.
fn sample(rankings: &[Vec<Ranking>; 4], outcomes: &[Outcome], seed: u64) -> Vec<[f64; 4]> {
    let mut random = Random::new(seed);
    let mut drawn = vec![0.0; outcomes.len()];
    let draw = |at: usize| {
        drawn.fill(0.0);
        for _ in 0..outcomes.len() {
            drawn[random.below(outcomes.len())] += 1.0;
        }
        // One draw of the folds each time, so that the chance in them widens the range too.
        rankings
            .each_ref()
            .map(|of_learner| of_learner[at % of_learner.len()].qini(|row| drawn[row]).unwrap_or(0.0))
    };
    (0..SAMPLES).map(draw).collect()
}

/// The range that leaves out `outside` of the figures, half on either side.
fn middle(figures: impl Iterator<Item = f64>, outside: f64) -> Estimate {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let at = |share: f64| figures[(share * (figures.len() - 1) as f64).round() as usize];
    Estimate { value: at(0.5), low: at(outside / 2.0), high: at(1.0 - outside / 2.0) }
}

impl Report {
    /// The verdict in words with its figures.
    #[must_use]
    pub fn message(&self) -> Message {
        let best = self.qini.get(self.best.code()).map_or(0.0, |estimate| estimate.value);
        let response = self.qini.get(Learner::Response.code()).map_or(0.0, |estimate| estimate.value);
        let key = match self.verdict {
            Verdict::Works => "uplift-verdict-works",
            Verdict::Inconclusive => "uplift-verdict-inconclusive",
            Verdict::NotBetterThanResponse => "uplift-verdict-not_better_than_response",
            Verdict::Harmful => "uplift-verdict-harmful",
        };
        Message::new(key)
            .with("learner", domain::Arg::Key(self.best.text_key()))
            .with("qini", domain::Arg::Number(best))
            .with("response", domain::Arg::Number(response))
            .with("effect", domain::Arg::Share(self.ate.value))
            .with("low", domain::Arg::Share(self.ate.low))
            .with("high", domain::Arg::Share(self.ate.high))
            .with("detectable", domain::Arg::Share(self.smallest_detectable))
    }

    /// What to beware of: columns left out, customers without an outcome.
    #[must_use]
    pub fn warnings(&self) -> Vec<Message> {
        let mut warnings: Vec<Message> = self.left_out.iter().map(LeftOut::message).collect();
        if self.unknown_outcome > 0 {
            warnings.push(Message::new("uplift-unknown-outcome").with("count", self.unknown_outcome));
        }
        warnings
    }
}

impl LeftOut {
    /// In words.
    #[must_use]
    pub fn message(&self) -> Message {
        let key = match self.reason {
            LeftOutReason::DiffersByArm => "uplift-left-out-differs_by_arm",
            LeftOutReason::DecidesOutcome => "uplift-left-out-decides_outcome",
            LeftOutReason::Constant => "uplift-left-out-constant",
            LeftOutReason::Identifier => "uplift-left-out-identifier",
        };
        Message::new(key).with("column", self.column.as_str())
    }
}
