//! What is carried per customer from month to month.

use std::ops::Range;
use std::{mem, slice};

use domain::{LifecycleStage, Money, Month};

use super::Observation;
use super::change_point::{ChangePoint, change_point};
use super::features::Before;
use super::filter::Belief;

/// Months of revenue and cost kept.
const YEAR: usize = 12;
/// Months of usage kept: a quarter and the same quarter a year ago.
const USAGE: usize = 15;
/// Months of lines and services kept: this month and half a year ago.
const HALF_YEAR: usize = 7;
/// Marks unknown revenue.
const UNKNOWN: i64 = i64::MIN;
/// Marks a month not yet seen.
pub(super) const NEVER: i32 = i32::MIN;
/// Marks a stage not yet given.
const NO_STAGE: u8 = u8::MAX;

/// Everything carried per customer: the belief over stages, the last months in numbers, and dates.
/// The default is a customer never seen. Bytes are the same on every machine.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub(super) belief: Belief,
    /// Log yuan at list price, season taken out, newest first; not a number where unknown or none.
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
    /// When the latest run of service ended.
    pub(super) ended: i32,
    /// Months served after the first month with usage of this run.
    pub(super) months_served: u16,
    /// Of them, months with usage.
    pub(super) months_active: u16,
    /// Months without usage since the last one, while served.
    pub(super) silent: u16,
    /// Whether usage is below the own peak, and for how many months it has been so.
    pub(super) below_peak: bool,
    pub(super) months_at_peak: u16,
    /// Newest first; not a number where unknown.
    pub(super) lines: [f32; HALF_YEAR],
    /// Running services, trials included, newest first.
    pub(super) running: [u16; HALF_YEAR],
    pub(super) products: u16,
    pub(super) trials: u16,
    /// The latest lines known.
    pub(super) latest_lines: f32,
}

/// What [`State::seen`] tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// Months in the present stage, this one counted.
    pub stage_months: u16,
    /// Months since the present run of service began, the first counted.
    pub age_months: u16,
    /// Products with usage.
    pub products: u16,
    /// Running services, trials included.
    pub services: u16,
    /// Services more than half a year ago.
    pub services_change: f32,
    /// Months without usage while served.
    pub silent: u16,
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
            ended: NEVER,
            months_served: 0,
            months_active: 0,
            silent: 0,
            below_peak: false,
            months_at_peak: 0,
            lines: [f32::NAN; HALF_YEAR],
            running: [0; HALF_YEAR],
            products: 0,
            trials: 0,
            latest_lines: f32::NAN,
        }
    }
}

impl State {
    /// Length of [`State::to_bytes`].
    pub const SIZE: usize =
        1 + Belief::SIZE + 4 * USAGE + 16 * YEAR + (YEAR + 1) + 7 * 4 + 4 * 2 + 6 * HALF_YEAR + 2 * 2 + 4 + 1;

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

    /// Months of money that are kept.
    pub const YEAR: usize = YEAR;

    /// Profit so many months ago, 0 for the latest, less than [`Self::YEAR`], where the revenue is known.
    #[must_use]
    pub fn profit_months_ago(&self, months: usize) -> Option<Money> {
        let revenue = *self.revenue.get(months).filter(|&&fen| fen != UNKNOWN)?;
        Some(Money::from_fen(revenue - self.cost[months]))
    }

    /// Mean monthly revenue of the last twelve months as far as known; none without any.
    #[must_use]
    pub fn revenue_level(&self) -> Option<Money> {
        let (sum, count) = self.known_revenue();
        (sum > 0).then(|| Money::from_fen(sum / count))
    }

    /// Standard error of [`Self::revenue_level`] as a share of it; at most 1.
    #[must_use]
    pub fn level_error(&self) -> f64 {
        let (sum, count) = self.known_revenue();
        if count < 2 || sum <= 0 {
            return 1.0;
        }
        let mean = sum as f64 / count as f64;
        let known = self.revenue.iter().filter(|&&fen| fen != UNKNOWN);
        let squares: f64 = known.map(|&fen| (fen as f64 - mean).powi(2)).sum();
        let count = count as f64;
        ((squares / (count - 1.0) / count).sqrt() / mean).min(1.0)
    }

