//! Which files of a folder hold which table, and how they become rows of text.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, UInt64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use domain::extract::{ColumnType, Table};
use domain::import::RowProblem;
use domain::{Message, Problem, ProblemKind};

use crate::import::Limits;
use crate::import::csv_file::{self, Cut, Cutter, Encoding};
use crate::import::pieces::{Body, Origin, Piece, Rows};
use crate::import::pipeline::{Sender, Stopped};

/// Rows of Parquet that are checked at a time.
const BATCH_ROWS: usize = 8_192;

/// One place that rows of a table come from.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Its name for people: the path relative to the folder.
    pub(super) name: String,
    /// What it is.
    pub(super) kind: SourceKind,
}

/// What a source is.
#[derive(Debug, Clone)]
pub(super) enum SourceKind {
    /// A CSV file.
    Csv(PathBuf),
    /// A Parquet file.
    Parquet(PathBuf),
    /// What a mapping made: columns of text named as in the table, then `line`.
    Mapped(Vec<RecordBatch>),
}

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Folder {
    tables: [Vec<Source>; Table::ALL.len()],
    /// What is there more than once: the table and the names.
    pub(super) doubled: Vec<(Table, String)>,
    /// Tables of a mapping whose source cannot be taken as a whole.
    pub(super) unread: Vec<Table>,
    /// Data files that belong to no table.
    pub(super) ignored: Vec<String>,
}

impl Folder {
    /// The sources of a table, by name.
    pub(super) fn sources(&self, table: Table) -> &[Source] {
        &self.tables[table.index()]
    }

    /// Adds a source.
    pub(super) fn add(&mut self, table: Table, source: Source) {
        self.tables[table.index()].push(source);
    }

    /// Looks through a folder in the layout of the extract.
    pub(super) fn open(folder: &Path) -> Result<Self, Problem> {
        let mut found = Self::default();
        for (name, path) in entries(folder)? {
            let (stem, _) = name.split_once('.').unwrap_or((&name, ""));
            let table = stem.to_ascii_lowercase().parse::<Table>().ok();
            match (table, file_kind(&path)) {
                (Some(table), Some(kind)) => found.add(table, Source { name, kind }),
                (Some(table), None) if path.is_dir() => {
                    for (part, path) in entries(&path)? {
                        let name = format!("{name}/{part}");
                        match file_kind(&path) {
                            Some(kind) => found.add(table, Source { name, kind }),
                            None => found.ignored.push(name),
                        }
                    }
                }
                // The simulator's truth is no part of an extract.
                (None, Some(_)) if stem != "truth" => found.ignored.push(name),
                _ => {}
            }
        }
        if found.tables.iter().all(Vec::is_empty) {
            let cause =
                Message::new("problem-import-folder-empty").with("folder", folder.display().to_string());
            let hint = Message::new("hint-import-folder-empty");
            return Err(Problem::new(ProblemKind::BadInput, cause).hint(hint));
        }
        for &table in Table::ALL {
            let mut places: Vec<&str> = found
                .sources(table)
                .iter()
                .map(|source| source.name.split_once('/').map_or(&*source.name, |(folder, _)| folder))
                .collect();
            places.dedup();
            if places.len() > 1 {
                found.doubled.push((table, places.join(", ")));
            }
        }
        Ok(found)
    }
}

/// The entries of a folder by name.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, Problem> {
    let failed = |error| Problem::io(folder, error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            entries.push((name, entry.path()));
        }
    }
    entries.sort();
    Ok(entries)
}

fn file_kind(path: &Path) -> Option<SourceKind> {
    if path.is_dir() {
        return None;
    }
    match path.extension()?.to_ascii_lowercase().to_str()? {
        "csv" => Some(SourceKind::Csv(path.to_owned())),
        "parquet" => Some(SourceKind::Parquet(path.to_owned())),
        _ => None,
    }
}

/// Reads the sources of a table one after the other.
pub(super) fn read(
    table: Table,
    sources: &[Source],
    limits: Limits,
    sender: &mut Sender,
) -> Result<(), Stopped> {
    for (number, source) in sources.iter().enumerate() {
        let mut reader = Reader { table, source, number: number as u32, limits, sender: &mut *sender };
        match &source.kind {
            SourceKind::Csv(path) => reader.csv(path)?,
            SourceKind::Parquet(path) => reader.parquet(path)?,
            SourceKind::Mapped(batches) => reader.mapped(batches)?,
        }
    }
    Ok(())
}

struct Reader<'a> {
    table: Table,
    source: &'a Source,
    number: u32,
    limits: Limits,
    sender: &'a mut Sender,
}

