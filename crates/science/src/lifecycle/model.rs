//! The parameters of the model, and how they are learnt from the base.

use domain::rules::{Lifecycle, Rules};
use domain::{LifecycleStage, Month};
use serde::{Deserialize, Serialize};

use super::features::{BINS, FEATURES, Kind, SCALES, TABLES, UNKNOWN};
use super::filter::{LIVE, REGIMES};
use super::tide::{Season, Tide};
use super::{Judgement, State};

/// Log-probabilities: table, live stage, column.
pub(super) type Tables = [[[f32; BINS]; LIVE]; TABLES];

/// Degrees of freedom of slopes: heavy tails, so that one odd customer proves little.
const TAILS: f64 = 4.0;
/// Ages, in months of service, for which the stage of a customer never seen before is foretold.
const AGES: usize = 49;
/// Sums are kept in steps of 2⁻²⁰: whole numbers add up the same in any order.
const STEPS: f64 = 1_048_576.0;
/// Share of the served with usage in a month, before any is seen, and what it weighs.
const ACTIVE: f64 = 0.97;
/// Share of last year's residual that comes again, before any is seen.
const OWN_SEASON: f64 = 0.2;
/// What the prior of the own season weighs, in squared log usage.
const OWN_SEASON_WEIGHT: f64 = 4.0;

/// All parameters for one month and one set of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub(super) dynamics: Dynamics,
    pub(super) tables: Tables,
    pub(super) weights: [f32; FEATURES],
    pub(super) usage_weight: f32,
    pub(super) silence_in_decline: f32,
    pub(super) hysteresis: f32,
    /// Share of the served with usage in a month.
    pub(super) active: f32,
    /// Share of last year's residual that comes again.
    own_season: f32,
    transition: [[f32; REGIMES]; REGIMES],
    trials_hold: f32,
    conversion_moves: f32,
    /// Weights of a customer first seen at this age.
    at_age: Vec<[f32; REGIMES]>,
    /// Scale, live stage: mean, inverse scale, log of the density's constant.
    slopes: [[[f32; 3]; LIVE]; SCALES.len()],
    season: Option<Season>,
}

/// How usage moves and how noisy it is; all log, variances.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dynamics {
    pub drift: [f32; REGIMES],
    pub spread: [f32; REGIMES],
    pub noise: f32,
    pub odd_months: f32,
    pub odd_variance: f32,
    pub recovery_spread: f32,
}

/// What is learnt from the base, month by month, without labels: whole-numbered sums, so that the order of
/// adding and merging does not matter. The default has seen nothing; its model is the prior of the rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Learner {
    /// From live stage to live stage, one month to the next.
    moves: [[i64; LIVE]; LIVE],
    /// Table, live stage, column.
    tables: [[[i64; BINS]; LIVE]; TABLES],
    /// Scale, live stage: weight, weighted sum, weighted sum of squares.
    slopes: [[[i64; 3]; LIVE]; SCALES.len()],
    /// Months and sum of the customers' own noise.
    noise: [i64; 2],
    /// Months served and months with usage.
    activity: [i64; 2],
    /// Products and squares of residuals a year apart.
    own_season: [i64; 2],
    season: Option<Season>,
}

/// What one customer-month teaches.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lesson {
    pub moves: [[f32; LIVE]; LIVE],
    pub live: [f32; LIVE],
    pub bin: [u8; TABLES],
    pub slopes: [Option<f32>; SCALES.len()],
    pub noise: Option<f32>,
    pub active: Option<bool>,
    pub own_season: Option<[f32; 2]>,
}

impl Learner {
    /// The model for the next month under these rules: what the rules expect, moved by what was seen.
    #[must_use]
    pub fn model(&self, rules: &Rules) -> Model {
        Model::new(&rules.lifecycle, self)
    }

    /// Learns from one judged customer-month.
    pub fn add(&mut self, judgement: &Judgement) {
        let Some(lesson) = &judgement.lesson else {
            return;
        };
        for (mine, new) in self.moves.iter_mut().flatten().zip(lesson.moves.iter().flatten()) {
            *mine += steps(*new);
        }
        let live = lesson.live.map(steps);
        for (table, &bin) in self.tables.iter_mut().zip(&lesson.bin) {
            if bin != UNKNOWN {
                for (columns, weight) in table.iter_mut().zip(live) {
                    columns[usize::from(bin)] += weight;
                }
            }
        }
        for (scale, slope) in self.slopes.iter_mut().zip(&lesson.slopes) {
            let Some(slope) = slope else { continue };
            let slope = slope.clamp(-1.5, 1.5);
            for (sums, &weight) in scale.iter_mut().zip(&lesson.live) {
                sums[0] += steps(weight);
                sums[1] += steps(weight * slope);
                sums[2] += steps(weight * slope * slope);
            }
        }
        if let Some(noise) = lesson.noise {
            self.noise[0] += 1;
            self.noise[1] += steps(noise);
        }
        if let Some(active) = lesson.active {
            self.activity[0] += 1;
            self.activity[1] += i64::from(active);
        }
        if let Some([then, now]) = lesson.own_season {
            self.own_season[0] += steps(then * now);
            self.own_season[1] += steps(then * then);
        }
    }

