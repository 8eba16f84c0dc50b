//! What is carried from month to month: per customer the state of `science`, for everyone together what was
//! learnt.
//!
//! A state file is written for every published month and always holds what was learnt, before and after the
//! month. The states themselves, about half a kilobyte a customer, are kept for the last two months of a run and
//! for each December: a full run over 24 months would otherwise spend more time writing states than computing. A
//! month whose predecessor kept none is reached by computing again from the nearest that did.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanBufferBuilder, FixedSizeBinaryArray, Int64Array, RecordBatch,
};
use datafusion::arrow::buffer::{Buffer, NullBuffer};
use datafusion::arrow::compute::filter;
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::file::reader::FileReader;
use datafusion::parquet::file::serialized_reader::SerializedFileReader;
use datafusion::parquet::file::statistics::Statistics;
use domain::cycle::LakeFile;
use domain::{Month, Problem};
use science::lifecycle::{Learner, State};
use science::members::MemberLearner;
use science::outlook::{ChainLearner, RiskLearner};
use serde::{Deserialize, Serialize};

use crate::{assessments, atomic, row_groups};

/// What the base as a whole taught.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Learnt {
    /// What the month was judged by: the months before, and its own season.
    pub before: Learner,
    /// What it left for the next.
    pub after: Learner,
    /// Value and risk: the chain as the month left it, the risk as it was judged by.
    pub outlook: OutlookLearnt,
    /// Satisfaction and leaving of members.
    pub members: MemberLearner,
}

/// What value and risk are told by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct OutlookLearnt {
    pub chain: ChainLearner,
    pub risk: RiskLearner,
}

/// States as the cycle holds them: a customer of the base each, in chunks of [`CHUNK`]; none carried where null.
pub(crate) type States = Vec<FixedSizeBinaryArray>;

/// Rows that are worked on at a time.
pub(crate) const CHUNK: usize = 8_192;

/// Rows of a page: half a kilobyte each, they are encoded, compressed and read again near the core.
const PAGE: usize = 256;

const BEFORE: &str = "tenure.learnt_before";
const AFTER: &str = "tenure.learnt_after";
const OUTLOOK: &str = "tenure.outlook";
const MEMBERS: &str = "tenure.members";

pub(crate) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("customer_id", DataType::Int64, false),
        Field::new("state", DataType::FixedSizeBinary(SIZE), false),
    ]))
});

/// [`State::SIZE`] as Arrow wants it.
pub(crate) const SIZE: i32 = State::SIZE as i32;

/// Where a month's file lies, relative to the data folder.
fn path(month: Month, run: &str) -> PathBuf {
    Path::new("state").join(month.to_string()).join(format!("{run}.parquet"))
}

/// States of customers never seen.
pub(crate) fn none(customers: usize) -> States {
    (0..customers)
        .step_by(CHUNK)
        .map(|from| FixedSizeBinaryArray::new_null(SIZE, CHUNK.min(customers - from)))
        .collect()
}

/// Writes what is carried out of a month: what was learnt, and the states if they are to be kept, by pieces of
/// the base with the customers' ids.
pub(crate) fn write<'a>(
    root: &Path,
    month: Month,
    run: &str,
    learnt: &Learnt,
    states: impl Iterator<Item = (&'a [i64], &'a States)>,
    threads: usize,
) -> Result<LakeFile, Problem> {
    fn json(learnt: &impl Serialize) -> Result<String, Problem> {
        serde_json::to_string(learnt).map_err(Problem::internal)
    }
    let entry = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let properties = WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled("customer_id".into(), EnabledStatistics::Chunk)
        .set_data_page_row_count_limit(PAGE)
        .set_write_batch_size(PAGE)
        .set_max_row_group_row_count(None)
        .set_key_value_metadata(Some(vec![
            entry(BEFORE, json(&learnt.before)?),
            entry(AFTER, json(&learnt.after)?),
            entry(OUTLOOK, json(&learnt.outlook)?),
            entry(MEMBERS, json(&learnt.members)?),
        ]))
        .build();
    let groups = states.map(|(ids, states)| batches(ids, states)).collect::<Result<Vec<_>, _>>()?;
    let path = path(month, run);
    row_groups::write(&root.join(&path), &SCHEMA, properties, &groups, threads)?;
    let rows = groups.iter().flatten().map(|batch| batch.num_rows() as u64).sum();
    Ok(LakeFile { month, path, rows })
}

fn batches(ids: &[i64], states: &States) -> Result<Vec<RecordBatch>, Problem> {
    let batch = |(ids, states): (&[i64], &FixedSizeBinaryArray)| {
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(Int64Array::from(ids.to_vec())), Arc::new(states.clone())];
        // The file has no rows for customers not yet known.
        if let Some(nulls) = states.nulls().filter(|nulls| nulls.null_count() > 0) {
            let carried = nulls.inner().clone().into();
            columns = columns.iter().map(|column| filter(column, &carried)).collect::<Result<_, _>>()?;
        }
        RecordBatch::try_new(SCHEMA.clone(), columns)
    };
    ids.chunks(CHUNK).zip(states).map(batch).collect::<Result<_, _>>().map_err(Problem::internal)
}

/// What was learnt up to the month of a file.
pub(crate) fn learnt(path: &Path) -> Result<Learnt, Problem> {
    let file = open(path)?;
    let entries = file.metadata().file_metadata().key_value_metadata();
    let text = |key: &str| entries?.iter().find(|entry| entry.key == key)?.value.as_deref();
    let learner = |key: &str| -> Option<Learner> { serde_json::from_str(text(key)?).ok() };
    let (Some(before), Some(after)) = (learner(BEFORE), learner(AFTER)) else {
        return Err(assessments::foreign(path));
    };
    // Versions before this one had no outlook: it is learnt from here on.
    let outlook = text(OUTLOOK).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let members = text(MEMBERS).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    Ok(Learnt { before, after, outlook, members })
}

