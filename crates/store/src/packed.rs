//! Reading millions of rows: the database packs a few ten thousand of them into one text, which costs a
//! fraction of fetching them one by one, and several connections work at once.
//!
//! Chunks may see different states when someone writes meanwhile: compare [`crate::Store::versions`] before and
//! after.

use futures::{StreamExt, TryStreamExt};
use sqlx::{AssertSqlSafe, SqlitePool};

use crate::error::{Result, StoreError};

/// Ids per chunk.
const CHUNK: i64 = 32_768;
/// Chunks at once.
const AT_ONCE: usize = 3;

/// Hands over every row of `table`, by id, as the fields of `columns`. A column must never be null and must
/// not hold the two separators; [`text`] and [`whole`] see to both.
pub async fn scan(
    pool: &SqlitePool,
    table: &str,
    columns: &[String],
    each: &mut (dyn FnMut(&mut Fields<'_>) -> Result<()> + Send),
) -> Result<()> {
    let last: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT coalesce(max(id), 0) FROM {table}")))
        .fetch_one(pool)
        .await?;
    let sql = format!(
        "SELECT group_concat({}, char(30)) FROM {table} WHERE id > $1 AND id <= $2",
        columns.join(" || char(31) || ")
    );
    let starts = (0..=last / CHUNK).map(|chunk| chunk * CHUNK);
    let chunks = starts.map(|start| {
        sqlx::query_scalar::<_, Option<String>>(AssertSqlSafe(sql.clone()))
            .bind(start)
            .bind(start + CHUNK)
            .fetch_one(pool)
    });
    let mut chunks = futures::stream::iter(chunks).buffered(AT_ONCE);
    while let Some(chunk) = chunks.try_next().await? {
        for row in chunk.iter().flat_map(|chunk| chunk.split('\u{1e}')) {
            each(&mut Fields { table, rest: Some(row) })?;
        }
    }
    Ok(())
}

/// A text column, or empty.
pub fn text(column: &str) -> String {
    format!("replace(replace(coalesce({column}, ''), char(30), ' '), char(31), ' ')")
}

/// A whole number, or empty.
pub fn whole(column: &str) -> String {
    format!("coalesce({column}, '')")
}

/// A float to its last digit, never null.
pub fn real(column: &str) -> String {
    format!(
        "CASE WHEN {column} = CAST({column} AS INTEGER) AND abs({column}) < 1e15 \
         THEN CAST({column} AS INTEGER) ELSE printf('%!.17g', {column}) END"
    )
}

/// The fields of a row, in order.
pub struct Fields<'a> {
    table: &'a str,
    rest: Option<&'a str>,
}

impl<'a> Fields<'a> {
    /// The next field as text; empty for null.
    pub fn text(&mut self) -> Result<&'a str> {
        let rest = self.rest.ok_or_else(|| StoreError::unreadable(self.table, "a short row"))?;
        match rest.split_once('\u{1f}') {
            Some((field, rest)) => {
                self.rest = Some(rest);
                Ok(field)
            }
            None => {
                self.rest = None;
                Ok(rest)
            }
        }
    }

    /// The next field as a number.
    pub fn number<T: std::str::FromStr>(&mut self) -> Result<T> {
        let text = self.text()?;
        text.parse().map_err(|_| StoreError::unreadable(self.table, text))
    }

    /// The next field as a number, or nothing.
    pub fn optional_number<T: std::str::FromStr>(&mut self) -> Result<Option<T>> {
        let text = self.text()?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| StoreError::unreadable(self.table, text))
    }

    /// The next field as a date.
    pub fn date(&mut self) -> Result<domain::Date> {
        let days = self.number()?;
        crate::row::date_from_days(self.table, days)
    }
}
