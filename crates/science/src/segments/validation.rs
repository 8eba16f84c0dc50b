//! What a division is worth on customers that it has not seen: error of the segments' means, by cross-validation,
//! for the division and for coarser ones made by merging its most alike segments.

use crate::random::Random;

/// Share of the variance that segments explain on customers not seen, by how many of them are left.
pub(super) struct Validation {
    /// `explained[k − 1]`: with the segments merged down to `k`.
    pub(super) explained: Vec<f64>,
}

const FOLDS: usize = 5;
const REPEATS: usize = 4;

/// Judges a division into `count` segments; `columns` are what it ought to explain.
pub(super) fn validate(columns: &[Vec<f64>], groups: &[usize], count: usize, seed: u64) -> Validation {
    let rows = groups.len();
    let mut random = Random::new(seed);
    let mut errors = vec![0.0; count];
    let mut base = 0.0;
    for _ in 0..REPEATS {
        let mut order: Vec<usize> = (0..rows).collect();
        for place in (1..rows).rev() {
            order.swap(place, random.below(place + 1));
        }
        for fold in 0..FOLDS {
            let is_asked = |place: usize| place % FOLDS == fold;
            let mut cells = vec![Cell { size: 0.0, sums: vec![0.0; columns.len()] }; count];
            for (_, &row) in order.iter().enumerate().filter(|&(place, _)| !is_asked(place)) {
                cells[groups[row]].add(columns, row);
            }
            let asked: Vec<usize> =
                order.iter().enumerate().filter(|&(place, _)| is_asked(place)).map(|(_, &row)| row).collect();
            base += judge(columns, groups, &asked, cells, &mut errors);
        }
    }
    Validation { explained: errors.into_iter().map(|error| 1.0 - error / base).collect() }
}

#[derive(Clone)]
struct Cell {
    size: f64,
    sums: Vec<f64>,
}

impl Cell {
    fn add(&mut self, columns: &[Vec<f64>], row: usize) {
        self.size += 1.0;
        for (sum, column) in self.sums.iter_mut().zip(columns) {
            *sum += column[row];
        }
    }

    /// Loss of squares by taking two together.
    fn distance(&self, other: &Self) -> f64 {
        if self.size == 0.0 || other.size == 0.0 {
            return 0.0;
        }
        let gap = |(a, b): (&f64, &f64)| (a / self.size - b / other.size).powi(2);
        let squares: f64 = self.sums.iter().zip(&other.sums).map(gap).sum();
        squares * self.size * other.size / (self.size + other.size)
    }
}

/// Adds the squared errors on the rows asked at each number of segments; returns that of the common mean.
fn judge(
    columns: &[Vec<f64>],
    groups: &[usize],
    asked: &[usize],
    mut cells: Vec<Cell>,
    errors: &mut [f64],
) -> f64 {
    let mut together: Vec<usize> = (0..cells.len()).collect();
    let mut left: Vec<usize> = together.clone();
    loop {
        let error: f64 = asked
            .iter()
            .map(|&row| {
                let cell = &cells[together[groups[row]]];
                let miss = |(sum, column): (&f64, &Vec<f64>)| (column[row] - sum / cell.size).powi(2);
                cell.sums.iter().zip(columns).map(miss).filter(|miss| miss.is_finite()).sum::<f64>()
            })
            .sum();
        errors[left.len() - 1] += error;
        if left.len() == 1 {
            return error;
        }
        let mut nearest = (f64::INFINITY, 0, 0);
        for (place, &one) in left.iter().enumerate() {
            for &other in &left[place + 1..] {
                let distance = cells[one].distance(&cells[other]);
                if distance < nearest.0 {
                    nearest = (distance, one, other);
                }
            }
        }
        let (_, into, gone) = nearest;
        let moved = cells[gone].clone();
        cells[into].size += moved.size;
        for (sum, more) in cells[into].sums.iter_mut().zip(&moved.sums) {
            *sum += more;
        }
        left.retain(|&cell| cell != gone);
        for cell in &mut together {
            if *cell == gone {
                *cell = into;
            }
        }
    }
}