impl Reader<'_> {
    fn begin(&mut self, bytes: u64) -> Result<(), Stopped> {
        self.sender.send(Piece::Begin { name: self.source.name.clone(), bytes })
    }

    fn fail(&mut self, path: &Path, error: std::io::Error) -> Result<(), Stopped> {
        self.sender.send(Piece::Fail(Problem::io(path, error)))?;
        Err(Stopped)
    }

    fn bad_file(&mut self, line: u64, column: &str, value: &str, reason: Message) -> Result<(), Stopped> {
        self.sender.send(Piece::BadFile(RowProblem {
            file: self.source.name.clone(),
            line,
            column: column.to_owned(),
            value: value.to_owned(),
            reason,
        }))
    }

    /// Finds the table's columns among the names of a header, and says what is wrong with it.
    fn header(&mut self, names: &[String], line: u64) -> Result<Option<Arc<Origin>>, Stopped> {
        let mut good = true;
        for (place, name) in names.iter().enumerate() {
            if names[..place].contains(name) && self.table.column(name).is_some() {
                good = false;
                self.bad_file(line, name, name, Message::new("import-column-twice"))?;
            }
        }
        let columns = self.table.columns();
        let places: Vec<Option<usize>> =
            columns.iter().map(|column| names.iter().position(|name| name == column.name)).collect();
        for (column, place) in columns.iter().zip(&places) {
            if column.required && place.is_none() {
                good = false;
                let reason = Message::new("import-column-missing").with("columns", names.join(","));
                self.bad_file(line, column.name, "", reason)?;
            }
        }
        let unknown: Vec<&str> =
            names.iter().map(String::as_str).filter(|name| self.table.column(name).is_none()).collect();
        if !unknown.is_empty() {
            self.sender.send(Piece::Note(
                Message::new("import-note-columns")
                    .with("file", self.source.name.as_str())
                    .with("columns", unknown.join(", ")),
            ))?;
        }
        if !good {
            return Ok(None);
        }
        let columns = places.iter().map(Option::is_some).collect();
        self.sender.send(Piece::Present { file: self.number, columns })?;
        let name = self.source.name.clone();
        Ok(Some(Arc::new(Origin { name, number: self.number, places, width: names.len() })))
    }

    fn csv(&mut self, path: &Path) -> Result<(), Stopped> {
        let (bytes, encoding, file) = match open_csv(path, self.limits.piece_bytes) {
            Ok(opened) => opened,
            Err(error) => return self.fail(path, error),
        };
        self.begin(bytes)?;
        if encoding == Encoding::Gb18030 {
            let name = self.source.name.as_str();
            self.sender.send(Piece::Note(Message::new("import-note-gb18030").with("file", name)))?;
        }
        let mut cutter = Cutter::new(file, self.limits.piece_bytes);
        let mut origin: Option<Arc<Origin>> = None;
        loop {
            match cutter.next() {
                Err(error) => return self.fail(path, error),
                Ok(None) => break,
                Ok(Some(Cut::Lines { text, mut first_line })) => {
                    let bytes = text.len() as u64;
                    let mut text = csv_file::to_utf8(text, encoding);
                    if origin.is_none() {
                        let (names, line) = csv_file::take_header(&mut text, first_line);
                        if names.is_empty() {
                            continue;
                        }
                        origin = self.header(&names, first_line)?;
                        first_line = line;
                    }
                    let Some(origin) = &origin else { return self.sender.send(Piece::End) };
                    let body = Body::Csv { text, first_line };
                    self.sender.send(Piece::Rows(Rows { origin: Arc::clone(origin), bytes, body }))?;
                }
                Ok(Some(Cut::OpenQuote { line, text })) if origin.is_some() => {
                    let value = crate::import::report::shown_value(text.trim_ascii_end());
                    let reason = Message::new("import-quote-open");
                    let (file, column) = (self.source.name.clone(), String::new());
                    self.sender.send(Piece::BadRow(RowProblem { file, line, column, value, reason }))?;
                }
                Ok(Some(Cut::OpenQuote { line, .. })) => {
                    self.bad_file(line, "", "", Message::new("import-quote-open"))?;
                    return self.sender.send(Piece::End);
                }
                Ok(Some(Cut::Endless { line })) => {
                    self.bad_file(line, "", "", Message::new("import-file-endless"))?;
                    return self.sender.send(Piece::End);
                }
            }
        }
        if origin.is_none() {
            self.bad_file(0, "", "", Message::new("import-file-empty"))?;
        }
        self.sender.send(Piece::End)
    }

    fn parquet(&mut self, path: &Path) -> Result<(), Stopped> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return self.fail(path, error),
        };
        let bytes = file.metadata().map_or(0, |metadata| metadata.len());
        self.begin(bytes)?;
        match self.parquet_rows(file, bytes) {
            Ok(result) => result?,
            Err(error) => {
                let reason = Message::new("import-parquet").with("error", error);
                self.bad_file(0, "", "", reason)?;
            }
        }
        self.sender.send(Piece::End)
    }

    /// The outer error is what is wrong with the file.
    fn parquet_rows(&mut self, file: File, bytes: u64) -> Result<Result<(), Stopped>, String> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| error.to_string())?;
        let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let rows = builder.metadata().file_metadata().num_rows().max(1) as u64;
        let origin = match self.header(&names, 0) {
            Ok(Some(origin)) => origin,
            Ok(None) => return Ok(Ok(())),
            Err(stopped) => return Ok(Err(stopped)),
        };
        let mut wanted: Vec<usize> = origin.places.iter().flatten().copied().collect();
        wanted.sort_unstable();
        let places = origin
            .places
            .iter()
            .map(|place| place.and_then(|place| wanted.binary_search(&place).ok()))
            .collect();
        let width = wanted.len();
        let origin = Arc::new(Origin { name: origin.name.clone(), number: origin.number, places, width });
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
        let batches = builder
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|error| error.to_string())?;
        let mut first: u64 = 1;
        for batch in batches {
            let batch = batch.map_err(|error| error.to_string())?;
            let columns = self.as_text(&origin, batch.columns())?;
            let lines = UInt64Array::from_iter_values(first..first + batch.num_rows() as u64);
            first += batch.num_rows() as u64;
            let bytes = (bytes as u128 * batch.num_rows() as u128 / u128::from(rows)) as u64;
            let body = Body::Columns { columns, lines };
            if self.sender.send(Piece::Rows(Rows { origin: Arc::clone(&origin), bytes, body })).is_err() {
                return Ok(Err(Stopped));
            }
        }
        Ok(Ok(()))
    }

    fn as_text(&self, origin: &Origin, columns: &[ArrayRef]) -> Result<Vec<StringArray>, String> {
        columns
            .iter()
            .enumerate()
            .map(|(place, array)| {
                let column = origin.places.iter().position(|found| *found == Some(place));
                let kind = column.map(|column| self.table.columns()[column].kind);
                text_array(array, kind).map_err(|error| error.to_string())
            })
            .collect()
    }

    fn mapped(&mut self, batches: &[RecordBatch]) -> Result<(), Stopped> {
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        self.begin(rows as u64)?;
        let Some(first) = batches.first() else { return self.sender.send(Piece::End) };
        let width = first.num_columns() - 1;
        let names: Vec<String> =
            first.schema().fields().iter().take(width).map(|field| field.name().clone()).collect();
        if let Some(origin) = self.header(&names, 1)? {
            for batch in batches {
                let columns =
                    batch.columns()[..width].iter().map(|column| column.as_string().clone()).collect();
                let lines = batch.column(width).as_primitive().clone();
                let body = Body::Columns { columns, lines };
                let bytes = batch.num_rows() as u64;
                self.sender.send(Piece::Rows(Rows { origin: Arc::clone(&origin), bytes, body }))?;
            }
        }
        self.sender.send(Piece::End)
    }
}

