//! What the cycle says of members: one Parquet file a month, a row per member present, sorted by member. Laid out
//! like the assessments, so that the members of one customer cost a page or two a column.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Float32Array, Float32Builder, Int64Array, Int64Builder, RecordBatch,
    StringArray, StringBuilder, UInt8Builder,
};
use datafusion::arrow::datatypes::{DataType, Field, Float32Type, Int64Type, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use datafusion::parquet::basic::{Compression, Encoding};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::page_index::column_index::ColumnIndexMetaData;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;
use domain::cycle::LakeFile;
use domain::id::{CustomerId, MemberId};
use domain::satisfaction::{MemberMonth, Satisfaction, SatisfactionLabel};
use domain::{Money, Month, Problem};

use crate::assessments::{self, CodeColumn, read_reasons};
use crate::history::Footers;
use crate::{atomic, row_groups};

/// Rows of a page.
const PAGE: usize = 256;

pub(crate) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let codes = DataType::Dictionary(Box::new(DataType::UInt8), Box::new(DataType::Utf8));
    Arc::new(Schema::new(vec![
        Field::new("member_id", DataType::Int64, false),
        Field::new("customer_id", DataType::Int64, false),
        Field::new("satisfaction", DataType::Float32, true),
        Field::new("satisfaction_label", codes, true),
        Field::new("satisfaction_reasons", DataType::Utf8, false),
        Field::new("risk", DataType::Float32, true),
        Field::new("value", DataType::Int64, false),
        Field::new("risk_reasons", DataType::Utf8, false),
    ]))
});

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .set_dictionary_enabled(false)
        .set_column_dictionary_enabled(ColumnPath::from("satisfaction_label"), true)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(ColumnPath::from("member_id"), EnabledStatistics::Page)
        .set_column_encoding(ColumnPath::from("member_id"), Encoding::DELTA_BINARY_PACKED)
        .set_column_encoding(ColumnPath::from("customer_id"), Encoding::DELTA_BINARY_PACKED)
        .set_data_page_row_count_limit(PAGE)
        .set_write_batch_size(PAGE)
        .set_max_row_group_row_count(None)
        .build()
}

/// Rows in the making.
#[derive(Default)]
pub(crate) struct Rows {
    members: Int64Builder,
    customers: Int64Builder,
    scores: Float32Builder,
    labels: UInt8Builder,
    reasons: StringBuilder,
    risks: Float32Builder,
    risk_reasons: StringBuilder,
    values: Int64Builder,
}

impl Rows {
    /// Adds a member.
    pub fn push(&mut self, member: &MemberMonth) {
        self.members.append_value(member.member.get());
        self.customers.append_value(member.customer.get());
        let satisfaction = member.satisfaction.as_ref();
        self.scores.append_option(satisfaction.map(|told| told.score));
        self.labels.append_option(satisfaction.map(|told| told.label.index() as u8));
        let reasons = satisfaction.map_or(&[][..], |told| &told.reasons);
        assessments::write_reasons(&mut self.reasons, reasons.iter());
        self.risks.append_option(member.risk);
        assessments::write_reasons(&mut self.risk_reasons, member.risk_reasons.iter());
        self.values.append_value(member.value.fen());
    }

    /// All of them.
    pub fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.members.finish()),
            Arc::new(self.customers.finish()),
            Arc::new(self.scores.finish()),
            assessments::codes(&self.labels.finish(), SatisfactionLabel::CODES),
            Arc::new(self.reasons.finish()),
            Arc::new(self.risks.finish()),
            Arc::new(self.values.finish()),
            Arc::new(self.risk_reasons.finish()),
        ];
        RecordBatch::try_new(SCHEMA.clone(), columns)
    }
}

/// Writes a month: batches of [`Rows`], in order of members.
pub(crate) fn write(
    root: &Path,
    month: Month,
    run: &str,
    batches: &[RecordBatch],
    threads: usize,
) -> Result<LakeFile, Problem> {
    let path: PathBuf = Path::new("members").join(month.to_string()).join(format!("{run}.parquet"));
    let groups: Vec<&[RecordBatch]> = batches.chunks(1).collect();
    row_groups::write(&root.join(&path), &SCHEMA, properties(), &groups, threads)?;
    let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
    Ok(LakeFile { month, path, rows })
}

/// Visits every member of a file, sorted by id.
pub(crate) fn each(root: &Path, file: &LakeFile, each: &mut dyn FnMut(MemberMonth)) -> Result<(), Problem> {
    let path = root.join(&file.path);
    let columns: Vec<usize> = (0..SCHEMA.fields().len()).collect();
    for batch in row_groups::read(&path, &columns, None)? {
        let batch = batch.map_err(|error| atomic::failed(&path, error))?;
        let rows = Columns::new(&batch, file.month).ok_or_else(|| assessments::foreign(&path))?;
        for row in 0..batch.num_rows() {
            each(rows.get(row).ok_or_else(|| assessments::foreign(&path))?);
        }
    }
    Ok(())
}

/// The rows of some members, by id.
pub(crate) fn of(
    root: &Path,
    footers: &Footers,
    file: &LakeFile,
    members: &[MemberId],
) -> Result<Vec<MemberMonth>, Problem> {
    let path = root.join(&file.path);
    let mut wanted: Vec<i64> = members.iter().map(|member| member.get()).collect();
    wanted.sort_unstable();
    let opened = File::open(&path).map_err(|error| Problem::io(&path, error))?;
    let footer = footers.get(&path, &opened).map_err(|error| atomic::failed(&path, error))?;
    let batches = read_pages(opened, footer, &wanted).map_err(|error| atomic::failed(&path, error))?;
    let mut found = Vec::with_capacity(wanted.len());
    for batch in &batches {
        let rows = Columns::new(batch, file.month).ok_or_else(|| assessments::foreign(&path))?;
        for row in 0..batch.num_rows() {
            if wanted.binary_search(&rows.member.value(row)).is_ok() {
                found.push(rows.get(row).ok_or_else(|| assessments::foreign(&path))?);
            }
        }
    }
    Ok(found)
}