    fn known_revenue(&self) -> (i64, i64) {
        let known = self.revenue.iter().filter(|&&fen| fen != UNKNOWN);
        known.fold((0, 0), |(sum, count), &fen| (sum + fen, count + 1))
    }

    /// The stage given so many months ago, 0 for the latest, at most 12.
    #[must_use]
    pub fn stage_months_ago(&self, months: usize) -> Option<LifecycleStage> {
        self.stages.get(months).and_then(|&stage| LifecycleStage::from_index(usize::from(stage)))
    }

    /// Counts of the latest month.
    #[must_use]
    pub fn seen(&self) -> Counts {
        let months = |from: i32| match from {
            NEVER => 0,
            from => (self.month - from + 1).clamp(0, i32::from(u16::MAX)) as u16,
        };
        Counts {
            stage_months: months(self.since),
            age_months: months(self.started),
            products: self.products,
            services: self.running[0],
            services_change: f32::from(self.running[0]) - f32::from(self.running[HALF_YEAR - 1]),
            silent: self.silent,
        }
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

    /// When the present run of service began, or the latest one.
    #[must_use]
    pub fn started(&self) -> Option<Month> {
        (self.started != NEVER).then(|| Month::from_number(self.started))
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

    /// Margin of the last three months as a share of their revenue.
    pub(crate) fn margin(&self) -> Option<f32> {
        let mut revenue = 0;
        let mut cost = 0;
        for month in (0..3).filter(|&month| self.revenue[month] != UNKNOWN) {
            revenue += self.revenue[month];
            cost += self.cost[month];
        }
        if revenue <= 0 {
            return (cost > 0).then_some(-1.0);
        }
        Some((((revenue - cost) as f64 / revenue as f64) as f32).max(-1.0))
    }

    /// Revenue of three months over that of the three before.
    pub(crate) fn revenue_ratio(&self) -> Option<f32> {
        let before = self.mean_revenue(3..6).filter(|&before| before > 0.0)?;
        Some((self.mean_revenue(0..3)? / before) as f32)
    }

    /// Log usage of the latest months against as many before, season taken out.
    pub(crate) fn slope(&self, months: usize) -> Option<f32> {
        Some(self.mean_log_usage(0..months)? - self.mean_log_usage(months..2 * months)?)
    }

    /// Log usage of three months against the same of last year.
    pub(crate) fn against_last_year(&self) -> Option<f32> {
        Some(self.mean_log_usage(0..3)? - self.mean_log_usage(12..15)?)
    }

    /// Where the level of log usage changed at once, season taken out; see [`change_point`].
    pub(crate) fn usage_change(&self) -> Option<Option<ChangePoint>> {
        change_point(&self.usage)
    }

    /// Mean over a range of which at least half is known.
    fn mean_log_usage(&self, months: Range<usize>) -> Option<f32> {
        let all = months.len();
        let known = self.usage[months].iter().filter(|usage| !usage.is_nan());
        let (sum, count) = known.fold((0.0, 0), |(sum, count), &usage| (sum + usage, count + 1));
        (2 * count >= all).then(|| sum / count as f32)
    }

    /// What the next month is compared with.
    pub(super) fn before(&self) -> Before {
        Before {
            lines: self.latest_lines,
            products: self.products,
            running: self.running[0],
            known: self.month != NEVER,
            known_usage: self.month != NEVER && !self.usage[0].is_nan(),
        }
    }

    /// Months passed since the latest one seen; 1 for a customer never seen.
    pub(super) fn months_to(&self, month: Month) -> i32 {
        if self.month == NEVER { 1 } else { (month.number() - self.month).max(1) }
    }

    /// Takes in the numbers of a month; `season` is what it adds to log usage.
    pub(super) fn note(&mut self, observation: &Observation, season: f32) {
        let month = observation.month.number();
        // Months without a row are unknown.
        let passed = self.months_to(observation.month).min(USAGE as i32);
        for _ in 0..passed {
            shift(&mut self.usage, f32::NAN);
            shift(&mut self.revenue, UNKNOWN);
            shift(&mut self.cost, 0);
            shift(&mut self.lines, f32::NAN);
        }
        for _ in 1..passed {
            let (latest_stage, latest_running) = (self.stages[0], self.running[0]);
            shift(&mut self.stages, latest_stage);
            shift(&mut self.running, latest_running);
        }
        self.month = month;
        self.revenue[0] = observation.revenue.map_or(UNKNOWN, Money::fen);
        self.cost[0] = observation.cost.fen();
        shift(&mut self.running, observation.services + observation.trials);
        self.trials = observation.trials;
        if let Some(lines) = observation.lines {
            self.lines[0] = lines as f32;
            self.latest_lines = lines as f32;
        }
        if let Some(usage) = observation.usage.filter(|&usage| usage > 0.0) {
            self.usage[0] = usage.ln() as f32 - season;
            self.products = observation.products;
            if self.first_active == NEVER {
                self.first_active = month;
            }
            self.last_active = month;
        }
        if observation.revenue.is_some_and(|revenue| revenue > Money::ZERO) {
            self.last_revenue = month;
        }
    }

    /// Log usage of the latest month, season taken out.
    pub(super) fn log_usage(&self) -> Option<f32> {
        (!self.usage[0].is_nan()).then_some(self.usage[0])
    }

    /// A month that is no whole one is not compared with others.
    pub(super) fn forget_usage(&mut self) {
        self.usage[0] = f32::NAN;
    }

    /// Whether nothing but trials ran in the latest month.
    pub(super) fn only_trials(&self) -> bool {
        self.trials > 0 && self.trials == self.running[0]
    }

    /// Lines now over lines half a year ago or as far back as known, and how many months back that is.
    pub(crate) fn lines_change(&self) -> Option<(f32, u16)> {
        let now = self.lines[0];
        let back = (1..HALF_YEAR).rev().find(|&back| self.lines[back] > 0.0)?;
        (!now.is_nan()).then(|| (now / self.lines[back] - 1.0, back as u16))
    }

    /// A run of service begins, with this belief.
    pub(super) fn begin(&mut self, started: i32, belief: Belief) {
        self.belief = belief;
        self.started = started;
        self.months_served = 0;
        self.months_active = 0;
        self.silent = 0;
        self.months_at_peak = 0;
        self.below_peak = false;
        self.usage[1..].fill(f32::NAN);
        self.lines[1..].fill(f32::NAN);
    }

    /// A run of service is over.
    pub(super) fn end(&mut self, month: i32) {
        self.belief = Belief::default();
        self.ended = month;
    }

    /// Takes in the stage given for the month; answers the first month of its present run.
    pub(super) fn note_stage(&mut self, stage: LifecycleStage, month: Month) -> Month {
        if self.since == NEVER || self.stage_months_ago(0) != Some(stage) {
            self.since = month.number();
        }
        shift(&mut self.stages, stage.index() as u8);
        Month::from_number(self.since)
    }

    /// Takes in a past month of which money and the stage given are known, and nothing else is asked.
    pub(crate) fn relive(
        &mut self,
        month: Month,
        stage: LifecycleStage,
        revenue: Option<Money>,
        cost: Money,
    ) {
        self.note(&Observation { revenue, cost, ..Observation::none(month) }, 0.0);
        self.note_stage(stage, month);
    }

    /// The state as it is kept.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        let mut writer = Writer(&mut bytes);
        writer.u8s(&mut [Self::VERSION]);
        self.clone().fields(&mut writer);
        bytes
    }

    /// Reads a state; none if these are not the bytes of one.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&Self::VERSION, fields) = bytes.split_first()? else { return None };
        if bytes.len() != Self::SIZE {
            return None;
        }
        let mut state = Self::default();
        state.fields(&mut Reader(fields));
        Some(state)
    }