fn open_csv(path: &Path, block: usize) -> std::io::Result<(u64, Encoding, File)> {
    let encoding = csv_file::detect_encoding(path, block)?;
    let file = File::open(path)?;
    Ok((file.metadata()?.len(), encoding, file))
}

/// Any column as the text that would stand in a CSV file.
pub(super) fn text_array(
    array: &ArrayRef,
    kind: Option<ColumnType>,
) -> Result<StringArray, datafusion::arrow::error::ArrowError> {
    let money = matches!(kind, Some(ColumnType::Money | ColumnType::SignedMoney));
    if money && matches!(array.data_type(), DataType::Float64 | DataType::Float32) {
        let amounts = cast(array, &DataType::Float64)?;
        return Ok(amounts
            .as_primitive::<Float64Type>()
            .iter()
            .map(|amount| amount.map(yuan_text))
            .collect());
    }
    Ok(cast(array, &DataType::Utf8)?.as_string().clone())
}

/// A float that stands for yuan: what binary fractions add to two decimals goes, anything more stays to be refused.
fn yuan_text(amount: f64) -> String {
    let rounded = format!("{amount:.2}");
    let close = rounded.parse::<f64>().is_ok_and(|fen| (fen - amount).abs() < 1e-6);
    if close { rounded } else { amount.to_string() }
}
