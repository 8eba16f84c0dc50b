//! Who in a base is like one more record: in one pass over what all of them have in common, without the records.

use std::sync::Arc;
use std::thread;

use domain::company_name::{CompanyName, Places};

use super::Evidence;
use super::record::{self, Key, Kind, PlaceCounts, Prepared, Record};
use super::score::Scale;

/// Records that are compared in full, at most: those that share the rarest things.
const COMPARED: usize = 128;
/// Things of one record that are looked for, at most: a bit each.
const MOST: usize = u64::BITS as usize;
/// Characters of a name's beginning that are kept, and so many of them that must agree: finds names whose end was left
/// out or garbled so that their parts cannot be told, as the order by name does for a whole base.
const BEGINNING: usize = 4;
const BEGINS_ALIKE: usize = 2;
/// Stands where a record was taken out. Nothing is looked for by it.
const NOTHING: u32 = 0;
/// Things looked through by one thread at least: less is not worth starting one.
const ALONE: usize = 1 << 20;
/// Records from which on they are read on several threads.
const MANY: usize = 100_000;

/// What the records of a base can be found by: about sixty bytes a record.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Places that names of the base speak of.
    pub(super) places: Arc<Places>,
    /// The hashes of each record's keys, one after the other, cut to 32 bits: what two things share by chance is found out
    /// when records are compared.
    hashes: Vec<u32>,
    /// Where each record's hashes end.
    ends: Vec<u32>,
    /// How the name of each begins.
    beginnings: Vec<u64>,
}

/// A record that was looked for, to be compared with those that may be like it.
#[derive(Debug)]
pub struct Sought {
    places: Arc<Places>,
    record: Prepared,
    /// How many records have a core that the sought name begins with, by hash.
    cores: Vec<(u64, u32)>,
    scale: Scale,
    /// Places of those that may be like it, those that share the rarest things first.
    pub candidates: Vec<usize>,
}

/// Something that a sought record may share with others.
struct Wanted {
    hash: u64,
    leads: bool,
}

/// What a pass over some records found: by key how many have it, by what agrees of the beginning likewise, and the records
/// that share something, with the bits of what.
struct Met {
    counts: Vec<u32>,
    begin: [u32; BEGINNING + 1],
    shared: Vec<(u32, u64)>,
    alike: Vec<(u32, u8)>,
}

