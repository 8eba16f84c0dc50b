//! Months of one customer, for its page: one page of a file a column and month, found by the index.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::PageIndexPolicy;
use datafusion::parquet::file::page_index::column_index::ColumnIndexMetaData;
use domain::Problem;
use domain::cycle::LakeFile;
use domain::engine::{CustomerMonth, Manifest, RelationMonth};
use domain::id::CustomerId;

use crate::{assessments, atomic};

/// Footers of published files, which never change under their names: reading one costs more than the row itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Footers(Arc<Mutex<HashMap<PathBuf, ArrowReaderMetadata>>>);

/// Footers kept at most; years of months, and what corrections replaced meanwhile.
const KEPT: usize = 512;

impl Footers {
    pub(crate) fn get(&self, path: &Path, file: &File) -> Result<ArrowReaderMetadata, ParquetError> {
        if let Some(footer) = self.lock().get(path) {
            return Ok(footer.clone());
        }
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
        let footer = ArrowReaderMetadata::load(file, options)?;
        let mut footers = self.lock();
        if footers.len() >= KEPT {
            footers.clear();
        }
        footers.insert(path.to_owned(), footer.clone());
        Ok(footer)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, ArrowReaderMetadata>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All published months of a customer, oldest first.
pub(crate) fn read(
    root: &Path,
    footers: &Footers,
    manifest: &Manifest,
    customer: CustomerId,
) -> Result<Vec<RelationMonth>, Problem> {
    let files: Vec<&LakeFile> = manifest.assessments.values().collect();
    let of_files = |files: &[&LakeFile]| -> Result<Vec<RelationMonth>, Problem> {
        let months = files.iter().map(|&file| {
            let page = page(root, footers, file, customer, Some(&assessments::RELATION))?;
            Ok(page.and_then(|page| assessments::relation_month(&page, file.month, customer)))
        });
        Ok(months.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    };
    // Someone waits for this page, and most of the time is the disk's: it is asked for several months at once.
    let parts = thread::scope(|scope| {
        let parts: Vec<_> = files
            .chunks(files.len().div_ceil(AT_ONCE).max(1))
            .map(|files| scope.spawn(|| of_files(files)))
            .collect();
        let stopped = |_| Err(Problem::internal("reading a history stopped"));
        parts.into_iter().map(|part| part.join().unwrap_or_else(stopped)).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(parts.into_iter().flatten().collect())
}

/// Threads for one customer's history, whatever the cores.
const AT_ONCE: usize = 8;

/// One published month of a customer.
pub(crate) fn month(
    root: &Path,
    footers: &Footers,
    file: &LakeFile,
    customer: CustomerId,
) -> Result<Option<CustomerMonth>, Problem> {
    let page = page(root, footers, file, customer, None)?;
    Ok(page.and_then(|page| assessments::customer_month(&page, file.month, customer)))
}

/// The rows of the page that holds a customer: these columns of it by place, or all.
fn page(
    root: &Path,
    footers: &Footers,
    file: &LakeFile,
    customer: CustomerId,
    columns: Option<&[usize]>,
) -> Result<Option<RecordBatch>, Problem> {
    let path = root.join(&file.path);
    let opened = File::open(&path).map_err(|error| Problem::io(&path, error))?;
    let footer = footers.get(&path, &opened).map_err(|error| atomic::failed(&path, error))?;
    let Some(page) = page_with(&footer, customer) else {
        return Ok(None);
    };
    read_page(opened, footer, page, columns).map_err(|error| atomic::failed(&path, error))
}

/// Rows of a row group.
struct Page {
    row_group: usize,
    from: usize,
    to: usize,
}

/// The page that may hold a customer.
fn page_with(footer: &ArrowReaderMetadata, customer: CustomerId) -> Option<Page> {
    let metadata = footer.metadata();
    let id = customer.get();
    for (row_group, columns) in metadata.column_index()?.iter().enumerate() {
        let Some(ColumnIndexMetaData::INT64(ids)) = columns.first() else {
            continue;
        };
        if ids.max_values().last().is_none_or(|&last| last < id) {
            continue;
        }
        let page = ids.max_values().partition_point(|&last| last < id);
        let locations = metadata.offset_index()?.get(row_group)?.first()?.page_locations();
        let rows = metadata.row_group(row_group).num_rows();
        let from = locations.get(page)?.first_row_index;
        let to = locations.get(page + 1).map_or(rows, |next| next.first_row_index);
        return Some(Page { row_group, from: usize::try_from(from).ok()?, to: usize::try_from(to).ok()? });
    }
    None
}

fn read_page(
    file: File,
    footer: ArrowReaderMetadata,
    page: Page,
    columns: Option<&[usize]>,
) -> Result<Option<RecordBatch>, ParquetError> {
    let count = page.to - page.from;
    let selection = RowSelection::from(vec![RowSelector::skip(page.from), RowSelector::select(count)]);
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, footer);
    let columns = columns.map_or_else(ProjectionMask::all, |columns| {
        ProjectionMask::roots(reader.parquet_schema(), columns.iter().copied())
    });
    let mut batches = reader
        .with_projection(columns)
        .with_row_groups(vec![page.row_group])
        .with_row_selection(selection)
        .with_batch_size(count)
        .build()?;
    Ok(batches.next().transpose()?)
}
