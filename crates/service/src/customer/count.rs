//! How many customers each choice would show: per code of each list, that list itself left aside.

use domain::LifecycleStage;

use super::Facet;
use super::index::CustomerIndex;
use super::select::{BLOCK, Block, Filter, LISTS};

/// How many rows fit per code of each list, the list itself left aside.
pub(super) struct Counts(pub [Vec<u64>; LISTS]);

impl Counts {
    pub fn new() -> Self {
        Self(std::array::from_fn(|list| {
            vec![
                0;
                list.checked_sub(1).map_or(LifecycleStage::COUNT, |facet| Facet::ALL[facet].codes().len())
            ]
        }))
    }

    /// Counts a block and marks the rows of it that fit.
    pub fn add(&mut self, index: &CustomerIndex, filter: &Filter, block: &Block, marks: &mut [u8]) {
        let rows = &block.rows;
        let mut aside = [0; BLOCK];
        let aside = &mut aside[..rows.len()];
        let mut without_lists = [0; BLOCK];
        let without_lists = &mut without_lists[..rows.len()];
        filter.mark(index, block, without_lists);
        marks.copy_from_slice(without_lists);
        for list in 0..LISTS {
            filter.mark_list(index, list, rows.clone(), marks);
        }
        for (list, counts) in self.0.iter_mut().enumerate() {
            let column = &index.list(list)[rows.clone()];
            let fitting: &[u8] = if filter.lists[list].is_none() {
                marks
            } else {
                aside.copy_from_slice(without_lists);
                for other in (0..LISTS).filter(|&other| other != list) {
                    filter.mark_list(index, other, rows.clone(), aside);
                }
                aside
            };
            for (code, count) in (0_u8..).zip(counts) {
                *count += count_marked(fitting, column, code);
            }
        }
    }
}

/// Rows in which bytes can be added up without overflow.
const ADDED: usize = 128;

fn count_marked(marks: &[u8], codes: &[u8], code: u8) -> u64 {
    let chunks = marks.chunks(ADDED).zip(codes.chunks(ADDED));
    let count = |(marks, codes): (&[u8], &[u8])| {
        let marked = marks.iter().zip(codes).map(|(&mark, &of_row)| mark & u8::from(of_row == code));
        u64::from(marked.sum::<u8>())
    };
    chunks.map(count).sum()
}
