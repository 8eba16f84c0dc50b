//! One month of facts: what came in merged with what is stored, written anew if anything differs.

use std::cmp::Ordering;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use domain::cycle::LakeFile;
use domain::extract::ColumnType;
use domain::import::StagedFacts;
use domain::{Month, Problem};

use crate::import::facts::{Layout, NULL, PendingBucket, Texts};
use crate::import::records::unpack;
use crate::{atomic, facts};

/// A row whose key was met before in the same month: month, the row's words, and the place of the first.
pub(super) type Duplicate<'a> = dyn FnMut(Month, &[u64], u64, &Texts) -> Result<(), Problem> + 'a;

/// A month to be written.
pub(super) struct MonthJob<'a> {
    /// The data folder.
    pub(super) root: &'a Path,
    /// Names the file.
    pub(super) run: &'a str,
    /// How rows are laid out.
    pub(super) layout: &'a Layout,
    /// For each file and column of the layout, whether the file has it: others keep what is stored.
    pub(super) present: &'a [Vec<bool>],
    /// The month.
    pub(super) month: Month,
    /// What is stored of it.
    pub(super) stored: Option<&'a LakeFile>,
}

impl MonthJob<'_> {
    /// Writes the month, unless it is the same as stored; names the file before it exists.
    pub(super) fn write(
        &self,
        buckets: Vec<PendingBucket>,
        texts: Texts,
        duplicate: &mut Duplicate<'_>,
        written: &mut dyn FnMut(PathBuf),
    ) -> Result<Option<StagedFacts>, Problem> {
        let (table, month) = (self.layout.table, self.month);
        let path = facts::path(table, month, self.run);
        let full = self.root.join(&path);
        written(full.clone());
        let staged = atomic::write_if(
            &full,
            |file| self.merge(Output::create(&full, file, self.layout)?, buckets, texts, duplicate),
            |merged| merged.added + merged.changed > 0,
        )?;
        let Merged { rows, added, changed } = staged;
        let differs = added + changed > 0;
        Ok(differs.then_some(StagedFacts { table, month, path, rows, added, changed }))
    }

    /// Puts the rows that came in among those stored.
    fn merge(
        &self,
        mut output: Output<'_>,
        buckets: Vec<PendingBucket>,
        mut texts: Texts,
        duplicate: &mut Duplicate<'_>,
    ) -> Result<Merged, Problem> {
        let mut stored = match self.stored {
            Some(file) => Stored::open(self.root.join(&file.path), self.layout)?,
            None => Stored::none(),
        };
        let (mut added, mut changed) = (0, 0);
        for bucket in buckets {
            let words = bucket.read()?;
            let mut last: Option<&[u64]> = None;
            for row in sorted(&words, self.layout, &texts) {
                let (values, place) = row.split_at(row.len() - 1);
                if let Some(last) = last
                    && last[..self.layout.keys] == values[..self.layout.keys]
                {
                    duplicate(self.month, row, last[last.len() - 1], &texts)?;
                    continue;
                }
                last = Some(row);
                loop {
                    let Some(old) = stored.peek(&mut texts)? else {
                        added += 1;
                        output.push(values, &texts)?;
                        break;
                    };
                    match compare(old, values, self.layout, &texts) {
                        Ordering::Less => {
                            output.push(old, &texts)?;
                            stored.skip();
                        }
                        Ordering::Equal => {
                            let (file, _) = unpack(place[0]);
                            let merged = merged(old, values, &self.present[file as usize]);
                            changed += u64::from(merged != old);
                            output.push(&merged, &texts)?;
                            stored.skip();
                            break;
                        }
                        Ordering::Greater => {
                            added += 1;
                            output.push(values, &texts)?;
                            break;
                        }
                    }
                }
            }
        }
        while let Some(old) = stored.peek(&mut texts)? {
            output.push(old, &texts)?;
            stored.skip();
        }
        let rows = output.close(&texts)?;
        Ok(Merged { rows, added, changed })
    }
}

/// What became of a month.
struct Merged {
    rows: u64,
    added: u64,
    changed: u64,
}

/// The stored row with the columns that the file of the new one has.
fn merged(old: &[u64], new: &[u64], present: &[bool]) -> Vec<u64> {
    let chosen = present.iter().zip(old.iter().zip(new));
    chosen.map(|(present, (old, new))| if *present { *new } else { *old }).collect()
}

/// Rows in the order of their keys, then of the files.
fn sorted<'a>(words: &'a [u64], layout: &Layout, texts: &Texts) -> Vec<&'a [u64]> {
    let mut rows: Vec<&[u64]> = words.chunks_exact(layout.stride()).collect();
    let place = layout.stride() - 1;
    let order = |a: &&[u64], b: &&[u64]| compare(a, b, layout, texts).then(a[place].cmp(&b[place]));
    if !rows.is_sorted_by(|a, b| order(a, b).is_le()) {
        rows.sort_unstable_by(order);
    }
    rows
}

/// Compares keys: ids by number, codes by their place in the list, texts by their bytes, the unknown last.
fn compare(a: &[u64], b: &[u64], layout: &Layout, texts: &Texts) -> Ordering {
    for (key, column) in layout.columns[..layout.keys].iter().enumerate() {
        if a[key] == b[key] {
            continue;
        }
        return match column.kind {
            ColumnType::Text(_) => match (texts.text(a[key]), texts.text(b[key])) {
                (Some(a), Some(b)) => a.cmp(b),
                (a, b) => a.is_none().cmp(&b.is_none()),
            },
            _ => a[key].cmp(&b[key]),
        };
    }
    Ordering::Equal
}

