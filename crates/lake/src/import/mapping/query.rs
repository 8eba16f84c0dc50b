//! A table of the extract made by SQL over a source.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, UInt64Type};
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::prelude::{SessionConfig, SessionContext};
use domain::{Date, Message, Month, Problem};
use futures::StreamExt;

use crate::import::mapping::entry::{Entry, Given, Shape, literal};
use crate::import::mapping::load::{LINE, Loaded};
use crate::import::mapping::{Mapping, mapped_batch};
use crate::import::memory::Memory;
use crate::import::sources::text_array;

/// One table made by SQL.
pub(super) struct Query<'a> {
    pub(super) mapping: &'a Mapping<'a>,
    pub(super) entry: &'a Entry,
    pub(super) source: &'a str,
    pub(super) loaded: &'a Loaded,
    pub(super) filter: Option<&'a str>,
    pub(super) shape: &'a Shape,
}

impl Query<'_> {
    /// The rows of the table, as far as there is room for them.
    pub(super) async fn run(&self, memory: &mut Memory) -> Result<Vec<RecordBatch>, Problem> {
        let context = self.context(memory.left()).await?;
        let parts: Vec<(Option<&str>, &str)> = match self.shape.unpivot.is_empty() {
            true => vec![(None, "")],
            false => {
                self.shape.unpivot.iter().map(|(month, part)| (Some(month.as_str()), part.as_str())).collect()
            }
        };
        let mut batches = Vec::new();
        for (month, part) in parts {
            self.check_columns(part)?;
            let selected = self.select(&self.entry.columns, month, part);
            let mut rows = match context.sql(&selected).await {
                Ok(frame) => match frame.execute_stream().await {
                    Ok(rows) => rows,
                    Err(error) => return Err(self.failed(&context, month, part, error, memory).await),
                },
                Err(error) => return Err(self.failed(&context, month, part, error, memory).await),
            };
            while let Some(batch) = rows.next().await {
                let batch = match batch {
                    Ok(batch) => self.as_mapped(&batch)?,
                    Err(error) => return Err(self.failed(&context, month, part, error, memory).await),
                };
                if batch.num_rows() > 0 {
                    memory.take(self.source, batch.get_array_memory_size())?;
                    batches.push(batch);
                }
            }
        }
        Ok(batches)
    }

    async fn failed(
        &self,
        context: &SessionContext,
        month: Option<&str>,
        part: &str,
        error: DataFusionError,
        memory: &Memory,
    ) -> Problem {
        match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => memory.exhausted(self.source),
            _ => self.blame(context, month, part, error).await,
        }
    }

    /// A session on the source that takes at most so many bytes for itself.
    async fn context(&self, memory: usize) -> Result<SessionContext, Problem> {
        let mut config = SessionConfig::new().with_target_partitions(1);
        config.options_mut().sql_parser.enable_ident_normalization = false;
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(GreedyMemoryPool::new(memory)));
        let runtime = runtime.build_arc().map_err(Problem::internal)?;
        let context = SessionContext::new_with_config_rt(config, runtime);
        context.register_udf(create_udf(
            "add_months",
            vec![DataType::Utf8, DataType::Int64],
            DataType::Utf8,
            Volatility::Immutable,
            Arc::new(add_months),
        ));
        context.register_udf(create_udf(
            "month_of",
            vec![DataType::Utf8],
            DataType::Utf8,
            Volatility::Immutable,
            Arc::new(month_of),
        ));
        let table = Arc::clone(&self.loaded.table);
        let derived = self.derived();
        if derived.is_empty() {
            context.register_table("source", table).map_err(Problem::internal)?;
        } else {
            context.register_table("file", table).map_err(Problem::internal)?;
            let mut columns = "*".to_owned();
            for (name, sql) in derived {
                let planned = context.sql(&format!("SELECT {sql} FROM file")).await;
                planned
                    .map_err(|error| self.mapping.sql_problem(format!("[derived] {name}"), sql, &error))?;
                columns.push_str(&format!(", {sql} AS \"{name}\""));
            }
            let view =
                context.sql(&format!("SELECT {columns} FROM file")).await.map_err(Problem::internal)?;
            context.register_table("source", view.into_view()).map_err(Problem::internal)?;
        }
        if let Some((from, to)) = &self.shape.months {
            let filter = self.filter.map_or(String::new(), |filter| format!(" WHERE {filter}"));
            let span = format!("SELECT min({from}), max({to}) FROM source{filter}");
            let months = match context.sql(&span).await {
                Ok(frame) => frame.collect().await,
                Err(error) => Err(error),
            };
            let months = months.map_err(|error| self.sql_problem("months", &span, &error))?;
            let months = months_between(&months).ok_or_else(|| self.mapping.wrong_form(self.at("months")))?;
            context.register_table("months", Arc::new(months)).map_err(Problem::internal)?;
        }
        Ok(context)
    }

    fn derived(&self) -> &[(String, String)] {
        match self.mapping.source.as_deref() == Some(self.source) {
            true => &self.mapping.derived,
            false => &[],
        }
    }

    fn at(&self, key: &str) -> String {
        format!("[{}] {key}", self.entry.table)
    }

    fn check_columns(&self, part: &str) -> Result<(), Problem> {
        let loaded = self.loaded;
        for (key, given) in &self.entry.columns {
            let Given::Column(name) = given else { continue };
            let name = name.replace("{}", part);
            let made = name == LINE || (self.shape.months.is_some() && name == "month");
            if !made
                && self.derived().iter().all(|(derived, _)| *derived != name)
                && !loaded.columns.contains(&name)
            {
                let cause = Message::new("problem-mapping-source-column")
                    .with("source", self.source)
                    .with("column", name)
                    .with("known", loaded.columns.join(", "));
                return Err(self.mapping.problem(self.at(key), cause));
            }
        }
        Ok(())
    }

    fn select(&self, columns: &[(&'static str, Given)], month: Option<&str>, part: &str) -> String {
        let grouped = !self.shape.group_by.is_empty();
        let line = if grouped { format!("min({LINE})") } else { LINE.to_owned() };
        let chosen: String = columns
            .iter()
            .map(|(name, given)| match month {
                Some(month) if *name == "month" => format!("{} AS \"month\", ", literal(month)),
                _ => format!("{} AS \"{name}\", ", given.sql(part)),
            })
            .collect();
        let mut from = "source".to_owned();
        let mut conditions: Vec<String> =
            self.filter.iter().map(|filter| format!("({})", filter.replace("{}", part))).collect();
        if let Some((first, last)) = &self.shape.months {
            from.push_str(" CROSS JOIN months");
            conditions.push(format!("months.month BETWEEN ({first}) AND ({last})"));
        }
        let condition = match conditions.is_empty() {
            true => String::new(),
            false => format!(" WHERE {}", conditions.join(" AND ")),
        };
        let groups = match grouped {
            true => format!(" GROUP BY {}", self.shape.group_by.join(", ").replace("{}", part)),
            false => String::new(),
        };
        let rows = format!("SELECT {chosen}{line} AS \"{LINE}\" FROM {from}{condition}{groups}");
        if !self.shape.distinct {
            return format!("{rows} ORDER BY \"{LINE}\"");
        }
        let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let names = names.join(", ");
        format!(
            "SELECT {names}, min({LINE}) AS \"{LINE}\" FROM ({rows}) GROUP BY {names} ORDER BY \"{LINE}\""
        )
    }

    /// Finds the entry that an error comes from by trying each alone.
    async fn blame(
        &self,
        context: &SessionContext,
        month: Option<&str>,
        part: &str,
        error: DataFusionError,
    ) -> Problem {
        for given in &self.entry.columns {
            let sql = self.select(std::slice::from_ref(given), month, part);
            let result = match context.sql(&sql).await {
                Ok(frame) => frame.collect().await,
                Err(error) => Err(error),
            };
            if let Err(error) = result {
                // What fails without any column is not this column's fault.
                let alone = self.select(&[], month, part);
                let fault = match context.sql(&alone).await {
                    Ok(_) => given.0,
                    Err(_) => "where, group_by",
                };
                return self.sql_problem(fault, &given.1.sql(part), &error);
            }
        }
        self.sql_problem("source", "", &error)
    }

    fn sql_problem(&self, key: &str, sql: &str, error: &DataFusionError) -> Problem {
        self.mapping.sql_problem(self.at(key), sql, error)
    }

    fn as_mapped(&self, batch: &RecordBatch) -> Result<RecordBatch, Problem> {
        let last = batch.num_columns() - 1;
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (column, (name, _)) in batch.columns()[..last].iter().zip(&self.entry.columns) {
            let kind = self.entry.table.column(name).map(|column| column.kind);
            columns.push(Arc::new(text_array(column, kind).map_err(Problem::internal)?) as ArrayRef);
        }
        columns.push(cast(batch.column(last), &DataType::UInt64).map_err(Problem::internal)?);
        debug_assert!(columns[last].as_primitive_opt::<UInt64Type>().is_some());
        mapped_batch(self.entry, columns)
    }
}

/// A table of the months between the two texts of one row.
fn months_between(span: &[RecordBatch]) -> Option<MemTable> {
    let batch = span.first()?;
    let bound = |column: usize| -> Option<Month> {
        let text = text_array(batch.column(column), None).ok()?;
        text.is_valid(0).then(|| text.value(0).parse().ok())?
    };
    let months: StringArray = bound(0)?.to(bound(1)?).map(|month| Some(month.to_string())).collect();
    let schema = Arc::new(Schema::new(vec![Field::new("month", DataType::Utf8, false)]));
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![Arc::new(months)]).ok()?;
    MemTable::try_new(schema, vec![vec![batch]]).ok()
}

