//! Satisfaction learnt from those who answered, and what is told of everyone else.

use domain::Month;
use domain::rules::{Members, Rules};
use domain::satisfaction::SatisfactionLabel;
use serde::{Deserialize, Serialize};

use super::drift::Drift;
use super::features::{Features, frame};
use super::risk::{MemberRisk, MemberRiskCard};
use super::sample::Past;
use super::trial::Trial;
use crate::churn::MeanAndDeviation;
use crate::frame::{Column, Frame, Values};
use crate::learn::blend::{Learner, LeftOut};
use crate::learn::drift::Spread;
use crate::learn::metrics::{self, CalibrationBin};
use crate::outlook::Judged;
use crate::satisfaction::{self, Model, Options};

/// The column of answers.
const SCORE: &str = "score";

/// What is learnt of members and what it rests on; the default has learnt nothing yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MemberLearner {
    kept: Option<Kept>,
    /// Answers there were when it was last tried.
    tried_with: usize,
    card: SatisfactionCard,
    risk: MemberRisk,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    model: Model,
    /// Expected scores above which a member is no longer dissatisfied, neutral, satisfied.
    cuts: [f64; 3],
    /// Of the expected scores in the month that it was learnt in; not known at first, nor kept by earlier versions.
    #[serde(default)]
    spread: Option<Spread>,
}

/// What satisfaction rests on, and how well it is told of those who were not learnt from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SatisfactionCard {
    /// Answers known so far.
    pub answers: usize,
    /// Answers below which nothing is said.
    pub least: usize,
    /// The month in which it was learnt.
    pub learnt_in: Option<Month>,
    /// How many models were in use so far.
    pub version: u32,
    /// Answers learnt from, by label from the lowest.
    pub labels: [usize; 4],
    /// How well the dissatisfied are told, each by a model that never saw it.
    pub held_out: Option<HeldOut>,
    /// Whether the last trial gave no model: all answers alike, or a column that gives them away.
    pub refused: bool,
    /// The last new model beside the one that was in use then, on the answers since that one was learnt: none of
    /// either taught it. None before a second was learnt, and in what earlier versions kept.
    #[serde(default)]
    pub trial: Option<Trial>,
    /// How far the scores of the latest month have moved since it was learnt; none in the first.
    #[serde(default)]
    pub drift: Option<Drift>,
}

/// Figures over folds: dissatisfied against the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// Answers.
    pub rows: usize,
    /// Of them, dissatisfied.
    pub dissatisfied: usize,
    /// Area under the curve, by folds.
    pub auc: MeanAndDeviation,
    /// Area under the precision-recall curve.
    pub pr_auc: f64,
    /// Brier score.
    pub brier: f64,
    /// Mean distance of what was said from what was, over tenths.
    pub calibration_error: f64,
    /// How many times as often those of the highest tenth are dissatisfied.
    pub top_decile_lift: f64,
    /// What was said and what was answered, by tenths of what was said; empty in what earlier versions kept.
    #[serde(default)]
    pub tenths: Vec<CalibrationBin>,
}

impl HeldOut {
    fn of(left_out: &LeftOut) -> Self {
        let LeftOut { probabilities, outcomes, fold_of, .. } = left_out;
        let auc = |fold: u8| {
            let rows = (0..fold_of.len()).filter(|&row| fold_of[row] == fold);
            let (said, known): (Vec<f64>, Vec<bool>) =
                rows.map(|row| (probabilities[row], outcomes[row])).unzip();
            metrics::auc(&said, &known)
        };
        let folds = fold_of.iter().max().map_or(0, |&last| last + 1);
        let (mean, sd) = metrics::mean_and_deviation(&(0..folds).filter_map(auc).collect::<Vec<_>>());
        Self {
            rows: outcomes.len(),
            dissatisfied: outcomes.iter().filter(|&&outcome| outcome).count(),
            auc: MeanAndDeviation { mean, sd },
            pr_auc: metrics::pr_auc(probabilities, outcomes).unwrap_or_default(),
            brier: metrics::brier(probabilities, outcomes),
            calibration_error: metrics::calibration_error(probabilities, outcomes),
            top_decile_lift: metrics::top_decile_lift(probabilities, outcomes).unwrap_or(1.0),
            tenths: metrics::calibration(probabilities, outcomes),
        }
    }
}

