//! The filter: what is believed of a served customer's regime and level of usage, and how a month changes it.
//! Each live stage has one or more regimes of how the level moves; within a regime the level follows a Kalman
//! filter whose noise knows odd months; between regimes the beliefs mix (interacting multiple models).

#![expect(clippy::needless_range_loop, reason = "a regime is the place in several arrays at once")]

use std::slice;

use super::model::Dynamics;
use super::state::Codec;

/// Regimes of a served customer.
pub(super) const REGIMES: usize = 7;
/// Stages of a served customer: development, growth, maturity, decline.
pub(super) const LIVE: usize = 4;
/// The live stage of each regime.
pub(super) const LIVE_OF: [usize; REGIMES] = [0, 1, 1, 2, 3, 3, 3];
/// Beliefs are kept at least this large, so that none dies for good.
const LEAST_WEIGHT: f32 = 1e-6;
/// Step of the kept residuals (log).
const RESIDUAL_STEP: f32 = 0.01;
const UNKNOWN_RESIDUAL: i8 = i8::MIN;

/// Belief over the regimes and, within each, over the level of usage (log yuan, season taken out).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Belief {
    /// Probability of each regime.
    pub weight: [f32; REGIMES],
    /// Mean of the log level under each regime; not a number before the first usage.
    pub mean: [f32; REGIMES],
    /// Its variance.
    pub variance: [f32; REGIMES],
    /// Highest level so far, slowly forgotten; not a number before the first usage.
    pub peak: f32,
    /// This customer's own noise, as a variance of log usage; not a number before any.
    pub noise: f32,
    /// What each of the last twelve months lay above the level, in steps; newest first.
    residual: [i8; 12],
}

/// What a month's usage says.
#[derive(Debug, Clone, Copy)]
pub(super) struct UsageEvidence {
    /// Log-likelihood under each regime.
    pub log_likelihood: [f32; REGIMES],
    /// How far usage lay above what was expected (log).
    pub surprise: f32,
}

/// Where the belief of a month comes from: live stage of the month before, regime now.
pub(super) type Flow = [[f32; REGIMES]; LIVE];

/// Who recovers may regain at once what was lost.
fn recovers(from: usize, to: usize) -> bool {
    LIVE_OF[from] == 3 && matches!(LIVE_OF[to], 1 | 2)
}

impl Default for Belief {
    fn default() -> Self {
        Self {
            weight: [0.0; REGIMES],
            mean: [f32::NAN; REGIMES],
            variance: [0.0; REGIMES],
            peak: f32::NAN,
            noise: f32::NAN,
            residual: [UNKNOWN_RESIDUAL; 12],
        }
    }
}

impl Belief {
    /// Bytes of it.
    pub const SIZE: usize = 3 * 4 * REGIMES + 2 * 4 + 12;

    /// A customer about to be seen for the first time, or again after an exit.
    pub fn starting(weight: [f32; REGIMES]) -> Self {
        Self { weight, ..Self::default() }
    }

    /// Whether there is a belief at all.
    pub fn is_live(&self) -> bool {
        self.weight.iter().sum::<f32>() > 0.0
    }

    fn knows_level(&self) -> bool {
        !self.mean[0].is_nan()
    }

    /// Moves the belief one month ahead, before anything of the month is seen.
    pub fn predict(&mut self, dynamics: &Dynamics, transition: &[[f32; REGIMES]; REGIMES]) -> Flow {
        let mut flow: Flow = [[0.0; REGIMES]; LIVE];
        let before = *self;
        for to in 0..REGIMES {
            let mut joint = [0.0; REGIMES];
            let mut weight = 0.0;
            for from in 0..REGIMES {
                joint[from] = before.weight[from] * transition[from][to];
                flow[LIVE_OF[from]][to] += joint[from];
                weight += joint[from];
            }
            self.weight[to] = weight;
            if !before.knows_level() || weight <= 0.0 {
                continue;
            }
            let mut mean = 0.0;
            for from in 0..REGIMES {
                mean += joint[from] * before.mean[from];
            }
            mean /= weight;
            let mut variance = 0.0;
            for from in 0..REGIMES {
                let off = before.mean[from] - mean;
                let leap = if recovers(from, to) { dynamics.recovery_spread } else { 0.0 };
                variance += joint[from] * (before.variance[from] + off * off + leap);
            }
            self.mean[to] = mean + dynamics.drift[to];
            self.variance[to] = variance / weight + dynamics.spread[to];
        }
        flow
    }

    /// The level as a whole.
    pub fn level(&self) -> f32 {
        (0..REGIMES).map(|regime| self.weight[regime] * self.mean[regime]).sum()
    }

