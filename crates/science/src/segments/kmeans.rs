//! k-means (Lloyd, started by k-means++) on standardised columns.

use crate::random::Random;

/// Centres and where each row belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct KMeans {
    /// One per cluster.
    pub centres: Vec<Vec<f64>>,
    /// Number of the cluster by row.
    pub clusters: Vec<usize>,
    /// Sum of squared distances to the own centre.
    pub within: f64,
}

const STARTS: usize = 4;
const MOST_ROUNDS: usize = 50;

/// The best of four starts with `k` clusters (at least 1, at most as many as there are points); points of equal
/// length without unknown values.
#[must_use]
pub fn k_means(points: &[Vec<f64>], k: usize, seed: u64) -> KMeans {
    let mut random = Random::new(seed);
    let k = k.clamp(1, points.len().max(1));
    let mut best = run(points, k, &mut random);
    for _ in 1..STARTS {
        let other = run(points, k, &mut random);
        if other.within < best.within {
            best = other;
        }
    }
    best
}

fn run(points: &[Vec<f64>], k: usize, random: &mut Random) -> KMeans {
    let mut centres = start(points, k, random);
    let mut clusters = vec![0; points.len()];
    for _ in 0..MOST_ROUNDS {
        let found: Vec<usize> = points.iter().map(|point| nearest(&centres, point).0).collect();
        let settled = found == clusters;
        clusters = found;
        let mut sums = vec![(0.0, vec![0.0; points.first().map_or(0, Vec::len)]); centres.len()];
        for (point, &cluster) in points.iter().zip(&clusters) {
            sums[cluster].0 += 1.0;
            sums[cluster].1.iter_mut().zip(point).for_each(|(sum, value)| *sum += value);
        }
        for (centre, (size, sum)) in centres.iter_mut().zip(sums) {
            if size > 0.0 {
                *centre = sum.into_iter().map(|sum| sum / size).collect();
            }
        }
        if settled {
            break;
        }
    }
    let within = points.iter().map(|point| nearest(&centres, point).1).sum();
    KMeans { centres, clusters, within }
}

fn start(points: &[Vec<f64>], k: usize, random: &mut Random) -> Vec<Vec<f64>> {
    let mut centres: Vec<Vec<f64>> = Vec::with_capacity(k);
    if points.is_empty() {
        return centres;
    }
    centres.push(points[random.below(points.len())].clone());
    while centres.len() < k {
        let far: Vec<f64> = points.iter().map(|point| nearest(&centres, point).1).collect();
        let total: f64 = far.iter().sum();
        let mut left = total * random.below(1 << 53) as f64 / (1_u64 << 53) as f64;
        let next = far.iter().position(|&square| {
            left -= square;
            left < 0.0
        });
        centres.push(points[next.unwrap_or_else(|| random.below(points.len()))].clone());
    }
    centres
}

/// The nearest centre and the squared distance to it.
pub(super) fn nearest(centres: &[Vec<f64>], point: &[f64]) -> (usize, f64) {
    centres
        .iter()
        .map(|centre| square(centre, point))
        .enumerate()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, 0.0))
}

pub(super) fn square(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| (left - right).powi(2)).sum()
}
