//! The published assessments: one Parquet file a month, a row per customer, sorted by customer, with the numbers
//! of the month beside the assessment, so that the relation curve reads one file a month.
//!
//! Pages are small and aligned, and only the customer's id is indexed: one customer's row costs one page a
//! column. Stages and reasons are kept as the codes of `domain`, since other tools read these files too.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Float32Array, Float64Array, Int32Array, Int64Array,
    PrimitiveArray, RecordBatch, StringArray, StringBuilder, UInt8Array,
};
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, DataType, Field, Float32Type, Float64Type, Int32Type, Int64Type, Schema, SchemaRef,
    UInt8Type,
};
use datafusion::parquet::basic::{Compression, Encoding};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;
use domain::assessment::{Assessment, Reason, Rfm};
use domain::cycle::LakeFile;
use domain::engine::{CustomerMonth, RelationMonth};
use domain::id::CustomerId;
use domain::outlook::{ExitCause, ExitRisk, LifetimeValue, RiskModel, ValueModel};
use domain::satisfaction::{Satisfaction, SatisfactionLabel};
use domain::segment::{BuyingFactor, IctNeed, Segment, SegmentReason, SegmentValue};
use domain::star::StarRating;
use domain::{LifecycleStage, Message, Money, Month, Problem, ProblemKind};

use crate::row_groups::{Cut, Rows};
use crate::{atomic, row_groups};

/// Rows of a page: what is decoded to find one customer.
const PAGE: usize = 256;

/// Batches of a row group: all pages before the right one are walked over.
const BATCHES_OF_A_GROUP: usize = 2;

/// The columns of the file.
pub(crate) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let codes = || DataType::Dictionary(Box::new(DataType::UInt8), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        Field::new("customer_id", DataType::Int64, false),
        Field::new("stage", codes(), false),
        Field::new("since", DataType::Int32, false),
        Field::new("confidence", DataType::Float32, false),
        Field::new("reasons", DataType::Utf8, false),
        Field::new("naive_stage", codes(), false),
        Field::new("star", DataType::UInt8, true),
        Field::new("revenue_12m", DataType::Int64, false),
        Field::new("profit_12m", DataType::Int64, false),
        Field::new("rfm_r", DataType::UInt8, true),
        Field::new("rfm_f", DataType::UInt8, true),
        Field::new("rfm_m", DataType::UInt8, true),
        Field::new("value", DataType::Int64, true),
        Field::new("value_low", DataType::Int64, true),
        Field::new("value_high", DataType::Int64, true),
        Field::new("value_model", codes(), true),
        Field::new("risk", DataType::Float32, true),
        Field::new("risk_cause", codes(), true),
        Field::new("risk_evidence", DataType::Utf8, false),
        Field::new("expected_loss", DataType::Int64, true),
        Field::new("risk_model", codes(), true),
        Field::new("segment_value", codes(), true),
        Field::new("segment_value_sure", DataType::Float32, true),
        Field::new("segment_kbf", codes(), true),
        Field::new("segment_kbf_sure", DataType::Float32, true),
        Field::new("segment_ict", codes(), true),
        Field::new("segment_ict_sure", DataType::Float32, true),
        Field::new("segment_kbf_reason", codes(), true),
        Field::new("segment_ict_reason", codes(), true),
        Field::new("satisfaction", DataType::Float32, true),
        Field::new("satisfaction_label", codes(), true),
        Field::new("satisfaction_reasons", DataType::Utf8, false),
        Field::new("usage", DataType::Float64, true),
        Field::new("lines", DataType::Float64, true),
        Field::new("revenue", DataType::Int64, true),
        Field::new("cost", DataType::Int64, false),
    ]))
});

/// Place of the first number of the month.
const NUMBERS: usize = 32;

/// The columns that make an [`Assessment`]: all before the numbers of the month.
const ASSESSMENT: [usize; NUMBERS] = {
    let mut columns = [0; NUMBERS];
    let mut place = 0;
    while place < columns.len() {
        columns[place] = place;
        place += 1;
    }
    columns
};