    /// Variance of a month's usage about the level.
    pub fn noise(&self, dynamics: &Dynamics) -> f32 {
        if self.noise.is_nan() { dynamics.noise } else { self.noise }
    }

    /// What the same month of last year lay above its level, if known.
    pub fn last_years_residual(&self) -> Option<f32> {
        let steps = self.residual[11];
        (steps != UNKNOWN_RESIDUAL).then(|| f32::from(steps) * RESIDUAL_STEP)
    }

    /// Takes in usage (log, season taken out) at the predicted level. Weights stay as they are: the caller
    /// joins this evidence with the rest.
    pub fn observe(&mut self, usage: f32, whole_month: bool, dynamics: &Dynamics) -> UsageEvidence {
        let noise = self.noise(dynamics);
        if !self.knows_level() {
            self.mean = [usage; REGIMES];
            // A month in which service began says little of a whole one.
            self.variance = [if whole_month { noise } else { noise + dynamics.odd_variance }; REGIMES];
            return UsageEvidence { log_likelihood: [0.0; REGIMES], surprise: 0.0 };
        }
        let surprise = usage - self.level();
        let mut log_likelihood = [0.0; REGIMES];
        for regime in 0..REGIMES {
            let error = usage - self.mean[regime];
            let variance = self.variance[regime];
            let usual = variance + noise;
            let odd = usual + dynamics.odd_variance;
            let usual_density =
                (1.0 - dynamics.odd_months) * (-0.5 * error * error / usual).exp() / usual.sqrt();
            let odd_density = dynamics.odd_months * (-0.5 * error * error / odd).exp() / odd.sqrt();
            let density = usual_density + odd_density;
            log_likelihood[regime] = density.max(1e-30).ln();
            let is_usual = usual_density / density.max(1e-30);
            let usual_gain = variance / usual;
            let odd_gain = variance / odd;
            let gain = is_usual * usual_gain + (1.0 - is_usual) * odd_gain;
            let between = (usual_gain - odd_gain) * error;
            self.mean[regime] += gain * error;
            self.variance[regime] = is_usual * variance * (1.0 - usual_gain)
                + (1.0 - is_usual) * variance * (1.0 - odd_gain)
                + is_usual * (1.0 - is_usual) * between * between;
        }
        UsageEvidence { log_likelihood, surprise }
    }

    /// Joins the log-likelihoods into the weights; answers their factor for each regime, norm taken out.
    pub fn join(&mut self, log_likelihood: &[f32; REGIMES]) -> [f32; REGIMES] {
        let most = log_likelihood.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut factor = [0.0; REGIMES];
        let mut sum = 0.0;
        for regime in 0..REGIMES {
            factor[regime] = (log_likelihood[regime] - most).exp();
            self.weight[regime] = (self.weight[regime] * factor[regime]).max(LEAST_WEIGHT);
            sum += self.weight[regime];
        }
        for regime in 0..REGIMES {
            self.weight[regime] /= sum;
            factor[regime] /= sum;
        }
        factor
    }

    /// Learns this customer's own noise from how far usage lay from the level believed now.
    pub fn learn_noise(&mut self, usage: f32, dynamics: &Dynamics, months: u16) {
        let own = self.noise(dynamics);
        let mut seen = 0.0;
        for regime in 0..REGIMES {
            let error = usage - self.mean[regime];
            seen += self.weight[regime] * (error * error + self.variance[regime]);
        }
        let gain = 1.0 / (f32::from(months.min(12)) + 6.0);
        self.noise = own + gain * (seen.min(6.0 * own) - own);
    }

    /// Keeps what the month lay above its level; `None` for a month without usage.
    pub fn keep_residual(&mut self, above: Option<f32>) {
        self.residual.copy_within(..11, 1);
        self.residual[0] = above
            .map_or(UNKNOWN_RESIDUAL, |above| (above / RESIDUAL_STEP).round().clamp(-120.0, 120.0) as i8);
    }

    /// Probability of each live stage.
    pub fn live(&self) -> [f32; LIVE] {
        let mut live = [0.0; LIVE];
        for regime in 0..REGIMES {
            live[LIVE_OF[regime]] += self.weight[regime];
        }
        live
    }

    pub fn fields(&mut self, codec: &mut impl Codec) {
        codec.f32s(&mut self.weight);
        codec.f32s(&mut self.mean);
        codec.f32s(&mut self.variance);
        codec.f32s(slice::from_mut(&mut self.peak));
        codec.f32s(slice::from_mut(&mut self.noise));
        codec.i8s(&mut self.residual);
    }
}