    /// Takes over what another has learnt since it was new; the season stays.
    pub fn merge(&mut self, other: &Self) {
        fn add<'a>(mine: impl Iterator<Item = &'a mut i64>, theirs: impl Iterator<Item = &'a i64>) {
            for (mine, theirs) in mine.zip(theirs) {
                *mine += theirs;
            }
        }
        add(self.moves.iter_mut().flatten(), other.moves.iter().flatten());
        add(self.tables.iter_mut().flatten().flatten(), other.tables.iter().flatten().flatten());
        add(self.slopes.iter_mut().flatten().flatten(), other.slopes.iter().flatten().flatten());
        add(self.noise.iter_mut(), other.noise.iter());
        add(self.activity.iter_mut(), other.activity.iter());
        add(self.own_season.iter_mut(), other.own_season.iter());
    }

    /// Takes in the season of a month, before the month is judged. Again with the same month replaces it.
    pub fn note_tide(&mut self, month: Month, tide: &Tide) {
        self.season = Some(tide.season(month));
    }

    fn active(&self) -> f64 {
        let weight = 200.0;
        (self.activity[1] as f64 + weight * ACTIVE) / (self.activity[0] as f64 + weight)
    }
}

/// The nearest whole number of steps.
fn steps(value: f32) -> i64 {
    let steps = f64::from(value) * STEPS;
    // `f64::round` is a call on machines of the baseline, and a month takes hundreds of millions of these.
    (steps + 0.5_f64.copysign(steps)) as i64
}

fn unsteps(sum: i64) -> f64 {
    sum as f64 / STEPS
}

impl Model {
    fn new(rules: &Lifecycle, learner: &Learner) -> Self {
        let moves = moves(rules, learner);
        let transition = transition(&moves);
        let weight = |value: f64| value as f32;
        let weights = &rules.weights;
        Self {
            dynamics: Dynamics::new(rules, learner),
            tables: tables(rules, learner),
            weights: [
                weights.services,
                weights.lines,
                weights.products,
                weights.margin,
                weights.trials,
                weights.peak,
                weights.revenue,
                weights.slopes,
                weights.slopes,
                weights.slopes,
                weights.silence,
                // Told by the filter for each regime, not by stage.
                0.0,
            ]
            .map(weight),
            usage_weight: weight(weights.usage),
            silence_in_decline: weight(rules.seen.silence_in_decline),
            hysteresis: weight(rules.hysteresis),
            active: weight(learner.active()),
            own_season: weight(own_season(learner)),
            transition,
            trials_hold: weight(rules.moves.trials_hold),
            conversion_moves: weight(rules.moves.conversion_moves),
            at_age: at_ages(&transition),
            slopes: slopes(rules, learner),
            season: learner.season.clone(),
        }
    }

    /// Chances to move between regimes for a customer served for so many months.
    pub(super) fn transition(
        &self,
        months_served: u16,
        only_trials: bool,
        converted: bool,
    ) -> [[f32; REGIMES]; REGIMES] {
        let mut transition = self.transition;
        let by_service = match (only_trials, converted) {
            (true, _) => self.trials_hold,
            (_, true) => self.conversion_moves,
            _ => 1.0,
        };
        age_development(&mut transition, months_served, by_service);
        transition
    }

    /// Weights of a customer first seen when served for so many months.
    pub(super) fn at_age(&self, months_served: u16) -> [f32; REGIMES] {
        self.at_age[usize::from(months_served).min(AGES - 1)]
    }

    /// Log-density of a slope in each live stage.
    pub(super) fn slope(&self, scale: usize, slope: f32) -> [f32; LIVE] {
        self.slopes[scale].map(|[mean, inverse_scale, constant]| {
            let z = (slope - mean) * inverse_scale;
            constant - (TAILS as f32 + 1.0) / 2.0 * (1.0 + z * z / TAILS as f32).ln()
        })
    }

    /// What the month adds to log usage for everyone of the industry.
    pub(super) fn season(&self, month: Month, industry: u8) -> f32 {
        let Some(season) = self.season.as_ref().filter(|season| season.month == month) else {
            return 0.0;
        };
        let of_group = season.groups.binary_search_by_key(&industry, |&(group, _)| group);
        of_group.map_or(season.base, |at| season.groups[at].1)
    }

