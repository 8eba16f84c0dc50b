//! Small systems of linear equations.

/// Solves A·X = B by elimination with pivoting; `right` holds the columns of B and becomes those of X. None if A
/// is singular or holds what is no number.
pub(crate) fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let size = matrix.len();
    for at in 0..size {
        let pivot = (at..size).max_by(|&a, &b| matrix[a][at].abs().total_cmp(&matrix[b][at].abs()))?;
        let largest = matrix[pivot][at].abs();
        if largest.is_nan() || largest < f64::MIN_POSITIVE {
            return None;
        }
        matrix.swap(at, pivot);
        for column in &mut right {
            column.swap(at, pivot);
        }
        for row in at + 1..size {
            let factor = matrix[row][at] / matrix[at][at];
            if factor == 0.0 {
                continue;
            }
            let (above, below) = matrix.split_at_mut(row);
            for (cell, &of_pivot) in below[0][at..].iter_mut().zip(&above[at][at..]) {
                *cell -= factor * of_pivot;
            }
            for column in &mut right {
                column[row] -= factor * column[at];
            }
        }
    }
    for column in &mut right {
        for at in (0..size).rev() {
            let known: f64 = (at + 1..size).map(|later| matrix[at][later] * column[later]).sum();
            column[at] = (column[at] - known) / matrix[at][at];
        }
    }
    right.iter().flatten().all(|value| value.is_finite()).then_some(right)
}

/// The inverse of a small matrix, if it has one.
pub(crate) fn inverse<const N: usize>(matrix: &[[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let unit = (0..N).map(|at| (0..N).map(|row| f64::from(u8::from(row == at))).collect()).collect();
    let columns = solve(matrix.iter().map(|row| row.to_vec()).collect(), unit)?;
    Some(std::array::from_fn(|row| std::array::from_fn(|column| columns[column][row])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_with_a_zero_on_the_diagonal() {
        let solved = solve(vec![vec![0.0, 2.0], vec![1.0, 1.0]], vec![vec![4.0, 3.0]]);
        assert_eq!(solved, Some(vec![vec![1.0, 2.0]]));
    }

    #[test]
    fn a_singular_system_has_no_solution() {
        assert_eq!(solve(vec![vec![1.0, 2.0], vec![2.0, 4.0]], vec![vec![1.0, 1.0]]), None);
        assert_eq!(inverse(&[[f64::NAN]]), None);
    }
}