/// What is told of some members.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told<'a> {
    /// Expected score, 1 to 10, and label of each row; none before anything is learnt.
    pub satisfaction: Option<Vec<(f64, SatisfactionLabel)>>,
    /// What each column adds to being dissatisfied, by row of those who are.
    pub parts: Vec<(usize, Vec<(&'a str, f64)>)>,
    /// Probability to leave of each row; none before there is a past.
    pub risk: Option<Vec<f64>>,
    /// What each column adds to leaving, by row of those likely to, once that is learnt.
    pub risk_parts: Vec<(usize, Vec<(&'a str, f64)>)>,
}

impl MemberLearner {
    /// What satisfaction rests on.
    #[must_use]
    pub const fn card(&self) -> &SatisfactionCard {
        &self.card
    }

    /// What the risk to leave rests on.
    #[must_use]
    pub const fn risk_card(&self) -> &MemberRiskCard {
        self.risk.card()
    }

    /// The cuts of expected scores between labels; none before anything is learnt.
    #[must_use]
    pub fn cuts(&self) -> Option<&[f64; 3]> {
        self.kept.as_ref().map(|kept| &kept.cuts)
    }

    /// Whether satisfaction is to be learnt again, so many answers being known.
    pub fn is_due(&mut self, answers: usize, rules: &Members) -> bool {
        self.card.answers = answers;
        self.card.least = rules.least_answers as usize;
        let grown = self.tried_with as f64 * (1.0 + rules.learn_after_growth);
        answers >= self.card.least && (self.tried_with == 0 || answers as f64 >= grown)
    }

    /// Learns satisfaction from the answers up to a month; keeps what it has if they give no model, or one that tells
    /// the latest answers worse.
    pub fn learn(&mut self, month: Month, past: &Past<'_>, rules: &Rules) {
        let (table, scores, months) = answers(month, past, &rules.members);
        let unseen = |row: &usize| self.card.learnt_in.is_none_or(|learnt_in| months[*row] > learnt_in);
        // Answers that came late, for months long learnt from, judge nobody: it is tried when there are others.
        if self.kept.is_some() && !(0..months.len()).any(|row| unseen(&row)) {
            return;
        }
        self.tried_with = self.card.answers;
        if scores.len() < rules.members.least_answers as usize {
            return;
        }
        let options = Options { scale: Some(10), learner: Learner::Curves, ..Options::new(SCORE) };
        let Ok((model, left_out)) = satisfaction::train_and_judge(&table, &options) else {
            self.card.refused = true;
            return;
        };
        self.card.refused = false;
        if let Some(kept) = &self.kept {
            let in_use = kept.model.ask(&table).dissatisfied();
            let latest = || (0..left_out.rows.len()).filter(|&place| unseen(&left_out.rows[place]));
            let outcomes: Vec<bool> = latest().map(|place| left_out.outcomes[place]).collect();
            let judge = |said: Vec<f64>| Judged::of(&said, &outcomes);
            let tried = judge(latest().map(|place| left_out.probabilities[place]).collect());
            let in_use = judge(latest().map(|place| in_use[left_out.rows[place]]).collect());
            let trial = Trial::of(month, tried, in_use, rules.risk.worse_at_most);
            let taken = trial.taken;
            self.card.trial = Some(trial);
            if !taken {
                return;
            }
        }
        self.card.learnt_in = Some(month);
        self.card.version += 1;
        self.card.labels = by_label(&scores);
        self.card.held_out = Some(HeldOut::of(&left_out));
        let cuts = cuts(model.ask(&table).expected(), &self.card.labels);
        self.card.drift = None;
        self.kept = Some(Kept { model, cuts, spread: None });
    }

    /// Looks whether what was learnt still fits the members of the latest month before one.
    pub fn note_drift(&mut self, month: Month, past: &Past<'_>, rules: &Rules) {
        let Some((_, latest)) = past.samples.range(..month).next_back() else { return };
        let watched: Vec<usize> = (0..latest.members.len()).filter(|&row| latest.watched[row]).collect();
        if watched.is_empty() {
            return;
        }
        let plans = watched.iter().map(|&row| (past.plan)(latest.members[row]));
        let table = frame(watched.iter().map(|&row| &latest.features[row]), plans, past.plans);
        let alarm_above = rules.risk.drift_alarm;
        if let Some(kept) = &mut self.kept {
            let said = kept.model.ask(&table).expected();
            self.card.drift = Drift::note(&mut kept.spread, said, alarm_above);
        }
        self.risk.note_drift(&table, alarm_above);
    }

    /// Learns who leaves, when it is time.
    pub fn note_exits(&mut self, month: Month, past: &Past<'_>, rules: &Rules) {
        self.risk.note(month, past, rules);
    }

    /// What is told of members by their features and plans; `names` of plans. Leaving is explained from a probability
    /// on.
    #[must_use]
    pub fn tell(&self, rows: &[Features], plans: &[u16], names: &[String], explain_from: f64) -> Told<'_> {
        let table = frame(rows.iter(), plans.iter().copied(), names);
        let (risk, risk_parts) = self.risk.score(&table, rows, explain_from);
        let Some(kept) = &self.kept else {
            return Told { risk, risk_parts, ..Told::default() };
        };
        let labelled = |score| (score, SatisfactionLabel::at(&kept.cuts, score));
        let asked = kept.model.ask(&table);
        let told: Vec<(f64, SatisfactionLabel)> = asked.expected().into_iter().map(labelled).collect();
        let parts_of = |row: usize| match told[row].1 {
            SatisfactionLabel::Dissatisfied => Some((row, asked.parts(row))),
            SatisfactionLabel::VerySatisfied => Some((row, asked.parts_of_delight(row))),
            SatisfactionLabel::Neutral | SatisfactionLabel::Satisfied => None,
        };
        let parts = (0..told.len()).filter_map(parts_of).collect();
        Told { parts, satisfaction: Some(told), risk, risk_parts }
    }
}

/// The latest answers up to a month as a table, with the scores and their months.
fn answers(month: Month, past: &Past<'_>, rules: &Members) -> (Frame, Vec<f64>, Vec<Month>) {
    let most = rules.most_answers as usize;
    let (mut members, mut scores, mut features, mut months) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (&at, sample) in past.samples.range(..=month).rev() {
        let answered = (0..sample.members.len()).filter(|&row| sample.scores[row].is_finite());
        for row in answered.take(most - scores.len()) {
            members.push(sample.members[row]);
            scores.push(f64::from(sample.scores[row]));
            features.push(sample.features[row]);
            months.push(at);
        }
    }
    let plans = members.iter().map(|&member| (past.plan)(member));
    let table = frame(features.iter(), plans, past.plans);
    let column = Column { name: SCORE.to_owned(), values: Values::Numbers(scores.clone()), misfits: 0 };
    let columns = table.columns().iter().cloned().chain([column]);
    (Frame::from_columns(columns.collect()), scores, months)
}

fn by_label(scores: &[f64]) -> [usize; 4] {
    let mut labels = [0; 4];
    for &score in scores {
        labels[SatisfactionLabel::of(score).index()] += 1;
    }
    labels
}

/// Cuts of the expected scores such that as many lie between them as answered so. An expectation is drawn towards
/// the middle: under the cuts of answers hardly anyone would be dissatisfied.
fn cuts(mut expected: Vec<f64>, labels: &[usize; 4]) -> [f64; 3] {
    expected.sort_by(f64::total_cmp);
    let mut below = 0;
    std::array::from_fn(|place| {
        below += labels[place];
        match below.checked_sub(1) {
            Some(last) if below < expected.len() => (expected[last] + expected[below]) / 2.0,
            Some(_) => f64::MAX,
            None => f64::MIN,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::members::features::FEATURES;
    use crate::members::sample::MemberSample;
    use crate::random::Random;
    use std::collections::BTreeMap;

    fn month() -> Month {
        Month::new(2025, 1).expect("a month")
    }

    fn rules() -> Rules {
        domain::rules::RuleBook::parse(None).expect("rules").default
    }

    const COMPLAINTS: usize = 11;

    /// Members of whom those who complain answer three points lower.
    fn sample(answers: usize, seed: u64) -> MemberSample {
        let mut random = Random::new(seed);
        let mut sample = MemberSample::default();
        for member in 0..answers {
            let mut features = [0.0; FEATURES.len()];
            let complains = random.below(4) == 0;
            features[COMPLAINTS] = f32::from(u8::from(complains));
            features[0] = random.below(60) as f32;
            let score = 6 + random.below(5) - if complains { 3 } else { 0 };
            sample.members.push(member as i64);
            sample.scores.push(score as f32);
            sample.watched.push(false);
            sample.features.push(features);
        }
        sample
    }

    fn learnt(samples: &BTreeMap<Month, MemberSample>, at: Month) -> MemberLearner {
        let mut learner = MemberLearner::default();
        learn_more(&mut learner, samples, at);
        learner
    }

    fn learn_more(learner: &mut MemberLearner, samples: &BTreeMap<Month, MemberSample>, at: Month) {
        let known: usize = samples.range(..=at).map(|(_, sample)| sample.answers()).sum();
        if learner.is_due(known, &rules().members) {
            let past = Past { samples, left: &|_| None, plan: &|_| 0, plans: &[String::new()] };
            learner.learn(at, &past, &rules());
        }
    }

    /// The same members, of whom those who complain answer three points higher.
    fn turned(mut sample: MemberSample) -> MemberSample {
        for (score, features) in sample.scores.iter_mut().zip(&sample.features) {
            *score += if features[COMPLAINTS] > 0.0 { 3.0 } else { -3.0 };
            *score = score.clamp(1.0, 10.0);
        }
        sample
    }

    #[test]
    fn a_model_that_tells_the_latest_answers_worse_is_not_taken() {
        let mut samples = BTreeMap::from([(month(), sample(400, 6))]);
        let mut learner = learnt(&samples, month());
        let in_use = learner.kept.clone();
        // As many contrary answers come late, for the month that was learnt from; those after it are as before.
        samples.entry(month()).or_default().append(turned(sample(400, 7)));
        samples.insert(month() + 1, sample(150, 8));
        learn_more(&mut learner, &samples, month() + 1);
        let trial = learner.card().trial.as_ref().expect("a trial");
        assert!(!trial.taken && trial.tried.log_loss > trial.in_use.log_loss, "{trial:?}");
        assert_eq!((trial.month, trial.tried.rows, trial.in_use.rows), (month() + 1, 150, 150));
        assert_eq!((learner.kept, learner.card.version), (in_use, 1));
        assert_eq!(learner.card.learnt_in, Some(month()));
    }

    #[test]
    fn a_model_that_tells_the_latest_answers_better_takes_its_place() {
        let mut samples = BTreeMap::from([(month(), sample(400, 6))]);
        let mut learner = learnt(&samples, month());
        assert_eq!(learner.card.trial, None);
        samples.insert(month() + 1, turned(sample(600, 9)));
        learn_more(&mut learner, &samples, month() + 1);
        let trial = learner.card().trial.as_ref().expect("a trial");
        assert!(trial.taken && trial.tried.log_loss < trial.in_use.log_loss, "{trial:?}");
        assert_eq!(trial.held(), &trial.tried);
        assert_eq!((learner.card.version, learner.card.learnt_in), (2, Some(month() + 1)));
    }

    #[test]
    fn answers_that_only_came_late_wait_for_others_to_judge_by() {
        let mut samples = BTreeMap::from([(month(), sample(400, 6))]);
        let mut learner = learnt(&samples, month());
        samples.entry(month()).or_default().append(sample(400, 7));
        learn_more(&mut learner, &samples, month() + 1);
        assert_eq!((learner.card.trial.clone(), learner.card.version), (None, 1));
        assert!(learner.is_due(800, &rules().members));
    }

    #[test]
    fn with_too_few_answers_nothing_is_said() {
        let learner = learnt(&BTreeMap::from([(month(), sample(149, 1))]), month());
        let told = learner.tell(&[[0.0; FEATURES.len()]], &[0], &[String::new()], 0.05);
        assert_eq!((told.satisfaction, learner.card().learnt_in), (None, None));
        assert_eq!((learner.card().answers, learner.card().least), (149, 150));
    }

    #[test]
    fn who_complains_is_told_from_the_others_and_why() {
        let learner = learnt(&BTreeMap::from([(month(), sample(800, 2))]), month());
        let mut complains = [0.0; FEATURES.len()];
        complains[COMPLAINTS] = 1.0;
        let told = learner.tell(&[[0.0; FEATURES.len()], complains], &[0, 0], &[String::new()], 0.05);
        let satisfaction = told.satisfaction.expect("learnt");
        assert!(satisfaction[0].0 > satisfaction[1].0 + 1.0, "{satisfaction:?}");
        assert_eq!(satisfaction[1].1, SatisfactionLabel::Dissatisfied);
        assert_eq!(satisfaction[0].1, SatisfactionLabel::VerySatisfied);
        // That there was none speaks for the one, that there was one against the other.
        for (row, (of, parts)) in told.parts.iter().enumerate() {
            let largest = parts.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("a part");
            assert_eq!((*of, largest.0), (row, "complaints"), "{parts:?}");
        }
        assert_eq!(told.parts.len(), 2);
        let held_out = learner.card().held_out.as_ref().expect("judged");
        assert!(held_out.auc.mean > 0.7 && held_out.calibration_error < 0.06, "{held_out:?}");
    }

    #[test]
    fn members_who_are_others_than_those_learnt_for_raise_the_alarm() {
        let watched = |complaints: f32, seed| {
            let mut sample = sample(500, seed);
            sample.watched.fill(true);
            sample.features.iter_mut().for_each(|features| features[COMPLAINTS] *= complaints);
            sample
        };
        let mut samples = BTreeMap::from([(month(), watched(1.0, 2))]);
        let mut learner = learnt(&samples, month());
        let mut noted = |sample: MemberSample, at: i32| {
            samples.insert(month() + at - 1, sample);
            let past = Past { samples: &samples, left: &|_| None, plan: &|_| 0, plans: &[String::new()] };
            learner.note_drift(month() + at, &past, &rules());
            learner.card.drift
        };
        assert_eq!(noted(watched(1.0, 3), 2), None);
        let calm = noted(watched(1.0, 4), 3).expect("a month to compare with");
        assert!(!calm.alarm && calm.stability < 0.1, "{calm:?}");
        let moved = noted(watched(0.0, 5), 4).expect("a month to compare with");
        assert!(moved.alarm, "{moved:?}");
    }

    #[test]
    fn answers_of_later_months_change_nothing() {
        let whole = BTreeMap::from([(month(), sample(400, 3)), (month() + 1, sample(900, 4))]);
        let known = BTreeMap::from([(month(), sample(400, 3))]);
        assert_eq!(learnt(&whole, month()), learnt(&known, month()));
    }

    #[test]
    fn it_is_learnt_again_only_when_the_answers_have_grown() {
        let mut learner = learnt(&BTreeMap::from([(month(), sample(400, 5))]), month());
        assert!(!learner.is_due(799, &rules().members));
        assert!(learner.is_due(800, &rules().members));
    }

    #[test]
    fn as_many_are_of_a_label_as_answered_so() {
        let expected: Vec<f64> = (0..100).map(|place| 7.0 + f64::from(place) / 100.0).collect();
        let labels = [20, 30, 0, 50];
        let cuts = cuts(expected.clone(), &labels);
        let mut found = [0; 4];
        for score in expected {
            found[SatisfactionLabel::at(&cuts, score).index()] += 1;
        }
        assert_eq!(found, labels);
    }
}
