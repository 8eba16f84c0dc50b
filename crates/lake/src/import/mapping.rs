//! Other layouts: a TOML file says for each table of the extract where its rows come from.
//!
//! ```toml
//! source = "accounts.csv"                      # CSV or Parquet, relative to the folder; for tables that name none
//! [derived]                                    # more columns of that file, by SQL
//! account = "region || '-' || number"
//! [customers]                                  # a table of the extract
//! where = "status <> 'test'"                   # optional: SQL over the source columns
//! group_by = ["account"]                       # optional: SQL, one row per group
//! code = "account"                             # a source column by its name
//! category = { value = "sme" }                 # the same for every row
//! created_on = { sql = "min(opened)" }         # an SQL expression of DataFusion over the source columns
//! ```
//!
//! - All source columns are text, empty cells null; numbers take a cast. Names are case-sensitive; names with blanks
//!   need double quotes in SQL. `source_line` is the line in the file.
//! - `source = "…"` in a table names another file for that table; `derived` columns are not in it.
//! - `distinct = true` takes equal rows once.
//! - `rows = [{ code = "…", … }]` instead of `source` gives the rows themselves.
//! - `unpivot = { "2025-01" = "jan", "2025-02" = "feb" }` makes a row per month of a wide one: the column `month` of
//!   the table is the key, and `{}` in columns and SQL stands for the value.
//! - `months = { from = "…", to = "…" }` (SQL giving `YYYY-MM`) repeats a row for every month between, as the
//!   source column `month`, which is also the column `month` of the table unless that is given.
//! - `month_of(date)` is the month of a date, `add_months(text, n)` moves a month or date.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, StringBuilder, UInt64Array,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, UInt64Type};
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use domain::extract::Table;
use domain::progress::Progress;
use domain::{Date, Message, Month, Problem, ProblemKind};
use toml::Value;

use crate::import::Limits;
use crate::import::csv_file::{self, Cut, Cutter};
use crate::import::sources::{Folder, Source, SourceKind, text_array};

/// Rows of a source that are kept together.
const BATCH_ROWS: usize = 8_192;
const LINE: &str = "source_line";

/// Reads a mapping and the files it names, and makes the tables of the extract out of them.
pub(super) fn open(
    mapping: &Path,
    folder: &Path,
    limits: Limits,
    progress: &dyn Progress,
) -> Result<Folder, Problem> {
    let text = std::fs::read_to_string(mapping).map_err(|error| Problem::io(mapping, error))?;
    let name = mapping.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut reader = Mapping {
        name,
        folder: folder.to_owned(),
        limits,
        progress,
        source: None,
        derived: Vec::new(),
        sources: BTreeMap::new(),
    };
    let entries = reader.parse(&text)?;
    for entry in &entries {
        if let Origin::File { source, .. } = &entry.origin {
            reader.load(entry, source)?;
        }
    }
    // A thread of its own: the caller may be inside another runtime.
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .map_err(|error| Problem::io(mapping, error))?;
            runtime.block_on(reader.map_all(&entries))
        });
        thread.join().unwrap_or_else(|_| Err(Problem::internal("the mapping thread panicked")))
    })
}

struct Mapping<'a> {
    /// The file's name for people.
    name: String,
    folder: PathBuf,
    limits: Limits,
    progress: &'a dyn Progress,
    /// The file of tables that name none.
    source: Option<String>,
    /// Its columns made by SQL.
    derived: Vec<(String, String)>,
    sources: BTreeMap<String, Loaded>,
}

/// A source as text.
struct Loaded {
    columns: Vec<String>,
    table: Arc<MemTable>,
}

