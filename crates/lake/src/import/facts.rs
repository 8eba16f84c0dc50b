//! Fact rows on their way into month files: fixed-width rows of words, in buckets by month and range of ids, on
//! disk when there are too many.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::cell::Value;
use domain::extract::{Column, Table};
use domain::{Month, Problem};
use hashbrown::HashMap;

use crate::facts;
use crate::import::WRITERS;

use crate::import::check::Values;
use crate::import::records::pack;

/// Stands for an unknown value in a word: the smallest whole number, and as a float a zero with a sign, which
/// checked values never are.
pub(super) const NULL: u64 = 1 << 63;
/// Ids with the same number above these bits share a bucket, so that a bucket of any month fits in memory.
const BUCKET_BITS: u32 = 20;

/// About what a text takes beside itself.
const TEXT_BYTES: usize = 96;

/// Texts in facts, each kept once; a word holds its place.
#[derive(Debug, Default, Clone)]
pub(super) struct Texts {
    places: HashMap<Arc<str>, u64>,
    texts: Vec<Arc<str>>,
    bytes: usize,
}

impl Texts {
    /// The word of a text.
    pub(super) fn word(&mut self, text: &str) -> u64 {
        if let Some(&place) = self.places.get(text) {
            return place;
        }
        self.bytes += text.len() + TEXT_BYTES;
        let kept: Arc<str> = text.into();
        let place = self.texts.len() as u64;
        self.texts.push(Arc::clone(&kept));
        self.places.insert(kept, place);
        place
    }

    /// About what they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The text of a word; nothing for an unknown one.
    pub(super) fn text(&self, word: u64) -> Option<&str> {
        self.texts.get(usize::try_from(word).ok()?).map(|text| &**text)
    }
}

/// How rows of a fact table are laid out in words: the table's columns without the month, key first, then where
/// the row stands in the files.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The table.
    pub(super) table: Table,
    /// The columns but the month.
    pub(super) columns: Vec<&'static Column>,
    /// How many of them are the key.
    pub(super) keys: usize,
    /// Their places among the table's columns.
    places: Vec<usize>,
    month_place: usize,
}

impl Layout {
    /// The layout of a table.
    pub(super) fn new(table: Table) -> Self {
        let columns: Vec<&'static Column> = facts::columns(table).collect();
        let place = |name| table.columns().iter().position(|column| column.name == name).unwrap_or(0);
        let places = columns.iter().map(|column| place(column.name)).collect();
        Self { table, keys: table.key().len() - 1, places, month_place: place("month"), columns }
    }

    /// Words per row, that of the place in the files included.
    pub(super) fn stride(&self) -> usize {
        self.columns.len() + 1
    }

    /// For each column but the month, whether it is among those of the table.
    fn present(&self, present: &[bool]) -> Vec<bool> {
        self.places.iter().map(|&place| present[place]).collect()
    }
}

/// Good rows of one piece of a file, by bucket.
#[derive(Debug, Default)]
pub(super) struct Batch {
    buckets: Vec<(BucketKey, Vec<u64>)>,
    last: usize,
}

/// The month and the upper bits of the first id.
type BucketKey = (i32, u64);

impl Batch {
    /// Adds a row.
    pub(super) fn push(
        &mut self,
        layout: &Layout,
        texts: &Mutex<Texts>,
        file: u32,
        line: u64,
        values: &Values<'_>,
    ) {
        let Value::Whole(month) = values[layout.month_place] else { return };
        let first = word(values[layout.places[0]], texts);
        let key = (month as i32, first >> BUCKET_BITS);
        let words = self.bucket(key);
        words.push(first);
        words.extend(layout.places[1..].iter().map(|&place| word(values[place], texts)));
        words.push(pack(file, line));
    }

    fn bucket(&mut self, key: BucketKey) -> &mut Vec<u64> {
        if self.buckets.get(self.last).is_none_or(|(last, _)| *last != key) {
            self.last = self.buckets.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
                self.buckets.push((key, Vec::new()));
                self.buckets.len() - 1
            });
        }
        &mut self.buckets[self.last].1
    }
}

fn word(value: Value<'_>, texts: &Mutex<Texts>) -> u64 {
    match value {
        Value::Null => NULL,
        Value::Whole(whole) => whole as u64,
        Value::Real(real) => real.to_bits(),
        Value::Choice(choice) => u64::from(choice),
        Value::Text(text) => texts.lock().unwrap_or_else(PoisonError::into_inner).word(text),
    }
}

/// The rows of one month and range of ids.
#[derive(Debug, Default)]
struct Bucket {
    words: Vec<u64>,
    /// How many there are, those on disk too.
    all: usize,
    spilled: Option<PathBuf>,
}

/// The rows of a fact table, in memory as long as they fit.
#[derive(Debug)]
pub(super) struct FactTable {
    /// How rows are laid out.
    pub(super) layout: Layout,
    /// Names of the files.
    pub(super) files: Vec<String>,
    /// For each file and column of the layout whether the file has it.
    pub(super) present: Vec<Vec<bool>>,
    months: BTreeMap<i32, BTreeMap<u64, Bucket>>,
    words: usize,
    /// Those of the largest bucket, which is read as a whole to be sorted.
    largest: usize,
    most_words: usize,
    spill: PathBuf,
}

