//! Where a relation stands, month by month: a hidden Markov model over the six stages, filtered forward.
//!
//! What is said of month *t* rests on months up to *t* alone. A cycle runs a month like this (`Tide::add`,
//! `step` and `Learner::add` may run in parallel on parts of the base; `merge` in any order gives the same):
//!
//! ```
//! use domain::Month;
//! use science::lifecycle::{Learner, Observation, State, Tide, step};
//! # let rules = domain::rules::RuleBook::parse(None).map_err(|e| e.to_string())?.default;
//! # let mut learner = Learner::default();              // or carried over from the month before
//! # let mut base = vec![(State::default(), Observation::none(Month::from_number(24300)))];
//! # let month = Month::from_number(24300);
//! // 1. What the month did to everyone alike: the season.
//! let model = learner.model(&rules);
//! let mut tide = Tide::default();
//! for (state, observation) in &base {
//!     tide.add(&model, state, observation);
//! }
//! learner.note_tide(month, &tide);
//! // 2. Each customer, with what was learnt from the months before and this season. Provinces with rules of
//! //    their own have a model of their own: `learner.model(&their_rules)`.
//! let model = learner.model(&rules);
//! let mut learnt = Learner::default();
//! for (state, observation) in &mut base {
//!     let judgement = step(&model, &rules, state, observation);
//!     learnt.add(&judgement);
//! }
//! learner.merge(&learnt);
//! # Ok::<(), String>(())
//! ```

mod change_point;
mod features;
mod filter;
mod model;
mod naive;
mod reasons;
mod state;
mod tide;

use domain::assessment::{Assessment, Reason, ReasonKind};
use domain::rules::Rules;
use domain::{LifecycleStage, Money, Month};

use features::{Evidence, months_since};
use filter::{Belief, LIVE, LIVE_OF, REGIMES};
use model::Lesson;
use state::NEVER;

pub use model::{Learner, Model};
pub use naive::naive;
pub use state::State;
pub use tide::Tide;

/// What is known of one customer in one month. `None` is unknown (no usage row), never zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The month.
    pub month: Month,
    /// Usage of the whole customer at list price, yuan.
    pub usage: Option<f64>,
    /// Lines of the whole customer.
    pub lines: Option<f64>,
    /// Products with usage this month.
    pub products: u16,
    /// Revenue of the month.
    pub revenue: Option<Money>,
    /// Cost of the month, all kinds.
    pub cost: Money,
    /// Paid services running at the month's end.
    pub services: u16,
    /// Trials running at the month's end.
    pub trials: u16,
    /// Month of the first service ever, trials included; not after this month.
    pub first_service: Option<Month>,
    /// Month of the latest end of a service so far.
    pub last_end: Option<Month>,
    /// The group of its industry ([`domain::customer::industry_group`]), whose season it shares.
    pub industry: u8,
}

impl Observation {
    /// A month of a customer of whom nothing is known but that it exists.
    #[must_use]
    pub const fn none(month: Month) -> Self {
        Self {
            month,
            usage: None,
            lines: None,
            products: 0,
            revenue: None,
            cost: Money::ZERO,
            services: 0,
            trials: 0,
            first_service: None,
            last_end: None,
            industry: 0,
        }
    }

    /// Whether any service runs, trials included.
    #[must_use]
    pub const fn served(&self) -> bool {
        self.services > 0 || self.trials > 0
    }
}

/// What is said of a customer in a month.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The stage.
    pub stage: LifecycleStage,
    /// First month of the present run of this stage.
    pub since: Month,
    /// Probability of the stage, calibrated, 0 to 1.
    pub confidence: f32,
    /// Why.
    pub reasons: Reasons,
    /// What the plain threshold rules say.
    pub naive: LifecycleStage,
    /// Probability of each stage, in the order of [`LifecycleStage::ALL`]; sums to 1.
    pub posterior: [f32; LifecycleStage::COUNT],
    /// What the month teaches.
    lesson: Option<Lesson>,
}

/// Reasons, most telling first; filled from the left.
pub type Reasons = [Option<Reason>; Assessment::REASONS];