/// One table of the extract.
struct Entry {
    table: Table,
    origin: Origin,
    /// The columns that are given, in the order of the table.
    columns: Vec<(&'static str, Given)>,
}

enum Origin {
    /// The rows stand in the mapping, a cell per given column.
    Rows(Vec<Vec<Option<String>>>),
    File {
        source: String,
        filter: Option<String>,
        shape: Shape,
    },
}

#[derive(Default)]
struct Shape {
    group_by: Vec<String>,
    distinct: bool,
    /// From and to, SQL.
    months: Option<(String, String)>,
    /// Month and what stands for `{}`.
    unpivot: Vec<(String, String)>,
}

enum Given {
    Column(String),
    Constant(String),
    Sql(String),
}

impl Given {
    /// As SQL, with `{}` replaced.
    fn sql(&self, part: &str) -> String {
        match self {
            Self::Column(name) => format!("\"{}\"", name.replace("{}", part).replace('"', "\"\"")),
            Self::Constant(text) => literal(text),
            Self::Sql(sql) => format!("({})", sql.replace("{}", part)),
        }
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Mapping<'_> {
    /// A problem with an entry of the mapping.
    fn problem(&self, entry: impl Into<String>, cause: Message) -> Problem {
        let cause = cause.with("file", self.name.as_str()).with("entry", entry.into());
        Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-mapping"))
    }

    fn parse(&mut self, text: &str) -> Result<Vec<Entry>, Problem> {
        let mut tables: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let at =
                error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let cause = Message::new("problem-mapping-syntax")
                .with("file", self.name.as_str())
                .with("line", at)
                .with("error", error.message());
            Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-mapping"))
        })?;
        self.source = match tables.remove("source") {
            None => None,
            Some(Value::String(source)) => Some(source),
            Some(_) => return Err(self.wrong_form("source".to_owned())),
        };
        if let Some(derived) = tables.remove("derived") {
            let Value::Table(derived) = derived else { return Err(self.wrong_form("[derived]".to_owned())) };
            for (name, sql) in derived {
                let Value::String(sql) = sql else {
                    return Err(self.wrong_form(format!("[derived] {name}")));
                };
                self.derived.push((name, sql));
            }
        }
        tables.iter().map(|(name, entry)| self.parse_entry(name, entry)).collect()
    }

    fn parse_entry(&self, name: &str, entry: &Value) -> Result<Entry, Problem> {
        let table: Table = name.parse().map_err(|_| {
            let known = Table::CODES.join(", ");
            self.problem(format!("[{name}]"), Message::new("problem-mapping-table").with("known", known))
        })?;
        let Value::Table(entry) = entry else { return Err(self.wrong_form(format!("[{name}]"))) };
        let reserved = ["source", "rows", "where", "group_by", "distinct", "months", "unpivot"];
        for key in entry.keys().filter(|key| !reserved.contains(&key.as_str())) {
            self.known_column(table, key)?;
        }
        if let Some(rows) = entry.get("rows") {
            return self.parse_rows(table, rows);
        }
        let at = |key: &str| format!("[{name}] {key}");
        let text = |key: &str, value: &Value| match value {
            Value::String(text) => Ok(text.clone()),
            _ => Err(self.wrong_form(at(key))),
        };
        let own = entry.get("source").map(|source| text("source", source)).transpose()?;
        let Some(source) = own.or_else(|| self.source.clone()) else {
            return Err(self.problem(format!("[{name}]"), Message::new("problem-mapping-no-source")));
        };
        let mut shape = Shape::default();
        if let Some(group_by) = entry.get("group_by") {
            let Value::Array(parts) = group_by else { return Err(self.wrong_form(at("group_by"))) };
            shape.group_by = parts.iter().map(|part| text("group_by", part)).collect::<Result<_, _>>()?;
        }
        shape.distinct = match entry.get("distinct") {
            None => false,
            Some(Value::Boolean(distinct)) => *distinct,
            Some(_) => return Err(self.wrong_form(at("distinct"))),
        };
        shape.months = match entry.get("months") {
            None => None,
            Some(months) => match (months.get("from"), months.get("to")) {
                (Some(from), Some(to)) => Some((text("months", from)?, text("months", to)?)),
                _ => return Err(self.wrong_form(at("months"))),
            },
        };
        if let Some(unpivot) = entry.get("unpivot") {
            let Value::Table(parts) = unpivot else { return Err(self.wrong_form(at("unpivot"))) };
            for (month, part) in parts {
                shape.unpivot.push((month.clone(), text("unpivot", part)?));
            }
        }
        let mut columns = Vec::new();
        for column in table.columns() {
            let key = column.name;
            let given = match entry.get(key) {
                None if key == "month" && shape.months.is_some() => Given::Column("month".to_owned()),
                // Takes its value from the key of `unpivot`.
                None if key == "month" && !shape.unpivot.is_empty() => Given::Constant(String::new()),
                None => continue,
                Some(Value::String(name)) => Given::Column(name.clone()),
                Some(Value::Table(given)) => match (given.get("value"), given.get("sql")) {
                    (Some(value), None) => Given::Constant(self.constant(value, || at(key))?),
                    (None, Some(Value::String(sql))) => Given::Sql(sql.clone()),
                    _ => return Err(self.wrong_form(at(key))),
                },
                Some(_) => return Err(self.wrong_form(at(key))),
            };
            columns.push((key, given));
        }
        let filter = entry.get("where").map(|filter| text("where", filter)).transpose()?;
        Ok(Entry { table, origin: Origin::File { source, filter, shape }, columns })
    }