impl FactTable {
    /// An empty table that keeps at most `memory_bytes` in memory and the rest in the folder `spill`.
    pub(super) fn new(table: Table, files: Vec<String>, memory_bytes: usize, spill: PathBuf) -> Self {
        let layout = Layout::new(table);
        Self {
            present: vec![vec![false; layout.columns.len()]; files.len()],
            layout,
            files,
            months: BTreeMap::new(),
            words: 0,
            largest: 0,
            most_words: memory_bytes / size_of::<u64>(),
            spill,
        }
    }

    /// These columns of the table are in a file.
    pub(super) fn set_present(&mut self, file: u32, present: &[bool]) {
        self.present[file as usize] = self.layout.present(present);
    }

    /// Adds rows, and moves some to disk when there are too many.
    pub(super) fn add(&mut self, batch: Batch) -> Result<(), Problem> {
        for ((month, range), words) in batch.buckets {
            self.words += words.len();
            let bucket = self.months.entry(month).or_default().entry(range).or_default();
            bucket.all += words.len();
            self.largest = self.largest.max(bucket.all);
            if bucket.words.is_empty() {
                bucket.words = words;
            } else {
                bucket.words.extend_from_slice(&words);
            }
        }
        if self.words > self.most_words { self.spill_half() } else { Ok(()) }
    }

    /// What it takes to sort the largest buckets, as many at once as there are writers.
    pub(super) fn largest_bytes(&self) -> usize {
        let rows = self.largest / self.layout.stride();
        WRITERS * (self.largest * size_of::<u64>() + rows * size_of::<&[u64]>())
    }

    /// Moves the largest buckets to disk until half of the memory is free.
    fn spill_half(&mut self) -> Result<(), Problem> {
        let buckets = self.months.iter_mut().flat_map(|(month, ranges)| {
            ranges.iter_mut().map(move |(range, bucket)| (*month, *range, bucket))
        });
        let mut buckets: Vec<(i32, u64, &mut Bucket)> = buckets.collect();
        buckets.sort_by_key(|(_, _, bucket)| std::cmp::Reverse(bucket.words.len()));
        for (month, range, bucket) in buckets {
            if self.words <= self.most_words / 2 {
                break;
            }
            let words = std::mem::take(&mut bucket.words);
            self.words -= words.len();
            let path = bucket.spilled.get_or_insert_with(|| {
                self.spill.join(format!("{}-{month}-{range}.words", self.layout.table))
            });
            append(path, &words)?;
        }
        Ok(())
    }

    /// How many rows there are of each month, oldest first.
    pub(super) fn months(&self) -> impl Iterator<Item = Month> {
        self.months.keys().map(|&month| Month::from_number(month))
    }

    /// The buckets of a month in the order of ids; each gives its words once.
    pub(super) fn take_month(&mut self, month: Month) -> Vec<PendingBucket> {
        let ranges = self.months.remove(&month.number()).unwrap_or_default();
        ranges.into_values().map(|bucket| PendingBucket { bucket }).collect()
    }
}

/// A bucket that waits to be read.
#[derive(Debug)]
pub(super) struct PendingBucket {
    bucket: Bucket,
}

impl PendingBucket {
    /// All its words, those on disk first, as they came.
    pub(super) fn read(self) -> Result<Vec<u64>, Problem> {
        let Some(path) = self.bucket.spilled else { return Ok(self.bucket.words) };
        let mut words = read_words(&path).map_err(|error| Problem::io(&path, error))?;
        words.extend_from_slice(&self.bucket.words);
        std::fs::remove_file(&path).map_err(|error| Problem::io(&path, error))?;
        Ok(words)
    }
}

fn append(path: &Path, words: &[u64]) -> Result<(), Problem> {
    super::create_parent(path)?;
    let mut bytes = Vec::with_capacity(1 << 16);
    let mut write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        for part in words.chunks(1 << 13) {
            bytes.clear();
            bytes.extend(part.iter().flat_map(|word| word.to_le_bytes()));
            file.write_all(&bytes)?;
        }
        Ok(())
    };
    write().map_err(|error| Problem::io(path, error))
}

fn read_words(path: &Path) -> std::io::Result<Vec<u64>> {
    let mut file = File::open(path)?;
    let mut words = Vec::with_capacity(file.metadata()?.len() as usize / size_of::<u64>());
    let mut bytes = vec![0; 1 << 16];
    loop {
        let mut filled = 0;
        while filled < bytes.len() {
            match file.read(&mut bytes[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        let (whole, _) = bytes[..filled].as_chunks::<8>();
        words.extend(whole.iter().map(|word| u64::from_le_bytes(*word)));
        if filled < bytes.len() {
            return Ok(words);
        }
    }
}
