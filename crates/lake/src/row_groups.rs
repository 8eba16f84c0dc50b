//! Parquet files written a row group per core and read back whole.

use std::fs::File;
use std::path::Path;
use std::thread;

use datafusion::arrow::array::{BooleanArray, RecordBatch, RecordBatchReader};
use datafusion::arrow::compute::filter_record_batch;
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

/// Rows to be written.
pub(crate) trait Rows: Sync {
    /// How many.
    fn count(&self) -> u64;

    /// The rows, made when they are written and forgotten then.
    fn batch(&self) -> Result<RecordBatch>;
}

impl Rows for RecordBatch {
    fn count(&self) -> u64 {
        self.num_rows() as u64
    }

    fn batch(&self) -> Result<RecordBatch> {
        Ok(self.clone())
    }
}

/// Some rows of a batch. Cut out only when they are written, they take no more memory than a batch at a time.
pub(crate) struct Cut {
    pub rows: RecordBatch,
    pub kept: BooleanArray,
}

impl Rows for Cut {
    fn count(&self) -> u64 {
        self.kept.true_count() as u64
    }

    fn batch(&self) -> Result<RecordBatch> {
        if !self.kept.has_false() {
            return Ok(self.rows.clone());
        }
        Ok(filter_record_batch(&self.rows, &self.kept)?)
    }
}

/// Writes a file whole or not at all; each group of rows becomes a row group, encoded on a thread of its own,
/// as many at a time as `threads`.
pub(crate) fn write<R: Rows>(
    path: &Path,
    schema: &SchemaRef,
    properties: WriterProperties,
    groups: &[impl AsRef<[R]> + Sync],
    threads: usize,
) -> std::result::Result<(), Problem> {
    atomic::write(path, |file| {
        write_groups(file, schema, properties, groups, threads).map_err(|error| atomic::failed(path, error))
    })
}

fn write_groups<R: Rows>(
    file: &File,
    schema: &SchemaRef,
    properties: WriterProperties,
    groups: &[impl AsRef<[R]> + Sync],
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

fn encode_together<R: Rows>(
    columns: Vec<Vec<ArrowColumnWriter>>,
    schema: &SchemaRef,
    groups: &[impl AsRef<[R]> + Sync],
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
    rows: &[impl Rows],
) -> Result<Vec<ArrowColumnChunk>> {
    for rows in rows {
        let batch = rows.batch()?;
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
