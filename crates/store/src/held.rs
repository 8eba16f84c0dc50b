//! What a person's word holds against imports, and what imports would have brought.
//!
//! Rows that wait to be let in stand in `temp.waiting`, see [`mod@crate::upsert`].

use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::audit::RECORD_ADD;
use crate::error::Result;

/// Of rows that an import brings: columns that a person's word holds stay as they are, and what was brought is kept beside.
/// Where the import says the same by now, the hold is over.
pub async fn keep(connection: &mut SqliteConnection, table: &str, columns: &[String]) -> Result<()> {
    let held: Vec<String> = sqlx::query_scalar("SELECT DISTINCT column_name FROM held WHERE noun = $1")
        .bind(table)
        .fetch_all(&mut *connection)
        .await?;
    for column in columns.iter().filter(|column| held.contains(column)) {
        let of_column = format!("noun = '{table}' AND column_name = '{column}'");
        let pair = format!("temp.waiting AS waiting JOIN {table} AS stored ON stored.id = waiting.id");
        for sql in [
            format!(
                "DELETE FROM held WHERE {of_column} AND record_id IN \
                 (SELECT stored.id FROM {pair} WHERE waiting.{column} IS stored.{column})"
            ),
            format!(
                "UPDATE held SET extract_value = json_quote(waiting.{column}) FROM temp.waiting AS waiting \
                 WHERE {of_column} AND waiting.id = held.record_id"
            ),
            format!(
                "UPDATE temp.waiting AS waiting SET {column} = stored.{column} FROM {table} AS stored \
                 WHERE stored.id = waiting.id AND waiting.id IN (SELECT record_id FROM held WHERE {of_column})"
            ),
        ] {
            sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Of rows that a person changed: what is other than before is held from now on, what is again as the import had it, no more.
/// What an import had for a row that a person added is known only once one brings it.
pub async fn hold(connection: &mut SqliteConnection, table: &str, columns: &[String]) -> Result<()> {
    for column in columns {
        for sql in [
            format!(
                "INSERT INTO held (noun, record_id, column_name, extract_value) \
                 SELECT '{table}', stored.id, '{column}', CASE WHEN NOT EXISTS (SELECT 1 FROM audit WHERE \
                     noun = '{table}' AND record_id = stored.id AND action = '{RECORD_ADD}') \
                     THEN json_quote(stored.{column}) END \
                 FROM temp.waiting AS waiting JOIN {table} AS stored ON stored.id = waiting.id \
                 WHERE waiting.{column} IS NOT stored.{column} \
                 ON CONFLICT (noun, record_id, column_name) DO NOTHING"
            ),
            format!(
                "DELETE FROM held WHERE noun = '{table}' AND column_name = '{column}' AND extract_value = \
                 (SELECT json_quote(waiting.{column}) FROM temp.waiting AS waiting WHERE waiting.id = held.record_id)"
            ),
        ] {
            sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Of rows that a person added, from one number to another: every column with something in it, since an extract may bring the
/// row later.
pub async fn hold_new(
    connection: &mut SqliteConnection,
    table: &str,
    (first, last): (i64, i64),
    columns: &[String],
) -> Result<()> {
    for column in columns.iter().filter(|column| *column != "code") {
        let sql = format!(
            "INSERT INTO held (noun, record_id, column_name) \
             SELECT '{table}', id, '{column}' FROM {table} WHERE id BETWEEN $1 AND $2 AND {column} IS NOT NULL"
        );
        sqlx::query(AssertSqlSafe(sql)).bind(first).bind(last).execute(&mut *connection).await?;
    }
    Ok(())
}
