//! Which members leave, learnt from those who left.

use domain::Month;
use domain::outlook::{ExitRisk, RiskModel};
use domain::rules::Rules;
use serde::{Deserialize, Serialize};

use super::drift::Drift;
use super::features::{Features, STAGE, frame};
use super::sample::Past;
use super::trial::Trial;
use crate::frame::Frame;
use crate::learn::blend::{Blend, Learner, Lesson};
use crate::learn::drift::Spread;
use crate::outlook::{self, Judged};

/// Seed of every drawing.
const SEED: u64 = 42;
/// Groups of stages: what [`STAGE`] counts.
const STAGES: usize = 4;
/// Members that the share of all weighs in that of a stage.
const WEIGHT_OF_ALL: f64 = 50.0;

/// The model in use and what it rests on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct MemberRisk {
    kept: Option<Kept>,
    /// Share that left, by stage of the customer.
    by_stage: Option<[f64; STAGES]>,
    tried_in: Option<Month>,
    card: MemberRiskCard,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    model: Blend,
    /// Of what it said of those it was judged on; not kept by earlier versions.
    #[serde(default)]
    spread: Option<Spread>,
}

/// What the risk of members to leave rests on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MemberRiskCard {
    /// `learnt`, or `stage_chain`: the share by the customer's stage, for as long as there is too little.
    pub model: Option<RiskModel>,
    /// The month in which it was learnt.
    pub learnt_in: Option<Month>,
    /// How many models were in use so far.
    pub version: u32,
    /// Member-months learnt from.
    pub rows: usize,
    /// Of them, left.
    pub exits: usize,
    /// How what is in use did on later months.
    pub judged: Option<Judged>,
    /// The last new model beside what was in use then: an earlier one, or the chance by stage. None before one was
    /// learnt, and in what earlier versions kept.
    #[serde(default)]
    pub trial: Option<Trial>,
    /// How far what is said of the latest month lies from what was said of those it was judged on.
    #[serde(default)]
    pub drift: Option<Drift>,
}

/// Probabilities of rows, and what adds to those of some.
type Scored<'a> = (Option<Vec<f64>>, Vec<(usize, Vec<(&'a str, f64)>)>);

/// Member-months whose end is known.
#[derive(Default)]
struct Lived {
    members: Vec<i64>,
    features: Vec<Features>,
    left: Vec<bool>,
}

impl Lived {
    fn exits(&self) -> usize {
        self.left.iter().filter(|&&left| left).count()
    }

    /// What the chance by stage says of them.
    fn by_stage(&self, by_stage: &[f64; STAGES]) -> Vec<f64> {
        self.features.iter().map(|features| by_stage[stage(features)]).collect()
    }

    fn table(&self, past: &Past<'_>) -> Frame {
        let plans = self.members.iter().map(|&member| (past.plan)(member));
        frame(self.features.iter(), plans, past.plans)
    }
}

/// Those watched in `from..=last`, and whether they left within [`ExitRisk::MONTHS`].
fn lived(past: &Past<'_>, from: Month, last: Month) -> Lived {
    let mut lived = Lived::default();
    for (&month, sample) in past.samples.range(from..=last) {
        for row in (0..sample.members.len()).filter(|&row| sample.watched[row]) {
            let member = sample.members[row];
            lived.members.push(member);
            lived.features.push(sample.features[row]);
            lived.left.push((past.left)(member).is_some_and(|left| left <= month + ExitRisk::MONTHS));
        }
    }
    lived
}

impl MemberRisk {
    pub(super) const fn card(&self) -> &MemberRiskCard {
        &self.card
    }

