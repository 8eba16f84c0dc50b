//! Customers of a month to learn from: one Parquet file a month, so that what became of them can be looked up later.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{ArrayRef, AsArray, Float32Array, Int64Array, RecordBatch, UInt8Array};
use datafusion::arrow::datatypes::{DataType, Field, Float32Type, Int64Type, Schema, SchemaRef, UInt8Type};
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;
use domain::cycle::LakeFile;
use domain::engine::MoneyMonth;
use domain::id::CustomerId;
use domain::{LifecycleStage, Money, Month, Problem};
use science::outlook::{FEATURES, Features, Sample};

use crate::{assessments, atomic, row_groups};

/// Columns before the features.
const FIGURES: usize = 4;

/// The customer, its stage, its money in fen, and a column per feature.
pub(crate) static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let mut fields = vec![
        Field::new("customer_id", DataType::Int64, false),
        Field::new("stage", DataType::UInt8, false),
        Field::new("revenue", DataType::Int64, true),
        Field::new("cost", DataType::Int64, false),
    ];
    let features = FEATURES.iter().map(|name| Field::new(format!("f_{name}"), DataType::Float32, false));
    fields.extend(features);
    Arc::new(Schema::new(fields))
});

/// Writes the sample of a month.
pub(crate) fn write(root: &Path, month: Month, run: &str, sample: &Sample) -> Result<LakeFile, Problem> {
    let path: PathBuf = Path::new("samples").join(month.to_string()).join(format!("{run}.parquet"));
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from(sample.customers.clone())),
        Arc::new(UInt8Array::from(sample.stages.clone())),
        Arc::new(Int64Array::from_iter(sample.money.iter().map(|(revenue, _)| revenue.map(Money::fen)))),
        Arc::new(Int64Array::from_iter_values(sample.money.iter().map(|(_, cost)| cost.fen()))),
    ];
    for place in 0..FEATURES.len() {
        let values = sample.features.iter().map(|row| row[place]);
        columns.push(Arc::new(Float32Array::from_iter_values(values)));
    }
    let batch = RecordBatch::try_new(SCHEMA.clone(), columns).map_err(Problem::internal)?;
    let properties = WriterProperties::builder().set_compression(Compression::LZ4_RAW).build();
    row_groups::write(&root.join(&path), &SCHEMA, properties, &[vec![batch]], 1)?;
    Ok(LakeFile { month, path, rows: sample.customers.len() as u64 })
}

/// Reads it again.
pub(crate) fn read(root: &Path, file: &LakeFile) -> Result<Sample, Problem> {
    let path = root.join(&file.path);
    let columns: Vec<usize> = (0..SCHEMA.fields().len()).collect();
    let mut sample = Sample::with_room(usize::try_from(file.rows).unwrap_or_default());
    for batch in row_groups::read(&path, &columns, None)? {
        let batch = batch.map_err(|error| atomic::failed(&path, error))?;
        add(&mut sample, &batch).ok_or_else(|| assessments::foreign(&path))?;
    }
    Ok(sample)
}

fn add(sample: &mut Sample, batch: &RecordBatch) -> Option<()> {
    if batch.num_columns() != SCHEMA.fields().len() {
        return None;
    }
    sample.customers.extend(batch.column(0).as_primitive_opt::<Int64Type>()?.values());
    sample.stages.extend(batch.column(1).as_primitive_opt::<UInt8Type>()?.values());
    sample.money.extend(money(batch)?);
    let features: Vec<&Float32Array> = batch.columns()[FIGURES..]
        .iter()
        .map(|column| column.as_primitive_opt::<Float32Type>())
        .collect::<Option<_>>()?;
    for row in 0..batch.num_rows() {
        let values: Features = std::array::from_fn(|place| features[place].value(row));
        sample.features.push(values);
    }
    Some(())
}

/// Revenue and cost of each row.
fn money(batch: &RecordBatch) -> Option<impl Iterator<Item = (Option<Money>, Money)>> {
    let [revenue, cost] = [2, 3].map(|place| batch.column(place).as_primitive_opt::<Int64Type>());
    let fen = revenue?.iter().zip(cost?.values());
    Some(fen.map(|(revenue, &cost)| (revenue.map(Money::from_fen), Money::from_fen(cost))))
}

/// Visits the customers of a sample without their features.
pub(crate) fn each_month(
    root: &Path,
    file: &LakeFile,
    each: &mut dyn FnMut(MoneyMonth),
) -> Result<(), Problem> {
    let path = root.join(&file.path);
    let columns: Vec<usize> = (0..FIGURES).collect();
    for batch in row_groups::read(&path, &columns, None)? {
        let batch = batch.map_err(|error| atomic::failed(&path, error))?;
        visit(&batch, each).ok_or_else(|| assessments::foreign(&path))?;
    }
    Ok(())
}

fn visit(batch: &RecordBatch, each: &mut dyn FnMut(MoneyMonth)) -> Option<()> {
    let customers = batch.column(0).as_primitive_opt::<Int64Type>()?.values();
    let stages = batch.column(1).as_primitive_opt::<UInt8Type>()?.values();
    for ((&customer, &stage), (revenue, cost)) in customers.iter().zip(stages).zip(money(batch)?) {
        let stage = LifecycleStage::from_index(usize::from(stage))?;
        each(MoneyMonth { customer: CustomerId::new(customer), stage, revenue, cost });
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let month = Month::new(2025, 12).expect("a month");
        let mut odd = [1.5; FEATURES.len()];
        odd[3] = -2.0;
        let sample = Sample {
            customers: vec![3, 8],
            stages: vec![2, 5],
            money: vec![(None, Money::ZERO), (Some(Money::from_fen(-7)), Money::from_fen(12))],
            features: vec![[0.0; FEATURES.len()], odd],
        };
        let file = write(folder.path(), month, "cycle-1", &sample).expect("written");
        assert_eq!(file.rows, 2);
        assert_eq!(read(folder.path(), &file).expect("readable"), sample);
    }
}
