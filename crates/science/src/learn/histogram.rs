//! Sums of gradients by code, and the best split they show.

use super::design::{CODES, Codes, Design};
use super::parallel;

/// Cells (rows × columns) from which a histogram is worth a second thread.
const CELLS_PER_THREAD: usize = 150_000;

/// First and second derivative of the loss, summed over rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub gradient: f64,
    pub curvature: f64,
}

impl Sums {
    fn plus(self, other: Self) -> Self {
        Self { gradient: self.gradient + other.gradient, curvature: self.curvature + other.curvature }
    }

    fn minus(self, other: Self) -> Self {
        Self { gradient: self.gradient - other.gradient, curvature: self.curvature - other.curvature }
    }

    /// Twice the loss that the best constant saves.
    pub(super) fn saving(self, ridge: f64) -> f64 {
        self.gradient * self.gradient / (self.curvature + ridge)
    }
}

/// Sums by code for each of some columns.
#[derive(Debug, Clone)]
pub(super) struct Histogram(Vec<[Sums; CODES]>);

/// A way to part the rows of a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    pub gain: f64,
    pub column: usize,
    pub low: u8,
    pub width: u8,
    pub left: Sums,
}

impl Histogram {
    /// Sums over `rows` for `columns` of a design; `gradients` are in the order of `rows`.
    pub(super) fn build(design: &Design, columns: &[usize], rows: &[u32], gradients: &[[f32; 2]]) -> Self {
        let mut sums = vec![[Sums::default(); CODES]; columns.len()];
        let fill = |columns: &[usize], sums: &mut [[Sums; CODES]]| {
            for (&column, sums) in columns.iter().zip(sums) {
                let codes = design.columns()[column].codes.as_slice();
                for (&row, &[gradient, curvature]) in rows.iter().zip(gradients) {
                    let cell = &mut sums[usize::from(codes[row as usize]) % CODES];
                    cell.gradient += f64::from(gradient);
                    cell.curvature += f64::from(curvature);
                }
            }
        };
        let threads = parallel::threads().min(rows.len() * columns.len() / CELLS_PER_THREAD);
        if threads < 2 {
            fill(columns, &mut sums);
            return Self(sums);
        }
        let share = columns.len().div_ceil(threads);
        std::thread::scope(|scope| {
            for (columns, sums) in columns.chunks(share).zip(sums.chunks_mut(share)) {
                scope.spawn(move || fill(columns, sums));
            }
        });
        Self(sums)
    }

    /// What is left when the rows of another are taken away.
    pub(super) fn without(mut self, other: &Self, design: &Design, columns: &[usize]) -> Self {
        for ((mine, others), &column) in self.0.iter_mut().zip(&other.0).zip(columns) {
            let count = design.columns()[column].count;
            for (mine, other) in mine.iter_mut().zip(others).take(count) {
                *mine = mine.minus(*other);
            }
        }
        self
    }

    /// The split that saves most, if any does.
    pub(super) fn best(
        &self,
        design: &Design,
        columns: &[usize],
        total: Sums,
        ridge: f64,
        least_curvature: f64,
    ) -> Option<Split> {
        let mut best: Option<Split> = None;
        let mut floor = total.saving(ridge) + 1e-6;
        for (sums, &column) in self.0.iter().zip(columns) {
            let mut consider = |left: Sums, low: u8, width: u8| {
                let right = total.minus(left);
                if left.curvature < least_curvature || right.curvature < least_curvature {
                    return;
                }
                let saving = left.saving(ridge) + right.saving(ridge);
                if saving > floor {
                    floor = saving;
                    let gain = saving - total.saving(ridge);
                    best = Some(Split { gain, column, low, width, left });
                }
            };
            splits(sums, &design.columns()[column], total, &mut consider);
        }
        best
    }
}

/// Offers the sums on the left of every split of a column. Where the unknown was never met, it goes with the
/// heavier side.
fn splits(sums: &[Sums; CODES], column: &Codes, total: Sums, consider: &mut impl FnMut(Sums, u8, u8)) {
    let codes = sums.iter().enumerate().take(column.count);
    if column.places.is_empty() {
        codes.for_each(|(code, &sum)| consider(sum, code as u8, 1));
        return;
    }
    let unknown = sums[0];
    let met = unknown.curvature > 0.0;
    if met {
        consider(unknown, 0, 1);
    }
    let mut known = Sums::default();
    for (code, &sum) in codes.skip(1).filter(|(_, sum)| sum.curvature > 0.0) {
        known = known.plus(sum);
        if met || known.curvature * 2.0 < total.curvature {
            consider(known, 1, code as u8);
        }
        if met || known.curvature * 2.0 >= total.curvature {
            consider(known.plus(unknown), 0, code as u8 + 1);
        }
    }
}
