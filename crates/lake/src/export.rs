//! The results for others to read: `tenure export assessments`, columns as `extract.md` names them.

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Decimal128Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;
use domain::assessment::{Assessment, Reason, Rfm};
use domain::engine::Manifest;
use domain::id::CustomerId;
use domain::{Message, Money, Month, Problem, ProblemKind};

use crate::{Lake, assessments, atomic};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text: months, codes, sentences.
    Text,
    /// A whole number.
    Whole,
    /// A number; a share, 1.0 = 100 %.
    Number,
    /// An amount; yuan with two decimals in files.
    Money,
}

/// The columns, in the order of the format. Next action belongs to a model that is not there yet: it is present and
/// empty.
pub const COLUMNS: [(&str, Kind); 24] = [
    ("month", Kind::Text),
    ("customer_code", Kind::Text),
    ("stage", Kind::Text),
    ("stage_since", Kind::Text),
    ("stage_confidence", Kind::Number),
    ("stage_reason", Kind::Text),
    ("star", Kind::Whole),
    ("revenue_12m", Kind::Money),
    ("profit_12m", Kind::Money),
    ("rfm_r", Kind::Whole),
    ("rfm_f", Kind::Whole),
    ("rfm_m", Kind::Whole),
    ("clv", Kind::Money),
    ("clv_model", Kind::Text),
    ("churn_risk", Kind::Number),
    ("churn_cause", Kind::Text),
    ("expected_loss", Kind::Money),
    ("satisfaction", Kind::Number),
    ("satisfaction_label", Kind::Text),
    ("segment_value", Kind::Text),
    ("segment_kbf", Kind::Text),
    ("segment_ict", Kind::Text),
    ("next_action", Kind::Text),
    ("next_action_value", Kind::Money),
];

/// Where the dimensions of the segment begin in [`COLUMNS`].
const SEGMENT: usize = 19;

/// A value of an exported row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Unknown.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// An amount.
    Money(Money),
}

/// What the caller knows and the lake does not.
pub struct Words<'a> {
    /// The operator's code of a customer.
    pub code: &'a dyn Fn(CustomerId) -> Option<String>,
    /// Reasons in words.
    pub reasons: &'a dyn Fn(&[Reason]) -> String,
}

/// Visits the rows of a month, or of all published months in order: a cell per column of [`COLUMNS`], sorted by
/// month and customer. Answers how many there were.
///
/// # Errors
/// When the month is not published, a file cannot be read, a customer has no code, or `each` fails.
pub fn rows(
    lake: &Lake,
    manifest: &Manifest,
    month: Option<Month>,
    words: &Words<'_>,
    each: &mut dyn FnMut(&[Cell]) -> Result<(), Problem>,
) -> Result<u64, Problem> {
    let mut count = 0;
    for month in months(manifest, month)? {
        assessments::try_each(lake.root(), &manifest.assessments[&month], &mut |assessment| {
            count += 1;
            each(&cells(&assessment, words)?)
        })?;
    }
    Ok(count)
}

/// Writes the rows of [`rows`] to a CSV file, whole or not at all.
///
/// # Errors
/// As [`rows`], or when the file cannot be written.
pub fn write_csv(
    lake: &Lake,
    manifest: &Manifest,
    month: Option<Month>,
    words: &Words<'_>,
    path: &Path,
) -> Result<u64, Problem> {
    atomic::write(path, |file| {
        let failed = |error| atomic::csv_failed(path, error);
        let mut csv = csv::Writer::from_writer(BufWriter::with_capacity(1 << 16, file));
        csv.write_record(COLUMNS.map(|(name, _)| name)).map_err(failed)?;
        let mut text = String::new();
        let count = rows(lake, manifest, month, words, &mut |cells| {
            for cell in cells {
                text.clear();
                write_cell(&mut text, cell);
                csv.write_field(&text).map_err(failed)?;
            }
            csv.write_record(None::<&[u8]>).map_err(failed)
        })?;
        let mut file = csv.into_inner().map_err(|error| Problem::io(path, error.into_error()))?;
        file.flush().map_err(|error| Problem::io(path, error))?;
        Ok(count)
    })
}

/// Writes the rows of [`rows`] to a Parquet file, whole or not at all: amounts as decimals, the rest as it is.
///
/// # Errors
/// As [`rows`], or when the file cannot be written.
pub fn write_parquet(
    lake: &Lake,
    manifest: &Manifest,
    month: Option<Month>,
    words: &Words<'_>,
    path: &Path,
) -> Result<u64, Problem> {
    atomic::write(path, |file| {
        let failed = |error: ParquetError| atomic::failed(path, error);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let schema = schema();
        let mut parquet = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(failed)?;
        let mut columns: Vec<Column> = COLUMNS.iter().map(|&(_, kind)| Column::new(kind)).collect();
        let mut waiting = 0;
        let count = rows(lake, manifest, month, words, &mut |cells| {
            columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
            waiting += 1;
            if waiting == BATCH {
                waiting = 0;
                parquet.write(&batch(&schema, &mut columns).map_err(Problem::internal)?).map_err(failed)?;
            }
            Ok(())
        })?;
        parquet.write(&batch(&schema, &mut columns).map_err(Problem::internal)?).map_err(failed)?;
        parquet.close().map_err(failed)?;
        Ok(count)
    })
}

/// Rows gathered before they are encoded.
const BATCH: usize = 8_192;

