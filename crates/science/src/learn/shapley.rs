//! What each column adds to a tree's answer: Shapley values of the game in which a column that is left out is
//! answered by the training rows' shares of the branches (Lundberg, Erion & Lee 2018, path-dependent), exact.

use super::design::Design;
use super::tree::Tree;

/// A column on the way to a leaf: whether the row goes that way, and the share of training rows that do.
#[derive(Debug, Clone, Copy)]
struct Step {
    column: u16,
    follows: bool,
    share: f64,
}

/// Adds `weight` times each column's part in the tree's answer for a row to `parts`; returns that of no column,
/// the mean answer over training rows.
pub(super) fn explain(tree: &Tree, design: &Design, row: usize, weight: f64, parts: &mut [f64]) -> f64 {
    let mut path = Vec::with_capacity(tree.depth);
    walk(tree, design, row, weight, 0, &mut path, parts)
}

fn walk(
    tree: &Tree,
    design: &Design,
    row: usize,
    weight: f64,
    place: usize,
    path: &mut Vec<Step>,
    parts: &mut [f64],
) -> f64 {
    let node = &tree.nodes[place];
    if node.is_leaf(place) {
        return settle(path, weight * f64::from(node.value), parts);
    }
    let goes_left = node.goes_left(design.columns()[usize::from(node.column)].codes[row]);
    let mut mean = 0.0;
    for (child, follows) in [(node.left, goes_left), (node.right, !goes_left)] {
        let child = usize::from(child);
        let share = f64::from(tree.nodes[child].rows) / f64::from(node.rows);
        let met = path.iter().position(|step| step.column == node.column);
        let before = met.map(|at| path[at]);
        match met {
            Some(at) => {
                path[at].follows &= follows;
                path[at].share *= share;
            }
            None => path.push(Step { column: node.column, follows, share }),
        }
        mean += walk(tree, design, row, weight, child, path, parts);
        match (met, before) {
            (Some(at), Some(before)) => path[at] = before,
            _ => drop(path.pop()),
        }
    }
    mean
}

/// Shares out a leaf's value. With m columns on the path, column i earns
/// value · (followsᵢ − shareᵢ) · Σ over sets S of the others of |S|! (m−|S|−1)! / m! · Π in S follows · Π not in S share.
fn settle(path: &[Step], value: f64, parts: &mut [f64]) -> f64 {
    let count = path.len();
    // `sums[k]`: over sets of k others, the product of who follows inside and shares outside.
    let mut sums = vec![0.0; count + 1];
    for (place, step) in path.iter().enumerate() {
        sums.fill(0.0);
        sums[0] = 1.0;
        for (others, other) in
            path.iter().enumerate().filter(|&(at, _)| at != place).map(|(_, step)| step).enumerate()
        {
            let follows = f64::from(u8::from(other.follows));
            for size in (0..=others).rev() {
                sums[size + 1] += sums[size] * follows;
                sums[size] *= other.share;
            }
        }
        let mut chance = 1.0 / count as f64;
        let mut earned = 0.0;
        for (size, sum) in sums.iter().take(count).enumerate() {
            earned += chance * sum;
            chance *= (size + 1) as f64 / (count - size - 1).max(1) as f64;
        }
        let follows = f64::from(u8::from(step.follows));
        parts[usize::from(step.column)] += value * (follows - step.share) * earned;
    }
    value * path.iter().map(|step| step.share).product::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::design::Codes;
    use crate::learn::tree::Node;
    use proptest::prelude::*;

    /// A full tree of three levels over three columns of codes 0 to 3, leaf rows as given.
    fn tree(splits: &[(u16, u8); 7], leaves: &[(f32, u8); 8]) -> Tree {
        let mut nodes = Vec::new();
        for (place, &(column, low)) in splits.iter().enumerate() {
            let (left, right) = (2 * place as u16 + 1, 2 * place as u16 + 2);
            nodes.push(Node { column, low, width: 2, left, right, value: 0.0, rows: 0.0 });
        }
        for (place, &(value, rows)) in leaves.iter().enumerate() {
            nodes.push(Node::leaf(place as u16 + 7, value, f32::from(rows)));
        }
        for place in (0..7).rev() {
            nodes[place].rows = nodes[2 * place + 1].rows + nodes[2 * place + 2].rows;
        }
        Tree { nodes, depth: 3 }
    }

    /// The answer when only the columns of `known` may be looked at.
    fn answer(tree: &Tree, codes: &[u8], known: u8, place: usize) -> f64 {
        let node = &tree.nodes[place];
        if node.is_leaf(place) {
            return f64::from(node.value);
        }
        let (left, right) = (usize::from(node.left), usize::from(node.right));
        if known >> node.column & 1 == 1 {
            let next = if node.goes_left(codes[usize::from(node.column)]) { left } else { right };
            return answer(tree, codes, known, next);
        }
        let share = f64::from(tree.nodes[left].rows / node.rows);
        share * answer(tree, codes, known, left) + (1.0 - share) * answer(tree, codes, known, right)
    }

    proptest! {
        #[test]
        fn parts_are_what_columns_add_over_all_orders_of_learning_them(
            splits in prop::array::uniform7((0_u16..3, 0_u8..4)),
            leaves in prop::array::uniform8((-2.0..2.0_f32, 1_u8..50)),
            codes in prop::array::uniform3(0_u8..4),
        ) {
            let tree = tree(&splits, &leaves);
            let columns = codes.iter().map(|&code| Codes { codes: vec![code], count: 4, places: Vec::new() });
            let design = Design::new(1, columns.collect());
            let mut parts = [0.0; 3];
            let base = explain(&tree, &design, 0, 1.0, &mut parts);
            prop_assert!((base - answer(&tree, &codes, 0, 0)).abs() < 1e-6);
            for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                let mut known = 0;
                for column in order {
                    let before = answer(&tree, &codes, known, 0);
                    known |= 1 << column;
                    parts[column] -= (answer(&tree, &codes, known, 0) - before) / 6.0;
                }
            }
            prop_assert!(parts.iter().all(|part| part.abs() < 1e-5), "{:?}", parts);
        }
    }
}
