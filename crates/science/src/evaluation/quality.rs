//! Stages against a truth.

use domain::{LifecycleStage, Month};
use serde::Serialize;

const STAGES: usize = LifecycleStage::COUNT;
const BINS: usize = 10;
const MONTHS_PER_YEAR: f64 = 12.0;

/// A customer's month with its true stage and the stage that was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgedMonth {
    /// The month.
    pub month: Month,
    /// What was true.
    pub truth: LifecycleStage,
    /// What was said.
    pub given: LifecycleStage,
    /// How sure it was said, 0 to 1.
    pub confidence: f32,
}

/// Counts customers up; [`Quality::report`] says the figures.
#[derive(Debug, Clone, Default)]
pub struct Quality {
    confusion: [[u64; STAGES]; STAGES],
    bins: [Bin; BINS],
    followed_months: u64,
    true_changes: u64,
    given_changes: u64,
    noticed: [Vec<u16>; STAGES],
    still_open: [Vec<u16>; STAGES],
    missed: [u64; STAGES],
}

#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    months: u64,
    right: u64,
    confidence: f64,
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityReport {
    /// Customer-months judged.
    pub months: u64,
    /// Customer-months by true stage (row) and given stage (column), in the order of [`LifecycleStage::ALL`].
    pub confusion: [[u64; STAGES]; STAGES],
    /// Share of months whose stage is right.
    pub accuracy: f64,
    /// Mean of the stages' F1, over stages that occur.
    pub macro_f1: f64,
    /// Each stage.
    pub stages: Vec<StageQuality>,
    /// Changes of the given stage per customer and year.
    pub changes_per_year: f64,
    /// Changes of the true stage per customer and year.
    pub true_changes_per_year: f64,
    /// The first over the second; none if the truth never changes.
    pub flip_ratio: Option<f64>,
    /// How far what was said to be sure was right, by tenths of confidence.
    pub calibration: Vec<CalibrationBin>,
    /// Expected calibration error: mean distance of confidence and share of right, weighted by months.
    pub calibration_error: f64,
}

/// How well one stage is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageQuality {
    /// Which.
    pub stage: LifecycleStage,
    /// Months in which it was true.
    pub months: u64,
    /// Share of right among months that were given it.
    pub precision: Option<f64>,
    /// Share of months found among those in which it was true.
    pub recall: Option<f64>,
    /// Harmonic mean of both; 0 if the stage occurs and is never given rightly, none if it never occurs.
    pub f1: Option<f64>,
    /// How fast a change into it is noticed.
    pub delay: Delay,
}

/// How many months passed until changes into a stage were noticed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Delay {
    /// Changes into the stage.
    pub changes: u64,
    /// Of them noticed before the truth moved on.
    pub noticed: u64,
    /// Of them still unnoticed when the data end.
    pub open: u64,
    /// Median months of delay: changes that were missed count as endless, those still open only as long as they
    /// were watched (Kaplan–Meier); none when half are never noticed.
    pub median_months: Option<u16>,
}

/// Months said with a confidence within one tenth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Lower end of the tenth.
    pub from: f64,
    /// Months in it.
    pub months: u64,
    /// Mean confidence.
    pub confidence: f64,
    /// Share that was right.
    pub right: f64,
}

impl Quality {
    /// Counts one customer in: all its months, oldest first. Months may be left out.
    pub fn add_customer(&mut self, months: &[JudgedMonth]) {
        for judged in months {
            self.add_month(judged);
        }
        for pair in months.windows(2) {
            if pair[1].month - pair[0].month != 1 {
                continue;
            }
            self.followed_months += 1;
            self.given_changes += u64::from(pair[0].given != pair[1].given);
            if pair[0].truth != pair[1].truth {
                self.true_changes += 1;
            }
        }
        for change in 1..months.len() {
            if months[change].truth != months[change - 1].truth {
                self.add_change(&months[change..]);
            }
        }
    }

    fn add_month(&mut self, judged: &JudgedMonth) {
        self.confusion[judged.truth.index()][judged.given.index()] += 1;
        let bin = &mut self.bins[((f64::from(judged.confidence) * BINS as f64) as usize).min(BINS - 1)];
        bin.months += 1;
        bin.right += u64::from(judged.truth == judged.given);
        bin.confidence += f64::from(judged.confidence);
    }

