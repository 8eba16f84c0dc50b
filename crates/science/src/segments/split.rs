//! How columns divide customers: words by themselves, numbers of few values too, others in fifths.

use std::collections::{BTreeMap, HashMap};

use crate::frame::{Column, Values};

/// Different numbers up to which each is a group of its own.
const FEW_NUMBERS: usize = 10;
const BANDS: usize = 5;

/// Groups of one column.
pub(super) struct Split {
    /// By row of the table; none where the column is not known.
    pub(super) groups: Vec<Option<usize>>,
    pub(super) names: Vec<String>,
}

impl Split {
    pub(super) fn of(column: &Column) -> Self {
        match &column.values {
            Values::Categories { codes, names } => Self {
                groups: codes
                    .iter()
                    .map(|&code| Some(code as usize).filter(|&code| code < names.len()))
                    .collect(),
                names: names.clone(),
            },
            Values::Numbers(values) | Values::Dates(values) => Self::of_numbers(column, values),
        }
    }

    fn of_numbers(column: &Column, values: &[f64]) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let mut different = sorted.clone();
        different.dedup();
        // Upper ends of the groups; a group holds what is at most its end.
        let ends: Vec<f64> = if different.len() <= FEW_NUMBERS {
            different
        } else {
            let mut ends: Vec<f64> =
                (1..=BANDS).map(|band| sorted[(band * sorted.len()).div_ceil(BANDS) - 1]).collect();
            ends.dedup();
            ends
        };
        let place = |value: &f64| value.is_finite().then(|| ends.partition_point(|end| end < value));
        let groups: Vec<Option<usize>> = values.iter().map(place).collect();
        let first = |group: usize| groups.iter().position(|&found| found == Some(group));
        let least_and_most = |group: usize| {
            let of_group = || (0..values.len()).filter(|&row| groups[row] == Some(group));
            let least = of_group().min_by(|&a, &b| values[a].total_cmp(&values[b]));
            let most = of_group().max_by(|&a, &b| values[a].total_cmp(&values[b]));
            (least, most)
        };
        let names = (0..ends.len())
            .map(|group| match least_and_most(group) {
                (Some(least), Some(most)) if values[least] < values[most] => {
                    format!("{} … {}", column.text(least), column.text(most))
                }
                _ => first(group).map(|row| column.text(row)).unwrap_or_default(),
            })
            .collect();
        Self { groups, names }
    }
}

/// The cells that several columns make together: by row kept a number from 0, and the names of the cells.
pub(super) fn cells(splits: &[Split], rows: &[usize]) -> (Vec<usize>, Vec<String>) {
    let key = |row: usize| -> Vec<usize> { splits.iter().filter_map(|split| split.groups[row]).collect() };
    let keys: BTreeMap<Vec<usize>, ()> = rows.iter().map(|&row| (key(row), ())).collect();
    let numbers: HashMap<&Vec<usize>, usize> = keys.keys().zip(0..).collect();
    let names = keys
        .keys()
        .map(|key| {
            let names = splits.iter().zip(key).map(|(split, &group)| split.names[group].as_str());
            names.collect::<Vec<_>>().join(" · ")
        })
        .collect();
    (rows.iter().map(|&row| numbers[&key(row)]).collect(), names)
}