/// Whether a file holds states, and such as this version carries on.
pub(crate) fn holds_states(path: &Path) -> Result<bool, Problem> {
    if open(path)?.metadata().file_metadata().num_rows() == 0 {
        return Ok(false);
    }
    let Some(first) = row_groups::read(path, &[0, 1], Some(0))?.next() else {
        return Ok(false);
    };
    let first = first.map_err(|error| atomic::failed(path, error))?;
    let states = first.column(1).as_fixed_size_binary_opt();
    Ok(states.is_some_and(|states| !states.is_empty() && State::from_bytes(states.value(0)).is_some()))
}

fn open(path: &Path) -> Result<SerializedFileReader<std::fs::File>, Problem> {
    let file = std::fs::File::open(path).map_err(|error| Problem::io(path, error))?;
    SerializedFileReader::new(file).map_err(|error| atomic::failed(path, error))
}

/// The states of these customers, sorted by id, as kept in a file. Each chunk has memory of its own.
pub(crate) fn read(path: &Path, ids: &[i64]) -> Result<States, Problem> {
    let size = State::SIZE;
    let mut chunks: Vec<(Vec<u8>, BooleanBufferBuilder)> = ids
        .chunks(CHUNK)
        .map(|ids| {
            let mut carried = BooleanBufferBuilder::new(ids.len());
            carried.append_n(ids.len(), false);
            (vec![0; ids.len() * size], carried)
        })
        .collect();
    let mut place = 0;
    for group in groups_with(path, ids)? {
        for batch in row_groups::read(path, &[0, 1], Some(group))? {
            let batch = batch.map_err(|error| atomic::failed(path, error))?;
            let kept =
                batch.column(0).as_primitive_opt::<Int64Type>().ok_or_else(|| assessments::foreign(path))?;
            let states =
                batch.column(1).as_fixed_size_binary_opt().ok_or_else(|| assessments::foreign(path))?;
            if states.value_length() != SIZE {
                return Err(assessments::foreign(path));
            }
            for (row, &id) in kept.values().iter().enumerate() {
                while ids.get(place).is_some_and(|&wanted| wanted < id) {
                    place += 1;
                }
                if ids.get(place) == Some(&id) {
                    let ((bytes, carried), at) = (&mut chunks[place / CHUNK], place % CHUNK);
                    bytes[at * size..(at + 1) * size].copy_from_slice(states.value(row));
                    carried.set_bit(at, true);
                }
            }
        }
    }
    let array = |(bytes, mut carried): (Vec<u8>, BooleanBufferBuilder)| {
        let carried = NullBuffer::new(carried.finish());
        FixedSizeBinaryArray::try_new(SIZE, Buffer::from_vec(bytes), Some(carried))
    };
    chunks.into_iter().map(array).collect::<Result<_, _>>().map_err(Problem::internal)
}

/// The row groups that may hold any of these customers.
fn groups_with(path: &Path, ids: &[i64]) -> Result<Vec<usize>, Problem> {
    let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else {
        return Ok(Vec::new());
    };
    let file = open(path)?;
    let may_hold = |group: usize| {
        let Some(Statistics::Int64(range)) = file.metadata().row_group(group).column(0).statistics() else {
            return true;
        };
        let (lowest, highest) = (range.min_opt(), range.max_opt());
        lowest.is_none_or(|&lowest| lowest <= last) && highest.is_none_or(|&highest| highest >= first)
    };
    Ok((0..file.metadata().num_row_groups()).filter(|&group| may_hold(group)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(months: i32) -> Vec<u8> {
        use science::lifecycle::{Observation, step};
        let rules = domain::rules::RuleBook::parse(None).expect("the default rules").default;
        let mut state = State::default();
        let month = Month::new(2025, 1).expect("a month");
        for month in month.to(month + months) {
            step(&Learner::default().model(&rules), &rules, &mut state, &Observation::none(month));
        }
        state.to_bytes().to_vec()
    }

    #[test]
    fn states_come_back_beside_their_customers_when_the_base_has_grown() {
        let folder = tempfile::tempdir().expect("a folder");
        let month = Month::new(2025, 12).expect("a month");
        let known = FixedSizeBinaryArray::try_from_sparse_iter_with_size(
            [Some(state(1)), None, Some(state(2))].into_iter(),
            SIZE,
        )
        .expect("states");
        let ids = [3, 5, 8];
        let groups = [(&ids[..], &vec![known])];
        let file = write(folder.path(), month, "cycle-1", &Learnt::default(), groups.into_iter(), 2)
            .expect("written");
        assert_eq!(file.rows, 2);
        let path = folder.path().join(file.path);
        assert!(holds_states(&path).expect("readable"));
        assert_eq!(learnt(&path).expect("readable"), Learnt::default());
        let again = read(&path, &[1, 3, 5, 8, 9]).expect("readable");
        let again: Vec<Option<Vec<u8>>> =
            again.iter().flat_map(|states| states.iter().map(|state| state.map(<[u8]>::to_vec))).collect();
        assert_eq!(again, [None, Some(state(1)), None, Some(state(2)), None]);
    }

    #[test]
    fn a_month_without_states_still_says_what_was_learnt() {
        let folder = tempfile::tempdir().expect("a folder");
        let month = Month::new(2025, 11).expect("a month");
        let file = write(folder.path(), month, "cycle-1", &Learnt::default(), std::iter::empty(), 2)
            .expect("written");
        let path = folder.path().join(file.path);
        assert!(!holds_states(&path).expect("readable"));
        assert_eq!(learnt(&path).expect("readable"), Learnt::default());
    }
}
