//! Do groups differ, and by how much: analysis of variance, Kruskal–Wallis, χ², each with its effect size.

use serde::Serialize;

use crate::significance;

/// Which test, fitting the scale of what is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Means; effect size η².
    Anova,
    /// Ranks, where means would follow a few large figures; effect size ε².
    KruskalWallis,
    /// Shares of words; effect size Cramér's V.
    ChiSquared,
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// Which test.
    pub method: Method,
    /// F, H or χ².
    pub statistic: f64,
    /// Chance of as much by accident.
    pub p: f64,
    /// η², ε² or Cramér's V, 0 to 1.
    pub effect: f64,
}

/// One-way analysis of variance of `values` over `groups` (numbers from 0).
#[must_use]
pub fn anova(values: &[f64], groups: &[usize]) -> Difference {
    let cells = sums(values, groups);
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let total: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let between: f64 = cells.iter().map(|&(size, sum)| size * (sum / size - mean).powi(2)).sum();
    let (free, rest) = (cells.len().saturating_sub(1), values.len().saturating_sub(cells.len()));
    let within = (total - between).max(0.0);
    let statistic = (between / free as f64) / (within / rest as f64);
    let statistic = if free == 0 || rest == 0 || total <= 0.0 { 0.0 } else { statistic };
    let effect = if total > 0.0 { (between / total).min(1.0) } else { 0.0 };
    Difference { method: Method::Anova, statistic, p: significance::f(statistic, free, rest), effect }
}

/// Kruskal–Wallis with its correction for ties; ε² = H / (n − 1).
#[must_use]
pub fn kruskal_wallis(values: &[f64], groups: &[usize]) -> Difference {
    let count = values.len() as f64;
    let (ranks, ties) = ranks(values);
    let cells = sums(&ranks, groups);
    let sum: f64 = cells.iter().map(|&(size, sum)| sum * sum / size).sum();
    let raw = 12.0 / (count * (count + 1.0)) * sum - 3.0 * (count + 1.0);
    let correction = 1.0 - ties / (count.powi(3) - count);
    let statistic = if correction > 0.0 { (raw / correction).max(0.0) } else { 0.0 };
    let p = significance::chi_squared(statistic, cells.len().saturating_sub(1));
    let effect = if count > 1.0 { (statistic / (count - 1.0)).min(1.0) } else { 0.0 };
    Difference { method: Method::KruskalWallis, statistic, p, effect }
}

/// χ² of two lists of numbers from 0; Cramér's V.
#[must_use]
pub fn chi_squared(left: &[usize], right: &[usize]) -> Difference {
    let width = |codes: &[usize]| codes.iter().max().map_or(0, |&most| most + 1);
    let (rows, columns) = (width(left), width(right));
    let mut table = vec![0.0; rows * columns];
    let (mut row_sums, mut column_sums) = (vec![0.0; rows], vec![0.0; columns]);
    for (&row, &column) in left.iter().zip(right) {
        table[row * columns + column] += 1.0;
        row_sums[row] += 1.0;
        column_sums[column] += 1.0;
    }
    let count = left.len() as f64;
    let mut statistic = 0.0;
    for (row, &row_sum) in row_sums.iter().enumerate() {
        for (column, &column_sum) in column_sums.iter().enumerate() {
            let expected: f64 = row_sum * column_sum / count;
            if expected > 0.0 {
                statistic += (table[row * columns + column] - expected).powi(2) / expected;
            }
        }
    }
    let used = |sums: &[f64]| sums.iter().filter(|&&sum| sum > 0.0).count();
    let (rows, columns) = (used(&row_sums), used(&column_sums));
    let free = rows.saturating_sub(1) * columns.saturating_sub(1);
    let smaller = rows.min(columns).saturating_sub(1) as f64;
    let effect = if smaller > 0.0 { (statistic / (count * smaller)).sqrt().min(1.0) } else { 0.0 };
    Difference {
        method: Method::ChiSquared,
        statistic,
        p: significance::chi_squared(statistic, free),
        effect,
    }
}

/// Size and sum of each group that has members.
fn sums(values: &[f64], groups: &[usize]) -> Vec<(f64, f64)> {
    let count = groups.iter().max().map_or(0, |&most| most + 1);
    let mut cells = vec![(0.0, 0.0); count];
    for (value, &group) in values.iter().zip(groups) {
        cells[group].0 += 1.0;
        cells[group].1 += value;
    }
    cells.retain(|&(size, _)| size > 0.0);
    cells
}

/// Ranks from 1, equal values sharing theirs, and Σ (t³ − t) over the ties.
pub(crate) fn ranks(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let (mut from, mut ties) = (0, 0.0);
    for group in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let size = group.len() as f64;
        for &at in group {
            ranks[at] = from as f64 + (size + 1.0) / 2.0;
        }
        ties += size.powi(3) - size;
        from += group.len();
    }
    (ranks, ties)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    // Figures of scipy 1.17: f_oneway, kruskal, chi2_contingency.
    #[test]
    fn figures_agree_with_scipy() {
        let values =
            [6.0, 8.0, 4.0, 5.0, 3.0, 4.0, 8.0, 12.0, 9.0, 11.0, 6.0, 8.0, 13.0, 9.0, 11.0, 8.0, 7.0, 12.0];
        let groups: Vec<usize> = (0..18).map(|at| at / 6).collect();
        let found = anova(&values, &groups);
        near(found.statistic, 9.264_705_882);
        near(found.p, 0.002_398_777);
        near(found.effect, 84.0 / 152.0);
        let found = kruskal_wallis(&values, &groups);
        near(found.statistic, 9.420_684_836);
        near(found.p, 0.009_001_695);
        let rows = [(0, 0, 10), (0, 1, 20), (0, 2, 30), (1, 0, 6), (1, 1, 9), (1, 2, 17)];
        let pairs = rows.iter().flat_map(|&(row, column, count)| std::iter::repeat_n((row, column), count));
        let (left, right): (Vec<usize>, Vec<usize>) = pairs.unzip();
        let found = chi_squared(&left, &right);
        near(found.statistic, 0.271_574_652);
        near(found.p, 0.873_028_283);
    }

    #[test]
    fn one_group_or_equal_values_prove_nothing() {
        for test in [anova, kruskal_wallis] {
            assert_eq!(test(&[1.0, 2.0, 3.0], &[0, 0, 0]).p, 1.0);
            assert_eq!(test(&[2.0; 4], &[0, 0, 1, 1]).p, 1.0);
            assert_eq!(test(&[], &[]).p, 1.0);
        }
        assert_eq!(chi_squared(&[0, 1], &[0, 0]).p, 1.0);
    }
}