    /// Whether usage of the month was handed over at all.
    pub(super) fn delivered(&self, month: Month) -> bool {
        self.season.as_ref().is_none_or(|season| season.month != month || season.delivered)
    }

    /// What the customer's own last year adds to log usage.
    pub(super) fn own_season(&self, state: &State) -> f32 {
        state.belief.last_years_residual().map_or(0.0, |residual| self.own_season * residual)
    }

    /// Log usage expected of a month, its season not known; none without a level.
    pub(super) fn expected_level(&self, state: &State, month: Month) -> Option<f32> {
        if state.month()?.next() != month {
            return None;
        }
        let mut belief = state.belief;
        belief.predict(&self.dynamics, &self.transition);
        let level = belief.level() + self.own_season(state);
        (!level.is_nan()).then_some(level)
    }
}

impl Dynamics {
    fn new(rules: &Lifecycle, learner: &Learner) -> Self {
        let drift = &rules.drift;
        let regimes = [
            drift.development,
            drift.growth_slow,
            drift.growth_fast,
            drift.maturity,
            drift.decline_slow,
            drift.decline_fast,
            drift.decline_rest,
        ];
        let prior = rules.noise * rules.noise;
        let noise = (unsteps(learner.noise[1]) + rules.prior_weight * prior)
            / (learner.noise[0] as f64 + rules.prior_weight);
        Self {
            drift: regimes.map(|[change, _]| change as f32),
            spread: regimes.map(|[_, spread]| (spread * spread) as f32),
            noise: noise.max(1e-4) as f32,
            odd_months: rules.odd_months as f32,
            recovery_spread: (drift.recovery * drift.recovery) as f32,
            odd_variance: (rules.odd_spread * rules.odd_spread) as f32,
        }
    }
}

/// How far what was seen in so many months replaces the prior.
fn trust(rules: &Lifecycle, months: f64) -> f64 {
    rules.learn_at_most * months / (months + rules.prior_weight)
}

/// Probabilities from live stage to live stage.
fn moves(rules: &Lifecycle, learner: &Learner) -> [[f64; LIVE]; LIVE] {
    let chances = &rules.moves;
    let mut moves = [[0.0; LIVE]; LIVE];
    moves[0][1] = chances.development_to_growth;
    moves[0][3] = chances.development_to_decline;
    moves[1][2] = chances.growth_to_maturity;
    moves[1][3] = chances.growth_to_decline;
    moves[2][1] = chances.maturity_to_growth;
    moves[2][3] = chances.maturity_to_decline;
    moves[3][1] = chances.decline_to_growth;
    moves[3][2] = chances.decline_to_maturity;
    for (from, row) in moves.iter_mut().enumerate() {
        row[from] = 1.0 - row.iter().sum::<f64>();
        let months = unsteps(learner.moves[from].iter().sum());
        // How long first steps take depends on age: what is seen at one age is not learnt for all.
        let trust = if from == 0 { 0.0 } else { trust(rules, months) };
        for (to, chance) in row.iter_mut().enumerate() {
            if months > 0.0 {
                *chance += trust * (unsteps(learner.moves[from][to]) / months - *chance);
            }
        }
    }
    moves
}

/// From moves between stages to moves between their regimes.
fn transition(moves: &[[f64; LIVE]; LIVE]) -> [[f32; REGIMES]; REGIMES] {
    /// How a stage that is entered shares out to its regimes.
    const ENTER: [&[f64]; LIVE] = [&[1.0], &[0.5, 0.5], &[1.0], &[0.6, 0.4, 0.0]];
    /// How regimes follow each other within a stage.
    const WITHIN: [&[&[f64]]; LIVE] = [
        &[&[1.0]],
        &[&[0.93, 0.07], &[0.10, 0.90]],
        &[&[1.0]],
        &[&[0.92, 0.03, 0.05], &[0.25, 0.50, 0.25], &[0.12, 0.08, 0.80]],
    ];
    const FIRST: [usize; LIVE] = [0, 1, 3, 4];
    let mut transition = [[0.0; REGIMES]; REGIMES];
    for from in 0..LIVE {
        for (regime, within) in WITHIN[from].iter().enumerate() {
            for to in 0..LIVE {
                let shares = if from == to { within } else { ENTER[to] };
                for (target, share) in shares.iter().enumerate() {
                    transition[FIRST[from] + regime][FIRST[to] + target] = (moves[from][to] * share) as f32;
                }
            }
        }
    }
    transition
}

/// First steps take their time: the chance to leave development grows with age, and trials alone hold it back.
fn age_development(transition: &mut [[f32; REGIMES]; REGIMES], months_served: u16, by_service: f32) {
    let by_age = match months_served {
        0..=1 => 0.4,
        2..=5 => 1.0,
        6..=8 => 1.5,
        _ => 4.0,
    };
    let factor: f32 = by_age * by_service;
    let leaving: f32 = transition[0][1..].iter().sum();
    let factor = factor.min(0.9 / leaving.max(1e-6));
    for chance in &mut transition[0][1..] {
        *chance *= factor;
    }
    transition[0][0] = 1.0 - leaving * factor;
}

