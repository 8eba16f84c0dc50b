//! What is looked at in a month, and how likely it is in each stage.

use super::filter::{LIVE, LIVE_OF, REGIMES};
use super::model::{Model, Tables};
use super::state::State;
use super::{Feature, Observation};
use domain::{LifecycleStage, Month};

/// How many kinds of evidence.
pub(super) const FEATURES: usize = 12;
/// Evidence told by a table of probabilities.
pub(super) const TABLES: usize = 7;
/// Most columns of a table.
pub(super) const BINS: usize = 5;
/// Time scales of slopes, in months: the latest so many against as many before.
pub(super) const SCALES: [usize; 3] = [2, 3, 6];

/// A kind of evidence. The first are told by tables, in the order of [`Tables`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Kind {
    Services,
    Lines,
    Products,
    Margin,
    Trials,
    Peak,
    Revenue,
    Slope2,
    Slope3,
    Slope6,
    Silence,
    Usage,
}

pub(super) const NAMES: [&str; FEATURES] = [
    "feature-services",
    "feature-lines",
    "feature-products",
    "feature-margin",
    "feature-trials",
    "feature-peak",
    "feature-revenue",
    "feature-slope_2",
    "feature-slope_3",
    "feature-slope_6",
    "feature-silence",
    "feature-usage",
];

/// A month's evidence on a served customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    /// What was seen; not a number if unknown.
    pub value: [f32; FEATURES],
    /// Column of its table; [`UNKNOWN`] if unknown.
    pub bin: [u8; TABLES],
    /// Log-likelihood in development, growth, maturity, decline.
    pub log_likelihood: [[f32; LIVE]; FEATURES],
}

/// No column.
pub(super) const UNKNOWN: u8 = u8::MAX;

/// The month before, as far as this month is compared with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    pub lines: f32,
    pub products: u16,
    /// Services, trials included.
    pub running: u16,
    /// Whether there was a month before, and with usage.
    pub known: bool,
    pub known_usage: bool,
}

impl Evidence {
    pub fn none() -> Self {
        Self { value: [f32::NAN; FEATURES], bin: [UNKNOWN; TABLES], log_likelihood: [[0.0; LIVE]; FEATURES] }
    }

    /// Everything but usage itself, which the filter tells. `state` has taken in the month's numbers.
    pub fn of(model: &Model, state: &State, before: &Before, observation: &Observation) -> Self {
        let mut evidence = Self::none();
        let running = observation.services + observation.trials;
        if before.known {
            let change = i32::from(running) - i32::from(before.running);
            evidence.table(Kind::Services, change as f32, sign_bin(change));
        }
        let has_usage = observation.usage.is_some_and(|usage| usage > 0.0);
        if has_usage && before.known_usage {
            let change = i32::from(observation.products) - i32::from(before.products);
            evidence.table(Kind::Products, change as f32, sign_bin(change));
            if let Some(lines) = observation.lines.filter(|_| before.lines > 0.0) {
                let change = lines as f32 / before.lines - 1.0;
                // Less than half a line, or a hundredth, is rounding.
                let moved = (lines as f32 - before.lines).abs() > 0.5 && change.abs() > 0.01;
                evidence.table(Kind::Lines, change, if moved { sign_bin(change.signum() as i32) } else { 1 });
            }
        }
        if let Some(margin) = state.margin() {
            evidence.table(Kind::Margin, margin, bin_of(margin, &[0.0, 0.2, 0.4]));
        }
        let trials = match (observation.services, observation.trials) {
            (0, _) => 0,
            (_, 0) => 2,
            _ => 1,
        };
        evidence.table(Kind::Trials, f32::from(observation.trials), trials);
        if let Some(ratio) = state.revenue_ratio() {
            evidence.table(Kind::Revenue, ratio - 1.0, bin_of(ratio, &[0.75, 0.92, 1.08, 1.3]));
        }
        for (place, (&kind, months)) in
            [Kind::Slope2, Kind::Slope3, Kind::Slope6].iter().zip(SCALES).enumerate()
        {
            if let Some(slope) = state.slope(months) {
                evidence.value[kind as usize] = slope;
                evidence.log_likelihood[kind as usize] = model.slope(place, slope);
            }
        }
        evidence.look_up(&model.tables);
        evidence
    }