    fn parse_rows(&self, table: Table, rows: &Value) -> Result<Entry, Problem> {
        let at = || format!("[{table}] rows");
        let Value::Array(rows) = rows else { return Err(self.wrong_form(at())) };
        let mut names: Vec<&'static str> = Vec::new();
        for row in rows {
            let Value::Table(row) = row else { return Err(self.wrong_form(at())) };
            for key in row.keys() {
                let column = self.known_column(table, key)?;
                if !names.contains(&column) {
                    names.push(column);
                }
            }
        }
        let cells = rows
            .iter()
            .map(|row| {
                names.iter().map(|name| row.get(*name).map(|v| self.constant(v, at)).transpose()).collect()
            })
            .collect::<Result<_, _>>()?;
        let columns = names.into_iter().map(|name| (name, Given::Constant(String::new()))).collect();
        Ok(Entry { table, origin: Origin::Rows(cells), columns })
    }

    fn known_column(&self, table: Table, name: &str) -> Result<&'static str, Problem> {
        let known = || table.columns().iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        table.column(name).map(|column| column.name).ok_or_else(|| {
            let cause = Message::new("problem-mapping-column").with("known", known());
            self.problem(format!("[{table}] {name}"), cause)
        })
    }

    fn constant(&self, value: &Value, at: impl Fn() -> String) -> Result<String, Problem> {
        match value {
            Value::String(text) => Ok(text.clone()),
            Value::Integer(number) => Ok(number.to_string()),
            Value::Float(number) => Ok(number.to_string()),
            Value::Datetime(date) => Ok(date.to_string()),
            _ => Err(self.wrong_form(at())),
        }
    }

    fn sql_problem(&self, entry: String, sql: &str, error: &DataFusionError) -> Problem {
        let cause =
            Message::new("problem-mapping-sql").with("sql", sql).with("error", error.strip_backtrace());
        self.problem(entry, cause)
    }

    fn wrong_form(&self, at: String) -> Problem {
        self.problem(at, Message::new("problem-mapping-form"))
    }

    /// Reads a source as columns of text, once.
    fn load(&mut self, entry: &Entry, source: &str) -> Result<(), Problem> {
        if self.sources.contains_key(source) {
            return Ok(());
        }
        let path = self.folder.join(source);
        if !path.is_file() {
            let cause = Message::new("problem-mapping-source").with("source", path.display().to_string());
            return Err(self.problem(format!("[{}] source", entry.table), cause));
        }
        let bytes = path.metadata().map_or(0, |metadata| metadata.len());
        self.progress.begin("import-step-read", source, bytes);
        let batches =
            match path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet")) {
                true => parquet_batches(&path),
                false => self.csv_batches(&path),
            };
        self.progress.advance(bytes, 0);
        self.progress.end();
        let (columns, batches) = batches.map_err(|error| match error {
            LoadError::Io(error) => Problem::io(&path, error),
            LoadError::Content { line, error } => {
                let cause = Message::new("problem-mapping-source-row")
                    .with("source", source)
                    .with("line", line)
                    .with("error", error);
                self.problem(format!("[{}] source", entry.table), cause)
            }
        })?;
        let mut fields: Vec<Field> =
            columns.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
        fields.push(Field::new(LINE, DataType::Int64, false));
        let schema = Arc::new(Schema::new(fields));
        let batches = batches
            .into_iter()
            .map(|columns| RecordBatch::try_new(Arc::clone(&schema), columns))
            .collect::<Result<Vec<_>, _>>()
            .map_err(Problem::internal)?;
        let table = MemTable::try_new(schema, vec![batches]).map_err(Problem::internal)?;
        self.sources.insert(source.to_owned(), Loaded { columns, table: Arc::new(table) });
        Ok(())
    }

    fn csv_batches(&self, path: &Path) -> Result<(Vec<String>, Vec<Vec<ArrayRef>>), LoadError> {
        let encoding = csv_file::detect_encoding(path, self.limits.piece_bytes)?;
        let mut cutter = Cutter::new(File::open(path)?, self.limits.piece_bytes);
        let mut names: Vec<String> = Vec::new();
        let mut batches = Vec::new();
        while let Some(cut) = cutter.next()? {
            let (text, mut first_line) = match cut {
                Cut::Lines { text, first_line } => (text, first_line),
                Cut::OpenQuote { line, .. } => {
                    return Err(LoadError::content(line, "a quote is never closed"));
                }
                Cut::Endless { line } => return Err(LoadError::content(line, "no line ends")),
            };
            let mut text = csv_file::to_utf8(text, encoding);
            if names.is_empty() {
                (names, first_line) = csv_file::take_header(&mut text, first_line);
            }
            let mut columns: Vec<StringBuilder> = names.iter().map(|_| StringBuilder::new()).collect();
            let mut lines: Vec<i64> = Vec::new();
            let mut wrong = None;
            csv_file::visit_records(&text, first_line, |line, record| {
                if record.len() != names.len() {
                    wrong.get_or_insert_with(|| {
                        let error = format!("{} columns instead of {}", record.len(), names.len());
                        LoadError::content(line, error)
                    });
                    return;
                }
                for (column, cell) in columns.iter_mut().zip(record) {
                    column.append_option((!cell.is_empty()).then(|| String::from_utf8_lossy(cell)));
                }
                lines.push(line as i64);
            });
            if let Some(wrong) = wrong {
                return Err(wrong);
            }
            let mut arrays: Vec<ArrayRef> =
                columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
            arrays.push(Arc::new(Int64Array::from(lines)));
            batches.push(arrays);
        }
        match names.is_empty() {
            true => Err(LoadError::content(1, "the file is empty")),
            false => Ok((names, batches)),
        }
    }

    async fn map_all(&self, entries: &[Entry]) -> Result<Folder, Problem> {
        let mut folder = Folder::default();
        for entry in entries {
            let (name, batches) = match &entry.origin {
                Origin::Rows(rows) => (self.name.clone(), vec![constant_rows(entry, rows)?]),
                Origin::File { source, filter, shape } => {
                    let query = Query { mapping: self, entry, source, filter: filter.as_deref(), shape };
                    (source.clone(), query.run().await?)
                }
            };
            folder.add(entry.table, Source { name, kind: SourceKind::Mapped(batches) });
        }
        Ok(folder)
    }
}