/// What is believed of a customer of whom only its age is known.
fn at_ages(transition: &[[f32; REGIMES]; REGIMES]) -> Vec<[f32; REGIMES]> {
    let mut weight = [0.0; REGIMES];
    weight[0] = 1.0;
    let mut ages = vec![weight];
    for age in 1..AGES {
        let mut moved = *transition;
        age_development(&mut moved, age as u16, 1.0);
        let mut next = [0.0; REGIMES];
        for (from, row) in moved.iter().enumerate() {
            for (to, chance) in row.iter().enumerate() {
                next[to] += weight[from] * chance;
            }
        }
        weight = next;
        ages.push(weight);
    }
    ages
}

fn tables(rules: &Lifecycle, learner: &Learner) -> Tables {
    fn wide<const N: usize>(table: &[[f64; N]; LIVE]) -> [[f64; BINS]; LIVE] {
        table.map(|row| {
            let mut wide = [0.0; BINS];
            wide[..N].copy_from_slice(&row);
            wide
        })
    }
    let seen = &rules.seen;
    let priors = [
        wide(&seen.services),
        wide(&seen.lines),
        wide(&seen.products),
        wide(&seen.margin),
        wide(&seen.trials),
        wide(&seen.peak),
        wide(&seen.revenue),
    ];
    let mut tables = [[[0.0; BINS]; LIVE]; TABLES];
    for (table, prior) in priors.iter().enumerate() {
        for live in 0..LIVE {
            let counts = &learner.tables[table][live];
            let months = unsteps(counts.iter().sum());
            let trust = trust(rules, months);
            for bin in 0..BINS {
                let seen = if months > 0.0 { unsteps(counts[bin]) / months } else { 0.0 };
                let chance = prior[live][bin] + trust * (seen - prior[live][bin]);
                tables[table][live][bin] = chance.max(1e-4).ln() as f32;
            }
        }
    }
    tables
}

/// Slopes of each stage follow from its drifts and the noise, moved by what was seen.
fn slopes(rules: &Lifecycle, learner: &Learner) -> [[[f32; 3]; LIVE]; SCALES.len()] {
    let drift = &rules.drift;
    let half = |one: [f64; 2], other: [f64; 2]| (one[0] + other[0]) / 2.0;
    // Mean drift per month and how much customers differ in it.
    let stages = [
        (drift.development[0], 0.12),
        (half(drift.growth_slow, drift.growth_fast), 0.04),
        (drift.maturity[0], 0.012),
        (half(drift.decline_slow, drift.decline_fast), 0.06),
    ];
    let mut slopes = [[[0.0; 3]; LIVE]; SCALES.len()];
    for (scale, months) in SCALES.iter().enumerate() {
        for (live, (drift, spread)) in stages.into_iter().enumerate() {
            let months = *months as f64;
            let of_noise = rules.noise * rules.noise * 2.0 / months;
            let mut mean = drift * months;
            let mut deviation = (of_noise + (spread * months).powi(2)).sqrt();
            let [weight, sum, squares] = learner.slopes[scale][live].map(unsteps);
            if weight > 1.0 {
                let trust = trust(rules, weight);
                let seen = sum / weight;
                let seen_deviation = (squares / weight - seen * seen).max(1e-4).sqrt();
                mean += trust * (seen - mean);
                deviation += trust * (seen_deviation - deviation);
            }
            // A t density is wider than its scale.
            let inverse_scale = 1.0 / (0.75 * deviation);
            slopes[scale][live] = [mean as f32, inverse_scale as f32, inverse_scale.ln() as f32];
        }
    }
    slopes
}

fn own_season(learner: &Learner) -> f64 {
    let [products, squares] = learner.own_season.map(unsteps);
    ((products + OWN_SEASON_WEIGHT * OWN_SEASON) / (squares + OWN_SEASON_WEIGHT)).clamp(0.0, 0.9)
}

/// The place of a live stage in [`LifecycleStage::ALL`].
pub(super) fn stage_of(live: usize) -> LifecycleStage {
    LifecycleStage::from_index(live + 1).unwrap_or(LifecycleStage::Development)
}

/// The weight of each regime when development has just begun.
pub(super) fn beginning() -> [f32; REGIMES] {
    let mut weight = [0.0; REGIMES];
    weight[0] = 1.0;
    weight
}

impl Lesson {
    /// The kind whose slopes are at this place of [`SCALES`].
    pub(super) const SLOPES: [Kind; SCALES.len()] = [Kind::Slope2, Kind::Slope3, Kind::Slope6];
}