/// The columns that make a [`RelationMonth`].
pub(crate) const RELATION: [usize; 8] = [0, 1, 3, 4, NUMBERS, NUMBERS + 1, NUMBERS + 2, NUMBERS + 3];

/// Columns of few values: a dictionary makes them a few bits a row. Any other dictionary would have to be read
/// whole for one customer.
const FEW_VALUES: [&str; 15] = [
    "stage",
    "naive_stage",
    "star",
    "rfm_r",
    "rfm_f",
    "rfm_m",
    "value_model",
    "risk_cause",
    "risk_model",
    "segment_value",
    "segment_kbf",
    "segment_ict",
    "segment_kbf_reason",
    "segment_ict_reason",
    "satisfaction_label",
];

/// Where a month's file lies, relative to the data folder.
pub(crate) fn path(month: Month, run: &str) -> PathBuf {
    Path::new("assessments").join(month.to_string()).join(format!("{run}.parquet"))
}

fn properties() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(ColumnPath::from("customer_id"), EnabledStatistics::Page)
        .set_column_encoding(ColumnPath::from("customer_id"), Encoding::DELTA_BINARY_PACKED)
        .set_column_encoding(ColumnPath::from("since"), Encoding::DELTA_BINARY_PACKED)
        .set_column_compression(ColumnPath::from("reasons"), Compression::LZ4_RAW)
        .set_column_compression(ColumnPath::from("risk_evidence"), Compression::LZ4_RAW)
        .set_column_compression(ColumnPath::from("satisfaction_reasons"), Compression::LZ4_RAW)
        .set_data_page_row_count_limit(PAGE)
        .set_write_batch_size(PAGE)
        .set_max_row_group_row_count(None);
    for column in FEW_VALUES {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(column), true);
    }
    properties.build()
}

/// Writes a month: groups of rows of [`SCHEMA`], in order of customers.
pub(crate) fn write(
    root: &Path,
    month: Month,
    run: &str,
    groups: &[Vec<Cut>],
    threads: usize,
) -> Result<LakeFile, Problem> {
    let path = path(month, run);
    let small: Vec<&[Cut]> = groups.iter().flat_map(|range| range.chunks(BATCHES_OF_A_GROUP)).collect();
    row_groups::write(&root.join(&path), &SCHEMA, properties(), &small, threads)?;
    let rows = groups.iter().flatten().map(Rows::count).sum();
    Ok(LakeFile { month, path, rows })
}

/// A column of codes from their places in a closed list.
pub(crate) fn codes(places: &UInt8Array, list: &[&'static str]) -> ArrayRef {
    let list: ArrayRef = Arc::new(StringArray::from(list.to_vec()));
    Arc::new(DictionaryArray::new(places.clone(), list))
}

/// Appends reasons in their kept form, as one value.
pub(crate) fn write_reasons<'a>(out: &mut StringBuilder, reasons: impl Iterator<Item = &'a Reason>) {
    for (place, reason) in reasons.enumerate() {
        if place > 0 {
            // Text in memory takes everything.
            let _ = out.write_char(';');
        }
        let _ = write!(out, "{reason}");
    }
    out.append_value("");
}

pub(crate) fn read_reasons(text: &str) -> Option<Vec<Reason>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(';').map(|reason| reason.parse().ok()).collect()
}

/// Visits every assessment of a file, sorted by customer, until a visit fails.
pub(crate) fn try_each(
    root: &Path,
    file: &LakeFile,
    each: &mut dyn FnMut(Assessment) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let path = root.join(&file.path);
    for batch in row_groups::read(&path, &ASSESSMENT, None)? {
        let batch = batch.map_err(|error| atomic::failed(&path, error))?;
        let rows = AssessmentColumns::new(&batch, file.month).ok_or_else(|| foreign(&path))?;
        for row in 0..batch.num_rows() {
            each(rows.get(row).ok_or_else(|| foreign(&path))?)?;
        }
    }
    Ok(())
}

/// What is read is not what [`write`] writes.
pub(crate) fn foreign(path: &Path) -> Problem {
    let cause = Message::new("problem-lake-version").with("file", path.display().to_string());
    Problem::new(ProblemKind::Environment, cause).hint(Message::new("hint-lake-version"))
}

