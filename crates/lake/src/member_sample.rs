//! Members of a month to learn from: one Parquet file a month, so that what became of them can be looked up later.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float32Array, Int64Array, RecordBatch,
};
use datafusion::arrow::datatypes::{DataType, Field, Float32Type, Int64Type, Schema, SchemaRef};
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;
use domain::cycle::LakeFile;
use domain::{Month, Problem};
use science::members::{FEATURES, Features, MemberSample};

use crate::{assessments, atomic, row_groups};

/// The member, what it answered, whether its leaving is learnt from, and a column per feature.
pub(crate) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let mut fields = vec![
        Field::new("member_id", DataType::Int64, false),
        Field::new("answer", DataType::Float32, true),
        Field::new("watched", DataType::Boolean, false),
    ];
    fields.extend(FEATURES.iter().map(|name| Field::new(format!("f_{name}"), DataType::Float32, true)));
    Arc::new(Schema::new(fields))
});

/// Columns before the features.
const BEFORE: usize = 3;

/// Writes the sample of a month.
pub(crate) fn write(
    root: &Path,
    month: Month,
    run: &str,
    sample: &MemberSample,
) -> Result<LakeFile, Problem> {
    let path: PathBuf = Path::new("member_samples").join(month.to_string()).join(format!("{run}.parquet"));
    let known = |value: f32| (!value.is_nan()).then_some(value);
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(sample.members.clone())),
        Arc::new(Float32Array::from_iter(sample.scores.iter().map(|&score| known(score)))),
        Arc::new(BooleanArray::from(sample.watched.clone())),
    ];
    for place in 0..FEATURES.len() {
        let values = sample.features.iter().map(|row| known(row[place]));
        columns.push(Arc::new(Float32Array::from_iter(values)));
    }
    let batch = RecordBatch::try_new(SCHEMA.clone(), columns).map_err(Problem::internal)?;
    let properties = WriterProperties::builder().set_compression(Compression::LZ4_RAW).build();
    row_groups::write(&root.join(&path), &SCHEMA, properties, &[vec![batch]], 1)?;
    Ok(LakeFile { month, path, rows: sample.members.len() as u64 })
}

/// Reads it again.
pub(crate) fn read(root: &Path, file: &LakeFile) -> Result<MemberSample, Problem> {
    let path = root.join(&file.path);
    let columns: Vec<usize> = (0..SCHEMA.fields().len()).collect();
    let mut sample = MemberSample::default();
    for batch in row_groups::read(&path, &columns, None)? {
        let batch = batch.map_err(|error| atomic::failed(&path, error))?;
        add(&mut sample, &batch).ok_or_else(|| assessments::foreign(&path))?;
    }
    Ok(sample)
}

fn add(sample: &mut MemberSample, batch: &RecordBatch) -> Option<()> {
    if batch.num_columns() != SCHEMA.fields().len() {
        return None;
    }
    sample.members.extend(batch.column(0).as_primitive_opt::<Int64Type>()?.values());
    let floats = |place: usize| batch.column(place).as_primitive_opt::<Float32Type>();
    sample.scores.extend(floats(1)?.iter().map(|score| score.unwrap_or(f32::NAN)));
    sample.watched.extend(batch.column(2).as_boolean_opt()?.iter().map(|watched| watched == Some(true)));
    let features: Vec<&Float32Array> = (BEFORE..batch.num_columns()).map(floats).collect::<Option<_>>()?;
    for row in 0..batch.num_rows() {
        let value = |column: &Float32Array| if column.is_valid(row) { column.value(row) } else { f32::NAN };
        let values: Features = std::array::from_fn(|place| value(features[place]));
        sample.features.push(values);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back_with_what_is_not_known() {
        let folder = tempfile::tempdir().expect("a folder");
        let month = Month::new(2025, 12).expect("a month");
        let mut odd = [1.5; FEATURES.len()];
        odd[3] = f32::NAN;
        let sample = MemberSample {
            members: vec![3, 8],
            scores: vec![f32::NAN, 7.75],
            watched: vec![true, false],
            features: vec![[0.0; FEATURES.len()], odd],
        };
        let file = write(folder.path(), month, "cycle-1", &sample).expect("written");
        assert_eq!(file.rows, 2);
        let again = read(folder.path(), &file).expect("readable");
        assert_eq!((&again.members, &again.watched), (&sample.members, &sample.watched));
        assert_eq!((again.answers(), again.scores[1]), (1, 7.75));
        assert!(again.features[1][3].is_nan() && again.features[1][4] == 1.5);
    }
}
