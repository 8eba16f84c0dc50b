//! Who is compared with whom: those that share something. Nobody is compared with everybody.

use super::record::Prepared;

/// Up to so many records that share a thing are all compared with each other.
pub(super) const WHOLE: usize = 64;
/// Of more than that, each with so many that follow by name; so the number of pairs stays linear.
const WINDOW: usize = 8;
/// Each record is also compared with so many that follow when all are ordered by name.
const NEIGHBOURS: usize = 4;

/// Records by what they share.
#[derive(Debug)]
pub(super) struct Blocks {
    /// What is shared and by whom, in order; things that only one record has are left out.
    entries: Vec<(u64, u32)>,
}

impl Blocks {
    /// Gathers the keys and fills in how many records have each.
    pub fn new(records: &mut [Prepared]) -> Self {
        let mut all: Vec<(u64, u32, u32)> = Vec::new();
        for (record, prepared) in records.iter().enumerate() {
            all.extend(
                prepared.keys.iter().enumerate().map(|(place, key)| (key.hash, record as u32, place as u32)),
            );
        }
        all.sort_unstable();
        let mut entries = Vec::new();
        for block in all.chunk_by(|one, other| one.0 == other.0).filter(|block| block.len() > 1) {
            for &(hash, record, place) in block {
                let key = &mut records[record as usize].keys[place as usize];
                key.count = block.len() as u32;
                if key.kind.leads() {
                    entries.push((hash, record));
                }
            }
        }
        Self { entries }
    }

    /// Calls for each pair that shares something, perhaps more than once.
    pub fn each(&self, records: &[Prepared], compare: &mut impl FnMut(usize, usize)) {
        for block in self.entries.chunk_by(|one, other| one.0 == other.0) {
            let mut members: Vec<usize> = block.iter().map(|&(_, record)| record as usize).collect();
            let window = if members.len() > WHOLE {
                members.sort_by(|&one, &other| by_name(&records[one], &records[other]));
                WINDOW
            } else {
                WHOLE
            };
            pairs_within(&members, window, compare);
        }
    }
}

/// Calls for records that stand close together when all are ordered by name: a sorted neighbourhood
/// (M. A. Hernández, S. J. Stolfo, "The Merge/Purge Problem for Large Databases", SIGMOD 1995). Finds names whose
/// end was left out or garbled so that their parts cannot be told.
pub(super) fn neighbours(records: &[Prepared], compare: &mut impl FnMut(usize, usize)) {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by(|&one, &other| by_name(&records[one], &records[other]));
    pairs_within(&order, NEIGHBOURS, compare);
}

fn pairs_within(members: &[usize], window: usize, compare: &mut impl FnMut(usize, usize)) {
    for (place, &one) in members.iter().enumerate() {
        for &other in members[place + 1..].iter().take(window) {
            compare(one, other);
        }
    }
}

/// By core first, so that those without their place stand beside those with it.
fn by_name(one: &Prepared, other: &Prepared) -> std::cmp::Ordering {
    let name = |record: &Prepared| [record.name.core.as_str(), &record.name.trade].concat();
    one.name
        .core
        .cmp(&other.name.core)
        .then_with(|| name(one).cmp(&name(other)))
        .then_with(|| one.name.branch.cmp(&other.name.branch))
        .then_with(|| one.whole.cmp(&other.whole))
}
