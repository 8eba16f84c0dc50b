//! What the stages and the segments of a month rest on, as far as it shows without a truth.

use std::collections::BTreeMap;

use domain::{LifecycleStage, Month};
use serde::{Deserialize, Serialize};

use super::features::FEATURES;
use super::sample::Sample;
use crate::evaluation::{Backtest, LivedMonth};
use crate::interval::Interval;
use crate::learn::metrics::{self, CalibrationBin};

/// Months of samples looked at.
const MONTHS: i32 = 12;
/// Months after which is looked whether a stage stood, and what came of its customers.
const AHEAD: i32 = 3;
/// The feature that holds the confidence of the stage.
const CONFIDENCE: &str = "sure";

/// What became of stages said within the last year.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StageCard {
    /// The first and the last month whose stages are looked at; none before there are as many months as are looked
    /// ahead.
    pub months: Option<(Month, Month)>,
    /// Customer-months.
    pub rows: usize,
    /// How sure stages were said and whether they were still said three months later, by tenths of the former.
    pub tenths: Vec<CalibrationBin>,
    /// By stage.
    pub stages: Vec<StageFate>,
}

/// What became of the customers of a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageFate {
    /// Which.
    pub stage: LifecycleStage,
    /// Customer-months that were given it.
    pub rows: u64,
    /// Share still given it three months later.
    pub stood: f64,
    /// Share with revenue in any of the next three months, with its interval.
    pub earning: (f64, Interval),
    /// Revenue of the next three months over that of the last three, with its interval; none without any.
    pub revenue: Option<(f64, Interval)>,
}

/// A customer's month, and how sure its stage was said.
type Said = (LivedMonth, f32);

impl StageCard {
    /// From the samples up to a month.
    #[must_use]
    pub fn of(month: Month, samples: &BTreeMap<Month, Sample>) -> Self {
        let mut lives: BTreeMap<i64, Vec<Said>> = BTreeMap::new();
        let confidence = FEATURES.iter().position(|feature| *feature == CONFIDENCE);
        for (&at, sample) in samples.range(month - (MONTHS - 1)..=month) {
            for (row, &customer) in sample.customers.iter().enumerate() {
                let Some(given) = LifecycleStage::from_index(usize::from(sample.stages[row])) else {
                    continue;
                };
                let revenue = sample.money[row].0.map_or(0.0, |revenue| revenue.yuan());
                let sure = confidence.map_or(f32::NAN, |place| sample.features[row][place]);
                let lived = LivedMonth { month: at, given, active: revenue > 0.0, usage: 0.0, revenue };
                lives.entry(customer).or_default().push((lived, sure));
            }
        }
        let mut backtest = Backtest::default();
        let mut stood = [(0_u64, 0_u64); LifecycleStage::COUNT];
        let (mut said, mut happened) = (Vec::new(), Vec::new());
        for life in lives.values().flat_map(|life| life.chunk_by(|a, b| b.0.month - a.0.month == 1)) {
            backtest.add_customer(&life.iter().map(|(lived, _)| *lived).collect::<Vec<_>>());
            for (now, then) in life.iter().zip(life.iter().skip(AHEAD as usize)) {
                let stands = now.0.given == then.0.given;
                let of_stage = &mut stood[now.0.given.index()];
                *of_stage = (of_stage.0 + 1, of_stage.1 + u64::from(stands));
                if now.1.is_finite() {
                    said.push(f64::from(now.1));
                    happened.push(stands);
                }
            }
        }
        let together = backtest.report().into_iter().find(|outcome| {
            outcome.month.is_none() && i32::try_from(outcome.horizon_months).is_ok_and(|ahead| ahead == AHEAD)
        });
        let fates = together.map(|outcome| outcome.stages).unwrap_or_default().into_iter().map(|outcome| {
            let (rows, stood) = stood[outcome.stage.index()];
            StageFate {
                stage: outcome.stage,
                rows,
                stood: stood as f64 / rows.max(1) as f64,
                earning: (outcome.active, outcome.active_interval),
                revenue: outcome.revenue_ratio.zip(outcome.revenue_ratio_interval),
            }
        });
        let rows: u64 = stood.iter().map(|(rows, _)| rows).sum();
        let first = samples.range(month - (MONTHS - 1)..=month).next().map(|(&first, _)| first);
        Self {
            months: first.filter(|_| rows > 0).map(|first| (first, month - AHEAD)),
            rows: usize::try_from(rows).unwrap_or(usize::MAX),
            tenths: metrics::calibration(&said, &happened),
            stages: fates.collect(),
        }
    }
}

