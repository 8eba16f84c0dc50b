//! Gradient boosting of trees on the logistic loss (Friedman 2001), by histograms, on a share of rows and columns
//! per tree.

use serde::{Deserialize, Serialize};

use super::calibration::probability;
use super::design::Design;
use super::folds::shuffle;
use super::histogram::{Histogram, Split, Sums};
use super::metrics::log_loss;
use super::shapley;
use super::tree::{Node, Tree, by_row};
use crate::random::Random;

/// Rows scored together: their codes stay in the cache while the trees pass.
const BLOCK: usize = 1024;

/// How trees are grown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trees {
    /// Trees at most.
    pub rounds: usize,
    /// Steps from root to leaf at most.
    pub depth: usize,
    /// Leaves per tree at most.
    pub leaves: usize,
    /// Share of its best step that a tree takes.
    pub rate: f64,
    /// Share of the rows that a tree sees.
    pub rows: f64,
    /// Share of the columns that a tree sees.
    pub columns: f64,
    /// Precision of a leaf's value around 0.
    pub ridge: f64,
    /// Least sum of p(1−p) in a leaf.
    pub least_curvature: f64,
    /// Rounds without gain on the held-out rows until it stops.
    pub patience: usize,
    /// Rounds between looks at the held-out rows.
    pub stride: usize,
}

/// Grown trees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Boosted {
    start: f64,
    trees: Vec<Tree>,
}

/// How log-odds of held-out rows went on while trees were added.
#[derive(Debug, Clone, PartialEq)]
pub struct Staged {
    /// Log-odds of each held-out row after every `stride` trees.
    pub log_odds: Vec<Vec<f64>>,
    /// All trees grown.
    pub model: Boosted,
}

struct Grower<'a> {
    trees: &'a Trees,
    design: &'a Design,
    outcomes: &'a [bool],
    log_odds: Vec<f64>,
    gradients: Vec<[f32; 2]>,
    random: Random,
}

/// A leaf that may still be parted.
struct Open {
    place: usize,
    start: usize,
    end: usize,
    depth: usize,
    total: Sums,
    histogram: Option<Histogram>,
    split: Option<Split>,
}

impl Trees {
    /// Grows all rounds on a design with one outcome per row.
    #[must_use]
    pub fn fit(&self, design: &Design, outcomes: &[bool], seed: u64) -> Boosted {
        let mut grower = Grower::new(self, design, outcomes, seed);
        let start = grower.log_odds.first().copied().unwrap_or_default();
        let trees = (0..self.rounds).map_while(|_| grower.grow()).collect();
        Boosted { start, trees }
    }

    /// Grows until the loss on held-out rows no longer falls.
    #[must_use]
    pub fn fit_watching(
        &self,
        design: &Design,
        outcomes: &[bool],
        held_out: &Design,
        held_out_outcomes: &[bool],
        seed: u64,
    ) -> Staged {
        let mut grower = Grower::new(self, design, outcomes, seed);
        let start = grower.log_odds.first().copied().unwrap_or_default();
        let codes = by_row(held_out, 0..held_out.rows());
        let mut now = vec![start; held_out.rows()];
        let mut stages = Vec::new();
        let mut trees = Vec::new();
        let (mut least, mut least_at) = (f64::INFINITY, 0);
        while trees.len() < self.rounds {
            let Some(tree) = grower.grow() else { break };
            tree.add(&codes, held_out.columns().len(), &mut now);
            trees.push(tree);
            if trees.len() % self.stride != 0 {
                continue;
            }
            stages.push(now.clone());
            let said: Vec<f64> = now.iter().map(|&value| probability(value)).collect();
            let loss = log_loss(&said, held_out_outcomes);
            if loss < least {
                (least, least_at) = (loss, trees.len());
            }
            if trees.len() >= least_at + self.patience {
                break;
            }
        }
        Staged { log_odds: stages, model: Boosted { start, trees } }
    }
}

impl<'a> Grower<'a> {
    fn new(trees: &'a Trees, design: &'a Design, outcomes: &'a [bool], seed: u64) -> Self {
        let positives = outcomes.iter().filter(|&&outcome| outcome).count() as f64;
        let start = ((positives + 0.5) / (outcomes.len() as f64 - positives + 0.5)).ln();
        Self {
            trees,
            design,
            outcomes,
            log_odds: vec![start; outcomes.len()],
            gradients: vec![[0.0; 2]; outcomes.len()],
            random: Random::new(seed),
        }
    }

