//! The files that a mapping names, as columns of text.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use csv::ByteRecord;
use datafusion::arrow::array::{Array, ArrayRef, Int64Array, RecordBatch, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::MemTable;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use domain::import::RowProblem;
use domain::progress::Progress;
use domain::{Message, Problem};

use crate::import::csv_file::{self, Cut, Cutter, Encoding};
use crate::import::memory::Memory;
use crate::import::report::{Report, shown_value};
use crate::import::sources::text_array;

/// Rows of a source that are kept together.
const BATCH_ROWS: usize = 8_192;
/// The column with the line of a row.
pub(super) const LINE: &str = "source_line";

/// A source as text.
pub(super) struct Loaded {
    /// The columns of the file.
    pub(super) columns: Vec<String>,
    /// The same, and the line.
    pub(super) table: Arc<MemTable>,
}

/// Reads a source. What is wrong with it is told as it would be of a file of the extract.
pub(super) struct Loader<'a> {
    pub(super) path: &'a Path,
    /// Its name for people.
    pub(super) source: &'a str,
    pub(super) piece_bytes: usize,
    pub(super) report: &'a mut Report,
    pub(super) memory: &'a mut Memory,
    pub(super) progress: &'a dyn Progress,
}

/// What was read so far.
struct Rows {
    columns: Vec<String>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Rows {
    fn new(columns: Vec<String>) -> Self {
        let mut fields: Vec<Field> =
            columns.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
        fields.push(Field::new(LINE, DataType::Int64, false));
        Self { columns, schema: Arc::new(Schema::new(fields)), batches: Vec::new() }
    }
}

impl Loader<'_> {
    /// The source; nothing if it cannot be taken as a whole.
    pub(super) fn load(mut self) -> Result<Option<Loaded>, Problem> {
        let is_parquet =
            self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
        let Some(rows) = (if is_parquet { self.parquet()? } else { self.csv()? }) else { return Ok(None) };
        let table = MemTable::try_new(rows.schema, vec![rows.batches]).map_err(Problem::internal)?;
        Ok(Some(Loaded { columns: rows.columns, table: Arc::new(table) }))
    }

    fn csv(&mut self) -> Result<Option<Rows>, Problem> {
        let failed = |error| Problem::io(self.path, error);
        let encoding = csv_file::detect_encoding(self.path, self.piece_bytes).map_err(failed)?;
        if encoding == Encoding::Gb18030 {
            self.report.note(Message::new("import-note-gb18030").with("file", self.source));
        }
        let mut cutter = Cutter::new(File::open(self.path).map_err(failed)?, self.piece_bytes);
        let mut rows: Option<Rows> = None;
        while let Some(cut) = cutter.next().map_err(|error| Problem::io(self.path, error))? {
            let (text, mut first_line) = match cut {
                Cut::Lines { text, first_line } => (text, first_line),
                Cut::OpenQuote { line, text } if rows.is_some() => {
                    let value = shown_value(text.trim_ascii_end());
                    let problem = self.row(line, "", value, Message::new("import-quote-open"));
                    self.report.rows(1, 1, vec![problem])?;
                    continue;
                }
                Cut::OpenQuote { line, .. } => return self.refuse(line, "", "import-quote-open"),
                Cut::Endless { line } => return self.refuse(line, "", "import-file-endless"),
            };
            let bytes = text.len() as u64;
            let mut text = csv_file::to_utf8(text, encoding);
            if rows.is_none() {
                let (names, line) = csv_file::take_header(&mut text, first_line);
                if names.is_empty() {
                    continue;
                }
                if let Some(twice) = twice(&names) {
                    return self.refuse(first_line, twice, "import-column-twice");
                }
                rows = Some(Rows::new(names));
                first_line = line;
            }
            if let Some(rows) = &mut rows {
                let read = self.records(rows, &text, first_line)?;
                self.progress.advance(bytes, read);
            }
        }
        if rows.is_none() { self.refuse(0, "", "import-file-empty") } else { Ok(rows) }
    }

