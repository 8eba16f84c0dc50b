//! The risk to leave, learnt again and again from the operator's own past.

use std::collections::BTreeMap;

use domain::Month;
use domain::outlook::{ExitRisk, RiskModel};
use domain::rules::Risk;
use serde::{Deserialize, Serialize};

use super::features::{Features, STAGE, frame};
use super::sample::{Lived, Sample, is_served, lived};
use crate::learn::blend::{Blend, Learner, Lesson};
use crate::learn::metrics::{self, CalibrationBin};
use crate::random::Random;

/// Seed of every drawing.
const SEED: u64 = 42;
/// Parts of the scores whose shares are compared.
const PARTS: usize = 10;

/// The model in use and what it rests on; the default has none yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RiskLearner {
    kept: Option<Kept>,
    card: RiskCard,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    model: Blend,
    learnt_in: i32,
    /// Scores that cut what it was judged on into equal parts.
    cuts: Vec<f64>,
}

/// What the model in use rests on, and how well it did on months it had not seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RiskCard {
    /// `learnt`, or `stage_chain` for as long as there is too little to learn from.
    pub model: Option<RiskModel>,
    /// The month before which it was learnt.
    pub learnt_in: Option<Month>,
    /// How many models were in use so far.
    pub version: u32,
    /// Customer-months learnt from, and those of them who left.
    pub rows: usize,
    /// Left.
    pub exits: usize,
    /// How it did on what it was judged on …
    pub judged: Option<Judged>,
    /// … which is this.
    #[serde(default)]
    pub judged_on: JudgedOn,
    /// How the chance by stage did on the same.
    #[serde(default)]
    pub by_stage: Option<Judged>,
    /// The last model that was tried and not taken, if it was the last one tried.
    pub refused: Option<Judged>,
    /// Population stability index of the latest month's scores.
    pub drift: Option<f64>,
    /// Whether that is above the alarm.
    pub drift_alarm: bool,
}

/// What a model is judged on, which it has not seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedOn {
    /// Months after those it learnt from.
    #[default]
    LaterMonths,
    /// Other customers in the same months, for as long as there are too few months to tell earlier from later.
    OtherCustomers,
}

/// How well a model did on what it had not seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Customer-months.
    pub rows: usize,
    /// Left.
    pub exits: usize,
    /// Area under the curve.
    pub auc: f64,
    /// Area under the precision-recall curve.
    pub pr_auc: f64,
    /// Brier score.
    pub brier: f64,
    /// Mean distance of what was said from what was, over tenths.
    pub calibration_error: f64,
    /// How many times as often those of the highest tenth left.
    pub top_decile_lift: f64,
    /// Log loss.
    pub log_loss: f64,
    /// What was said and what happened, by tenths of what was said; empty in what earlier versions kept.
    #[serde(default)]
    pub tenths: Vec<CalibrationBin>,
}

impl Judged {
    /// What was said of rows against what became of them.
    pub(crate) fn of(said: &[f64], left: &[bool]) -> Self {
        Self {
            rows: left.len(),
            exits: left.iter().filter(|&&left| left).count(),
            auc: metrics::auc(said, left).unwrap_or(0.5),
            pr_auc: metrics::pr_auc(said, left).unwrap_or_default(),
            brier: metrics::brier(said, left),
            calibration_error: metrics::calibration_error(said, left),
            top_decile_lift: metrics::top_decile_lift(said, left).unwrap_or(1.0),
            log_loss: metrics::log_loss(said, left),
            tenths: metrics::calibration(said, left),
        }
    }
}

/// Probabilities of rows and what explains those asked about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores {
    /// One per row.
    pub probabilities: Vec<f64>,
    /// By row, of those at or above the threshold: what each feature adds, in log-odds.
    pub parts: BTreeMap<usize, Vec<f64>>,
}

impl RiskLearner {
    /// What is known of the model in use.
    #[must_use]
    pub const fn card(&self) -> &RiskCard {
        &self.card
    }

    /// Before `month` is judged: looks whether the model still fits, and learns again when it is time, from samples
    /// of earlier months alone. A new model that does worse on the latest months than the one in use, or than the chance
    /// by stage where none is, is not taken. One that is taken then learns from those months as well.
    pub fn note(&mut self, month: Month, samples: &BTreeMap<Month, Sample>, rules: &Risk) {
        self.card.model.get_or_insert(RiskModel::StageChain);
        if let Some((_, latest)) = samples.range(..month).next_back() {
            self.note_drift(latest, rules);
        }
        let is_due = self.kept.as_ref().is_none_or(|kept| {
            month.number() - kept.learnt_in >= i32::from(rules.learn_every_months) || self.card.drift_alarm
        });
        if is_due {
            self.learn(month, samples, rules);
        }
    }

