//! Who in a base, and who of themselves, many more records are like: one pass over the base for all of them.

use std::collections::HashMap;
use std::sync::Arc;

use domain::company_name::Places;

use super::Evidence;
use super::lookup::{Lookup, in_parts, prepared, short};
use super::record::{Kind, PlaceCounts, Prepared, Record};
use super::score::Scale;

/// What more records have in common leads to nobody.
const RARE: usize = 64;
/// Of those of the base that share a thing, so many are looked at …
const OF_BASE: usize = 16;
/// … and of the batch, so many that stand before.
const OF_BATCH: usize = 8;
/// Each record is compared in full with so many: those that share the rarest things.
const COMPARED: usize = 8;
/// Stands before places in the batch.
const IN_BATCH: u32 = 1 << 31;

/// Records that were looked for together.
#[derive(Debug)]
pub struct Batch {
    places: Arc<Places>,
    records: Vec<Prepared>,
    scale: Scale,
    /// Who is compared with whom: a record and a place in the base, or one before it in the batch.
    pairs: Vec<(u32, u32)>,
}

/// Whom a record is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// One of the base, by place.
    Base(usize),
    /// One that stands before it in the batch.
    Batch(usize),
}

/// A record of a batch that is like another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alike {
    /// Its place in the batch.
    pub record: usize,
    /// Whom it is like.
    pub other: Other,
    /// That they are the same, 0 to 1.
    pub probability: f64,
    /// Why.
    pub evidence: Evidence,
}

/// Records that share a thing.
struct Block {
    /// Where its members begin and end among all.
    members: (usize, usize),
    /// How many of the base have it, and the first of them.
    in_base: u32,
    first: Vec<u32>,
}