fn months(manifest: &Manifest, month: Option<Month>) -> Result<Vec<Month>, Problem> {
    let not_found = |cause, hint| Err(Problem::new(ProblemKind::NotFound, cause).hint(hint));
    let say = |key: &'static str, month: Month| Message::new(key).with("month", month);
    match month {
        Some(month) if manifest.assessments.contains_key(&month) => Ok(vec![month]),
        Some(month) => {
            not_found(say("problem-month-unpublished", month), say("hint-month-unpublished", month))
        }
        None if manifest.assessments.is_empty() => {
            not_found(Message::new("problem-nothing-published"), Message::new("hint-nothing-published"))
        }
        None => Ok(manifest.assessments.keys().copied().collect()),
    }
}

fn cells(assessment: &Assessment, words: &Words<'_>) -> Result<[Cell; COLUMNS.len()], Problem> {
    let code = (words.code)(assessment.customer)
        .ok_or_else(|| Problem::internal(format!("customer {} has no code", assessment.customer)))?;
    let points =
        |of: fn(&Rfm) -> u8| assessment.rfm.as_ref().map_or(Cell::Empty, |rfm| Cell::Whole(of(rfm).into()));
    let (value, risk) = (assessment.value, assessment.risk.as_ref());
    let satisfaction = assessment.satisfaction.as_ref();
    let mut cells = [const { Cell::Empty }; COLUMNS.len()];
    let known = [
        Cell::Text(assessment.month.to_string()),
        Cell::Text(code),
        Cell::Text(assessment.stage.code().to_owned()),
        Cell::Text(assessment.stage_since.to_string()),
        Cell::Number(four_decimals(assessment.stage_confidence)),
        Cell::Text((words.reasons)(&assessment.stage_reasons)),
        assessment.star.map_or(Cell::Empty, |star| Cell::Whole(star.get().into())),
        Cell::Money(assessment.revenue_12m),
        Cell::Money(assessment.profit_12m),
        points(|rfm| rfm.recency),
        points(|rfm| rfm.frequency),
        points(|rfm| rfm.monetary),
        value.map_or(Cell::Empty, |value| Cell::Money(value.amount)),
        value.map_or(Cell::Empty, |value| Cell::Text(value.model.code().to_owned())),
        risk.map_or(Cell::Empty, |risk| Cell::Number(four_decimals(risk.probability))),
        risk.and_then(|risk| risk.cause).map_or(Cell::Empty, |cause| Cell::Text(cause.code().to_owned())),
        risk.map_or(Cell::Empty, |risk| Cell::Money(risk.expected_loss)),
        satisfaction.map_or(Cell::Empty, |told| Cell::Number(four_decimals(told.score))),
        satisfaction.map_or(Cell::Empty, |told| Cell::Text(told.label.code().to_owned())),
    ];
    cells.iter_mut().zip(known).for_each(|(cell, known)| *cell = known);
    if let Some(segment) = assessment.segment {
        let codes = [
            segment.value.map(|(value, _)| value.code()),
            Some(segment.buying_factor.0.code()),
            Some(segment.ict_need.0.code()),
        ];
        for (cell, code) in cells[SEGMENT..].iter_mut().zip(codes) {
            *cell = code.map_or(Cell::Empty, |code| Cell::Text(code.to_owned()));
        }
    }
    Ok(cells)
}

/// A probability as people read it; more decimals would only look exact.
fn four_decimals(share: f32) -> f64 {
    (f64::from(share) * 10_000.0).round() / 10_000.0
}

fn write_cell(out: &mut String, cell: &Cell) {
    // Text in memory takes everything.
    let _ = match cell {
        Cell::Empty => Ok(()),
        Cell::Text(text) => out.write_str(text),
        Cell::Whole(number) => write!(out, "{number}"),
        Cell::Number(number) => write!(out, "{number}"),
        Cell::Money(money) => write!(out, "{money}"),
    };
}

/// Digits of an amount in yuan, two of them decimals: what 63 bits of fen need.
const MONEY: DataType = DataType::Decimal128(19, 2);

fn schema() -> SchemaRef {
    let fields = COLUMNS.map(|(name, kind)| {
        let kind = match kind {
            Kind::Text => DataType::Utf8,
            Kind::Whole => DataType::Int64,
            Kind::Number => DataType::Float64,
            Kind::Money => MONEY,
        };
        Field::new(name, kind, true)
    });
    Arc::new(Schema::new(fields.to_vec()))
}

fn batch(schema: &SchemaRef, columns: &mut [Column]) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_new(schema.clone(), columns.iter_mut().map(Column::finish).collect())
}

/// A column of the Parquet file in the making; a cell of another kind counts as unknown.
enum Column {
    Text(StringBuilder),
    Whole(Int64Builder),
    Number(Float64Builder),
    Money(Decimal128Builder),
}

impl Column {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Whole => Self::Whole(Int64Builder::new()),
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Money => Self::Money(Decimal128Builder::new().with_data_type(MONEY)),
        }
    }

    fn push(&mut self, cell: &Cell) {
        match (self, cell) {
            (Self::Text(column), Cell::Text(text)) => column.append_value(text),
            (Self::Whole(column), Cell::Whole(number)) => column.append_value(*number),
            (Self::Number(column), Cell::Number(number)) => column.append_value(*number),
            (Self::Money(column), Cell::Money(money)) => column.append_value(money.fen().into()),
            (Self::Text(column), _) => column.append_null(),
            (Self::Whole(column), _) => column.append_null(),
            (Self::Number(column), _) => column.append_null(),
            (Self::Money(column), _) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Whole(column) => Arc::new(column.finish()),
            Self::Number(column) => Arc::new(column.finish()),
            Self::Money(column) => Arc::new(column.finish()),
        }
    }
}