    fn learn(&mut self, month: Month, samples: &BTreeMap<Month, Sample>, rules: &Risk) {
        // The latest month whose future is known.
        let last = month - 1 - ExitRisk::MONTHS;
        let whole = lived(samples, last - i32::from(rules.learn_months), last);
        let least = rules.least_exits as usize;
        self.card.rows = whole.left.len();
        self.card.exits = whole.exits();
        let Some((past, latest, judged_on)) = split(&whole, last, least) else { return };
        let judged = Judged::of(&scores(&fit(&past), &latest.features), &latest.left);
        let by_stage = Judged::of(&by_stage(&past, &latest), &latest.left);
        let in_use =
            self.kept.as_ref().map(|kept| Judged::of(&scores(&kept.model, &latest.features), &latest.left));
        let least_loss = in_use.as_ref().unwrap_or(&by_stage).log_loss;
        self.card.by_stage = Some(by_stage);
        self.card.judged_on = judged_on;
        if judged.log_loss > least_loss * (1.0 + rules.worse_at_most) {
            self.card.refused = Some(judged);
            self.card.judged = in_use;
            // It is tried again after the same time.
            if let Some(kept) = &mut self.kept {
                kept.learnt_in = month.number();
            }
            return;
        }
        self.card.model = Some(RiskModel::Learnt);
        self.card.learnt_in = Some(month);
        self.card.version += 1;
        self.card.judged = Some(judged);
        self.card.refused = None;
        self.card.drift = None;
        self.card.drift_alarm = false;
        let model = fit(&whole);
        let cuts = cuts(scores(&model, &latest.features));
        self.kept = Some(Kept { model, learnt_in: month.number(), cuts });
    }

    fn note_drift(&mut self, latest: &Sample, rules: &Risk) {
        let Some(kept) = &self.kept else { return };
        let served: Vec<Features> = latest
            .stages
            .iter()
            .zip(&latest.features)
            .filter(|(stage, _)| is_served(**stage))
            .map(|(_, features)| *features)
            .collect();
        self.card.drift = (!served.is_empty()).then(|| stability(&kept.cuts, &scores(&kept.model, &served)));
        self.card.drift_alarm = self.card.drift.is_some_and(|drift| drift > rules.drift_alarm);
    }

    /// Probabilities to leave within [`ExitRisk::MONTHS`], with reasons for those of at least `explain_from`; none
    /// before a model was learnt.
    #[must_use]
    pub fn score(&self, rows: &[Features], explain_from: f64) -> Option<Scores> {
        let kept = self.kept.as_ref()?;
        let table = frame(rows.iter());
        let all: Vec<usize> = (0..rows.len()).collect();
        let design = kept.model.design(&table, &all);
        let probabilities = kept.model.probabilities(&design);
        let asked = all.into_iter().filter(|&row| probabilities[row] >= explain_from);
        let parts = asked.map(|row| (row, kept.model.explain(&design, row).parts)).collect();
        Some(Scores { probabilities, parts })
    }
}

fn fit(past: &Lived) -> Blend {
    let table = frame(past.features.iter());
    let names: Vec<String> = table.columns().iter().map(|column| column.name.clone()).collect();
    let rows: Vec<usize> = (0..table.rows()).collect();
    let groups = groups(&past.customers);
    let lesson = Lesson { frame: &table, names: &names, rows: &rows, outcomes: &past.left, groups: &groups };
    Learner::Logistic.fit(lesson, SEED)
}

/// The months of one customer or member stay together.
pub(crate) fn groups(ids: &[i64]) -> Vec<usize> {
    let mut places: BTreeMap<i64, usize> = BTreeMap::new();
    ids.iter()
        .map(|&id| {
            let next = places.len();
            *places.entry(id).or_insert(next)
        })
        .collect()
}

fn scores(model: &Blend, rows: &[Features]) -> Vec<f64> {
    let table = frame(rows.iter());
    let all: Vec<usize> = (0..rows.len()).collect();
    model.probabilities(&model.design(&table, &all))
}

/// What to learn from and what to judge on: the last months whose future is known, and what had ended before they
/// began. With too few months for that, other customers: a third of them. None where too few left.
fn split(whole: &Lived, last: Month, least_exits: usize) -> Option<(Lived, Lived, JudgedOn)> {
    let judged_from = last - (ExitRisk::MONTHS - 1);
    let enough = |past: &Lived, latest: &Lived| past.exits() >= least_exits && latest.left.contains(&true);
    let past = whole.only(|_, month| month <= judged_from - ExitRisk::MONTHS);
    let latest = whole.only(|_, month| month >= judged_from);
    if enough(&past, &latest) {
        return Some((past, latest, JudgedOn::LaterMonths));
    }
    let is_judged = |customer: i64| Random::new(customer as u64 ^ SEED).below(3) == 0;
    let (past, others) =
        (whole.only(|customer, _| !is_judged(customer)), whole.only(|customer, _| is_judged(customer)));
    enough(&past, &others).then_some((past, others, JudgedOn::OtherCustomers))
}

