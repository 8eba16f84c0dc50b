//! Who is left alone: a stable choice by play, stratified by star, whole customer trees together.

use std::collections::BTreeMap;

use domain::star::StarRating;

use crate::random::mixed;

/// A customer that a play could be used on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The id of the topmost node of the customer's tree: the customer's own if it stands alone.
    pub tree: &'a str,
    /// The customer's own star.
    pub star: StarRating,
}

/// The choice for one play: below which number a tree of each star is left alone.
///
/// The choice depends on nothing but the play and the trees that were there when it was made, not on their
/// order; a tree that comes later is judged by [`HoldOut::leaves_alone`] and moves nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldOut {
    play: String,
    /// By star, 1 first; the tree's star is the highest within it.
    cuts: [u128; 5],
}

impl HoldOut {
    /// Leaves about `share` (0 to 1) of the trees of each star alone, to the tree.
    #[must_use]
    pub fn plan(play: &str, candidates: &[Candidate<'_>], share: f64) -> Self {
        let mut trees: BTreeMap<&str, StarRating> = BTreeMap::new();
        for candidate in candidates {
            let star = trees.entry(candidate.tree).or_insert(candidate.star);
            *star = (*star).max(candidate.star);
        }
        let mut strata: [Vec<u64>; 5] = Default::default();
        for (tree, star) in trees {
            strata[stratum(star)].push(number(play, tree));
        }
        let mut cuts = [0; 5];
        for (at, stratum) in strata.iter_mut().enumerate() {
            stratum.sort_unstable();
            // What is left of a whole tree is decided by the play, so that small strata get their share too.
            let rounding = number(play, &format!("star {}", at + 1)) as f64 / 2.0_f64.powi(64);
            let alone = (share.clamp(0.0, 1.0) * stratum.len() as f64 + rounding).floor() as usize;
            cuts[at] = match stratum.get(alone) {
                Some(&first_in) => u128::from(first_in),
                None if stratum.is_empty() => (share.clamp(0.0, 1.0) * 2.0_f64.powi(64)) as u128,
                None => 1 << 64,
            };
        }
        Self { play: play.to_owned(), cuts }
    }

    /// Whether a tree is left alone; `star` is the highest within it when the choice was made.
    #[must_use]
    pub fn leaves_alone(&self, tree: &str, star: StarRating) -> bool {
        u128::from(number(&self.play, tree)) < self.cuts[stratum(star)]
    }
}

fn stratum(star: StarRating) -> usize {
    usize::from(star.get()) - 1
}

/// A number that never changes for a play and a tree: FNV-1a, then mixed so that like ids lie far apart.
fn number(play: &str, tree: &str) -> u64 {
    let bytes = play.bytes().chain([0]).chain(tree.bytes());
    mixed(bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn star(stars: u8) -> StarRating {
        StarRating::try_from(stars).expect("a star")
    }

    fn ids(count: usize) -> Vec<String> {
        (0..count).map(|at| format!("K{at}")).collect()
    }

    #[test]
    fn each_star_gives_its_share_to_the_tree() {
        let ids = ids(1_000);
        let candidates: Vec<Candidate> = ids
            .iter()
            .enumerate()
            .map(|(at, tree)| Candidate { tree, star: star((at % 5) as u8 + 1) })
            .collect();
        let plan = HoldOut::plan("care call", &candidates, 0.1);
        for stars in 1..=5 {
            let alone =
                candidates.iter().filter(|c| c.star.get() == stars && plan.leaves_alone(c.tree, c.star));
            assert!((20..=21).contains(&alone.count()), "{stars}");
        }
    }

    #[test]
    fn neither_order_nor_newcomers_move_anybody_and_plays_differ() {
        let ids = ids(400);
        let mut candidates: Vec<Candidate> =
            ids.iter().map(|tree| Candidate { tree, star: star(2) }).collect();
        let plan = HoldOut::plan("upgrade", &candidates, 0.2);
        candidates.reverse();
        assert_eq!(plan, HoldOut::plan("upgrade", &candidates, 0.2));
        let other = HoldOut::plan("visit", &candidates, 0.2);
        let alone = |plan: &HoldOut| candidates.iter().filter(|c| plan.leaves_alone(c.tree, c.star)).count();
        assert_eq!((alone(&plan), alone(&other)), (80, 80));
        let both = candidates
            .iter()
            .filter(|c| plan.leaves_alone(c.tree, c.star) && other.leaves_alone(c.tree, c.star));
        assert!((6..=28).contains(&both.count()), "chosen independently by play");
    }

    #[test]
    fn a_tree_counts_once_with_its_highest_star() {
        let parts = [Candidate { tree: "K1", star: star(5) }, Candidate { tree: "K1", star: star(1) }];
        let plan = HoldOut::plan("p", &parts, 1.0);
        assert!(plan.leaves_alone("K1", star(5)));
        assert_eq!(plan, HoldOut::plan("p", &parts[..1], 1.0));
    }

    #[test]
    fn small_strata_get_their_share_over_many_plays() {
        let few = [Candidate { tree: "K1", star: star(5) }, Candidate { tree: "K2", star: star(5) }];
        let alone: usize = (0..1_000)
            .map(|play| {
                let plan = HoldOut::plan(&format!("play {play}"), &few, 0.1);
                few.iter().filter(|c| plan.leaves_alone(c.tree, c.star)).count()
            })
            .sum();
        assert!((150..=250).contains(&alone), "{alone}");
    }
}
