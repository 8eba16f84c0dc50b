//! A table of one's own, from a CSV or Parquet file into columns that the models take, and back.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::{cast, concat};
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use domain::{Message, Problem, ProblemKind};
use science::frame::{Column, Frame, Note, Values};

use crate::atomic;
use crate::import::csv_file::{self, Cut, Cutter};

/// A column, and what was special about how it is written.
type Noted = (Column, Vec<Note>);

/// Bytes of CSV read at a time.
const PIECE: usize = 4 << 20;
/// How a Parquet file begins.
const PARQUET: &[u8] = b"PAR1";

/// Reads a table: CSV with a header (UTF-8, with a mark or without, or GB18030) or Parquet. Which it is, its name or
/// its first bytes tell. A column without a name is called by its place.
///
/// # Errors
/// When the file is not there, is empty, has rows of another length than its header or two columns of one name, is
/// damaged, or holds what is no table. With the line, where there is one.
pub fn read(path: &Path) -> Result<Frame, Problem> {
    let read = if is_parquet(path)? { parquet(path)? } else { csv(path)? };
    let (columns, notes): (Vec<Column>, Vec<Vec<Note>>) = read.into_iter().unzip();
    if columns.is_empty() || columns[0].rows() == 0 {
        return Err(about(path, "problem-table-no-rows", "hint-table-no-rows", |message| message));
    }
    Ok(Frame::from_columns(columns).with_notes(notes.concat()))
}

/// Writes columns of equal length as CSV, whole or not at all. Unknown is an empty cell.
///
/// # Errors
/// When the file cannot be written.
pub fn write_csv(path: &Path, columns: &[&Column]) -> Result<(), Problem> {
    let rows = columns.first().map_or(0, |column| column.rows());
    atomic::write(path, |file| {
        let failed = |error| atomic::csv_failed(path, error);
        let mut csv = csv::Writer::from_writer(BufWriter::with_capacity(1 << 16, file));
        csv.write_record(columns.iter().map(|column| &column.name)).map_err(failed)?;
        for row in 0..rows {
            csv.write_record(columns.iter().map(|column| column.text(row))).map_err(failed)?;
        }
        let mut file = csv.into_inner().map_err(|error| Problem::io(path, error.into_error()))?;
        file.flush().map_err(|error| Problem::io(path, error))
    })
}

/// Writes text, whole or not at all.
///
/// # Errors
/// When the file cannot be written.
pub fn write_text(path: &Path, text: &str) -> Result<(), Problem> {
    atomic::write(path, |mut file| file.write_all(text.as_bytes()).map_err(|error| Problem::io(path, error)))
}

fn is_parquet(path: &Path) -> Result<bool, Problem> {
    let failed = |error| Problem::io(path, error);
    let mut first = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(PARQUET.len() as u64).read_to_end(&mut first).map_err(failed)?;
    let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    Ok(first == PARQUET || (named && !first.is_empty()))
}

fn about(
    path: &Path,
    cause: &'static str,
    hint: &'static str,
    with: impl FnOnce(Message) -> Message,
) -> Problem {
    let cause = with(Message::new(cause).with("file", path.display().to_string()));
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new(hint))
}

/// The names of a header; a column without one is called by its place.
fn names(path: &Path, names: impl Iterator<Item = String>) -> Result<Vec<String>, Problem> {
    let names: Vec<String> = names
        .enumerate()
        .map(|(place, name)| if name.is_empty() { format!("column_{}", place + 1) } else { name })
        .collect();
    let mut seen = HashSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        None => Ok(names),
        Some(name) => Err(about(path, "problem-table-column-twice", "hint-table-column-twice", |message| {
            message.with("column", name.as_str())
        })),
    }
}

/// The cells of a column, one after the other.
#[derive(Default)]
struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn column(&self, name: String) -> Noted {
        let starts = std::iter::once(&0).chain(&self.ends);
        let cells: Vec<&str> = starts.zip(&self.ends).map(|(&start, &end)| &self.text[start..end]).collect();
        Column::infer_with_notes(name, &cells)
    }
}

fn csv(path: &Path) -> Result<Vec<Noted>, Problem> {
    let failed = |error| Problem::io(path, error);
    let encoding = csv_file::detect_encoding(path, PIECE).map_err(failed)?;
    let mut cutter = Cutter::new(File::open(path).map_err(failed)?, PIECE);
    let mut header: Option<Vec<String>> = None;
    let mut columns: Vec<Cells> = Vec::new();
    while let Some(cut) = cutter.next().map_err(failed)? {
        match cut {
            Cut::Lines { text, mut first_line } => {
                let mut text = csv_file::to_utf8(text, encoding);
                if header.is_none() {
                    let (found, line) = csv_file::take_header(&mut text, first_line);
                    if found.is_empty() {
                        continue;
                    }
                    let found = names(path, found.into_iter())?;
                    columns.resize_with(found.len(), Cells::default);
                    header = Some(found);
                    first_line = line;
                }
                rows(path, &text, first_line, &mut columns)?;
            }
            Cut::OpenQuote { line, .. } => {
                return Err(at(path, line, "problem-table-quote", "hint-table-quote"));
            }
            Cut::Endless { line } => {
                return Err(at(path, line, "problem-table-endless", "hint-table-endless"));
            }
        }
    }
    let Some(header) = header else {
        return Err(about(path, "problem-table-empty", "hint-table-empty", |message| message));
    };
    Ok(header.into_iter().zip(columns).map(|(name, cells)| cells.column(name)).collect())
}