impl Lookup {
    /// Reads a base; it grows by [`Lookup::push`].
    #[must_use]
    pub fn new(records: &[Record<'_>]) -> Self {
        let names = |records: &[Record<'_>]| PlaceCounts::new(records.iter().map(|record| record.name));
        let mut counts = PlaceCounts::default();
        in_parts(records, names).into_iter().for_each(|part| counts.add(part));
        let places = Arc::new(counts.places());
        let read = |records: &[Record<'_>]| {
            let mut part = Self { places: Arc::clone(&places), ..Self::default() };
            records.iter().for_each(|record| part.push(record));
            part
        };
        let mut all = Self { places: Arc::clone(&places), ..Self::default() };
        in_parts(records, read).iter().for_each(|part| all.append(part));
        all.hashes.shrink_to_fit();
        all
    }

    fn append(&mut self, other: &Self) {
        let start = self.hashes.len() as u32;
        self.hashes.extend_from_slice(&other.hashes);
        self.ends.extend(other.ends.iter().map(|end| start + end));
        self.beginnings.extend_from_slice(&other.beginnings);
    }

    /// Takes in one more record, after all others.
    pub fn push(&mut self, record: &Record<'_>) {
        let prepared = prepared(&self.places, record);
        self.beginnings.push(beginning(&prepared.name));
        self.hashes.extend(prepared.keys.iter().map(|key| short(key.hash)));
        self.ends.push(self.hashes.len() as u32);
    }

    /// Takes a record out; the places of the others stay.
    pub fn remove(&mut self, place: usize) {
        let range = self.range(place);
        if let Some(hashes) = self.hashes.get_mut(range) {
            hashes.fill(NOTHING);
        }
        if let Some(beginning) = self.beginnings.get_mut(place) {
            *beginning = 0;
        }
    }

    /// How many records there are or were.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Calls for each hash of each record that is not taken out.
    pub(super) fn each_hash(&self, mut each: impl FnMut(usize, u32)) {
        let mut from = 0;
        for (place, &end) in self.ends.iter().enumerate() {
            let hashes = &self.hashes[from..end as usize];
            hashes.iter().filter(|&&hash| hash != NOTHING).for_each(|&hash| each(place, hash));
            from = end as usize;
        }
    }

    fn range(&self, place: usize) -> std::ops::Range<usize> {
        let end = |place: usize| self.ends.get(place).map_or(0, |&end| end as usize);
        place.checked_sub(1).map_or(0, end)..end(place)
    }

    /// Looks for those that may be like a record, leaving out the one at a place: the record itself as it was.
    #[must_use]
    pub fn seek(&self, record: &Record<'_>, itself: Option<usize>) -> Sought {
        let mut record = prepared(&self.places, record);
        let mut wanted: Vec<Wanted> =
            record.keys.iter().map(|key| Wanted { hash: key.hash, leads: key.kind.leads() }).collect();
        wanted.truncate(MOST);
        let own = wanted.len();
        let proper: Vec<char> = record.name.proper.chars().take(BEGINNING * BEGINNING).collect();
        for end in BEGINS_ALIKE..proper.len() {
            if wanted.len() == MOST {
                break;
            }
            let hash = record::hash(Kind::Core, &mut proper[..end].iter().copied());
            wanted.push(Wanted { hash, leads: true });
        }
        let met = self.pass(&wanted, beginning(&record.name), itself);
        for (key, count) in record.keys.iter_mut().zip(&met.counts[..own]) {
            key.count = count + 1;
        }
        let cores = wanted[own..].iter().zip(&met.counts[own..]).map(|(core, count)| (core.hash, *count));
        Sought {
            cores: cores.collect(),
            scale: Scale::new(self.len() + 1),
            candidates: self.rarest(met),
            record,
            places: Arc::clone(&self.places),
        }
    }

    /// One pass over all, on several threads where it is long.
    fn pass(&self, wanted: &[Wanted], beginning: u64, itself: Option<usize>) -> Met {
        let filter = Filter::new(wanted);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let parts = self.hashes.len().div_ceil(ALONE).clamp(1, threads);
        let share = self.len().div_ceil(parts).max(1);
        let look = |part: usize| {
            let rows = part * share..((part + 1) * share).min(self.len());
            self.look(wanted, &filter, beginning, itself, rows)
        };
        if parts == 1 {
            return look(0);
        }
        let mut met = thread::scope(|scope| {
            let others: Vec<_> = (1..parts).map(|part| scope.spawn(move || look(part))).collect();
            let mut met = vec![look(0)];
            let join = |(part, other): (usize, thread::ScopedJoinHandle<'_, Met>)| {
                other.join().unwrap_or_else(|_| look(part + 1))
            };
            met.extend(others.into_iter().enumerate().map(join));
            met.into_iter()
        });
        let mut all = met.next().unwrap_or_else(|| look(0));
        for part in met {
            all.counts.iter_mut().zip(&part.counts).for_each(|(all, part)| *all += part);
            all.begin.iter_mut().zip(&part.begin).for_each(|(all, part)| *all += part);
            all.shared.extend_from_slice(&part.shared);
            all.alike.extend_from_slice(&part.alike);
        }
        all
    }

    fn look(
        &self,
        wanted: &[Wanted],
        filter: &Filter,
        beginning: u64,
        itself: Option<usize>,
        rows: std::ops::Range<usize>,
    ) -> Met {
        let mut met = Met {
            counts: vec![0; wanted.len()],
            begin: [0; BEGINNING + 1],
            shared: Vec::new(),
            alike: Vec::new(),
        };
        let own = itself.map_or(0..0, |place| self.range(place));
        let from = self.range(rows.start).start;
        let until = rows.end.checked_sub(1).map_or(from, |last| self.range(last).end);
        let mut row = rows.start;
        for (at, &hash) in self.hashes[from..until.max(from)].iter().enumerate() {
            if !filter.may_hold(hash) {
                continue;
            }
            let at = from + at;
            let mut bits = 0;
            for (place, wanted) in wanted.iter().enumerate() {
                if short(wanted.hash) == hash && hash != NOTHING && !own.contains(&at) {
                    met.counts[place] += 1;
                    bits |= u64::from(wanted.leads) << place;
                }
            }
            if bits == 0 {
                continue;
            }
            row += self.ends[row..rows.end].partition_point(|&end| end as usize <= at);
            match met.shared.last_mut() {
                Some((last, shared)) if *last as usize == row => *shared |= bits,
                _ => met.shared.push((row as u32, bits)),
            }
        }
        if beginning == 0 {
            return met;
        }
        for (place, &other) in self.beginnings[rows.clone()].iter().enumerate() {
            let agree = (beginning ^ other).leading_zeros() as usize / 16;
            if agree >= BEGINS_ALIKE && other != 0 && itself != Some(rows.start + place) {
                met.begin[agree] += 1;
                met.alike.push(((rows.start + place) as u32, agree as u8));
            }
        }
        met
    }

    /// Those that share the rarest things: what so few others have says most.
    fn rarest(&self, mut met: Met) -> Vec<usize> {
        let bits_for = |count: u32| (self.len() as f32 / count.max(1) as f32).log2() + 1.0;
        let weights: Vec<f32> = met.counts.iter().map(|&count| bits_for(count)).collect();
        // Who agrees on more agrees on less too.
        for agree in (BEGINS_ALIKE..BEGINNING).rev() {
            met.begin[agree] += met.begin[agree + 1];
        }
        let begin = met.begin.map(bits_for);
        let mut scored: Vec<(u32, f32)> = Vec::with_capacity(met.shared.len() + met.alike.len());
        for &(row, shared) in &met.shared {
            let mut left = shared;
            let mut score = 0.0;
            while left != 0 {
                score += weights[left.trailing_zeros() as usize];
                left &= left - 1;
            }
            scored.push((row, score));
        }
        scored.extend(met.alike.iter().map(|&(row, agree)| (row, begin[usize::from(agree)])));
        scored.sort_unstable_by_key(|&(row, _)| row);
        let mut summed: Vec<(u32, f32)> = Vec::with_capacity(scored.len());
        for (row, score) in scored {
            match summed.last_mut() {
                Some((last, sum)) if *last == row => *sum += score,
                _ => summed.push((row, score)),
            }
        }
        // The one known first among equals.
        summed.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        summed.truncate(COMPARED);
        summed.into_iter().map(|(row, _)| row as usize).collect()
    }
}

impl Sought {
    /// How probable it is that the sought record and one of the candidates are one customer, and why.
    #[must_use]
    pub fn compare(&self, candidate: &Record<'_>) -> (f64, Evidence) {
        let mut candidate = prepared(&self.places, candidate);
        for Key { kind, hash, count } in &mut candidate.keys {
            if *kind == Kind::Core
                && let Some(&(_, known)) = self.cores.iter().find(|(core, _)| core == hash)
            {
                *count = known.max(1);
            }
        }
        let evidence = self.scale.weigh(&self.record, &candidate);
        (self.scale.probability(&evidence), evidence)
    }
}

/// Leaves behind nearly everything that is not wanted by one look at a table.
struct Filter {
    table: Box<[u64; 1024]>,
}

impl Filter {
    fn new(wanted: &[Wanted]) -> Self {
        let mut table = Box::new([0; 1024]);
        for wanted in wanted {
            let hash = short(wanted.hash);
            table[(hash >> 22) as usize] |= 1 << (hash >> 16 & 63);
        }
        Self { table }
    }

    fn may_hold(&self, hash: u32) -> bool {
        self.table[(hash >> 22) as usize] >> (hash >> 16 & 63) & 1 == 1
    }
}

/// What is made of the records in parts, on as many threads as there are cores where they are many.
pub(super) fn in_parts<I: Sync, T: Send>(records: &[I], read: impl Fn(&[I]) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if records.len() < MANY {
        return vec![read(records)];
    }
    thread::scope(|scope| {
        let parts = records.chunks(records.len().div_ceil(threads));
        let read = &read;
        let reading: Vec<_> = parts.clone().map(|part| scope.spawn(move || read(part))).collect();
        // A part that broke off is read again here, so that it breaks off where it is seen.
        let done = reading.into_iter().zip(parts);
        done.map(|(reading, part)| reading.join().unwrap_or_else(|_| read(part))).collect()
    })
}

pub(super) fn prepared(places: &Places, record: &Record<'_>) -> Prepared {
    Prepared::new(record, CompanyName::parse_with(record.name, places))
}

pub(super) fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// The first characters of a name without its place, sixteen bits each, the first one on top; nothing of a name too short to
/// tell by.
fn beginning(name: &CompanyName) -> u64 {
    let first = name.proper.chars().take(BEGINNING);
    let packed = first
        .enumerate()
        .map(|(place, character)| u64::from(u32::from(character) as u16) << (16 * (BEGINNING - 1 - place)));
    packed.sum()
}
