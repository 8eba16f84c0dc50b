//! What is carried per customer from month to month.

use std::ops::Range;

use domain::{LifecycleStage, Money, Month};

use super::Observation;
use super::filter::Belief;

/// Months of revenue and cost kept.
const YEAR: usize = 12;
/// Months of usage kept: a quarter and the same quarter a year ago.
const USAGE: usize = 15;
/// Marks unknown revenue.
const UNKNOWN: i64 = i64::MIN;
/// Marks a month not yet seen.
const NEVER: i32 = i32::MIN;
/// Marks a stage not yet given.
const NO_STAGE: u8 = u8::MAX;

/// Everything carried per customer: the belief over stages, the last months in numbers, and dates.
/// The default is a customer never seen. Bytes are the same on every machine.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub(super) belief: Belief,
    /// Yuan at list price, newest first; not a number where unknown.
    usage: [f32; USAGE],
    /// Fen, newest first.
    revenue: [i64; YEAR],
    /// Fen, newest first.
    cost: [i64; YEAR],
    /// Stages given, newest first; one more than a year, so that twelve months ago can be seen.
    stages: [u8; YEAR + 1],
    month: i32,
    since: i32,
    first_active: i32,
    last_active: i32,
    last_revenue: i32,
    /// When the present run of service began.
    pub(super) started: i32,
    /// Months served since then.
    pub(super) months_served: u16,
    /// Of them, months with usage.
    pub(super) months_active: u16,
    /// Months without usage since the last one, while served.
    pub(super) silent: u16,
    /// Months without usage that ended: pauses, and how long they were.
    pub(super) lines: f32,
    pub(super) products: u16,
    pub(super) services: u16,
    pub(super) trials: u16,
    /// Months in a row below and near the own peak.
    pub(super) months_below_peak: u16,
    pub(super) months_near_peak: u16,
    /// Bit 0: was served; bit 1: ended all services before.
    pub(super) flags: u8,
}

impl Default for State {
    fn default() -> Self {
        Self {
            belief: Belief::default(),
            usage: [f32::NAN; USAGE],
            revenue: [UNKNOWN; YEAR],
            cost: [0; YEAR],
            stages: [NO_STAGE; YEAR + 1],
            month: NEVER,
            since: NEVER,
            first_active: NEVER,
            last_active: NEVER,
            last_revenue: NEVER,
            started: NEVER,
            months_served: 0,
            months_active: 0,
            silent: 0,
            lines: f32::NAN,
            products: 0,
            services: 0,
            trials: 0,
            months_below_peak: 0,
            months_near_peak: 0,
            flags: 0,
        }
    }
}

impl State {
    /// Length of [`State::to_bytes`].
    pub const SIZE: usize =
        1 + Belief::SIZE + 4 * USAGE + 16 * YEAR + (YEAR + 1) + 6 * 4 + 3 * 2 + 4 + 5 * 2 + 1;

    /// Changes whenever the bytes mean something else.
    const VERSION: u8 = 1;

    /// Revenue of the last twelve months, as far as known.
    #[must_use]
    pub fn revenue_12m(&self) -> Money {
        Money::from_fen(self.revenue.iter().filter(|&&fen| fen != UNKNOWN).sum())
    }

    /// Revenue less cost of the last twelve months, as far as known.
    #[must_use]
    pub fn profit_12m(&self) -> Money {
        self.revenue_12m() - Money::from_fen(self.cost.iter().sum())
    }

    /// The stage given so many months ago, 0 for the latest, at most 12.
    #[must_use]
    pub fn stage_months_ago(&self, months: usize) -> Option<LifecycleStage> {
        self.stages.get(months).and_then(|&stage| LifecycleStage::from_index(usize::from(stage)))
    }

    /// Months since the latest month with revenue (0: this month); none if there never was.
    #[must_use]
    pub fn recency_months(&self) -> Option<u16> {
        (self.last_revenue != NEVER)
            .then(|| (self.month - self.last_revenue).clamp(0, i32::from(u16::MAX)) as u16)
    }

    /// Months with revenue among the last twelve.
    #[must_use]
    pub fn frequency_12m(&self) -> u16 {
        self.revenue.iter().filter(|&&fen| fen != UNKNOWN && fen > 0).count() as u16
    }

    /// The latest month taken in.
    #[must_use]
    pub fn month(&self) -> Option<Month> {
        (self.month != NEVER).then(|| Month::from_number(self.month))
    }

    /// The first and the latest month with usage.
    #[must_use]
    pub fn active(&self) -> Option<(Month, Month)> {
        (self.first_active != NEVER)
            .then(|| (Month::from_number(self.first_active), Month::from_number(self.last_active)))
    }

    /// Mean monthly revenue in yuan over known months, counted back from the latest.
    pub(super) fn mean_revenue(&self, months: Range<usize>) -> Option<f64> {
        let mut sum = 0;
        let mut count = 0;
        for &fen in self.revenue.get(months)?.iter().filter(|&&fen| fen != UNKNOWN) {
            sum += fen;
            count += 1;
        }
        (count > 0).then(|| Money::from_fen(sum).yuan() / f64::from(count))
    }

