//! Which rows are held out: by lot, or by time.

use std::collections::HashMap;

use crate::random::Random;

/// Rows to learn from and rows to judge by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows to learn from.
    pub train: Vec<usize>,
    /// Rows to judge by.
    pub test: Vec<usize>,
}

/// The fold of each row, 0 to `folds` − 1: classes as even as they can be, rows of one group together.
/// With fewer rows than folds some folds are empty.
#[must_use]
pub fn stratified(outcomes: &[bool], groups: &[usize], folds: u8, seed: u64) -> Vec<u8> {
    let mut rows_by_group: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut order = Vec::new();
    for (row, &group) in groups.iter().enumerate() {
        let rows = rows_by_group.entry(group).or_default();
        if rows.is_empty() {
            order.push(group);
        }
        rows.push(row);
    }
    shuffle(&mut order, &mut Random::new(seed));
    order.sort_by_key(|group| std::cmp::Reverse(rows_by_group[group].len()));
    let mut fold_of = vec![0; outcomes.len()];
    let mut held = vec![(0_usize, 0_usize); usize::from(folds.max(1))];
    for group in order {
        let rows = &rows_by_group[&group];
        let positives = rows.iter().filter(|&&row| outcomes[row]).count();
        let least = (0..held.len()).min_by_key(|&fold| {
            let (positive, negative) = held[fold];
            if positives > 0 { (positive, negative) } else { (negative, positive) }
        });
        let fold = least.unwrap_or_default();
        held[fold].0 += positives;
        held[fold].1 += rows.len() - positives;
        for &row in rows {
            fold_of[row] = fold as u8;
        }
    }
    fold_of
}

/// The splits of folds: each fold is judged by what the others teach. Empty folds give none.
#[must_use]
pub fn splits(fold_of: &[u8]) -> Vec<Split> {
    let folds = fold_of.iter().max().map_or(0, |&last| last + 1);
    let split = |fold| {
        let (test, train) = (0..fold_of.len()).partition(|&row| fold_of[row] == fold);
        Split { train, test }
    };
    (0..folds).map(split).filter(|split| !split.test.is_empty() && !split.train.is_empty()).collect()
}

/// Splits that respect time: each of the last `count` periods is judged by what was known `horizon` periods
/// before it, when the outcome of a row is seen only `horizon` periods after the row.
#[must_use]
pub fn forward(periods: &[i32], count: usize, horizon: i32) -> Vec<Split> {
    let mut distinct = periods.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let first = distinct.len().saturating_sub(count);
    let split = |&at: &i32| {
        let rows =
            |keep: &dyn Fn(i32) -> bool| (0..periods.len()).filter(|&row| keep(periods[row])).collect();
        Split { train: rows(&|period| period <= at - horizon), test: rows(&|period| period == at) }
    };
    distinct[first..].iter().map(split).filter(|split| !split.train.is_empty()).collect()
}

/// Fisher and Yates.
pub(crate) fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for last in (1..items.len()).rev() {
        items.swap(last, random.below(last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_month_is_judged_only_by_what_had_been_seen_when_it_began() {
        let splits = forward(&[1, 1, 2, 3, 4, 5, 5], 2, 3);
        assert_eq!(
            splits,
            [Split { train: vec![0, 1], test: vec![4] }, Split { train: vec![0, 1, 2], test: vec![5, 6] }]
        );
        assert_eq!(forward(&[1, 2, 3], 2, 3), []);
    }

    proptest! {
        #[test]
        fn folds_are_even_in_both_classes_and_keep_groups_together(
            rows in prop::collection::vec((any::<bool>(), 0_usize..200), 0..300),
            seed in any::<u64>(),
        ) {
            let outcomes: Vec<bool> = rows.iter().map(|row| row.0).collect();
            let groups: Vec<usize> = rows.iter().map(|row| row.1).collect();
            let folds = stratified(&outcomes, &groups, 5, seed);
            prop_assert_eq!(&folds, &stratified(&outcomes, &groups, 5, seed));
            for a in 0..rows.len() {
                for b in 0..a {
                    prop_assert!(groups[a] != groups[b] || folds[a] == folds[b]);
                }
            }
            let alone: Vec<usize> = (0..rows.len()).collect();
            let folds = stratified(&outcomes, &alone, 5, seed);
            for class in [false, true] {
                let count = |fold| (0..rows.len()).filter(|&row| folds[row] == fold && outcomes[row] == class).count();
                let counts: Vec<usize> = (0..5).map(count).collect();
                prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{:?}", counts);
            }
        }
    }
}