/// The stored rows of a month, one after the other.
struct Stored {
    path: PathBuf,
    reader: Option<ParquetRecordBatchReader>,
    layout: Option<Layout>,
    words: Vec<u64>,
    width: usize,
    at: usize,
}

impl Stored {
    fn none() -> Self {
        Self { path: PathBuf::new(), reader: None, layout: None, words: Vec::new(), width: 1, at: 0 }
    }

    fn open(path: PathBuf, layout: &Layout) -> Result<Self, Problem> {
        let file = File::open(&path).map_err(|error| Problem::io(&path, error))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(|builder| builder.with_batch_size(8_192).build())
            .map_err(|error| atomic::failed(&path, error))?;
        let (width, layout) = (layout.columns.len(), Some(layout.clone()));
        Ok(Self { path, reader: Some(reader), layout, words: Vec::new(), width, at: 0 })
    }

    /// The next row.
    fn peek(&mut self, texts: &mut Texts) -> Result<Option<&[u64]>, Problem> {
        while self.at >= self.words.len() {
            let (Some(reader), Some(layout)) = (&mut self.reader, &self.layout) else { return Ok(None) };
            let Some(batch) = reader.next() else { return Ok(None) };
            let batch = batch.map_err(|error| atomic::failed(&self.path, error))?;
            self.words = words_of(&batch, layout, texts);
            self.at = 0;
        }
        Ok(self.words.get(self.at..self.at + self.width))
    }

    fn skip(&mut self) {
        self.at += self.width;
    }
}

fn words_of(batch: &RecordBatch, layout: &Layout, texts: &mut Texts) -> Vec<u64> {
    let width = layout.columns.len();
    let mut words = vec![NULL; batch.num_rows() * width];
    for (place, (array, column)) in batch.columns().iter().zip(&layout.columns).enumerate() {
        let mut put = |row: usize, word: u64| words[row * width + place] = word;
        let known = |row: &usize| array.is_valid(*row);
        let rows = (0..batch.num_rows()).filter(known);
        match (array.data_type(), column.kind) {
            (DataType::Float64, _) => {
                let values = array.as_primitive::<Float64Type>();
                rows.for_each(|row| put(row, values.value(row).to_bits()));
            }
            (DataType::Date32, _) => {
                let values = array.as_primitive::<Date32Type>();
                rows.for_each(|row| put(row, i64::from(values.value(row)) as u64));
            }
            (DataType::Utf8, ColumnType::OneOf(choices)) => {
                let values = array.as_string::<i32>();
                for row in rows {
                    let choice = choices.iter().position(|choice| *choice == values.value(row));
                    put(row, choice.map_or(NULL, |choice| choice as u64));
                }
            }
            (DataType::Utf8, _) => {
                let values = array.as_string::<i32>();
                rows.for_each(|row| put(row, texts.word(values.value(row))));
            }
            _ => {
                let values = array.as_primitive::<Int64Type>();
                rows.for_each(|row| put(row, values.value(row) as u64));
            }
        }
    }
    words
}

/// A month's file being written.
struct Output<'a> {
    path: &'a Path,
    writer: ArrowWriter<&'a File>,
    schema: SchemaRef,
    layout: Layout,
    words: Vec<u64>,
    rows: u64,
}

impl<'a> Output<'a> {
    fn create(path: &'a Path, file: &'a File, layout: &Layout) -> Result<Self, Problem> {
        let schema = facts::schema(layout.table);
        let properties = facts::writer_properties(layout.table);
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties))
            .map_err(|error| atomic::failed(path, error))?;
        Ok(Self { path, writer, schema, layout: layout.clone(), words: Vec::new(), rows: 0 })
    }

    fn push(&mut self, row: &[u64], texts: &Texts) -> Result<(), Problem> {
        self.words.extend_from_slice(row);
        self.rows += 1;
        if self.rows.is_multiple_of(facts::ROW_GROUP_ROWS as u64) { self.flush(texts) } else { Ok(()) }
    }

    fn flush(&mut self, texts: &Texts) -> Result<(), Problem> {
        let arrays = (0..self.layout.columns.len()).map(|place| self.array(place, texts)).collect();
        self.words.clear();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(Problem::internal)?;
        self.writer.write(&batch).map_err(|error| atomic::failed(self.path, error))
    }

    fn array(&self, place: usize, texts: &Texts) -> ArrayRef {
        let column = self.words.iter().skip(place).step_by(self.layout.columns.len());
        let known = column.map(|&word| (word != NULL).then_some(word));
        match (self.schema.field(place).data_type(), self.layout.columns[place].kind) {
            (DataType::Float64, _) => {
                Arc::new(known.map(|word| word.map(f64::from_bits)).collect::<Float64Array>())
            }
            (DataType::Date32, _) => {
                Arc::new(known.map(|word| word.map(|word| word as i64 as i32)).collect::<Date32Array>())
            }
            (DataType::Utf8, ColumnType::OneOf(choices)) => Arc::new(
                known.map(|word| word.and_then(|word| choices.get(word as usize))).collect::<StringArray>(),
            ),
            (DataType::Utf8, _) => {
                Arc::new(known.map(|word| word.and_then(|word| texts.text(word))).collect::<StringArray>())
            }
            _ => Arc::new(known.map(|word| word.map(|word| word as i64)).collect::<Int64Array>()),
        }
    }

    /// Finishes the file and counts its rows.
    fn close(mut self, texts: &Texts) -> Result<u64, Problem> {
        if !self.words.is_empty() {
            self.flush(texts)?;
        }
        self.writer.close().map_err(|error| atomic::failed(self.path, error))?;
        Ok(self.rows)
    }
}
