//! How the format of the extract is laid out in the records.

use domain::extract::{Column, ColumnType};

/// The column of the records for a column of the format: a reference becomes the row's id, an amount says that
/// it is fen.
pub fn column_name(column: &Column) -> String {
    match column.kind {
        ColumnType::Reference(_) => {
            format!("{}_id", column.name.strip_suffix("_code").unwrap_or(column.name))
        }
        ColumnType::Row(_) => format!("{}_id", column.name),
        ColumnType::Money | ColumnType::SignedMoney => {
            format!("{}_fen", column.name.strip_suffix("_yuan").unwrap_or(column.name))
        }
        _ => column.name.to_owned(),
    }
}
