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

mod filter;
mod model;
mod naive;
mod state;

use domain::assessment::{Assessment, Reason};
use domain::rules::Rules;
use domain::{LifecycleStage, Money, Month};

pub use model::{Learner, Model, Tide};
pub use naive::naive;
pub use state::State;

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
    /// Why, most telling first; filled from the left.
    pub reasons: [Option<Reason>; Assessment::REASONS],
    /// What the plain threshold rules say.
    pub naive: LifecycleStage,
    /// Probability of each stage, in the order of [`LifecycleStage::ALL`]; sums to 1.
    pub posterior: [f32; LifecycleStage::COUNT],
}

/// Judges a month and moves the state on to it. Months come in order; months left out count as unknown.
pub fn step(_model: &Model, rules: &Rules, state: &mut State, observation: &Observation) -> Judgement {
    state.note(observation);
    let naive = naive(rules, state, observation);
    let since = state.note_stage(naive, observation.month);
    let mut posterior = [0.0; LifecycleStage::COUNT];
    posterior[naive.index()] = 1.0;
    Judgement { stage: naive, since, confidence: 1.0, reasons: [None; 3], naive, posterior }
}

/// Judges a month like [`step`] and shows the whole reasoning: each feature, its value if known, and its
/// log-likelihood under each stage. The state moves on as well.
pub fn explain(
    model: &Model,
    rules: &Rules,
    state: &mut State,
    observation: &Observation,
) -> (Judgement, Vec<Feature>) {
    (step(model, rules, state, observation), Vec::new())
}

/// A feature as [`domain::engine::Explanation`] shows it: key of its name, value, log-likelihood under each stage.
pub type Feature = (&'static str, Option<f64>, [f64; LifecycleStage::COUNT]);