/// The pages that may hold any of these members.
fn read_pages(
    file: File,
    footer: ArrowReaderMetadata,
    wanted: &[i64],
) -> Result<Vec<RecordBatch>, ParquetError> {
    let mut selectors = Vec::new();
    let metadata = footer.metadata().clone();
    for group in 0..metadata.num_row_groups() {
        let rows = usize::try_from(metadata.row_group(group).num_rows()).unwrap_or_default();
        let index = metadata.column_index().and_then(|index| index.get(group)?.first());
        let pages = metadata.offset_index().and_then(|index| index.get(group)?.first());
        let (Some(ColumnIndexMetaData::INT64(ids)), Some(pages)) = (index, pages) else {
            selectors.push(RowSelector::select(rows));
            continue;
        };
        let starts: Vec<usize> = pages
            .page_locations()
            .iter()
            .map(|page| usize::try_from(page.first_row_index).unwrap_or_default())
            .collect();
        for (page, (&low, &high)) in ids.min_values().iter().zip(ids.max_values()).enumerate() {
            let count = starts.get(page + 1).copied().unwrap_or(rows) - starts[page];
            let next = wanted.partition_point(|&id| id < low);
            let holds = wanted.get(next).is_some_and(|&id| id <= high);
            selectors.push(if holds { RowSelector::select(count) } else { RowSelector::skip(count) });
        }
    }
    ParquetRecordBatchReaderBuilder::new_with_metadata(file, footer)
        .with_row_selection(RowSelection::from(selectors))
        .build()?
        .map(|batch| batch.map_err(ParquetError::from))
        .collect()
}

/// Columns read back.
struct Columns<'a> {
    month: Month,
    member: &'a Int64Array,
    customer: &'a Int64Array,
    score: &'a Float32Array,
    label: CodeColumn<'a, SatisfactionLabel>,
    reasons: &'a StringArray,
    risk: &'a Float32Array,
    value: &'a Int64Array,
    risk_reasons: &'a StringArray,
}

impl<'a> Columns<'a> {
    fn new(batch: &'a RecordBatch, month: Month) -> Option<Self> {
        let column = |place: usize| batch.columns().get(place);
        Some(Self {
            month,
            member: column(0)?.as_primitive_opt::<Int64Type>()?,
            customer: column(1)?.as_primitive_opt::<Int64Type>()?,
            score: column(2)?.as_primitive_opt::<Float32Type>()?,
            label: CodeColumn::new(column(3)?)?,
            reasons: column(4)?.as_string_opt()?,
            risk: column(5)?.as_primitive_opt::<Float32Type>()?,
            value: column(6)?.as_primitive_opt::<Int64Type>()?,
            risk_reasons: column(7)?.as_string_opt()?,
        })
    }

    fn get(&self, row: usize) -> Option<MemberMonth> {
        let satisfaction = match self.label.get(row) {
            Some(label) => Some(Satisfaction {
                score: self.score.value(row),
                label,
                reasons: read_reasons(self.reasons.value(row))?,
            }),
            None => None,
        };
        Some(MemberMonth {
            member: MemberId::new(self.member.value(row)),
            customer: CustomerId::new(self.customer.value(row)),
            month: self.month,
            satisfaction,
            risk: self.risk.is_valid(row).then(|| self.risk.value(row)),
            risk_reasons: read_reasons(self.risk_reasons.value(row))?,
            value: Money::from_fen(self.value.value(row)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::assessment::{Reason, ReasonKind};

    #[test]
    fn members_come_back_all_and_some() {
        let folder = tempfile::tempdir().expect("a folder");
        let month = Month::new(2025, 12).expect("a month");
        let member = |id: i64| MemberMonth {
            member: MemberId::new(id),
            customer: CustomerId::new(id / 3 + 1),
            month,
            satisfaction: (id % 5 > 0).then(|| Satisfaction {
                score: id as f32 / 3_000.0,
                label: SatisfactionLabel::ALL[id as usize % 4],
                reasons: vec![Reason { kind: ReasonKind::HotlineCalls, value: 2.0, months: 4 }],
            }),
            risk: (id % 7 > 0).then_some(0.125),
            risk_reasons: (0..id % 3)
                .map(|_| Reason { kind: ReasonKind::MemberSilent, value: 0.0, months: 2 })
                .collect(),
            value: Money::from_fen(id * 10),
        };
        let batches: Vec<RecordBatch> = [1..1_000, 1_000..2_500]
            .map(|ids| {
                let mut rows = Rows::default();
                ids.map(member).for_each(|member| rows.push(&member));
                rows.finish().expect("rows")
            })
            .to_vec();
        let file = write(folder.path(), month, "cycle-1", &batches, 2).expect("written");
        assert_eq!(file.rows, 2_499);
        let mut all = Vec::new();
        each(folder.path(), &file, &mut |member| all.push(member)).expect("readable");
        assert_eq!(all, (1..2_500).map(member).collect::<Vec<_>>());
        let wanted = [2_400, 3, 1_000, 9_999, 700].map(MemberId::new);
        let some = of(folder.path(), &Footers::default(), &file, &wanted).expect("readable");
        assert_eq!(some, [3, 700, 1_000, 2_400].map(member));
    }
}