fn at(path: &Path, line: u64, cause: &'static str, hint: &'static str) -> Problem {
    about(path, cause, hint, |message| message.with("line", line as i64))
}

fn rows(path: &Path, text: &[u8], first_line: u64, columns: &mut [Cells]) -> Result<(), Problem> {
    let mut wrong = None;
    csv_file::visit_records(text, first_line, |line, record| {
        if wrong.is_some() {
            return;
        }
        if record.len() != columns.len() {
            let ragged = about(path, "problem-table-ragged", "hint-table-ragged", |message| {
                message.with("line", line as i64).with("found", record.len()).with("wanted", columns.len())
            });
            wrong = Some(ragged);
            return;
        }
        for (cell, cells) in record.iter().zip(&mut *columns) {
            match std::str::from_utf8(cell) {
                Ok(cell) => cells.push(cell),
                Err(_) => {
                    wrong = Some(at(path, line, "problem-table-encoding", "hint-table-encoding"));
                    return;
                }
            }
        }
    });
    wrong.map_or(Ok(()), Err)
}

fn parquet(path: &Path) -> Result<Vec<Noted>, Problem> {
    let file = File::open(path).map_err(|error| Problem::io(path, error))?;
    let damaged = |error: String| {
        about(path, "problem-table-parquet", "hint-table-parquet", |message| message.with("error", error))
    };
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| damaged(error.to_string()))?;
    let schema = builder.schema().clone();
    let names = names(path, schema.fields().iter().map(|field| field.name().trim().to_owned()))?;
    for (name, field) in names.iter().zip(schema.fields()) {
        if field.data_type().is_nested() {
            let kind = field.data_type().to_string();
            return Err(about(path, "problem-table-nested", "hint-table-nested", |message| {
                message.with("column", name.as_str()).with("type", kind)
            }));
        }
    }
    let mut parts: Vec<Vec<ArrayRef>> = vec![Vec::new(); names.len()];
    for batch in builder.build().map_err(|error| damaged(error.to_string()))? {
        let batch = batch.map_err(|error| damaged(error.to_string()))?;
        for (parts, array) in parts.iter_mut().zip(batch.columns()) {
            parts.push(array.clone());
        }
    }
    names
        .into_iter()
        .zip(parts)
        .zip(schema.fields())
        .map(|((name, parts), field)| {
            let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
            if parts.is_empty() {
                return Ok(Column::infer_with_notes(name, &[""; 0]));
            }
            let whole = concat(&parts).map_err(|error| damaged(error.to_string()))?;
            column(name, &whole, field.data_type()).map_err(|error| damaged(error.to_string()))
        })
        .collect()
}