    /// Adds the records of a piece; gives how many there were.
    fn records(&mut self, rows: &mut Rows, text: &[u8], first_line: u64) -> Result<u64, Problem> {
        let names = &rows.columns;
        let mut columns: Vec<StringBuilder> = names.iter().map(|_| StringBuilder::new()).collect();
        let mut lines: Vec<i64> = Vec::new();
        let (mut problems, mut bad) = (Vec::new(), 0);
        csv_file::visit_records(text, first_line, |line, record| {
            let wrong = self.wrong(names, line, record);
            if !wrong.is_empty() {
                bad += 1;
                problems.extend(wrong);
                return;
            }
            for (column, cell) in columns.iter_mut().zip(record) {
                column.append_option(std::str::from_utf8(cell).ok().filter(|cell| !cell.is_empty()));
            }
            lines.push(line as i64);
        });
        let read = lines.len() as u64 + bad;
        // The good ones are counted where they become rows of a table.
        self.report.rows(bad, bad, problems)?;
        let mut arrays: Vec<ArrayRef> =
            columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        arrays.push(Arc::new(Int64Array::from(lines)));
        self.keep(rows, arrays)?;
        Ok(read)
    }

    /// What is wrong with a record whatever it means.
    fn wrong(&self, names: &[String], line: u64, record: &ByteRecord) -> Vec<RowProblem> {
        if record.len() != names.len() {
            let reason =
                Message::new("import-row-width").with("expected", names.len()).with("found", record.len());
            return vec![self.row(line, "", shown_value(record.get(0).unwrap_or_default()), reason)];
        }
        let cells = names.iter().zip(record).filter(|(_, cell)| std::str::from_utf8(cell).is_err());
        cells
            .map(|(name, cell)| self.row(line, name, shown_value(cell), Message::new("import-cell-encoding")))
            .collect()
    }

    fn parquet(&mut self) -> Result<Option<Rows>, Problem> {
        let file = File::open(self.path).map_err(|error| Problem::io(self.path, error))?;
        let bytes = file.metadata().map_or(0, |metadata| metadata.len());
        let damaged =
            |error: &dyn std::error::Error| Message::new("import-parquet").with("error", error.to_string());
        let builder = match ParquetRecordBatchReaderBuilder::try_new(file) {
            Ok(builder) => builder,
            Err(error) => return self.refuse_for(0, "", damaged(&error)),
        };
        let all = builder.metadata().file_metadata().num_rows().max(1) as u64;
        let names = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let reader = match builder.with_batch_size(BATCH_ROWS).build() {
            Ok(reader) => reader,
            Err(error) => return self.refuse_for(0, "", damaged(&error)),
        };
        let mut rows = Rows::new(names);
        let mut first = 1;
        for batch in reader {
            let texts = batch.and_then(|batch| {
                let texts = batch.columns().iter().map(|column| text_array(column, None));
                texts.collect::<Result<Vec<_>, _>>().map(|texts| (batch.num_rows(), texts))
            });
            let (count, texts) = match texts {
                Ok(texts) => texts,
                Err(error) => return self.refuse_for(0, "", damaged(&error)),
            };
            let mut arrays: Vec<ArrayRef> =
                texts.into_iter().map(|text| Arc::new(text) as ArrayRef).collect();
            arrays.push(Arc::new(Int64Array::from_iter_values(first..first + count as i64)));
            first += count as i64;
            self.keep(&mut rows, arrays)?;
            let share = u128::from(bytes) * count as u128 / u128::from(all);
            self.progress.advance(share as u64, count as u64);
        }
        Ok(Some(rows))
    }

    fn keep(&mut self, rows: &mut Rows, arrays: Vec<ArrayRef>) -> Result<(), Problem> {
        self.memory.take(self.source, arrays.iter().map(|array| array.get_array_memory_size()).sum())?;
        let batch = RecordBatch::try_new(Arc::clone(&rows.schema), arrays).map_err(Problem::internal)?;
        rows.batches.push(batch);
        Ok(())
    }

    fn row(&self, line: u64, column: &str, value: String, reason: Message) -> RowProblem {
        RowProblem { file: self.source.to_owned(), line, column: column.to_owned(), value, reason }
    }

    /// The file cannot be taken as a whole.
    fn refuse(&mut self, line: u64, column: &str, reason: &'static str) -> Result<Option<Rows>, Problem> {
        self.refuse_for(line, column, Message::new(reason))
    }

    fn refuse_for(&mut self, line: u64, column: &str, reason: Message) -> Result<Option<Rows>, Problem> {
        let problem = self.row(line, column, column.to_owned(), reason);
        self.report.file(problem)?;
        Ok(None)
    }
}

/// A name that stands twice in a header.
fn twice(names: &[String]) -> Option<&str> {
    let (_, name) = names.iter().enumerate().find(|(place, name)| names[..*place].contains(name))?;
    Some(name)
}