    /// One more tree; none when there is nothing left to part.
    fn grow(&mut self) -> Option<Tree> {
        for ((gradient, &value), &outcome) in self.gradients.iter_mut().zip(&self.log_odds).zip(self.outcomes)
        {
            let p = probability(value);
            *gradient = [(p - f64::from(u8::from(outcome))) as f32, (p * (1.0 - p)).max(1e-6) as f32];
        }
        let mut rows = self.drawn_rows();
        let columns = self.drawn_columns();
        let mut nodes = vec![Node::leaf(0, 0.0, rows.len() as f32)];
        let whole = self.open(0, &rows, 0, 0, None, &columns);
        let mut open = vec![whole];
        let mut scratch = Vec::new();
        let mut depth = 0;
        for _ in 1..self.trees.leaves {
            let gain = |leaf: &Open| leaf.split.map_or(0.0, |split| split.gain);
            let Some(best) = (0..open.len()).max_by(|&a, &b| gain(&open[a]).total_cmp(&gain(&open[b])))
            else {
                break;
            };
            let Some(split) = open[best].split else { break };
            let leaf = open.swap_remove(best);
            let middle = leaf.start + self.part(&mut rows[leaf.start..leaf.end], &split, &mut scratch);
            let left = nodes.len();
            nodes.push(Node::leaf(left as u16, 0.0, (middle - leaf.start) as f32));
            nodes.push(Node::leaf(left as u16 + 1, 0.0, (leaf.end - middle) as f32));
            let node = &mut nodes[leaf.place];
            (node.column, node.low, node.width) = (split.column as u16, split.low, split.width);
            (node.left, node.right) = (left as u16, left as u16 + 1);
            depth = depth.max(leaf.depth + 1);
            self.open_both(leaf, &split, middle, left, &rows, &columns, &mut open);
        }
        if nodes.len() == 1 {
            return None;
        }
        for leaf in &open {
            let value = -leaf.total.gradient / (leaf.total.curvature + self.trees.ridge);
            nodes[leaf.place].value = (self.trees.rate * value) as f32;
        }
        let tree = Tree { nodes, depth };
        self.take(&tree, &open, &rows);
        Some(tree)
    }

    /// The two new leaves: the smaller is summed up, the larger is what remains.
    #[expect(clippy::too_many_arguments, reason = "one caller; the pieces of a tree that is being grown")]
    fn open_both(
        &self,
        leaf: Open,
        split: &Split,
        middle: usize,
        left: usize,
        rows: &[u32],
        columns: &[usize],
        open: &mut Vec<Open>,
    ) {
        let right_total = Sums {
            gradient: leaf.total.gradient - split.left.gradient,
            curvature: leaf.total.curvature - split.left.curvature,
        };
        let depth = leaf.depth + 1;
        let mut halves = [(left, leaf.start, middle, split.left), (left + 1, middle, leaf.end, right_total)];
        if middle - leaf.start > leaf.end - middle {
            halves.swap(0, 1);
        }
        let last = depth >= self.trees.depth || open.len() + 2 >= self.trees.leaves;
        let mut small_histogram = None;
        for (which, (place, start, end, total)) in halves.into_iter().enumerate() {
            if last {
                open.push(Open { place, start, end, depth, total, histogram: None, split: None });
                continue;
            }
            if which == 0 {
                let small = self.open(place, &rows[start..end], start, depth, Some(total), columns);
                small_histogram.clone_from(&small.histogram);
                open.push(small);
                continue;
            }
            let histogram = match (&leaf.histogram, &small_histogram) {
                (Some(all), Some(small)) => Some(all.clone().without(small, self.design, columns)),
                _ => None,
            };
            let split = histogram.as_ref().and_then(|histogram| self.best(histogram, total, columns));
            open.push(Open { place, start, end, depth, total, histogram, split });
        }
    }