/// A feature as [`domain::engine::Explanation`] shows it: key of its name, value, log-likelihood under each stage.
pub type Feature = (&'static str, Option<f64>, [f64; LifecycleStage::COUNT]);

/// Months of usage from which a peak is one.
const PEAK_AFTER_MONTHS: u16 = 3;
/// Log units per month by which an old peak is forgotten.
const PEAK_FORGOTTEN: f32 = 0.008;
/// How sure it is that silence means what it is taken for.
const SILENCE_SURE: f32 = 0.9;
/// Months that the base's share of active months weighs against the customer's own.
const BASE_MONTHS: f32 = 6.0;

/// Judges a month and moves the state on to it. Months come in order; months left out count as unknown.
pub fn step(model: &Model, rules: &Rules, state: &mut State, observation: &Observation) -> Judgement {
    judge(model, rules, state, observation).0
}

/// Judges a month like [`step`] and shows the whole reasoning: each feature, its value if known, and its
/// log-likelihood under each stage. The state moves on as well.
pub fn explain(
    model: &Model,
    rules: &Rules,
    state: &mut State,
    observation: &Observation,
) -> (Judgement, Vec<Feature>) {
    let (judgement, evidence) = judge(model, rules, state, observation);
    (judgement, evidence.map_or_else(Vec::new, |evidence| evidence.shown()))
}

fn judge(
    model: &Model,
    rules: &Rules,
    state: &mut State,
    observation: &Observation,
) -> (Judgement, Option<Evidence>) {
    let earlier = state.clone();
    state.note(observation, model.season(observation.month, observation.industry));
    let naive = naive(rules, state, observation);
    let Some(first_service) = observation.first_service else {
        let reasons = reasons::only(ReasonKind::NeverServed, 0);
        return (decided(state, observation, LifecycleStage::Potential, reasons, naive), None);
    };
    if !observation.served() {
        return (ended(state, &earlier, observation, naive), None);
    }
    let continues = earlier.belief.is_live() && !back_from_silence(state, &earlier, observation);
    if continues {
        state.months_served = state.months_served.saturating_add(1);
    } else {
        begin(model, state, &earlier, observation, first_service);
    }
    served(model, rules, state, &earlier, observation, naive, continues)
}

/// Whether usage comes back after a silence that was taken for the end: then the run before ended with its last
/// active month, and a new one begins.
fn back_from_silence(state: &mut State, earlier: &State, observation: &Observation) -> bool {
    let was_over = earlier.stage_months_ago(0) == Some(LifecycleStage::Termination);
    if !was_over || !observation.usage.is_some_and(|usage| usage > 0.0) {
        return false;
    }
    let last = earlier.active().map_or(observation.month.previous(), |(_, last)| last);
    state.end(last.number());
    true
}

/// A stage that leaves no doubt.
fn decided(
    state: &mut State,
    observation: &Observation,
    stage: LifecycleStage,
    reasons: Reasons,
    naive: LifecycleStage,
) -> Judgement {
    let since = state.note_stage(stage, observation.month);
    let mut posterior = [0.0; LifecycleStage::COUNT];
    posterior[stage.index()] = 1.0;
    Judgement { stage, since, confidence: 1.0, reasons, naive, posterior, lesson: None }
}

/// No service runs any more.
fn ended(state: &mut State, earlier: &State, observation: &Observation, naive: LifecycleStage) -> Judgement {
    // Begun and ended within this month: an activation decides at once, its end shows in the next.
    if earlier.stage_months_ago(0) == Some(LifecycleStage::Potential)
        && observation.first_service == Some(observation.month)
    {
        let reasons = reasons::only(ReasonKind::FirstService, 0);
        return decided(state, observation, LifecycleStage::Development, reasons, naive);
    }
    if earlier.belief.is_live() || state.ended == NEVER {
        let last_end = observation.last_end.unwrap_or(observation.month).min(observation.month);
        state.end(last_end.number());
    }
    let months = months_since(state.ended, observation.month);
    decided(
        state,
        observation,
        LifecycleStage::Termination,
        reasons::only(ReasonKind::AllEnded, months),
        naive,
    )
}

/// A run of service is seen for the first time.
fn begin(model: &Model, state: &mut State, earlier: &State, observation: &Observation, first_service: Month) {
    let month = observation.month.number();
    let seen_before = earlier.month().is_some();
    if seen_before {
        state.begin(month, Belief::starting(model::beginning()));
        return;
    }
    // Served before anything was seen of it: all that is known is its age.
    let age = months_since(first_service.number(), observation.month);
    state.begin(first_service.number(), Belief::starting(model.at_age(age)));
}

/// A month with a running service.
fn served(
    model: &Model,
    rules: &Rules,
    state: &mut State,
    earlier: &State,
    observation: &Observation,
    naive: LifecycleStage,
    continues: bool,
) -> (Judgement, Option<Evidence>) {
    let age = months_since(state.started, observation.month);
    let usage = state.log_usage();
    let own_season = model.own_season(state);
    if age == 0 {
        state.forget_usage();
    }
    let mut flow = None;
    if continues {
        let only_trials = observation.services == 0;
        let converted = !only_trials && earlier.only_trials();
        let transition = model.transition(age, only_trials, converted);
        for _ in 1..earlier.months_to(observation.month).min(24) {
            state.belief.predict(&model.dynamics, &transition);
            state.belief.keep_residual(None);
        }
        flow = Some(state.belief.predict(&model.dynamics, &transition));
    }
    let mut evidence =
        if continues { Evidence::of(model, state, &earlier.before(), observation) } else { Evidence::none() };
    let mut by_regime = [0.0; REGIMES];
    let mut lesson_own_season = None;
    let usage = usage.map(|usage| usage - own_season);
    if let Some(usage) = usage {
        let told = state.belief.observe(usage, age > 0, &model.dynamics);
        by_regime = told.log_likelihood;
        if continues && let Some(then) = earlier.belief.last_years_residual() {
            lesson_own_season = Some([then, told.surprise + own_season]);
        }
        evidence.note_usage(told.surprise, &by_regime, &state.belief.weight);
    }
    let active = note_activity(model, state, observation, usage.is_some());
    if let Some(share) = active {
        evidence.note_silence(model, state.silent, share);
    }
    if usage.is_some() {
        note_peak(model, state, &mut evidence);
    }
    let stages = evidence.sum(&model.weights);
    for (regime, log_likelihood) in by_regime.iter_mut().enumerate() {
        *log_likelihood = model.usage_weight * *log_likelihood + stages[LIVE_OF[regime]];
    }
    let factor = state.belief.join(&by_regime);
    if let Some(usage) = usage {
        state.belief.learn_noise(usage, &model.dynamics, state.months_active);
    }
    state.belief.keep_residual(usage.map(|usage| usage + own_season - state.belief.level()));
    if let Some(stage) = fallen_silent(rules, state, earlier) {
        return (silent(state, observation, stage, naive), Some(evidence));
    }
    let live = state.belief.live();
    let stage = settle(earlier, continues, &live, model.hysteresis);
    let reasons = reasons::of(state, observation, &evidence, &live, stage);
    let since = state.note_stage(stage, observation.month);
    let mut posterior = [0.0; LifecycleStage::COUNT];
    posterior[1..=LIVE].copy_from_slice(&live);
    let lesson = flow.map(|flow| Lesson {
        moves: moves(&flow, &factor),
        live,
        bin: evidence.bin,
        slopes: Lesson::SLOPES.map(|kind| evidence.known(kind)),
        noise: usage.map(|_| state.belief.noise),
        active: active.map(|_| usage.is_some()),
        own_season: lesson_own_season,
    });
    let confidence = posterior[stage.index()];
    (Judgement { stage, since, confidence, reasons, naive, posterior, lesson }, Some(evidence))
}

/// Counts months with and without usage; answers the share of months in which this customer is expected to
/// have usage, once it had any.
fn note_activity(
    model: &Model,
    state: &mut State,
    observation: &Observation,
    has_usage: bool,
) -> Option<f32> {
    if !model.delivered(observation.month) {
        return None;
    }
    if has_usage {
        state.silent = 0;
    } else if state.active().is_some() {
        state.silent = state.silent.saturating_add(1);
    }
    if state.months_active == 0 {
        state.months_active = u16::from(has_usage);
        state.months_served = u16::from(has_usage);
        return None;
    }
    // The silence that lasts is what is judged, and no part of what is usual.
    let usual = f32::from(state.months_served.saturating_sub(1 + state.silent));
    let share = (f32::from(state.months_active - 1) + BASE_MONTHS * model.active) / (usual + BASE_MONTHS);
    state.months_active += u16::from(has_usage);
    Some(share.clamp(0.01, 0.995))
}

/// Holds usage against the customer's own peak.
fn note_peak(model: &Model, state: &mut State, evidence: &mut Evidence) {
    let level = state.belief.level();
    if state.belief.peak.is_nan() || level > state.belief.peak {
        state.belief.peak = level;
    }
    let ratio = (level - state.belief.peak).exp();
    let was_below = state.below_peak;
    state.below_peak = ratio < reasons::BELOW_PEAK;
    state.months_at_peak =
        if was_below == state.below_peak { state.months_at_peak.saturating_add(1) } else { 1 };
    if state.months_active >= PEAK_AFTER_MONTHS {
        evidence.note_peak(model, ratio);
    }
    state.belief.peak -= PEAK_FORGOTTEN;
}

/// The stage of a relation in which a service runs and nothing has happened for long.
fn fallen_silent(rules: &Rules, state: &State, earlier: &State) -> Option<LifecycleStage> {
    if state.silent >= rules.lifecycle.silent_months {
        return Some(LifecycleStage::Termination);
    }
    let falls = earlier.stage_months_ago(0).is_none_or(|before| before.may_become(LifecycleStage::Decline));
    (falls && state.silent >= rules.lifecycle.silent_months_decline).then_some(LifecycleStage::Decline)
}

fn silent(
    state: &mut State,
    observation: &Observation,
    stage: LifecycleStage,
    naive: LifecycleStage,
) -> Judgement {
    let reasons = reasons::only(ReasonKind::Silent, state.silent);
    let since = state.note_stage(stage, observation.month);
    let mut posterior = [(1.0 - SILENCE_SURE) / 2.0; LifecycleStage::COUNT];
    posterior[LifecycleStage::Potential.index()] = 0.0;
    posterior[LifecycleStage::Development.index()] = 0.0;
    posterior[LifecycleStage::Growth.index()] = 0.0;
    posterior[stage.index()] = SILENCE_SURE;
    Judgement { stage, since, confidence: SILENCE_SURE, reasons, naive, posterior, lesson: None }
}

/// The stage to give: the likeliest that may follow, once it is likelier enough than the stage given before.
fn settle(earlier: &State, continues: bool, live: &[f32; LIVE], hysteresis: f32) -> LifecycleStage {
    let likeliest = |allowed: &dyn Fn(LifecycleStage) -> bool| {
        (0..LIVE)
            .filter(|&at| allowed(model::stage_of(at)))
            .max_by(|&a, &b| live[a].total_cmp(&live[b]))
            .unwrap_or(0)
    };
    let Some(before) = earlier.stage_months_ago(0) else {
        return model::stage_of(likeliest(&|_| true));
    };
    if !continues || !(1..=LIVE).contains(&before.index()) {
        return LifecycleStage::Development;
    }
    let next = likeliest(&|stage| before.may_become(stage));
    if live[next] > live[before.index() - 1] + hysteresis { model::stage_of(next) } else { before }
}

/// Joint probability of the live stages of the month before and this month.
fn moves(flow: &filter::Flow, factor: &[f32; REGIMES]) -> [[f32; LIVE]; LIVE] {
    let mut moves = [[0.0; LIVE]; LIVE];
    for (from, row) in flow.iter().enumerate() {
        for (regime, &weight) in row.iter().enumerate() {
            moves[from][LIVE_OF[regime]] += weight * factor[regime];
        }
    }
    moves
}
