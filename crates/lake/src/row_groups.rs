//! Parquet files written a row group per core and read back whole.

use std::fs::File;
use std::path::Path;
use std::thread;

use datafusion::arrow::array::{RecordBatch, RecordBatchReader};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use datafusion::parquet::errors::{ParquetError, Result};
use datafusion::parquet::file::properties::WriterProperties;
use domain::Problem;

use crate::{assessments, atomic};

/// How many rows are read at a time.
const BATCH: usize = 8_192;

/// Writes a file whole or not at all; each group of batches becomes a row group, encoded on a thread of its own,
/// as many at a time as `threads`.
pub(crate) fn write(
    path: &Path,
    schema: &SchemaRef,
    properties: WriterProperties,
    groups: &[impl AsRef<[RecordBatch]> + Sync],
    threads: usize,
) -> std::result::Result<(), Problem> {
    atomic::write(path, |file| {
        write_groups(file, schema, properties, groups, threads).map_err(|error| atomic::failed(path, error))
    })
}

fn write_groups(
    file: &File,
    schema: &SchemaRef,
    properties: WriterProperties,
    groups: &[impl AsRef<[RecordBatch]> + Sync],
    threads: usize,
) -> Result<()> {
    let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties))?;
    let (mut writer, factory) = writer.into_serialized_writer()?;
    let mut group = 0;
    for together in groups.chunks(threads.max(1)) {
        let mut columns = Vec::with_capacity(together.len());
        for _ in together {
            columns.push(factory.create_column_writers(group)?);
            group += 1;
        }
        for chunks in encode_together(columns, schema, together) {
            let mut row_group = writer.next_row_group()?;
            for chunk in chunks? {
                chunk.append_to_row_group(&mut row_group)?;
            }
            row_group.close()?;
        }
    }
    writer.close()?;
    Ok(())
}

fn encode_together(
    columns: Vec<Vec<ArrowColumnWriter>>,
    schema: &SchemaRef,
    groups: &[impl AsRef<[RecordBatch]> + Sync],
) -> Vec<Result<Vec<ArrowColumnChunk>>> {
    thread::scope(|scope| {
        let threads: Vec<_> = columns
            .into_iter()
            .zip(groups)
            .map(|(columns, batches)| scope.spawn(move || encode(columns, schema, batches.as_ref())))
            .collect();
        let panicked = |_| Err(ParquetError::General("encoding stopped".to_owned()));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(panicked)).collect()
    })
}

fn encode(
    mut columns: Vec<ArrowColumnWriter>,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> Result<Vec<ArrowColumnChunk>> {
    for batch in batches {
        for ((column, field), array) in columns.iter_mut().zip(schema.fields()).zip(batch.columns()) {
            for leaf in compute_leaves(field, array)? {
                column.write(&leaf)?;
            }
        }
    }
    columns.into_iter().map(ArrowColumnWriter::close).collect()
}

/// Reads columns of a file batch by batch; `columns` by place, in rising order.
pub(crate) fn read(
    path: &Path,
    columns: &[usize],
    row_group: Option<usize>,
) -> std::result::Result<impl RecordBatchReader + use<>, Problem> {
    let file = File::open(path).map_err(|error| Problem::io(path, error))?;
    let failed = |error| atomic::failed(path, error);
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?;
    let known = builder.schema().fields().len();
    if columns.iter().any(|&column| column >= known) {
        return Err(assessments::foreign(path));
    }
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns.iter().copied());
    let mut builder = builder.with_batch_size(BATCH).with_projection(mask);
    if let Some(row_group) = row_group {
        builder = builder.with_row_groups(vec![row_group]);
    }
    builder.build().map_err(failed)
}