    fn open(
        &self,
        place: usize,
        rows: &[u32],
        start: usize,
        depth: usize,
        total: Option<Sums>,
        columns: &[usize],
    ) -> Open {
        let gradients: Vec<[f32; 2]> = rows.iter().map(|&row| self.gradients[row as usize]).collect();
        let total = total.unwrap_or_else(|| {
            gradients.iter().fold(Sums::default(), |sum, &[gradient, curvature]| Sums {
                gradient: sum.gradient + f64::from(gradient),
                curvature: sum.curvature + f64::from(curvature),
            })
        });
        let histogram = Histogram::build(self.design, columns, rows, &gradients);
        let split = self.best(&histogram, total, columns);
        Open { place, start, end: start + rows.len(), depth, total, histogram: Some(histogram), split }
    }

    fn best(&self, histogram: &Histogram, total: Sums, columns: &[usize]) -> Option<Split> {
        histogram.best(self.design, columns, total, self.trees.ridge, self.trees.least_curvature)
    }

    /// Rows that go left to the front, both sides in their order; returns how many.
    fn part(&self, rows: &mut [u32], split: &Split, right: &mut Vec<u32>) -> usize {
        let codes = self.design.columns()[split.column].codes.as_slice();
        right.clear();
        let mut kept = 0;
        for at in 0..rows.len() {
            let row = rows[at];
            if codes[row as usize].wrapping_sub(split.low) < split.width {
                rows[kept] = row;
                kept += 1;
            } else {
                right.push(row);
            }
        }
        rows[kept..].copy_from_slice(right);
        kept
    }

    /// Moves all training rows on by the tree: those it saw by their leaf, the others by walking down.
    fn take(&mut self, tree: &Tree, leaves: &[Open], rows: &[u32]) {
        let sampled = rows.len() < self.log_odds.len();
        if sampled {
            let mut values = vec![f32::NAN; self.log_odds.len()];
            for leaf in leaves {
                let value = tree.nodes[leaf.place].value;
                rows[leaf.start..leaf.end].iter().for_each(|&row| values[row as usize] = value);
            }
            for (row, (value, log_odds)) in values.into_iter().zip(&mut self.log_odds).enumerate() {
                let value = if value.is_nan() { tree.value(self.design, row) } else { value };
                *log_odds += f64::from(value);
            }
            return;
        }
        for leaf in leaves {
            let value = f64::from(tree.nodes[leaf.place].value);
            rows[leaf.start..leaf.end].iter().for_each(|&row| self.log_odds[row as usize] += value);
        }
    }

    fn drawn_rows(&mut self) -> Vec<u32> {
        let count = self.outcomes.len();
        if self.trees.rows >= 1.0 {
            return (0..count as u32).collect();
        }
        const FINE: usize = 1 << 20;
        let bound = (self.trees.rows * FINE as f64) as usize;
        (0..count as u32).filter(|_| self.random.below(FINE) < bound).collect()
    }

    fn drawn_columns(&mut self) -> Vec<usize> {
        let mut columns: Vec<usize> = (0..self.design.columns().len()).collect();
        let count = (self.trees.columns * columns.len() as f64).ceil() as usize;
        shuffle(&mut columns, &mut self.random);
        columns.truncate(count.max(1));
        columns.sort_unstable();
        columns
    }
}

impl Boosted {
    /// Trees grown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// Whether nothing was found to part.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }

    /// The first trees only.
    #[must_use]
    pub fn first(mut self, rounds: usize) -> Self {
        self.trees.truncate(rounds);
        self
    }

    /// Log-odds of each row.
    #[must_use]
    pub fn log_odds(&self, design: &Design) -> Vec<f64> {
        let mut log_odds = vec![self.start; design.rows()];
        for (block, values) in log_odds.chunks_mut(BLOCK).enumerate() {
            let codes = by_row(design, block * BLOCK..block * BLOCK + values.len());
            for tree in &self.trees {
                tree.add(&codes, design.columns().len(), values);
            }
        }
        log_odds
    }

    /// Adds `weight` times the part of each column in the log-odds of a row to `parts`; returns that of no column.
    pub fn explain(&self, design: &Design, row: usize, weight: f64, parts: &mut [f64]) -> f64 {
        let means = self.trees.iter().map(|tree| shapley::explain(tree, design, row, weight, parts));
        weight * self.start + means.sum::<f64>()
    }
}
