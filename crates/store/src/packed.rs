//! Reading millions of rows: the database packs each column of a few thousand of them into one JSON array,
//! which costs a fraction of fetching them one by one, and several connections work at once.
//!
//! Chunks may see different states when someone writes meanwhile: compare [`crate::Store::versions`] before and
//! after.

use std::borrow::Cow;
use std::sync::Arc;

use futures::{Stream, StreamExt, TryStreamExt};
use serde::Deserialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Row, SqlitePool};

use crate::error::{Result, StoreError};

/// Ids per chunk: few enough that the database finds room for a column without asking the system for it.
const CHUNK: i64 = 8_192;
/// Chunks at once.
const AT_ONCE: usize = 3;

/// Hands over every row of `table`, by id, as chunks of the columns; with `since`, those whose column is at least so
/// much.
pub async fn scan_since(
    pool: &SqlitePool,
    table: &'static str,
    columns: &'static [&'static str],
    since: Option<(&'static str, i64)>,
    each: &mut (dyn FnMut(&Chunk) -> Result<()> + Send),
) -> Result<()> {
    let mut chunks = read_by_chunk(pool, table, columns, since, Ok).await?;
    while let Some(chunk) = chunks.try_next().await? {
        each(&chunk)?;
    }
    Ok(())
}

/// Hands over every row of `table`, by id, as chunks of the columns.
pub async fn scan(
    pool: &SqlitePool,
    table: &'static str,
    columns: &'static [&'static str],
    each: &mut (dyn FnMut(&Chunk) -> Result<()> + Send),
) -> Result<()> {
    scan_since(pool, table, columns, None, each).await
}

/// Every row of `table`, by id, as `read` understands a chunk of the columns; chunks are read on several cores.
pub async fn all<T: Send + 'static>(
    pool: &SqlitePool,
    table: &'static str,
    columns: &'static [&'static str],
    read: impl Fn(&Chunk) -> Result<Vec<T>> + Send + Sync + 'static,
) -> Result<Vec<T>> {
    let read = Arc::new(read);
    let read = move |chunk: Chunk| Ok((chunk.to_come, read(&chunk)?));
    let mut chunks = read_by_chunk(pool, table, columns, None, read).await?;
    let mut rows = Vec::new();
    while let Some((to_come, mut some)) = chunks.try_next().await? {
        // Room for those to come too, so that millions are not moved as they grow.
        rows.reserve(to_come);
        rows.append(&mut some);
    }
    Ok(rows)
}

/// What `read` makes of each chunk, in order. Some are fetched and read ahead while one is taken in.
async fn read_by_chunk<T: Send + 'static>(
    pool: &SqlitePool,
    table: &'static str,
    columns: &'static [&'static str],
    since: Option<(&'static str, i64)>,
    read: impl Fn(Chunk) -> Result<T> + Clone + Send + 'static,
) -> Result<impl Stream<Item = Result<T>> + Unpin> {
    let last: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT coalesce(max(id), 0) FROM {table}")))
        .fetch_one(pool)
        .await?;
    let arrays: Vec<String> = columns.iter().map(|column| format!("json_group_array({column})")).collect();
    let sql = format!(
        "SELECT {} FROM (SELECT {} FROM {table} WHERE id > $1 AND id <= $2{} ORDER BY id)",
        arrays.join(", "),
        columns.join(", "),
        since.map_or(String::new(), |(column, least)| format!(" AND {column} >= {least}")),
    );
    let pool = pool.clone();
    let starts = (0..=last / CHUNK).map(|chunk| chunk * CHUNK);
    let chunks = starts.map(move |start| {
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(start).bind(start + CHUNK);
        let (pool, to_come) = (pool.clone(), usize::try_from(last - start).unwrap_or_default());
        let read = read.clone();
        apart(async move {
            let row = query.fetch_one(&pool).await?;
            read(Chunk { table, columns, to_come, row })
        })
    });
    Ok(futures::stream::iter(chunks).buffered(AT_ONCE))
}

/// Work that goes on whether or not anyone asks how far it is.
async fn apart<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
}

/// The whole numbers of an array that the database packed.
pub fn wholes_of(array: &str) -> Result<Vec<i64>> {
    serde_json::from_str(array).map_err(|error| StoreError::unreadable("packed", error.to_string()))
}

/// Some rows, column by column.
pub struct Chunk {
    table: &'static str,
    columns: &'static [&'static str],
    to_come: usize,
    row: SqliteRow,
}

impl Chunk {
    /// Makes room for the rows of this chunk and of those to come, so that millions are not moved as they grow.
    pub fn make_room<T>(&self, rows: &mut Vec<T>) {
        rows.reserve(self.to_come);
    }

    /// A column of whole numbers.
    pub fn wholes(&self, column: usize) -> Result<Vec<i64>> {
        self.numbers(column, |field| field.parse().ok())
    }

    /// A column of whole numbers or nothing.
    pub fn optional_wholes(&self, column: usize) -> Result<Vec<Option<i64>>> {
        self.numbers(column, |field| match field {
            "null" => Some(None),
            whole => whole.parse().ok().map(Some),
        })
    }

    /// A column of numbers or nothing.
    pub fn optional_reals(&self, column: usize) -> Result<Vec<Option<f64>>> {
        self.numbers(column, |field| match field {
            "null" => Some(None),
            real => real.parse().ok().map(Some),
        })
    }

    /// A column of texts or nothing.
    pub fn texts(&self, column: usize) -> Result<Vec<Option<Text<'_>>>> {
        let array = self.array(column)?;
        serde_json::from_str(array).map_err(|error| self.unreadable(column, &error.to_string()))
    }

    fn numbers<T>(&self, column: usize, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>> {
        let array = self.array(column)?;
        let fields = array.strip_prefix('[').and_then(|array| array.strip_suffix(']'));
        let fields = fields.ok_or_else(|| self.unreadable(column, array))?;
        if fields.is_empty() {
            return Ok(Vec::new());
        }
        fields.split(',').map(|field| parse(field).ok_or_else(|| self.unreadable(column, field))).collect()
    }

    fn array(&self, column: usize) -> Result<&str> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn unreadable(&self, column: usize, value: &str) -> StoreError {
        StoreError::unreadable(format!("{}.{}", self.table, self.columns[column]), value)
    }
}

/// A text of a chunk, borrowed from it unless it holds something escaped.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl std::ops::Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}