    /// Visits every field in the order of the bytes: one list for both directions.
    fn fields(&mut self, codec: &mut impl Codec) {
        self.belief.fields(codec);
        codec.f32s(&mut self.usage);
        codec.i64s(&mut self.revenue);
        codec.i64s(&mut self.cost);
        codec.u8s(&mut self.stages);
        for month in [
            &mut self.month,
            &mut self.since,
            &mut self.first_active,
            &mut self.last_active,
            &mut self.last_revenue,
            &mut self.started,
            &mut self.ended,
        ] {
            codec.i32(month);
        }
        for count in
            [&mut self.months_served, &mut self.months_active, &mut self.silent, &mut self.months_at_peak]
        {
            codec.u16s(slice::from_mut(count));
        }
        codec.f32s(&mut self.lines);
        codec.u16s(&mut self.running);
        codec.u16s(slice::from_mut(&mut self.products));
        codec.u16s(slice::from_mut(&mut self.trials));
        codec.f32s(slice::from_mut(&mut self.latest_lines));
        let mut below_peak = [u8::from(self.below_peak)];
        codec.u8s(&mut below_peak);
        self.below_peak = below_peak != [0];
    }
}

fn shift<T: Copy>(ring: &mut [T], newest: T) {
    ring.copy_within(..ring.len() - 1, 1);
    ring[0] = newest;
}