/// Columns read back.
pub(crate) struct AssessmentColumns<'a> {
    month: Month,
    customer: &'a Int64Array,
    stage: CodeColumn<'a, LifecycleStage>,
    since: &'a Int32Array,
    confidence: &'a Float32Array,
    reasons: &'a StringArray,
    naive: CodeColumn<'a, LifecycleStage>,
    star: &'a UInt8Array,
    revenue_12m: &'a Int64Array,
    profit_12m: &'a Int64Array,
    rfm: [&'a UInt8Array; 3],
    value: [&'a Int64Array; 3],
    value_model: CodeColumn<'a, ValueModel>,
    risk: &'a Float32Array,
    cause: CodeColumn<'a, ExitCause>,
    evidence: &'a StringArray,
    expected_loss: &'a Int64Array,
    risk_model: CodeColumn<'a, RiskModel>,
    segment_value: CodeColumn<'a, SegmentValue>,
    buying_factor: CodeColumn<'a, BuyingFactor>,
    ict_need: CodeColumn<'a, IctNeed>,
    /// Of value, buying factor and need.
    sure: [&'a Float32Array; 3],
    /// Of buying factor and need.
    segment_reasons: [CodeColumn<'a, SegmentReason>; 2],
    satisfaction: &'a Float32Array,
    satisfaction_label: CodeColumn<'a, SatisfactionLabel>,
    satisfaction_reasons: &'a StringArray,
}

impl<'a> AssessmentColumns<'a> {
    /// The columns of a batch; none if these are not those of an assessments file.
    pub fn new(batch: &'a RecordBatch, month: Month) -> Option<Self> {
        Some(Self {
            month,
            customer: column::<Int64Type>(batch, 0)?,
            stage: CodeColumn::new(batch.columns().get(1)?)?,
            since: column::<Int32Type>(batch, 2)?,
            confidence: column::<Float32Type>(batch, 3)?,
            reasons: batch.columns().get(4)?.as_string_opt()?,
            naive: CodeColumn::new(batch.columns().get(5)?)?,
            star: column::<UInt8Type>(batch, 6)?,
            revenue_12m: column::<Int64Type>(batch, 7)?,
            profit_12m: column::<Int64Type>(batch, 8)?,
            rfm: [
                column::<UInt8Type>(batch, 9)?,
                column::<UInt8Type>(batch, 10)?,
                column::<UInt8Type>(batch, 11)?,
            ],
            value: [
                column::<Int64Type>(batch, 12)?,
                column::<Int64Type>(batch, 13)?,
                column::<Int64Type>(batch, 14)?,
            ],
            value_model: CodeColumn::new(batch.columns().get(15)?)?,
            risk: column::<Float32Type>(batch, 16)?,
            cause: CodeColumn::new(batch.columns().get(17)?)?,
            evidence: batch.columns().get(18)?.as_string_opt()?,
            expected_loss: column::<Int64Type>(batch, 19)?,
            risk_model: CodeColumn::new(batch.columns().get(20)?)?,
            segment_value: CodeColumn::new(batch.columns().get(21)?)?,
            buying_factor: CodeColumn::new(batch.columns().get(23)?)?,
            ict_need: CodeColumn::new(batch.columns().get(25)?)?,
            sure: [
                column::<Float32Type>(batch, 22)?,
                column::<Float32Type>(batch, 24)?,
                column::<Float32Type>(batch, 26)?,
            ],
            segment_reasons: [
                CodeColumn::new(batch.columns().get(27)?)?,
                CodeColumn::new(batch.columns().get(28)?)?,
            ],
            satisfaction: column::<Float32Type>(batch, 29)?,
            satisfaction_label: CodeColumn::new(batch.columns().get(30)?)?,
            satisfaction_reasons: batch.columns().get(31)?.as_string_opt()?,
        })
    }

    /// The row of a customer.
    pub fn find(&self, customer: CustomerId) -> Option<usize> {
        self.customer.values().binary_search(&customer.get()).ok()
    }

    /// A row; none if it holds codes that are none of ours.
    pub fn get(&self, row: usize) -> Option<Assessment> {
        let star = match known(self.star, row) {
            Some(stars) => Some(StarRating::try_from(stars).ok()?),
            None => None,
        };
        let [recency, frequency, monetary] = self.rfm.map(|points| known(points, row));
        let rfm = match (recency, frequency, monetary) {
            (Some(recency), Some(frequency), Some(monetary)) => Some(Rfm { recency, frequency, monetary }),
            _ => None,
        };
        Some(Assessment {
            customer: CustomerId::new(self.customer.value(row)),
            month: self.month,
            stage: self.stage.get(row)?,
            stage_since: Month::from_number(self.since.value(row)),
            stage_confidence: self.confidence.value(row),
            stage_reasons: read_reasons(self.reasons.value(row))?,
            naive_stage: self.naive.get(row)?,
            star,
            revenue_12m: Money::from_fen(self.revenue_12m.value(row)),
            profit_12m: Money::from_fen(self.profit_12m.value(row)),
            rfm,
            value: self.value(row),
            risk: self.risk(row)?,
            segment: self.segment(row),
            satisfaction: self.satisfaction(row)?,
        })
    }

    /// The satisfaction of a row, if it has one; none if its reasons are none of ours.
    #[expect(clippy::option_option, reason = "unreadable is not the same as absent")]
    fn satisfaction(&self, row: usize) -> Option<Option<Satisfaction>> {
        let (Some(score), Some(label)) = (known(self.satisfaction, row), self.satisfaction_label.get(row))
        else {
            return Some(None);
        };
        let reasons = read_reasons(self.satisfaction_reasons.value(row))?;
        Some(Some(Satisfaction { score, label, reasons }))
    }

    fn segment(&self, row: usize) -> Option<Segment> {
        let [value, factor, need] = self.sure.map(|sure| known(sure, row).unwrap_or_default());
        Some(Segment {
            value: self.segment_value.get(row).map(|code| (code, value)),
            buying_factor: (self.buying_factor.get(row)?, factor),
            factor_reason: self.segment_reasons[0].get(row)?,
            ict_need: (self.ict_need.get(row)?, need),
            need_reason: self.segment_reasons[1].get(row)?,
        })
    }

    fn value(&self, row: usize) -> Option<LifetimeValue> {
        let [amount, low, high] = self.value.map(|fen| known(fen, row).map(Money::from_fen));
        let model = self.value_model.get(row)?;
        Some(LifetimeValue { amount: amount?, low: low?, high: high?, model })
    }

    /// The risk of a row, if it has one; none if its evidence is none of ours.
    #[expect(clippy::option_option, reason = "unreadable is not the same as absent")]
    fn risk(&self, row: usize) -> Option<Option<ExitRisk>> {
        let (Some(probability), Some(model)) = (known(self.risk, row), self.risk_model.get(row)) else {
            return Some(None);
        };
        Some(Some(ExitRisk {
            probability,
            cause: self.cause.get(row),
            evidence: read_reasons(self.evidence.value(row))?,
            expected_loss: Money::from_fen(known(self.expected_loss, row).unwrap_or_default()),
            model,
        }))
    }
}

/// Visits every customer of a file with the numbers of its month, sorted by customer.
pub(crate) fn each_month(
    root: &Path,
    file: &LakeFile,
    each: &mut dyn FnMut(CustomerMonth),
) -> Result<(), Problem> {
    let path = root.join(&file.path);
    let columns: Vec<usize> = (0..SCHEMA.fields().len()).collect();
    for batch in row_groups::read(&path, &columns, None)? {
        let batch = batch.map_err(|error| atomic::failed(&path, error))?;
        let rows = MonthColumns::new(&batch, file.month).ok_or_else(|| foreign(&path))?;
        for row in 0..batch.num_rows() {
            each(rows.get(row).ok_or_else(|| foreign(&path))?);
        }
    }
    Ok(())
}

/// The row of a customer in a batch of all columns of [`SCHEMA`].
pub(crate) fn customer_month(
    batch: &RecordBatch,
    month: Month,
    customer: CustomerId,
) -> Option<CustomerMonth> {
    let rows = MonthColumns::new(batch, month)?;
    rows.get(rows.assessments.find(customer)?)
}

/// The row of a customer in a batch of the columns of [`RELATION`].
pub(crate) fn relation_month(
    batch: &RecordBatch,
    month: Month,
    customer: CustomerId,
) -> Option<RelationMonth> {
    let row = column::<Int64Type>(batch, 0)?.values().binary_search(&customer.get()).ok()?;
    let stage = CodeColumn::<LifecycleStage>::new(batch.columns().get(1)?)?.get(row)?;
    let numbers = Numbers::new(batch, 4)?;
    Some(RelationMonth {
        month,
        stage,
        confidence: column::<Float32Type>(batch, 2)?.value(row),
        reasons: read_reasons(batch.columns().get(3)?.as_string_opt::<i32>()?.value(row))?,
        usage: recorded(stage, known(numbers.usage, row)),
        lines: recorded(stage, known(numbers.lines, row)),
        revenue: recorded(stage, known(numbers.revenue, row).map(Money::from_fen)),
        cost: Money::from_fen(numbers.cost.value(row)),
    })
}

/// The numbers of a month.
struct Numbers<'a> {
    usage: &'a Float64Array,
    lines: &'a Float64Array,
    revenue: &'a Int64Array,
    cost: &'a Int64Array,
}

impl<'a> Numbers<'a> {
    /// From these columns on.
    fn new(batch: &'a RecordBatch, from: usize) -> Option<Self> {
        Some(Self {
            usage: column::<Float64Type>(batch, from)?,
            lines: column::<Float64Type>(batch, from + 1)?,
            revenue: column::<Int64Type>(batch, from + 2)?,
            cost: column::<Int64Type>(batch, from + 3)?,
        })
    }
}

/// All columns of [`SCHEMA`]: assessments with the numbers of their month.
struct MonthColumns<'a> {
    assessments: AssessmentColumns<'a>,
    numbers: Numbers<'a>,
}

impl<'a> MonthColumns<'a> {
    fn new(batch: &'a RecordBatch, month: Month) -> Option<Self> {
        Some(Self {
            assessments: AssessmentColumns::new(batch, month)?,
            numbers: Numbers::new(batch, NUMBERS)?,
        })
    }

    fn get(&self, row: usize) -> Option<CustomerMonth> {
        let assessment = self.assessments.get(row)?;
        let (stage, numbers) = (assessment.stage, &self.numbers);
        Some(CustomerMonth {
            month: assessment.month,
            usage: recorded(stage, known(numbers.usage, row)),
            lines: recorded(stage, known(numbers.lines, row)),
            revenue: recorded(stage, known(numbers.revenue, row).map(Money::from_fen)),
            cost: Money::from_fen(numbers.cost.value(row)),
            assessment,
        })
    }
}

fn column<T: ArrowPrimitiveType>(batch: &RecordBatch, place: usize) -> Option<&PrimitiveArray<T>> {
    batch.columns().get(place)?.as_primitive_opt::<T>()
}

/// A number of a customer's month. Without a service there is nothing to know: no row means none of it.
pub(crate) fn recorded<T: Default>(stage: LifecycleStage, known: Option<T>) -> Option<T> {
    known.or_else(|| (!stage.is_served()).then(T::default))
}

fn known<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Option<T::Native> {
    array.is_valid(row).then(|| array.value(row))
}

/// A column of codes read back.
pub(crate) struct CodeColumn<'a, T> {
    keys: &'a UInt8Array,
    values: Vec<T>,
}

impl<'a, T: FromStr + Copy> CodeColumn<'a, T> {
    pub fn new(array: &'a ArrayRef) -> Option<Self> {
        let codes = array.as_dictionary_opt::<UInt8Type>()?;
        let values = codes.values().as_string_opt::<i32>()?.iter().map(|code| code?.parse().ok());
        Some(Self { keys: codes.keys(), values: values.collect::<Option<_>>()? })
    }

    /// The code of a row.
    pub fn get(&self, row: usize) -> Option<T> {
        self.values.get(usize::from(known(self.keys, row)?)).copied()
    }
}