    /// Learns again when it is time, from months whose next [`ExitRisk::MONTHS`] have passed by `month`. A model
    /// that does worse on the latest of them than the one in use, or than the chance by stage, is not taken.
    pub(super) fn note(&mut self, month: Month, past: &Past<'_>, of_all: &Rules) {
        let rules = &of_all.members;
        let every = i32::from(rules.learn_every_months);
        let last = month - ExitRisk::MONTHS;
        let judged_from = last - (ExitRisk::MONTHS - 1);
        let first = last - i32::from(rules.learn_months);
        // Where scores drift it does not wait as long, but for as many new outcomes as are judged on.
        let drifts = self.card.drift.is_some_and(|drift| drift.alarm);
        let wait = if drifts { every.min(ExitRisk::MONTHS) } else { every };
        if self.tried_in.is_some_and(|tried| month - tried < wait) {
            return;
        }
        // What is learnt from must have ended before what is judged on begins.
        let earlier = lived(past, first, judged_from - ExitRisk::MONTHS);
        let latest = lived(past, judged_from, last);
        if let Some(by_stage) = by_stage(&lived(past, first, last)) {
            self.card.model.get_or_insert(RiskModel::StageChain);
            self.by_stage = Some(by_stage);
        }
        let exits = earlier.exits();
        if exits < rules.least_exits as usize || latest.exits() == 0 {
            self.card.rows = earlier.left.len();
            self.card.exits = exits;
            return;
        }
        self.tried_in = Some(month);
        let model = fit(&earlier.table(past), &earlier);
        let table = latest.table(past);
        let judge = |said: &[f64]| Judged::of(said, &latest.left);
        let said = probabilities(&model, &table);
        let tried = judge(&said);
        let in_use = match (&self.kept, by_stage(&earlier)) {
            (Some(kept), _) => Some(probabilities(&kept.model, &table)),
            // As it would have been said before the months that are judged on.
            (None, by_stage) => by_stage.map(|by_stage| latest.by_stage(&by_stage)),
        };
        let trial =
            in_use.map(|said| Trial::of(month, tried.clone(), judge(&said), of_all.risk.worse_at_most));
        self.card.judged = Some(trial.as_ref().map_or(tried, |trial| trial.held().clone()));
        let taken = trial.as_ref().is_none_or(|trial| trial.taken);
        self.card.trial = trial;
        if !taken {
            return;
        }
        self.card.rows = earlier.left.len();
        self.card.exits = exits;
        self.card.model = Some(RiskModel::Learnt);
        self.card.learnt_in = Some(month);
        self.card.version += 1;
        self.card.drift = None;
        self.kept = Some(Kept { model, spread: Spread::of(said) });
    }

    /// Looks whether the model still fits these members.
    pub(super) fn note_drift(&mut self, members: &Frame, alarm_above: f64) {
        if let Some(kept) = &mut self.kept {
            let said = probabilities(&kept.model, members);
            self.card.drift = Drift::note(&mut kept.spread, said, alarm_above);
        }
    }

    /// Probability of each row to leave, none before there is a past; and what each column adds to it in log-odds, of
    /// rows of at least `explain_from` once it is learnt.
    pub(super) fn score(&self, table: &Frame, rows: &[Features], explain_from: f64) -> Scored<'_> {
        let Some(Kept { model, .. }) = &self.kept else {
            let of_row = |by_stage: &[f64; STAGES]| rows.iter().map(|row| by_stage[stage(row)]).collect();
            return (self.by_stage.as_ref().map(of_row), Vec::new());
        };
        let design = model.design(table, &(0..rows.len()).collect::<Vec<_>>());
        let said = model.probabilities(&design);
        let likely = (0..rows.len()).filter(|&row| said[row] >= explain_from);
        let named = |row| model.encoder().names().zip(model.explain(&design, row).parts).collect();
        let parts = likely.map(|row| (row, named(row))).collect();
        (Some(said), parts)
    }
}

/// The share that left by stage of the customer, smoothed by that of all; none of too few.
fn by_stage(lived: &Lived) -> Option<[f64; STAGES]> {
    let mut sums = [(0.0, 0.0); STAGES];
    for (features, &left) in lived.features.iter().zip(&lived.left) {
        let sum: &mut (f64, f64) = &mut sums[stage(features)];
        sum.0 += 1.0;
        sum.1 += f64::from(u8::from(left));
    }
    let (rows, exits) = sums.iter().fold((0.0, 0.0), |all, sum| (all.0 + sum.0, all.1 + sum.1));
    let all = exits / rows;
    (rows >= WEIGHT_OF_ALL)
        .then(|| sums.map(|(rows, exits)| (exits + WEIGHT_OF_ALL * all) / (rows + WEIGHT_OF_ALL)))
}

fn stage(features: &Features) -> usize {
    (features[STAGE].max(0.0) as usize).min(STAGES - 1)
}

fn fit(table: &Frame, lived: &Lived) -> Blend {
    let names: Vec<String> = table.columns().iter().map(|column| column.name.clone()).collect();
    let rows: Vec<usize> = (0..table.rows()).collect();
    let groups = outlook::groups(&lived.members);
    let lesson = Lesson { frame: table, names: &names, rows: &rows, outcomes: &lived.left, groups: &groups };
    Learner::Curves.fit(lesson, SEED)
}