/// What customers were inferred to be in one dimension of the segments, and how sure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inferences {
    /// Customers of each code, in the order of the list.
    pub customers: Vec<u64>,
    /// Their confidence, summed in millionths: whole numbers, so that no order shows in them.
    confidence: Vec<u64>,
    /// Customers told less than half sure, less than four fifths, and surer.
    pub sure: [u64; 3],
}

impl Inferences {
    /// Confidence from which a customer counts as told half sure, and sure.
    pub const SURE_FROM: [f32; 2] = [0.5, 0.8];

    /// Counts a customer in: the place of its code, and how sure.
    pub fn add(&mut self, code: usize, confidence: f32) {
        if self.customers.len() <= code {
            self.customers.resize(code + 1, 0);
            self.confidence.resize(code + 1, 0);
        }
        self.customers[code] += 1;
        self.confidence[code] += (f64::from(confidence) * 1e6).round() as u64;
        self.sure[Self::SURE_FROM.iter().filter(|&&from| confidence >= from).count()] += 1;
    }

    /// How many customers.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.sure.iter().sum()
    }

    /// Customers of a code and how sure they were told on average; none where there are none.
    #[must_use]
    pub fn of(&self, code: usize) -> Option<(u64, f64)> {
        let customers = *self.customers.get(code).filter(|&&customers| customers > 0)?;
        Some((customers, *self.confidence.get(code)? as f64 / 1e6 / customers as f64))
    }
}

/// What segments of a month rest on: value, buying factor and need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentCard {
    /// Band of lifetime value.
    pub value: Inferences,
    /// Key buying factor.
    pub buying_factor: Inferences,
    /// Need of information technology.
    pub ict_need: Inferences,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::LifecycleStage::{Decline, Maturity};
    use domain::Money;

    fn month() -> Month {
        Month::new(2025, 1).expect("a month")
    }

    /// Two hundred customers: half stay mature and are told so surely; half are said to be mature by a hair, and two
    /// months later are not and bring half as much.
    fn samples(months: i32) -> BTreeMap<Month, Sample> {
        let sure = FEATURES.iter().position(|feature| *feature == CONFIDENCE).expect("a feature");
        (0..months)
            .map(|at| {
                let mut sample = Sample::default();
                for customer in 0..200 {
                    let falls = customer % 2 == 1;
                    let fallen = falls && at >= 2;
                    let mut features = [0.0; FEATURES.len()];
                    features[sure] = if falls { 0.55 } else { 0.95 };
                    sample.customers.push(customer);
                    sample.stages.push(if fallen { Decline } else { Maturity }.index() as u8);
                    let revenue = Money::from_fen(if fallen { 5_000 } else { 10_000 });
                    sample.money.push((Some(revenue), Money::ZERO));
                    sample.features.push(features);
                }
                (month() + at, sample)
            })
            .collect()
    }

    #[test]
    fn what_was_said_by_a_hair_stood_less_often() {
        let card = StageCard::of(month() + 4, &samples(5));
        assert_eq!((card.months, card.rows), (Some((month(), month() + 1)), 400));
        let tenths: Vec<(f64, f64)> = card.tenths.iter().map(|bin| (bin.said, bin.happened)).collect();
        assert!(tenths.iter().all(|&(said, stood)| (stood - f64::from(u8::from(said > 0.9))).abs() < 1e-12));
        let [fate] = card.stages.as_slice() else { panic!("{card:?}") };
        assert_eq!((fate.stage, fate.rows, fate.stood, fate.earning.0), (Maturity, 400, 0.5, 1.0));
    }

    #[test]
    fn before_anything_can_have_followed_nothing_is_said_and_later_months_say_nothing() {
        assert_eq!(StageCard::of(month() + 2, &samples(3)), StageCard::default());
        assert_eq!(StageCard::of(month() + 4, &samples(9)), StageCard::of(month() + 4, &samples(5)));
    }

    #[test]
    fn what_is_inferred_is_counted_with_how_sure_it_is() {
        let mut inferred = Inferences::default();
        for (code, confidence) in [(2, 0.9), (2, 0.5), (0, 0.3)] {
            inferred.add(code, confidence);
        }
        assert_eq!((inferred.total(), inferred.sure), (3, [1, 1, 1]));
        let (customers, confidence) = inferred.of(2).expect("two");
        assert!(customers == 2 && (confidence - 0.7).abs() < 1e-6);
        assert_eq!((inferred.of(1), inferred.of(9)), (None, None));
    }
}