    /// Mean monthly usage in yuan over known months, counted back from the latest.
    pub(super) fn mean_usage(&self, months: Range<usize>) -> Option<f64> {
        let known = self.usage.get(months)?.iter().filter(|usage| !usage.is_nan());
        let (sum, count) = known.fold((0.0, 0), |(sum, count), &usage| (sum + f64::from(usage), count + 1));
        (count > 0).then(|| sum / f64::from(count))
    }

    /// Takes in the numbers of a month.
    pub(super) fn note(&mut self, observation: &Observation) {
        let month = observation.month.number();
        // Months without a row are unknown.
        let passed = if self.month == NEVER { 1 } else { (month - self.month).clamp(1, USAGE as i32) };
        for _ in 0..passed {
            shift(&mut self.usage, f32::NAN);
            shift(&mut self.revenue, UNKNOWN);
            shift(&mut self.cost, 0);
        }
        for _ in 1..passed {
            let latest = self.stages[0];
            shift(&mut self.stages, latest);
        }
        self.month = month;
        self.usage[0] = observation.usage.map_or(f32::NAN, |usage| usage as f32);
        self.revenue[0] = observation.revenue.map_or(UNKNOWN, Money::fen);
        self.cost[0] = observation.cost.fen();
        if observation.usage.is_some_and(|usage| usage > 0.0) {
            if self.first_active == NEVER {
                self.first_active = month;
            }
            self.last_active = month;
        }
        if observation.revenue.is_some_and(|revenue| revenue > Money::ZERO) {
            self.last_revenue = month;
        }
    }

    /// Takes in the stage given for the month; answers the first month of its present run.
    pub(super) fn note_stage(&mut self, stage: LifecycleStage, month: Month) -> Month {
        if self.since == NEVER || self.stage_months_ago(0) != Some(stage) {
            self.since = month.number();
        }
        shift(&mut self.stages, stage.index() as u8);
        Month::from_number(self.since)
    }

    /// Writes the state.
    ///
    /// # Panics
    /// When `bytes` is not [`State::SIZE`] long.
    pub fn to_bytes(&self, bytes: &mut [u8]) {
        assert_eq!(bytes.len(), Self::SIZE, "a state has a fixed size");
        let mut writer = Writer { bytes, at: 0 };
        let mut version = Self::VERSION;
        writer.u8(&mut version);
        self.clone().fields(&mut writer);
    }

    /// Reads a state; none if these are not the bytes of one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != Self::SIZE || bytes[0] != Self::VERSION {
            return None;
        }
        let mut state = Self::default();
        state.fields(&mut Reader { bytes, at: 1 });
        Some(state)
    }

    /// Visits every field in the order of the bytes: one list for both directions.
    fn fields(&mut self, codec: &mut impl Codec) {
        self.belief.fields(codec);
        self.usage.iter_mut().for_each(|value| codec.f32(value));
        self.revenue.iter_mut().for_each(|value| codec.i64(value));
        self.cost.iter_mut().for_each(|value| codec.i64(value));
        self.stages.iter_mut().for_each(|value| codec.u8(value));
        for value in [
            &mut self.month,
            &mut self.since,
            &mut self.first_active,
            &mut self.last_active,
            &mut self.last_revenue,
            &mut self.started,
        ] {
            codec.i32(value);
        }
        for value in [&mut self.months_served, &mut self.months_active, &mut self.silent] {
            codec.u16(value);
        }
        codec.f32(&mut self.lines);
        for value in [
            &mut self.products,
            &mut self.services,
            &mut self.trials,
            &mut self.months_below_peak,
            &mut self.months_near_peak,
        ] {
            codec.u16(value);
        }
        codec.u8(&mut self.flags);
    }
}

fn shift<T: Copy>(ring: &mut [T], newest: T) {
    ring.copy_within(..ring.len() - 1, 1);
    ring[0] = newest;
}

/// Reads or writes a field.
pub(super) trait Codec {
    /// The next bytes: to be overwritten or read.
    fn bytes<const N: usize>(&mut self, value: [u8; N]) -> [u8; N];

    fn u8(&mut self, value: &mut u8) {
        [*value] = self.bytes([*value]);
    }
    fn u16(&mut self, value: &mut u16) {
        *value = u16::from_le_bytes(self.bytes(value.to_le_bytes()));
    }
    fn i32(&mut self, value: &mut i32) {
        *value = i32::from_le_bytes(self.bytes(value.to_le_bytes()));
    }
    fn i64(&mut self, value: &mut i64) {
        *value = i64::from_le_bytes(self.bytes(value.to_le_bytes()));
    }
    fn f32(&mut self, value: &mut f32) {
        *value = f32::from_le_bytes(self.bytes(value.to_le_bytes()));
    }
}

struct Writer<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl Codec for Writer<'_> {
    fn bytes<const N: usize>(&mut self, value: [u8; N]) -> [u8; N] {
        self.bytes[self.at..self.at + N].copy_from_slice(&value);
        self.at += N;
        value
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Codec for Reader<'_> {
    fn bytes<const N: usize>(&mut self, mut value: [u8; N]) -> [u8; N] {
        value.copy_from_slice(&self.bytes[self.at..self.at + N]);
        self.at += N;
        value
    }
}