/// The chance of each stage to end, as it was in the past; a stage hardly seen is near that of all.
fn by_stage(past: &Lived, latest: &Lived) -> Vec<f64> {
    let stage = |features: &Features| features[STAGE].to_bits();
    let mut counts: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (features, &left) in past.features.iter().zip(&past.left) {
        let count = counts.entry(stage(features)).or_default();
        count.0 += f64::from(u8::from(left));
        count.1 += 1.0;
    }
    let all = past.exits() as f64 / past.left.len().max(1) as f64;
    let chance = |features: &Features| {
        let (left, of) = counts.get(&stage(features)).copied().unwrap_or_default();
        (left + all) / (of + 1.0)
    };
    latest.features.iter().map(chance).collect()
}

fn cuts(mut said: Vec<f64>) -> Vec<f64> {
    said.sort_by(f64::total_cmp);
    (1..PARTS).filter_map(|part| said.get(part * said.len() / PARTS).copied()).collect()
}

/// Population stability index against equal parts.
fn stability(cuts: &[f64], said: &[f64]) -> f64 {
    let mut counts = vec![0.5; cuts.len() + 1];
    for &score in said {
        counts[cuts.partition_point(|&cut| cut <= score)] += 1.0;
    }
    let total: f64 = counts.iter().sum();
    let expected = 1.0 / counts.len() as f64;
    counts.iter().map(|count| count / total).map(|share| (share - expected) * (share / expected).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::LifecycleStage;

    use crate::outlook::FEATURES;

    const COMPLAINTS: usize = 20;

    fn rules() -> Risk {
        domain::rules::RuleBook::parse(None).expect("rules").default.risk
    }

    fn month() -> Month {
        Month::new(2024, 1).expect("a month")
    }

    /// Customers of whom those with a complaint leave four times as often; who left comes back as another.
    fn samples(months: i32, customers: usize, seed: u64) -> BTreeMap<Month, Sample> {
        let mut random = Random::new(seed);
        let mut gone = vec![false; customers];
        let mut samples = BTreeMap::new();
        for at in 0..months {
            let mut sample = Sample::default();
            for (customer, gone) in gone.iter_mut().enumerate() {
                let mut features = [0.0; FEATURES.len()];
                let complains = random.below(5) == 0;
                features[COMPLAINTS] = f32::from(u8::from(complains));
                let leaves = random.below(1_000) < if complains { 60 } else { 10 };
                sample.customers.push(customer as i64);
                let stage = if *gone { LifecycleStage::Termination } else { LifecycleStage::Maturity };
                sample.stages.push(stage.index() as u8);
                sample.features.push(features);
                *gone = if *gone { random.below(2) == 0 } else { leaves };
            }
            samples.insert(month() + at, sample);
        }
        samples
    }

    #[test]
    fn with_too_little_to_learn_from_nothing_is_said() {
        let mut learner = RiskLearner::default();
        learner.note(month() + 4, &samples(4, 300, 1), &rules());
        assert!(learner.score(&[[0.0; FEATURES.len()]], 0.0).is_none());
        assert_eq!(learner.card().model, Some(RiskModel::StageChain));
    }

    #[test]
    fn what_it_learns_holds_for_later_months_and_says_why() {
        let mut learner = RiskLearner::default();
        learner.note(month() + 14, &samples(14, 1_500, 2), &rules());
        let card = learner.card();
        assert_eq!((card.model, card.version), (Some(RiskModel::Learnt), 1));
        let judged = card.judged.as_ref().expect("judged");
        assert!(judged.calibration_error < 0.02, "{judged:?}");
        let rows: usize = judged.tenths.iter().map(|tenth| tenth.count).sum();
        assert_eq!(rows, judged.rows, "{judged:?}");
        let mut complains = [0.0; FEATURES.len()];
        complains[COMPLAINTS] = 1.0;
        let scores = learner.score(&[[0.0; FEATURES.len()], complains], 0.0).expect("scores");
        assert!(scores.probabilities[1] > 1.3 * scores.probabilities[0], "{:?}", scores.probabilities);
        let parts = &scores.parts[&1];
        let largest = (0..parts.len()).max_by(|&a, &b| parts[a].total_cmp(&parts[b]));
        assert_eq!(largest, Some(COMPLAINTS));
    }

    #[test]
    fn what_later_months_bring_does_not_change_what_was_learnt() {
        let all = samples(20, 1_500, 3);
        let known: BTreeMap<Month, Sample> =
            all.range(..month() + 14).map(|(&at, sample)| (at, sample.clone())).collect();
        let (mut with, mut without) = (RiskLearner::default(), RiskLearner::default());
        with.note(month() + 14, &all, &rules());
        without.note(month() + 14, &known, &rules());
        assert_eq!(with.kept, without.kept);
    }

    #[test]
    fn scores_that_move_are_noticed() {
        let cuts: Vec<f64> = (1..10).map(|part| f64::from(part) / 10.0).collect();
        let even: Vec<f64> = (0..1_000).map(|n| f64::from(n) / 1_000.0).collect();
        assert!(stability(&cuts, &even) < 0.001);
        let moved: Vec<f64> = even.iter().map(|score| score * 0.4).collect();
        assert!(stability(&cuts, &moved) > 0.25);
    }
}
