//! Whether scores still lie as they did: the population stability index.

use serde::{Deserialize, Serialize};

/// Parts whose shares are compared.
const PARTS: usize = 10;
/// What every part counts beyond its scores, so that an empty one has a logarithm.
const LEAST: f64 = 0.5;

/// How scores lay once: about a tenth of them between each two cuts. Equal scores are never parted, so that a model
/// of few steps has fewer and larger parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    cuts: Vec<f64>,
    shares: Vec<f64>,
}

impl Spread {
    /// Of some scores; none of no scores.
    #[must_use]
    pub fn of(mut scores: Vec<f64>) -> Option<Self> {
        scores.sort_by(f64::total_cmp);
        let cut = |part: usize| scores.get(part * scores.len() / PARTS).copied();
        let mut cuts: Vec<f64> = (1..PARTS).filter_map(cut).collect();
        cuts.dedup();
        let shares = shares(&cuts, &scores);
        (!cuts.is_empty()).then_some(Self { cuts, shares })
    }

    /// The index of other scores against these: 0 if they lie alike, above 0.25 by custom a reason to look.
    #[must_use]
    pub fn stability(&self, scores: &[f64]) -> f64 {
        let now = shares(&self.cuts, scores);
        now.iter().zip(&self.shares).map(|(now, then)| (now - then) * (now / then).ln()).sum()
    }
}

fn shares(cuts: &[f64], scores: &[f64]) -> Vec<f64> {
    let mut counts = vec![LEAST; cuts.len() + 1];
    for &score in scores {
        counts[cuts.partition_point(|&cut| cut <= score)] += 1.0;
    }
    let total: f64 = counts.iter().sum();
    counts.into_iter().map(|count| count / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_that_lie_alike_are_calm_and_those_that_move_are_not() {
        let even: Vec<f64> = (0..1_000).map(|n| f64::from(n) / 1_000.0).collect();
        let spread = Spread::of(even.clone()).expect("scores");
        assert!(spread.stability(&even) < 1e-12);
        let later: Vec<f64> = (0..300).map(|n| f64::from(n) / 300.0).collect();
        assert!(spread.stability(&later) < 0.01, "{}", spread.stability(&later));
        let moved: Vec<f64> = even.iter().map(|score| score * 0.4).collect();
        assert!(spread.stability(&moved) > 0.25, "{}", spread.stability(&moved));
    }

    #[test]
    fn equal_scores_are_no_drift() {
        let few: Vec<f64> = (0..100).map(|n| if n < 70 { 0.01 } else { 0.2 }).collect();
        let spread = Spread::of(few.clone()).expect("scores");
        assert!(spread.stability(&few) < 1e-12);
        assert!(spread.stability(&vec![0.2; 100]) > 0.25);
        assert_eq!(Spread::of(Vec::new()), None);
    }
}