impl Lookup {
    /// Looks for those that many records may be like, in one pass.
    #[must_use]
    pub fn seek_many(&self, records: &[Record<'_>]) -> Batch {
        let places = match self.is_empty() {
            true => Arc::new(PlaceCounts::new(records.iter().map(|record| record.name)).places()),
            false => Arc::clone(&self.places),
        };
        let read = |part: &[Record<'_>]| -> Vec<Prepared> {
            part.iter().map(|record| prepared(&places, record)).collect()
        };
        let mut records: Vec<Prepared> = in_parts(records, read).into_iter().flatten().collect();
        let mut keys: Vec<(u64, u32, u32)> = Vec::with_capacity(records.len() * 16);
        for (record, prepared) in records.iter().enumerate() {
            let of_one = prepared.keys.iter().enumerate();
            keys.extend(of_one.map(|(place, key)| (key.hash, record as u32, place as u32)));
        }
        keys.sort_unstable();
        let mut blocks: Vec<Block> = Vec::new();
        let mut begin = 0;
        for block in keys.chunk_by(|one, other| one.0 == other.0) {
            blocks.push(Block { members: (begin, begin + block.len()), in_base: 0, first: Vec::new() });
            begin += block.len();
        }
        self.count(&keys, &mut blocks);
        let all = (self.len() + records.len()) as f32;
        let mut met: Vec<(u32, u32, f32)> = Vec::new();
        for block in &blocks {
            let members = &keys[block.members.0..block.members.1];
            let count = members.len() + block.in_base as usize;
            for &(_, record, place) in members {
                records[record as usize].keys[place as usize].count = count as u32;
            }
            let (_, record, place) = members[0];
            if !(2..=RARE).contains(&count) || !records[record as usize].keys[place as usize].kind.leads() {
                continue;
            }
            let weight = (all / count as f32).log2() + 1.0;
            for (at, &(_, record, _)) in members.iter().enumerate() {
                met.extend(block.first.iter().map(|&place| (record, place, weight)));
                let before = &members[at.saturating_sub(OF_BATCH)..at];
                met.extend(before.iter().map(|&(_, other, _)| (record, other | IN_BATCH, weight)));
            }
        }
        let pairs = rarest(met);
        Batch { places, scale: Scale::new(self.len() + records.len()), records, pairs }
    }

    /// Counts in the base what the blocks of a batch have in common.
    fn count(&self, keys: &[(u64, u32, u32)], blocks: &mut [Block]) {
        if self.is_empty() {
            return;
        }
        // Blocks stand in the order of their hashes: the filter says which hashes are worth a search.
        let hashes: Vec<u32> = blocks.iter().map(|block| short(keys[block.members.0].0)).collect();
        let mut filter = vec![0_u64; 1 << 20];
        let bit = |hash: u32| ((hash >> 12) as usize, 1_u64 << (hash >> 6 & 63));
        for &hash in &hashes {
            let (word, bit) = bit(hash);
            filter[word] |= bit;
        }
        self.each_hash(|place, hash| {
            let (word, bit) = bit(hash);
            if filter[word] & bit == 0 {
                return;
            }
            let from = hashes.partition_point(|&known| known < hash);
            for (block, _) in
                blocks[from..].iter_mut().zip(&hashes[from..]).take_while(|(_, known)| **known == hash)
            {
                block.in_base += 1;
                if block.first.len() < OF_BASE {
                    block.first.push(place as u32);
                }
            }
        });
    }
}

/// With whom each record shares the rarest things.
fn rarest(mut met: Vec<(u32, u32, f32)>) -> Vec<(u32, u32)> {
    met.sort_unstable_by_key(|&(record, other, _)| (record, other));
    met.dedup_by(|later, sum| {
        let same = (later.0, later.1) == (sum.0, sum.1);
        sum.2 += if same { later.2 } else { 0.0 };
        same
    });
    met.sort_by(|one, other| one.0.cmp(&other.0).then(other.2.total_cmp(&one.2)));
    let of_each = met.chunk_by(|one, other| one.0 == other.0);
    of_each
        .flat_map(|others| others.iter().take(COMPARED).map(|&(record, other, _)| (record, other)))
        .collect()
}

impl Batch {
    /// The places of the base whose records are to be compared, in order.
    #[must_use]
    pub fn places(&self) -> Vec<usize> {
        let of_base = self.pairs.iter().filter(|(_, other)| other & IN_BATCH == 0);
        let mut places: Vec<usize> = of_base.map(|(_, place)| *place as usize).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whom each record is like by what `is_told` of probability and evidence, the likeliest of each; `base` are the records at
    /// [`Batch::places`], with their places.
    #[must_use]
    pub fn alike(
        &self,
        base: &[(usize, Record<'_>)],
        is_told: impl Fn(f64, &Evidence) -> bool + Sync,
    ) -> Vec<Alike> {
        let read = |part: &[(usize, Record<'_>)]| -> Vec<(usize, Prepared)> {
            let one = |(place, record): &(usize, Record<'_>)| {
                let mut prepared = prepared(&self.places, record);
                // How many have what only this one brings was not counted: it says little.
                prepared
                    .keys
                    .iter_mut()
                    .filter(|key| key.kind == Kind::Core)
                    .for_each(|key| key.count = RARE as u32);
                (*place, prepared)
            };
            part.iter().map(one).collect()
        };
        let base: HashMap<usize, Prepared> = in_parts(base, read).into_iter().flatten().collect();
        let compare = |pairs: &[(u32, u32)]| -> Vec<Alike> {
            let one = |&(record, other): &(u32, u32)| {
                let (other, candidate) = match other & IN_BATCH {
                    0 => (Other::Base(other as usize), base.get(&(other as usize))?),
                    _ => {
                        let place = (other & !IN_BATCH) as usize;
                        (Other::Batch(place), &self.records[place])
                    }
                };
                let record = record as usize;
                let evidence = self.scale.weigh(&self.records[record], candidate);
                let probability = self.scale.probability(&evidence);
                is_told(probability, &evidence).then_some(Alike { record, other, probability, evidence })
            };
            pairs.iter().filter_map(one).collect()
        };
        let mut alike: Vec<Alike> = in_parts(&self.pairs, compare).into_iter().flatten().collect();
        alike.sort_by(|one, other| {
            one.record.cmp(&other.record).then(other.probability.total_cmp(&one.probability))
        });
        alike.dedup_by_key(|alike| alike.record);
        alike
    }
}