/// A column by its declared type; what stands in words may still be numbers or dates.
fn column(
    name: String,
    array: &ArrayRef,
    kind: &DataType,
) -> Result<Noted, datafusion::arrow::error::ArrowError> {
    if kind.is_numeric() {
        let numbers = cast(array, &DataType::Float64)?;
        let mut misfits = 0;
        let numbers = numbers.as_primitive::<Float64Type>().iter().map(|number| {
            let number = number.unwrap_or(f64::NAN);
            misfits += usize::from(number.is_infinite());
            if number.is_finite() { number } else { f64::NAN }
        });
        let values = Values::Numbers(numbers.collect());
        return Ok((Column { name, values, misfits }, Vec::new()));
    }
    if matches!(kind, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..)) {
        let days = cast(array, &DataType::Date32)?;
        let days = days.as_primitive::<Date32Type>().iter();
        let days = days.map(|day| day.map_or(f64::NAN, f64::from)).collect();
        return Ok((Column { name, values: Values::Dates(days), misfits: 0 }, Vec::new()));
    }
    let words = cast(array, &DataType::Utf8)?;
    let words: Vec<&str> = words.as_string::<i32>().iter().map(Option::unwrap_or_default).collect();
    Ok(Column::infer_with_notes(name, &words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use datafusion::arrow::array::{
        BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray, RecordBatch,
        StringArray,
    };
    use datafusion::arrow::datatypes::Int32Type;
    use datafusion::parquet::arrow::ArrowWriter;
    use encoding_rs::GB18030;

    fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        (folder, path)
    }

    fn cause(name: &str, bytes: &[u8]) -> String {
        let (_folder, path) = file(name, bytes);
        let problem = read(&path).expect_err("a problem");
        assert!(problem.hint.is_some(), "{problem} without a hint");
        let shown = path.display().to_string();
        problem.cause.to_string().replace(&format!(" file={shown}"), "")
    }

    fn written(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
        let batch = RecordBatch::try_from_iter(columns).expect("a batch");
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
        bytes
    }

    #[test]
    fn columns_are_read_in_every_encoding_that_operators_send() {
        let text = "编码,名称,金额,入网\r\n001,\"甲,乙\",3.5,2026-01-31\r\n002,丙,,2026/2/1\r\n";
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        for bytes in [text.as_bytes().to_vec(), marked, GB18030.encode(text).0.into_owned()] {
            let (_folder, path) = file("t.csv", &bytes);
            let frame = read(&path).expect("a table");
            let names: Vec<&str> = frame.columns().iter().map(|column| column.name.as_str()).collect();
            assert_eq!(names, ["编码", "名称", "金额", "入网"]);
            let second: Vec<String> = frame.columns().iter().map(|column| column.text(0)).collect();
            assert_eq!(second, ["001", "甲,乙", "3.5", "2026-01-31"]);
            assert!(frame.column("金额").and_then(Column::numbers).expect("numbers")[1].is_nan());
            assert!(matches!(frame.columns()[3].values, Values::Dates(_)));
        }
    }

    #[test]
    fn what_is_no_table_is_said_with_its_line() {
        assert_eq!(cause("t.csv", b""), "problem-table-empty");
        assert_eq!(cause("t.csv", b"\xef\xbb\xbf\n\n"), "problem-table-empty");
        assert_eq!(cause("t.csv", b"a,b\n"), "problem-table-no-rows");
        assert_eq!(cause("t.csv", b"a,b\n1,2\n\n1,2,3\n"), "problem-table-ragged line=4 found=3 wanted=2");
        assert_eq!(cause("t.csv", b"a,b\n\"1\n1\",2\n1\n"), "problem-table-ragged line=4 found=1 wanted=2");
        assert_eq!(cause("t.csv", b"a,b, a\n1,2,3\n"), "problem-table-column-twice column=a");
        assert_eq!(cause("t.csv", b"a,b\n1,2\n\"1,2\n1,2\n"), "problem-table-quote line=3");
        assert_eq!(cause("t.csv", b"a,b\n1,2\n1,\xff\xff\n"), "problem-table-encoding line=3");
        assert_eq!(cause("t.csv", &vec![b'x'; 24 << 20]), "problem-table-endless line=1");
        let missing = read(Path::new("no such table.csv")).expect_err("a problem");
        assert_eq!(missing.cause.key, "problem-file-missing");
    }

    #[test]
    fn a_column_without_a_name_is_called_by_its_place() {
        let (_folder, path) = file("t.csv", b",a\n0,x\n");
        assert_eq!(read(&path).expect("a table").columns()[0].name, "column_1");
    }

    #[test]
    fn parquet_keeps_its_types_and_words_may_be_dates() {
        let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1)]), None]);
        let bytes = written(vec![
            ("整数", Arc::new(Int64Array::from(vec![Some(7), None])) as ArrayRef),
            ("float", Arc::new(Float64Array::from(vec![0.5, f64::INFINITY]))),
            (
                "yuan",
                Arc::new(
                    Decimal128Array::from(vec![150, 275]).with_precision_and_scale(10, 2).expect("yuan"),
                ),
            ),
            ("day", Arc::new(Date32Array::from(vec![20_000, 20_001]))),
            ("flag", Arc::new(BooleanArray::from(vec![true, false]))),
            ("said", Arc::new(StringArray::from(vec!["2026-01-31", "2026-02-01"]))),
            ("code", Arc::new(StringArray::from(vec!["007", "008"]))),
        ]);
        let (_folder, path) = file("without a suffix", &bytes);
        let frame = read(&path).expect("a table");
        let row = |row| frame.columns().iter().map(|column| column.text(row)).collect::<Vec<_>>();
        assert_eq!(row(0), ["7", "0.5", "1.5", "2024-10-04", "true", "2026-01-31", "007"]);
        assert_eq!(row(1), ["", "", "2.75", "2024-10-05", "false", "2026-02-01", "008"]);
        assert_eq!(frame.columns()[1].misfits, 1);

        let half = &bytes[..bytes.len() / 2];
        assert!(cause("t.parquet", half).starts_with("problem-table-parquet error="));
        assert!(cause("t.parquet", b"a,b\n1,2\n").starts_with("problem-table-parquet error="));
        assert_eq!(cause("t.parquet", b""), "problem-table-empty");
        let nested = written(vec![("list", Arc::new(list))]);
        assert!(cause("t.parquet", &nested).starts_with("problem-table-nested column=list type="));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (folder, path) = file("t.csv", "名称,n\n\"甲\"\"乙\",1\n丙,\n".as_bytes());
        let frame = read(&path).expect("a table");
        let copy = folder.path().join("copy.csv");
        write_csv(&copy, &frame.columns().iter().collect::<Vec<_>>()).expect("written");
        let shown = |frame: &Frame| format!("{frame:?}");
        assert_eq!(shown(&read(&copy).expect("a table")), shown(&frame));
    }
}
