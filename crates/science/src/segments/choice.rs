//! How many segments: silhouette, gap statistic, and stability under drawing again.

use serde::Serialize;

use super::kmeans::{KMeans, k_means, nearest, square};
use crate::random::Random;

/// What speaks for a number of clusters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Choice {
    /// How many clusters.
    pub k: usize,
    /// Mean silhouette, −1 to 1: how much nearer the own cluster is than the next.
    pub silhouette: f64,
    /// Gap statistic (Tibshirani, Walther & Hastie 2001): log spread expected without clusters minus that found.
    pub gap: f64,
    /// Its standard error.
    pub gap_error: f64,
    /// Jaccard similarity of the least stable cluster with its like in drawings with replacement (Hennig 2007).
    pub stability: f64,
}

/// Stability from which a cluster is one.
const STABLE: f64 = 0.75;
const DRAWINGS: usize = 20;
const REFERENCES: usize = 10;
/// Silhouettes take every pair of rows: of more, so many are drawn.
const MOST_FOR_SILHOUETTE: usize = 1_000;

/// The figures for 2 to `most` clusters, and the number to take: of those whose every cluster is stable (≥ .75) and
/// whose gap is above that of a single cluster, the one with the highest silhouette. None: do not divide.
#[must_use]
pub fn choose(points: &[Vec<f64>], most: usize, seed: u64) -> (Vec<Choice>, Option<usize>) {
    let (gap_of_one, _) = gap(points, &k_means(points, 1, seed), seed);
    let choices: Vec<Choice> = (2..=most.min(points.len() / 2))
        .map(|k| {
            let found = k_means(points, k, seed);
            let (gap, gap_error) = gap(points, &found, seed);
            let silhouette = silhouette(points, &found.clusters, seed);
            Choice { k, silhouette, gap, gap_error, stability: stability(points, &found, seed) }
        })
        .collect();
    let holds = |choice: &&Choice| choice.stability >= STABLE && choice.gap - choice.gap_error > gap_of_one;
    let best = choices.iter().filter(holds).max_by(|a, b| a.silhouette.total_cmp(&b.silhouette));
    let best = best.map(|choice| choice.k);
    (choices, best)
}

fn silhouette(points: &[Vec<f64>], clusters: &[usize], seed: u64) -> f64 {
    let mut random = Random::new(seed);
    let rows: Vec<usize> = if points.len() <= MOST_FOR_SILHOUETTE {
        (0..points.len()).collect()
    } else {
        (0..MOST_FOR_SILHOUETTE).map(|_| random.below(points.len())).collect()
    };
    let count = clusters.iter().max().map_or(0, |&most| most + 1);
    let of_row = |&row: &usize| {
        let mut means = vec![(0.0, 0.0); count];
        for &other in rows.iter().filter(|&&other| other != row) {
            let mean = &mut means[clusters[other]];
            *mean = (mean.0 + 1.0, mean.1 + square(&points[row], &points[other]).sqrt());
        }
        let (size, sum) = means[clusters[row]];
        if size == 0.0 {
            return 0.0;
        }
        let own = sum / size;
        let others = means.iter().enumerate().filter(|&(at, &(size, _))| at != clusters[row] && size > 0.0);
        let next = others.map(|(_, (size, sum))| sum / size).fold(f64::INFINITY, f64::min);
        let widest = own.max(next);
        if widest > 0.0 && widest.is_finite() { (next - own) / widest } else { 0.0 }
    };
    rows.iter().map(of_row).sum::<f64>() / rows.len() as f64
}

/// Against points spread evenly over the same ranges.
fn gap(points: &[Vec<f64>], found: &KMeans, seed: u64) -> (f64, f64) {
    let mut random = Random::new(seed ^ 0x6a09_e667);
    let width = points.first().map_or(0, Vec::len);
    let ranges: Vec<(f64, f64)> = (0..width)
        .map(|at| {
            let column = points.iter().map(|point| point[at]);
            column.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
        })
        .collect();
    let logs: Vec<f64> = (0..REFERENCES)
        .map(|_| {
            let even: Vec<Vec<f64>> = (0..points.len())
                .map(|_| {
                    let mut draw = |&(low, high): &(f64, f64)| {
                        low + (high - low) * random.below(1 << 53) as f64 / (1_u64 << 53) as f64
                    };
                    ranges.iter().map(&mut draw).collect()
                })
                .collect();
            k_means(&even, found.centres.len(), seed).within.max(f64::MIN_POSITIVE).ln()
        })
        .collect();
    let count = REFERENCES as f64;
    let mean = logs.iter().sum::<f64>() / count;
    let spread = (logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / count).sqrt();
    (mean - found.within.max(f64::MIN_POSITIVE).ln(), spread * (1.0 + 1.0 / count).sqrt())
}

fn stability(points: &[Vec<f64>], found: &KMeans, seed: u64) -> f64 {
    let k = found.centres.len();
    let mut random = Random::new(seed ^ 0xbb67_ae85);
    let mut sums = vec![0.0; k];
    for drawing in 0..DRAWINGS {
        let drawn: Vec<Vec<f64>> =
            (0..points.len()).map(|_| points[random.below(points.len())].clone()).collect();
        let again = k_means(&drawn, k, seed.wrapping_add(drawing as u64));
        let mut both = vec![vec![0_usize; k]; k];
        for (point, &cluster) in points.iter().zip(&found.clusters) {
            both[cluster][nearest(&again.centres, point).0] += 1;
        }
        let sizes: Vec<usize> = (0..k).map(|other| both.iter().map(|row| row[other]).sum()).collect();
        for (sum, row) in sums.iter_mut().zip(&both) {
            let size: usize = row.iter().sum();
            let jaccard =
                row.iter().zip(&sizes).map(|(&both, &other)| both as f64 / (size + other - both) as f64);
            *sum += jaccard.filter(|share| share.is_finite()).fold(0.0, f64::max);
        }
    }
    sums.into_iter().map(|sum| sum / DRAWINGS as f64).fold(1.0, f64::min)
}