fn probabilities(model: &Blend, table: &Frame) -> Vec<f64> {
    let rows: Vec<usize> = (0..table.rows()).collect();
    model.probabilities(&model.design(table, &rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::members::features::FEATURES;
    use crate::members::sample::MemberSample;
    use crate::random::Random;
    use std::collections::BTreeMap;

    fn month() -> Month {
        Month::new(2024, 1).expect("a month")
    }

    fn rules() -> Rules {
        domain::rules::RuleBook::parse(None).expect("rules").default
    }

    /// Months of silence.
    const SILENT: usize = 13;

    /// Members of customers in decline leave five times as often, and as much more often if they are silent; the
    /// latter no longer holds from a month on.
    fn world(months: i32, members: i64, turns: i32) -> (BTreeMap<Month, MemberSample>, BTreeMap<i64, Month>) {
        let mut random = Random::new(7);
        let (mut samples, mut left) = (BTreeMap::new(), BTreeMap::new());
        for at in 0..months {
            let mut sample = MemberSample::default();
            for member in 0..members {
                if left.contains_key(&member) {
                    continue;
                }
                let mut features = [0.0; FEATURES.len()];
                let declines = member % 4 == 0;
                features[STAGE] = if declines { 3.0 } else { 0.0 };
                let silent = random.below(5) == 0;
                features[SILENT] = f32::from(u8::from(silent));
                features[0] = random.below(60) as f32;
                sample.members.push(member);
                sample.scores.push(f32::NAN);
                sample.watched.push(true);
                sample.features.push(features);
                let silence = if silent == (at < turns) { 5 } else { 1 };
                if random.below(1_000) < silence * if declines { 25 } else { 5 } {
                    left.insert(member, month() + at + 1);
                }
            }
            samples.insert(month() + at, sample);
        }
        (samples, left)
    }

    type World = (BTreeMap<Month, MemberSample>, BTreeMap<i64, Month>);

    fn note(risk: &mut MemberRisk, (samples, left): &World, now: Month) {
        let known = |member: i64| left.get(&member).copied().filter(|&left| left <= now);
        let past = Past { samples, left: &known, plan: &|_| 0, plans: &[String::new()] };
        risk.note(now, &past, &rules());
    }

    fn noted(months: i32, members: i64) -> (MemberRisk, Option<Vec<f64>>) {
        let mut risk = MemberRisk::default();
        note(&mut risk, &world(months, members, i32::MAX), month() + months - 1);
        let mut declines = [0.0; FEATURES.len()];
        declines[STAGE] = 3.0;
        let rows = [[0.0; FEATURES.len()], declines];
        let table = frame(rows.iter(), [0, 0].into_iter(), &[String::new()]);
        let told = risk.score(&table, &rows, 0.05).0;
        (risk, told)
    }

    #[test]
    fn without_a_past_nothing_is_said() {
        assert_eq!(noted(3, 100).1, None);
    }

    #[test]
    fn with_few_exits_the_share_by_stage_holds() {
        let (risk, told) = noted(8, 300);
        let told = told.expect("a past");
        assert_eq!(risk.card.model, Some(RiskModel::StageChain));
        assert!(told[1] > 1.5 * told[0], "{told:?}");
    }

    #[test]
    fn with_many_it_is_learnt_and_judged_on_later_months() {
        for (months, members) in [(16, 2_000), (24, 3_000)] {
            let (risk, told) = noted(months, members);
            let told = told.expect("a past");
            assert_eq!((risk.card.model, risk.card.version), (Some(RiskModel::Learnt), 1));
            let trial = risk.card.trial.expect("a trial");
            assert!(trial.taken && trial.tried.log_loss < trial.in_use.log_loss, "{trial:?}");
            let judged = risk.card.judged.expect("judged");
            assert_eq!(judged, trial.tried);
            assert!(judged.auc > 0.6 && judged.calibration_error < 0.03, "{judged:?}");
            assert!(told[1] > 2.0 * told[0], "{told:?}");
        }
    }

    #[test]
    fn those_likely_to_leave_are_told_why() {
        let mut risk = MemberRisk::default();
        note(&mut risk, &world(16, 2_000, i32::MAX), month() + 15);
        let mut silent = [0.0; FEATURES.len()];
        silent[SILENT] = 1.0;
        let rows = [[0.0; FEATURES.len()], silent];
        let table = frame(rows.iter(), [0, 0].into_iter(), &[String::new()]);
        let (said, parts) = risk.score(&table, &rows, 0.025);
        let said = said.expect("a past");
        assert!(said[0] < 0.025 && said[1] >= 0.025, "{said:?}");
        let [(row, parts)] = parts.as_slice() else { panic!("{parts:?}") };
        let largest = parts.iter().max_by(|a, b| a.1.total_cmp(&b.1)).expect("a part");
        assert_eq!((*row, largest.0), (1, "silent"));
    }

    #[test]
    fn a_first_model_that_does_worse_than_the_chance_by_stage_is_not_taken() {
        // Silence speaks for the contrary just in the months that are judged on.
        let mut risk = MemberRisk::default();
        let world = world(16, 2_000, 10);
        note(&mut risk, &world, month() + 15);
        let trial = risk.card.trial.as_ref().expect("a trial");
        assert!(!trial.taken && trial.tried.log_loss > trial.in_use.log_loss, "{trial:?}");
        assert_eq!((risk.card.model, risk.card.version), (Some(RiskModel::StageChain), 0));
        assert_eq!(risk.card.judged.as_ref(), Some(&trial.in_use));
        assert!(risk.kept.is_none() && risk.by_stage.is_some());
    }
}