/// Reads or writes fields, many of a kind at a time.
pub(super) trait Codec {
    /// The next values: to be overwritten or read.
    fn values<T: Copy, const N: usize>(
        &mut self,
        values: &mut [T],
        to_bytes: impl Fn(T) -> [u8; N],
        from_bytes: impl Fn([u8; N]) -> T,
    );

    fn u8s(&mut self, values: &mut [u8]) {
        self.values(values, u8::to_le_bytes, u8::from_le_bytes);
    }
    fn i8s(&mut self, values: &mut [i8]) {
        self.values(values, i8::to_le_bytes, i8::from_le_bytes);
    }
    fn u16s(&mut self, values: &mut [u16]) {
        self.values(values, u16::to_le_bytes, u16::from_le_bytes);
    }
    fn i32(&mut self, value: &mut i32) {
        self.values(slice::from_mut(value), i32::to_le_bytes, i32::from_le_bytes);
    }
    fn i64s(&mut self, values: &mut [i64]) {
        self.values(values, i64::to_le_bytes, i64::from_le_bytes);
    }
    fn f32s(&mut self, values: &mut [f32]) {
        self.values(values, f32::to_le_bytes, f32::from_le_bytes);
    }
}

/// Writes to the bytes that are left.
struct Writer<'a>(&'a mut [u8]);

impl Codec for Writer<'_> {
    fn values<T: Copy, const N: usize>(
        &mut self,
        values: &mut [T],
        to_bytes: impl Fn(T) -> [u8; N],
        _: impl Fn([u8; N]) -> T,
    ) {
        let (bytes, left) = mem::take(&mut self.0).split_at_mut(N * values.len());
        for (bytes, &mut value) in bytes.as_chunks_mut().0.iter_mut().zip(values) {
            *bytes = to_bytes(value);
        }
        self.0 = left;
    }
}

/// Reads from the bytes that are left.
struct Reader<'a>(&'a [u8]);

impl Codec for Reader<'_> {
    fn values<T: Copy, const N: usize>(
        &mut self,
        values: &mut [T],
        _: impl Fn(T) -> [u8; N],
        from_bytes: impl Fn([u8; N]) -> T,
    ) {
        let (bytes, left) = self.0.split_at(N * values.len());
        for (&bytes, value) in bytes.as_chunks().0.iter().zip(values) {
            *value = from_bytes(bytes);
        }
        self.0 = left;
    }
}
