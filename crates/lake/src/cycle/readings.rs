//! What network readings say of customers: how many of the last months missed what was agreed.

use std::fs::File;
use std::path::Path;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Float64Type, Int64Type};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use domain::cycle::LakeFile;
use domain::engine::Manifest;
use domain::extract::Table;
use domain::indicator::Indicator;
use domain::{Month, Problem};
use science::members::Readings;

use super::base::BaseColumns;
use crate::{assessments, atomic};

/// Months that count.
const MONTHS: usize = 3;
/// Columns of the facts: whose, what, how much, what was agreed.
const COLUMNS: [&str; 4] = ["customer_id", "indicator", "value", "target"];

/// The readings of the last months up to one, the latest first, by place of the customer in the base; a month is empty
/// where none were handed over.
#[derive(Debug, Default)]
pub(super) struct LatelyRead {
    month: Option<Month>,
    months: [Vec<Readings>; MONTHS],
}

impl LatelyRead {
    /// Goes on to a month: from the month before it one file is read, else as many as count.
    pub fn advance(
        &mut self,
        root: &Path,
        manifest: &Manifest,
        base: &BaseColumns<'_>,
        month: Month,
    ) -> Result<(), Problem> {
        let follows = self.month.replace(month) == Some(month.previous());
        if follows {
            self.months.rotate_right(1);
        }
        let facts = manifest.facts.get(&Table::Readings);
        for (ago, readings) in (0..).zip(&mut self.months).take(if follows { 1 } else { MONTHS }) {
            readings.clear();
            if let Some(file) = facts.and_then(|months| months.get(&(month - ago))) {
                readings.resize(base.len(), Readings::default());
                read(root, file, base, readings)?;
            }
        }
        Ok(())
    }

    /// Those of a customer.
    pub fn of(&self, place: usize) -> Readings {
        let known = self.months.iter().filter_map(|month| month.get(place));
        known.fold(Readings::default(), |sum, month| Readings {
            taken: sum.taken.saturating_add(month.taken),
            missed: sum.missed.saturating_add(month.missed),
        })
    }
}

fn read(
    root: &Path,
    file: &LakeFile,
    base: &BaseColumns<'_>,
    readings: &mut [Readings],
) -> Result<(), Problem> {
    let path = root.join(&file.path);
    let opened = File::open(&path).map_err(|error| Problem::io(&path, error))?;
    let failed = |error| atomic::failed(&path, error);
    let builder = ParquetRecordBatchReaderBuilder::try_new(opened).map_err(failed)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
    for batch in builder.with_projection(mask).build().map_err(failed)? {
        let batch = batch.map_err(|error| atomic::failed(&path, error))?;
        take(&batch, base, readings).ok_or_else(|| assessments::foreign(&path))?;
    }
    Ok(())
}

/// Counts the readings of a batch for which something was agreed; whom the base does not know, no members belong to.
fn take(batch: &RecordBatch, base: &BaseColumns<'_>, readings: &mut [Readings]) -> Option<()> {
    let [customers, indicators, values, targets] = COLUMNS.map(|name| batch.column_by_name(name));
    let customers = customers?.as_primitive_opt::<Int64Type>()?;
    let indicators = indicators?.as_string_opt::<i32>()?;
    let (values, targets) =
        (values?.as_primitive_opt::<Float64Type>()?, targets?.as_primitive_opt::<Float64Type>()?);
    let mut last = (i64::MIN, None);
    for row in (0..batch.num_rows()).filter(|&row| targets.is_valid(row)) {
        let customer = customers.value(row);
        if customer != last.0 {
            last = (customer, base.place_of_facts(customer));
        }
        let Some(place) = last.1 else { continue };
        let indicator: Indicator = indicators.value(row).parse().ok()?;
        let of_customer = &mut readings[place];
        of_customer.taken = of_customer.taken.saturating_add(1);
        let missed = indicator.misses(values.value(row), targets.value(row));
        of_customer.missed = of_customer.missed.saturating_add(u16::from(missed));
    }
    Some(())
}
