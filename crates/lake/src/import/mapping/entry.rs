//! What a mapping says of each table, read from its TOML.

use domain::extract::Table;
use domain::{Message, Problem, ProblemKind};
use toml::Value;

use crate::import::mapping::Mapping;

/// One table of the extract.
pub(super) struct Entry {
    pub(super) table: Table,
    pub(super) origin: Origin,
    /// The columns that are given, in the order of the table.
    pub(super) columns: Vec<(&'static str, Given)>,
}

/// Where its rows come from.
pub(super) enum Origin {
    /// The rows stand in the mapping, a cell per given column.
    Rows(Vec<Vec<Option<String>>>),
    File {
        source: String,
        filter: Option<String>,
        shape: Shape,
    },
}

/// What becomes of the rows of a source beside their columns.
#[derive(Default)]
pub(super) struct Shape {
    pub(super) group_by: Vec<String>,
    pub(super) distinct: bool,
    /// From and to, SQL.
    pub(super) months: Option<(String, String)>,
    /// Month and what stands for `{}`.
    pub(super) unpivot: Vec<(String, String)>,
}

/// What a column is filled with.
pub(super) enum Given {
    Column(String),
    Constant(String),
    Sql(String),
}

impl Given {
    /// As SQL, with `{}` replaced.
    pub(super) fn sql(&self, part: &str) -> String {
        match self {
            Self::Column(name) => format!("\"{}\"", name.replace("{}", part).replace('"', "\"\"")),
            Self::Constant(text) => literal(text),
            Self::Sql(sql) => format!("({})", sql.replace("{}", part)),
        }
    }
}

/// A text in SQL.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Mapping<'_> {
    /// Reads the mapping: its tables in the order of their names.
    pub(super) fn parse(&mut self, text: &str) -> Result<Vec<Entry>, Problem> {
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
}