    /// `since` starts with the month of the change.
    fn add_change(&mut self, since: &[JudgedMonth]) {
        let stage = since[0].truth;
        let start = since[0].month;
        let episode = since.iter().take_while(|judged| judged.truth == stage);
        let delay = |month: Month| (month - start).max(0) as u16;
        let lasted = episode.clone().count();
        if let Some(noticed) = episode.clone().find(|judged| judged.given == stage) {
            self.noticed[stage.index()].push(delay(noticed.month));
        } else if lasted < since.len() {
            self.missed[stage.index()] += 1;
        } else {
            self.still_open[stage.index()].push(delay(since[lasted - 1].month) + 1);
        }
    }

    /// Takes over what another has counted.
    pub fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.confusion.iter_mut().flatten().zip(other.confusion.iter().flatten()) {
            *mine += theirs;
        }
        for (mine, theirs) in self.bins.iter_mut().zip(other.bins) {
            mine.months += theirs.months;
            mine.right += theirs.right;
            mine.confidence += theirs.confidence;
        }
        self.followed_months += other.followed_months;
        self.true_changes += other.true_changes;
        self.given_changes += other.given_changes;
        for (mine, theirs) in self.noticed.iter_mut().zip(other.noticed) {
            mine.extend(theirs);
        }
        for (mine, theirs) in self.still_open.iter_mut().zip(other.still_open) {
            mine.extend(theirs);
        }
        for (mine, theirs) in self.missed.iter_mut().zip(other.missed) {
            *mine += theirs;
        }
    }

    /// The figures of what was counted.
    #[must_use]
    pub fn report(&self) -> QualityReport {
        let months: u64 = self.confusion.iter().flatten().sum();
        let right: u64 = (0..STAGES).map(|stage| self.confusion[stage][stage]).sum();
        let stages: Vec<StageQuality> = LifecycleStage::ALL.iter().map(|&stage| self.stage(stage)).collect();
        let f1s: Vec<f64> = stages.iter().filter_map(|stage| stage.f1).collect();
        let years = self.followed_months as f64 / MONTHS_PER_YEAR;
        let per_year = |changes: u64| if years > 0.0 { changes as f64 / years } else { 0.0 };
        let calibration: Vec<CalibrationBin> = self.calibration();
        let distance = |bin: &CalibrationBin| bin.months as f64 * (bin.confidence - bin.right).abs();
        QualityReport {
            months,
            confusion: self.confusion,
            accuracy: share(right, months).unwrap_or(0.0),
            macro_f1: if f1s.is_empty() { 0.0 } else { f1s.iter().sum::<f64>() / f1s.len() as f64 },
            stages,
            changes_per_year: per_year(self.given_changes),
            true_changes_per_year: per_year(self.true_changes),
            flip_ratio: share(self.given_changes, self.true_changes),
            calibration_error: calibration.iter().map(distance).sum::<f64>() / (months.max(1)) as f64,
            calibration,
        }
    }

    fn stage(&self, stage: LifecycleStage) -> StageQuality {
        let at = stage.index();
        let right = self.confusion[at][at];
        let truly: u64 = self.confusion[at].iter().sum();
        let given: u64 = self.confusion.iter().map(|row| row[at]).sum();
        StageQuality {
            stage,
            months: truly,
            precision: share(right, given),
            recall: share(right, truly),
            // A stage that never occurs has no F1, unless it was given all the same: then it is 0.
            f1: share(2 * right, truly + given),
            delay: self.delay(at),
        }
    }

    fn delay(&self, at: usize) -> Delay {
        let noticed = self.noticed[at].len() as u64;
        let open = self.still_open[at].len() as u64;
        Delay {
            changes: noticed + open + self.missed[at],
            noticed,
            open,
            median_months: kaplan_meier_median(&self.noticed[at], &self.still_open[at], self.missed[at]),
        }
    }

    fn calibration(&self) -> Vec<CalibrationBin> {
        let bins = self.bins.iter().enumerate().filter(|(_, bin)| bin.months > 0);
        bins.map(|(place, bin)| CalibrationBin {
            from: place as f64 / BINS as f64,
            months: bin.months,
            confidence: bin.confidence / bin.months as f64,
            right: bin.right as f64 / bin.months as f64,
        })
        .collect()
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// First time at which at least half have been noticed.
fn kaplan_meier_median(noticed: &[u16], open: &[u16], never: u64) -> Option<u16> {
    let longest = noticed.iter().max().copied()?;
    let mut unnoticed = 1.0;
    for time in 0..=longest {
        let watched = noticed.iter().filter(|&&at| at >= time).count()
            + open.iter().filter(|&&until| until > time).count()
            + never as usize;
        let now = noticed.iter().filter(|&&at| at == time).count();
        unnoticed *= 1.0 - now as f64 / watched as f64;
        if unnoticed <= 0.5 {
            return Some(time);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::LifecycleStage::{Decline, Growth, Maturity};

    fn months(stages: &[(LifecycleStage, LifecycleStage)]) -> Vec<JudgedMonth> {
        let first = Month::new(2024, 1).expect("a month");
        let judged = |(place, &(truth, given))| JudgedMonth {
            month: first + place as i32,
            truth,
            given,
            confidence: 0.75,
        };
        stages.iter().enumerate().map(judged).collect()
    }

    fn report(customers: &[&[(LifecycleStage, LifecycleStage)]]) -> QualityReport {
        let mut quality = Quality::default();
        for customer in customers {
            quality.add_customer(&months(customer));
        }
        quality.report()
    }

    #[test]
    fn counts_what_is_right_by_stage() {
        let report =
            report(&[&[(Growth, Growth), (Growth, Maturity), (Maturity, Maturity), (Maturity, Maturity)]]);
        assert_eq!(report.confusion[Growth.index()][Maturity.index()], 1);
        assert_eq!(report.accuracy, 0.75);
        // Growth: precision 1, recall 1/2; maturity: precision 2/3, recall 1.
        let f1 = |stage: LifecycleStage| report.stages[stage.index()].f1.expect("occurs");
        assert!((f1(Growth) - 2.0 / 3.0).abs() < 1e-12 && (f1(Maturity) - 0.8).abs() < 1e-12);
        assert!((report.macro_f1 - (2.0 / 3.0 + 0.8) / 2.0).abs() < 1e-12);
        assert!((report.calibration_error - 0.0).abs() < 1e-12);
    }

    #[test]
    fn delay_counts_from_the_change_and_missed_ones_count_as_endless() {
        let noticed_after_two =
            [(Maturity, Maturity), (Decline, Maturity), (Decline, Maturity), (Decline, Decline)];
        let missed = [(Maturity, Maturity), (Decline, Maturity), (Maturity, Maturity)];
        let open = [(Maturity, Maturity), (Decline, Maturity)];
        let delay = |customers: &[&[_]]| report(customers).stages[Decline.index()].delay;
        let one = delay(&[&noticed_after_two]);
        assert_eq!((one.changes, one.noticed, one.median_months), (1, 1, Some(2)));
        assert_eq!(delay(&[&noticed_after_two, &missed, &missed]).median_months, None);
        let with_open = delay(&[&noticed_after_two, &open]);
        assert_eq!((with_open.open, with_open.median_months), (1, Some(2)));
    }

    #[test]
    fn changes_are_per_customer_and_year() {
        let mut flapping = vec![(Maturity, Maturity); 13];
        flapping[5].1 = Growth;
        flapping[9].0 = Decline;
        let report = report(&[&flapping]);
        assert_eq!((report.changes_per_year, report.true_changes_per_year), (2.0, 2.0));
        assert_eq!(report.flip_ratio, Some(1.0));
    }

    #[test]
    fn parts_merge_to_the_whole() {
        let a = months(&[(Maturity, Maturity), (Decline, Decline)]);
        let b = months(&[(Growth, Maturity), (Maturity, Maturity)]);
        let mut whole = Quality::default();
        whole.add_customer(&a);
        whole.add_customer(&b);
        let (mut first, mut second) = (Quality::default(), Quality::default());
        first.add_customer(&a);
        second.add_customer(&b);
        first.merge(second);
        assert_eq!(first.report(), whole.report());
    }
}