    /// Usage against the own peak, once enough months make a peak.
    pub fn note_peak(&mut self, model: &Model, ratio: f32) {
        self.table(Kind::Peak, ratio, bin_of(ratio, &[0.6, 0.75, 0.85, 0.95]));
        self.look_up(&model.tables);
    }

    /// Whether there was usage, where the customer's own share of months with usage is `active_share`.
    pub fn note_silence(&mut self, model: &Model, silent_months: u16, active_share: f32) {
        let usual = 1.0 - active_share;
        let in_decline = (model.silence_in_decline * usual).min(1.0 - 0.4 * active_share);
        let chance = |silent: f32| (if silent_months > 0 { silent } else { 1.0 - silent }).max(1e-4).ln();
        let kind = Kind::Silence as usize;
        self.value[kind] = f32::from(silent_months);
        self.log_likelihood[kind] = [chance(usual), chance(usual), chance(usual), chance(in_decline)];
    }

    /// What the filter tells, each stage by its regimes as they were predicted.
    pub fn note_usage(&mut self, surprise: f32, log_likelihood: &[f32; REGIMES], predicted: &[f32; REGIMES]) {
        let mut sum = [0.0; LIVE];
        let mut weight = [1e-20; LIVE];
        for regime in 0..REGIMES {
            sum[LIVE_OF[regime]] += predicted[regime] * log_likelihood[regime].exp();
            weight[LIVE_OF[regime]] += predicted[regime];
        }
        let kind = Kind::Usage as usize;
        self.value[kind] = surprise;
        for live in 0..LIVE {
            self.log_likelihood[kind][live] = (sum[live] / weight[live]).max(1e-30).ln();
        }
    }

    /// What was seen, if known.
    pub fn known(&self, kind: Kind) -> Option<f32> {
        Some(self.value[kind as usize]).filter(|value| !value.is_nan())
    }

    fn table(&mut self, kind: Kind, value: f32, bin: u8) {
        self.value[kind as usize] = value;
        self.bin[kind as usize] = bin;
    }

    fn look_up(&mut self, tables: &Tables) {
        for (table, &bin) in self.bin.iter().enumerate() {
            if bin == UNKNOWN {
                continue;
            }
            self.log_likelihood[table] = tables[table].map(|columns| columns[usize::from(bin)]);
        }
    }

    /// The whole evidence, each kind counted by its weight.
    pub fn sum(&self, weights: &[f32; FEATURES]) -> [f32; LIVE] {
        let mut sum = [0.0; LIVE];
        for (likelihoods, &weight) in self.log_likelihood.iter().zip(weights) {
            for live in 0..LIVE {
                sum[live] += weight * likelihoods[live];
            }
        }
        sum
    }

    /// As [`domain::engine::Explanation`] shows it. No service, no stage but those of the served.
    pub fn shown(&self) -> Vec<Feature> {
        (0..FEATURES)
            .map(|kind| {
                let value = self.value[kind];
                let mut likelihoods = [f64::NEG_INFINITY; LifecycleStage::COUNT];
                for live in 0..LIVE {
                    likelihoods[live + 1] = f64::from(self.log_likelihood[kind][live]);
                }
                (NAMES[kind], (!value.is_nan()).then(|| f64::from(value)), likelihoods)
            })
            .collect()
    }
}

fn sign_bin(change: i32) -> u8 {
    (change.signum() + 1) as u8
}

fn bin_of(value: f32, bounds: &[f32]) -> u8 {
    bounds.iter().filter(|&&bound| value >= bound).count() as u8
}

/// Months from one to another, at least 0.
pub(super) fn months_since(then: i32, now: Month) -> u16 {
    now.number().saturating_sub(then).clamp(0, i32::from(u16::MAX)) as u16
}
