//! Stage and money of some customers of a month, read from no other columns than theirs.

use std::path::Path;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use domain::cycle::LakeFile;
use domain::engine::MoneyMonth;
use domain::id::CustomerId;
use domain::{Money, Problem};

use crate::assessments::{CodeColumn, SCHEMA, foreign};
use crate::{atomic, row_groups};

/// What is read, in the order of the file.
const COLUMNS: [&str; 4] = ["customer_id", "stage", "revenue", "cost"];

/// Visits those of the customers (sorted) who are in the file.
pub(crate) fn each(
    root: &Path,
    file: &LakeFile,
    customers: &[CustomerId],
    each: &mut dyn FnMut(MoneyMonth),
) -> Result<(), Problem> {
    let path = root.join(&file.path);
    let places: Vec<usize> = COLUMNS.iter().filter_map(|name| SCHEMA.index_of(name).ok()).collect();
    let mut left = customers;
    for batch in row_groups::read(&path, &places, None)? {
        let batch = batch.map_err(|error| atomic::failed(&path, error))?;
        left = visit(&batch, left, each).ok_or_else(|| foreign(&path))?;
        if left.is_empty() {
            break;
        }
    }
    Ok(())
}

/// Visits those of the customers who are in a batch, and gives those after it; none if its columns are not ours.
fn visit<'a>(
    batch: &RecordBatch,
    customers: &'a [CustomerId],
    each: &mut dyn FnMut(MoneyMonth),
) -> Option<&'a [CustomerId]> {
    let [ids, stages, revenues, costs]: [&ArrayRef; 4] = COLUMNS
        .map(|name| batch.column_by_name(name))
        .into_iter()
        .collect::<Option<Vec<_>>>()?
        .try_into()
        .ok()?;
    let ids = ids.as_primitive_opt::<Int64Type>()?.values();
    let stages = CodeColumn::new(stages)?;
    let revenues = revenues.as_primitive_opt::<Int64Type>()?;
    let costs = costs.as_primitive_opt::<Int64Type>()?;
    let Some(&last) = ids.last() else {
        return Some(customers);
    };
    let (here, later) = customers.split_at(customers.partition_point(|customer| customer.get() <= last));
    let mut from = 0;
    for &customer in here {
        from += ids[from..].partition_point(|&id| id < customer.get());
        if ids[from] == customer.get() {
            each(MoneyMonth {
                customer,
                stage: stages.get(from)?,
                revenue: revenues.is_valid(from).then(|| Money::from_fen(revenues.value(from))),
                cost: Money::from_fen(costs.value(from)),
            });
        }
    }
    Some(later)
}
