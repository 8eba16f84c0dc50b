//! A decision tree on codes.

use serde::{Deserialize, Serialize};

use super::design::Design;

/// Rows that walk down a tree together.
const ABREAST: usize = 16;

/// A node: rows go left if their code of `column` is one of `width` codes from `low` on, counted around 256, so
/// that the unknown (0) can go either way. A leaf points at itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Node {
    pub column: u16,
    pub low: u8,
    pub width: u8,
    pub left: u16,
    pub right: u16,
    /// Log-odds that a leaf adds.
    pub value: f32,
    /// Training rows that came here.
    pub rows: f32,
}

/// Nodes, the root first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    /// Steps from the root to the furthest leaf.
    pub depth: usize,
}

impl Node {
    pub(super) const fn leaf(place: u16, value: f32, rows: f32) -> Self {
        Self { column: 0, low: 0, width: 0, left: place, right: place, value, rows }
    }

    pub(super) const fn is_leaf(&self, place: usize) -> bool {
        self.left as usize == place
    }

    pub(super) const fn goes_left(&self, code: u8) -> bool {
        code.wrapping_sub(self.low) < self.width
    }

    const fn next(&self, code: u8) -> u16 {
        if self.goes_left(code) { self.left } else { self.right }
    }
}

impl Tree {
    /// Adds the tree's part to the log-odds of rows; `codes` is row after row. Several rows walk abreast, since
    /// one alone waits at every step for the memory.
    pub(super) fn add(&self, codes: &[u8], columns: usize, log_odds: &mut [f64]) {
        let nodes = self.nodes.as_slice();
        for (codes, values) in codes.chunks(columns.max(1) * ABREAST).zip(log_odds.chunks_mut(ABREAST)) {
            let mut places = [0_u16; ABREAST];
            for _ in 0..self.depth {
                for (place, codes) in places.iter_mut().zip(codes.chunks_exact(columns.max(1))) {
                    let node = &nodes[usize::from(*place)];
                    *place = node.next(codes[usize::from(node.column)]);
                }
            }
            for (value, place) in values.iter_mut().zip(places) {
                *value += f64::from(nodes[usize::from(place)].value);
            }
        }
    }

    /// The leaf value of one row of a design.
    pub(super) fn value(&self, design: &Design, row: usize) -> f32 {
        let mut place = 0;
        for _ in 0..self.depth {
            let node = &self.nodes[usize::from(place)];
            place = node.next(design.columns()[usize::from(node.column)].codes[row]);
        }
        self.nodes[usize::from(place)].value
    }
}

/// Codes of some rows, row after row.
pub(super) fn by_row(design: &Design, rows: std::ops::Range<usize>) -> Vec<u8> {
    let columns = design.columns().len();
    let mut codes = vec![0; rows.len() * columns];
    for (place, column) in design.columns().iter().enumerate() {
        for (to, &from) in codes.iter_mut().skip(place).step_by(columns).zip(&column.codes[rows.clone()]) {
            *to = from;
        }
    }
    codes
}