enum LoadError {
    Io(std::io::Error),
    Content { line: u64, error: String },
}

impl LoadError {
    fn content(line: u64, error: impl Into<String>) -> Self {
        Self::Content { line, error: error.into() }
    }
}

impl From<std::io::Error> for LoadError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

fn parquet_batches(path: &Path) -> Result<(Vec<String>, Vec<Vec<ArrayRef>>), LoadError> {
    let content = |error: &dyn std::error::Error| LoadError::content(0, error.to_string());
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path)?).map_err(|error| content(&error))?;
    let names = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(|error| content(&error))?;
    let (mut batches, mut first) = (Vec::new(), 1);
    for batch in reader {
        let batch = batch.map_err(|error| content(&error))?;
        let mut arrays = Vec::with_capacity(batch.num_columns() + 1);
        for column in batch.columns() {
            arrays.push(Arc::new(text_array(column, None).map_err(|error| content(&error))?) as ArrayRef);
        }
        let rows = batch.num_rows() as i64;
        arrays.push(Arc::new(Int64Array::from_iter_values(first..first + rows)));
        first += rows;
        batches.push(arrays);
    }
    Ok((names, batches))
}

fn constant_rows(entry: &Entry, rows: &[Vec<Option<String>>]) -> Result<RecordBatch, Problem> {
    let columns = (0..entry.columns.len()).map(|column| {
        Arc::new(rows.iter().map(|row| row[column].as_deref()).collect::<StringArray>()) as ArrayRef
    });
    let lines = Arc::new(UInt64Array::from_iter_values(1..=rows.len() as u64));
    mapped_batch(entry, columns.chain([lines as ArrayRef]).collect())
}

/// Columns of text named as in the table, then the lines.
fn mapped_batch(entry: &Entry, columns: Vec<ArrayRef>) -> Result<RecordBatch, Problem> {
    let names = entry.columns.iter().map(|(name, _)| Field::new(*name, DataType::Utf8, true));
    let fields: Vec<Field> = names.chain([Field::new(LINE, DataType::UInt64, false)]).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(Problem::internal)
}

/// One table made by SQL.
struct Query<'a> {
    mapping: &'a Mapping<'a>,
    entry: &'a Entry,
    source: &'a str,
    filter: Option<&'a str>,
    shape: &'a Shape,
}

impl Query<'_> {
    async fn run(&self) -> Result<Vec<RecordBatch>, Problem> {
        let context = self.context().await?;
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
            let result = match context.sql(&selected).await {
                Ok(frame) => frame.collect().await,
                Err(error) => Err(error),
            };
            match result {
                Ok(rows) => batches.extend(rows),
                Err(error) => return Err(self.blame(&context, month, part, error).await),
            }
        }
        batches.into_iter().filter(|batch| batch.num_rows() > 0).map(|batch| self.as_mapped(&batch)).collect()
    }

    fn loaded(&self) -> Result<&Loaded, Problem> {
        self.mapping.sources.get(self.source).ok_or_else(|| Problem::internal("a source that was not loaded"))
    }

    async fn context(&self) -> Result<SessionContext, Problem> {
        let mut config = SessionConfig::new().with_target_partitions(1);
        config.options_mut().sql_parser.enable_ident_normalization = false;
        let context = SessionContext::new_with_config(config);
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
        let table = Arc::clone(&self.loaded()?.table);
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
        let loaded = self.loaded()?;
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
