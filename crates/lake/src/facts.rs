//! How facts lie in files: `facts/<table>/<YYYY-MM>/<run>.parquet` under the data folder, one row per key, sorted
//! by key, ids instead of codes, money in fen.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::parquet::basic::{Compression, Encoding};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;
use domain::Month;
use domain::extract::{Column, ColumnType, Table};

/// Rows per row group: one customer's rows are found in one group, and a group is a unit of parallel reading.
pub const ROW_GROUP_ROWS: usize = 65_536;
/// Rows per page: the page index finds a customer in this many rows.
const PAGE_ROWS: usize = 8_192;

/// Where a run writes a month of a table, relative to the data folder.
#[must_use]
pub fn path(table: Table, month: Month, run: &str) -> PathBuf {
    ["facts", table.code(), &month.to_string(), &format!("{run}.parquet")].iter().collect()
}

/// The columns of a fact table in files: those of the extract without `month`, references as `…_id` (`Int64`),
/// money as fen (`Int64`), quantities as `Float64`, dates as `Date32`, texts and codes as `Utf8`.
#[must_use]
pub fn schema(table: Table) -> SchemaRef {
    Arc::new(Schema::new(columns(table).map(field).collect::<Vec<_>>()))
}

/// The columns of the extract that are kept inside a month's file.
pub(crate) fn columns(table: Table) -> impl Iterator<Item = &'static Column> + Clone {
    table.columns().iter().filter(|column| column.kind != ColumnType::Month)
}

fn field(column: &Column) -> Field {
    let name = match column.kind {
        ColumnType::Reference(_) => column.name.replace("_code", "_id"),
        _ => column.name.to_owned(),
    };
    let kind = match column.kind {
        ColumnType::Reference(_)
        | ColumnType::Row(_)
        | ColumnType::Money
        | ColumnType::SignedMoney
        | ColumnType::Whole(..)
        | ColumnType::Flag
        | ColumnType::Month
        | ColumnType::Instant => DataType::Int64,
        ColumnType::Quantity | ColumnType::Number => DataType::Float64,
        ColumnType::Date => DataType::Date32,
        ColumnType::Code | ColumnType::Text(_) | ColumnType::OneOf(_) => DataType::Utf8,
    };
    Field::new(name, kind, !column.required)
}

/// How fact files are written: sorted ids shrink to almost nothing as differences, amounts hardly repeat, and
/// LZ4 costs the least time per byte of what is built in.
pub(crate) fn writer_properties(table: Table) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS);
    for (position, column) in schema(table).fields().iter().enumerate() {
        let path = ColumnPath::from(column.name().as_str());
        properties = match column.data_type() {
            DataType::Int64 if position == 0 => properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            DataType::Float64 | DataType::Int64 if position >= table.key().len() - 1 => {
                properties.set_column_dictionary_enabled(path, false)
            }
            _ => properties,
        };
    }
    properties.build()
}
