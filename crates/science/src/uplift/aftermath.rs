//! Columns that are consequences of the play and not traits of the customer: to learn from them is to look ahead.
//!
//! In an experiment chance decides who is treated, so what was there before is alike in both arms: a column that
//! differs between them came after. A column that decides the outcome, or that the outcome decides, did too.

use super::qini::Outcome;
use super::report::LeftOutReason;
use crate::frame::{Column, Values};
use crate::significance;

/// Chance of taking a single innocent column of a table for a consequence, over all its columns.
const CHANCE_OF_A_MISTAKE: f64 = 0.01;
/// Chance below which a rule without exception is no accident.
const NO_ACCIDENT: f64 = 1e-6;

/// Why a column came after the play, if it did; `columns` is how many are judged.
pub(super) fn judge(
    column: &Column,
    rows: &[usize],
    outcomes: &[Outcome],
    columns: usize,
) -> Option<LeftOutReason> {
    let groups = groups(column, rows);
    if decides(&groups, outcomes) {
        return Some(LeftOutReason::DecidesOutcome);
    }
    let level = CHANCE_OF_A_MISTAKE / columns as f64;
    let mut least = arms_by_group(&groups, outcomes);
    if let Some(values) = column.numbers() {
        // Two tests of the same column: each has half of its chance.
        least = 2.0 * least.min(arms_by_mean(values, rows, outcomes));
    }
    (least < level).then_some(LeftOutReason::DiffersByArm)
}

/// Words by their codes; numbers as nothing, something or unknown.
fn groups(column: &Column, rows: &[usize]) -> Vec<usize> {
    match &column.values {
        Values::Numbers(values) | Values::Dates(values) => rows
            .iter()
            .map(|&row| if values[row].is_nan() { 2 } else { usize::from(values[row] != 0.0) })
            .collect(),
        Values::Categories { codes, names } => {
            rows.iter().map(|&row| (codes[row] as usize).min(names.len())).collect()
        }
    }
}

/// Whether all of a group respond, or all who respond are of one group, too often for an accident. The unknown
/// count as a group: a column that is filled in only for those who responded is one of these.
fn decides(groups: &[usize], outcomes: &[Outcome]) -> bool {
    let count = groups.iter().max().map_or(0, |&most| most + 1);
    let mut sizes = vec![(0_usize, 0_usize); count];
    for (&group, outcome) in groups.iter().zip(outcomes) {
        sizes[group].0 += usize::from(outcome.positive);
        sizes[group].1 += 1;
    }
    let all = groups.len() as f64;
    let positives: usize = sizes.iter().map(|&(positives, _)| positives).sum();
    let base = positives as f64 / all;
    sizes.iter().any(|&(of_group, size)| {
        let all_respond = of_group == size && base.powf(size as f64) < NO_ACCIDENT / count as f64;
        let none_else =
            of_group == positives && (size as f64 / all).powf(positives as f64) < NO_ACCIDENT / count as f64;
        size > 0 && (all_respond || none_else)
    })
}

/// P-value of the groups being spread alike over the arms; rare groups are taken together.
fn arms_by_group(groups: &[usize], outcomes: &[Outcome]) -> f64 {
    let count = groups.iter().max().map_or(0, |&most| most + 1);
    let mut table = vec![[0_usize; 2]; count];
    for (&group, outcome) in groups.iter().zip(outcomes) {
        table[group][usize::from(outcome.treated)] += 1;
    }
    let arms = table.iter().fold([0, 0], |sum, cell| [sum[0] + cell[0], sum[1] + cell[1]]);
    let total = (arms[0] + arms[1]) as f64;
    let smaller = arms[0].min(arms[1]) as f64 / total;
    let is_rare = |cell: &[usize; 2]| ((cell[0] + cell[1]) as f64) * smaller < 5.0;
    let rare =
        table.iter().filter(|cell| is_rare(cell)).fold([0, 0], |sum, c| [sum[0] + c[0], sum[1] + c[1]]);
    let mut kept: Vec<[usize; 2]> = table.iter().filter(|cell| !is_rare(cell)).copied().collect();
    if !is_rare(&rare) {
        kept.push(rare);
    }
    let mut figure = 0.0;
    for cell in &kept {
        for arm in 0..2 {
            let expected = (cell[0] + cell[1]) as f64 * arms[arm] as f64 / total;
            figure += (cell[arm] as f64 - expected).powi(2) / expected;
        }
    }
    significance::chi_squared(figure, kept.len().saturating_sub(1))
}

/// P-value of the means being alike in both arms (Welch; the arms are large).
fn arms_by_mean(values: &[f64], rows: &[usize], outcomes: &[Outcome]) -> f64 {
    let arm = |treated: bool| {
        let known = || {
            let of_arm = rows.iter().zip(outcomes).filter(move |(_, outcome)| outcome.treated == treated);
            of_arm.map(|(&row, _)| values[row]).filter(|value| value.is_finite())
        };
        let count = known().count() as f64;
        let mean = known().sum::<f64>() / count;
        (mean, known().map(|value| (value - mean).powi(2)).sum::<f64>() / count / (count - 1.0))
    };
    let ((treated, first), (control, second)) = (arm(true), arm(false));
    significance::normal((treated - control) / (first + second).sqrt())
}