/// `add_months('2025-12', -2)` is `2025-10`; a date keeps its day where the month has it.
fn add_months(args: &[ColumnarValue]) -> Result<ColumnarValue, DataFusionError> {
    let arrays = ColumnarValue::values_to_arrays(args)?;
    let [texts, counts] = arrays.as_slice() else {
        return Err(DataFusionError::Execution("add_months takes a month or date and a number".to_owned()));
    };
    let moved: StringArray = texts
        .as_string::<i32>()
        .iter()
        .zip(counts.as_primitive::<Int64Type>())
        .map(|(text, count)| moved_by(text?, i32::try_from(count?).ok()?))
        .collect();
    Ok(ColumnarValue::Array(Arc::new(moved)))
}

/// `month_of('2025-12-24')` is `2025-12`; what is no date has no month.
fn month_of(args: &[ColumnarValue]) -> Result<ColumnarValue, DataFusionError> {
    let arrays = ColumnarValue::values_to_arrays(args)?;
    let [dates] = arrays.as_slice() else {
        return Err(DataFusionError::Execution("month_of takes a date".to_owned()));
    };
    let month = |date: &str| date.parse().ok().map(|date: Date| Month::of(date).to_string());
    let months: StringArray = dates.as_string::<i32>().iter().map(|date| month(date?)).collect();
    Ok(ColumnarValue::Array(Arc::new(months)))
}

fn moved_by(text: &str, months: i32) -> Option<String> {
    if let Ok(month) = text.parse::<Month>() {
        return Some((month + months).to_string());
    }
    let date: Date = text.parse().ok()?;
    let last = (Month::of(date) + months).last_day();
    let day = date.day().min(last.day());
    Date::new(last.year(), last.month(), day).ok().map(|date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_dates_move() {
        assert_eq!(moved_by("2025-12", 2).as_deref(), Some("2026-02"));
        assert_eq!(moved_by("2025-12", -12).as_deref(), Some("2024-12"));
        assert_eq!(moved_by("2024-01-31", 1).as_deref(), Some("2024-02-29"));
        assert_eq!(moved_by("soon", 1), None);
    }
}
