//! Sheets of the archive: rows that people fill in.

use domain::archive::Sheet;
use domain::extract::{Cell, Column, ColumnType};
use domain::field::{Field, FieldValue};
use domain::id::{CustomerId, UserId, VisitId};
use domain::{Instant, Month};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::audit::{self, AuditEntry, RECORD_ADD, RECORD_CHANGE, RECORD_REMOVE, RECORD_RESTORE};
use crate::error::{Result, StoreError};
use crate::import::mark_stale;
use crate::row::RowExt;
use crate::upsert::{Author, Effect, Writer, upsert_one};
use crate::version::touch;
use crate::{Store, field, held, schema, visit};

/// A row of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// Its number.
    pub id: i64,
    /// A cell for each of [`Sheet::columns`].
    pub cells: Vec<Cell>,
    /// The audit entry of its last change, 0 before the first: what tells two states of it apart.
    pub last_entry: i64,
    /// Since when it is taken out.
    pub removed_at: Option<Instant>,
}

/// Who changed a row last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// By name; none if an import did.
    pub by: Option<String>,
    /// When.
    pub at: Instant,
}

/// A column whose value a person holds against imports.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldColumn {
    /// The place in [`Sheet::columns`].
    pub place: usize,
    /// What the last import had for it; none while no import has brought the row.
    pub extract: Option<Cell>,
}

/// A row as a person filled it in.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSheetRow {
    /// On which sheet.
    pub sheet: Sheet,
    /// The row to change and the state of it that the person saw; none for a new row.
    pub of: Option<(i64, i64)>,
    /// Whose it is; none for a customer itself.
    pub customer: Option<CustomerId>,
    /// A cell for each of [`Sheet::columns`].
    pub cells: Vec<Cell>,
    /// The planned visit that this contact is.
    pub visit: Option<VisitId>,
    /// What stands in the operator's own fields, of those that were filled in.
    pub own: Vec<(Field, Option<FieldValue>)>,
}

/// What became of a row that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// It is kept, under this number.
    Kept(i64),
    /// Someone changed it meanwhile; nothing was written.
    Changed,
    /// There is no such row.
    Gone,
    /// The customer would lie below itself in its tree; nothing was written.
    Circle,
    /// An import is giving out numbers; nothing was written.
    ImportAtWork,
}

impl Store {
    /// A row of a sheet.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_row(&self, sheet: Sheet, id: i64) -> Result<Option<SheetRow>> {
        let mut connection = self.database.readers().acquire().await?;
        row_of(&mut connection, sheet, id).await
    }

    /// A customer's rows of a sheet that are not taken out, in the order in which they were entered.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_rows(&self, sheet: Sheet, customer: CustomerId) -> Result<Vec<SheetRow>> {
        let of = match sheet {
            Sheet::Customer => "id = $1",
            // Rows of those that it stands for are among them.
            _ => {
                "customer_id IN (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1)"
            }
        };
        let sql = format!("{} WHERE {of}{} ORDER BY id", select(sheet), kept(sheet));
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(customer.get()).fetch_all(self.database.readers()).await?;
        rows.iter().map(|row| read(sheet, row)).collect()
    }

    /// Everyone's rows of a sheet beside the customers that are not taken out, in the order in which they were entered: for sheets
    /// that few customers have something on.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn all_sheet_rows(&self, sheet: Sheet) -> Result<Vec<SheetRow>> {
        let sql = format!("{} WHERE removed_at IS NULL ORDER BY id", select(sheet));
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.database.readers()).await?;
        rows.iter().map(|row| read(sheet, row)).collect()
    }

    /// Who changed a row last, by its entry.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn last_change(&self, entry: i64) -> Result<Option<LastChange>> {
        let row = sqlx::query(
            "SELECT a.at, s.name FROM audit AS a LEFT JOIN users AS u ON u.id = a.user_id \
             LEFT JOIN staff AS s ON s.id = u.staff_id WHERE a.id = $1",
        )
        .bind(entry)
        .fetch_optional(self.database.readers())
        .await?;
        row.map(|row| Ok(LastChange { by: row.value("name")?, at: row.instant("at")? })).transpose()
    }

    /// The columns of a row that a person holds against imports.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn held(&self, sheet: Sheet, id: i64) -> Result<Vec<HeldColumn>> {
        let rows: Vec<(String, Option<String>)> = sqlx::query_as(
            "SELECT column_name, extract_value FROM held WHERE noun = $1 AND record_id = $2 ORDER BY column_name",
        )
        .bind(sheet.code())
        .bind(id)
        .fetch_all(self.database.readers())
        .await?;
        let mut held = Vec::with_capacity(rows.len());
        for (name, extract) in rows {
            let column = |column| schema::column_name(column) == name;
            let Some(place) = sheet.columns().iter().position(column) else { continue };
            let extract = extract.map(|json| cell_of_json(&json)).transpose()?;
            held.push(HeldColumn { place, extract });
        }
        Ok(held)
    }

    /// Keeps a row that a person filled in, with its audit entry, what it holds against imports and the months that it puts
    /// out of date.
    ///
    /// # Errors
    /// When the records cannot be written, or a code is taken; then nothing was.
    pub async fn enter(&self, new: NewSheetRow, by: UserId, at: Instant) -> Result<Entered> {
        let mut transaction = self.database.write().await?;
        let sheet = new.sheet;
        match new.of {
            Some((id, seen)) => match row_of(&mut transaction, sheet, id).await? {
                None => return Ok(Entered::Gone),
                Some(row) if row.last_entry != seen => return Ok(Entered::Changed),
                Some(_) => {}
            },
            None if sheet.table().is_some() && import_is_at_work(&mut transaction).await? => {
                return Ok(Entered::ImportAtWork);
            }
            None => {}
        }
        if let (Sheet::Customer, Some((id, _))) = (sheet, new.of)
            && lies_below(&mut transaction, &new.cells, id).await?
        {
            return Ok(Entered::Circle);
        }
        let first_entry = audit::newest(&mut transaction).await? + 1;
        let author = Author { by: Writer::User(by), at };
        let of = new.of.map(|(id, _)| id);
        let what = match (new.customer, new.cells.first()) {
            (Some(customer), _) => json!({"customer": customer.get()}),
            (None, code) => json!({"code": code.map(json_of)}),
        };
        let (id, upserted) = upsert_one(&mut transaction, sheet, of, new.cells, author).await?;
        if upserted.changed > 0 {
            audit::seal(&mut transaction, first_entry).await?;
        }
        if upserted.added > 0 {
            if sheet.table().is_some() {
                held::hold_new(&mut transaction, sheet.code(), (id, id), &names(sheet)).await?;
            }
            let entry = AuditEntry::by(by, at, RECORD_ADD, sheet.code(), Some(id), what);
            audit::leave(&mut transaction, &entry).await?;
        }
        if upserted.added + upserted.changed > 0 {
            let touched = match sheet {
                Sheet::Customer => Some(CustomerId::new(id)),
                // When a customer was visited last is part of what the list holds of it.
                Sheet::Interaction => new.customer,
                _ => None,
            };
            if let Some(touched) = touched {
                mark_stale(&mut transaction, upserted.effect).await?;
                touch(&mut transaction, &[touched]).await?;
            }
        }
        if sheet == Sheet::Customer {
            field::keep_values(&mut transaction, CustomerId::new(id), &new.own, (by, at)).await?;
        }
        if let Some(visit) = new.visit {
            visit::check_in(&mut transaction, visit, new.customer, id, (by, at)).await?;
        }
        transaction.commit().await?;
        Ok(Entered::Kept(id))
    }

    /// Takes a row of a sheet out, or puts it back. Gives whether there was anything to do.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn set_removed(
        &self,
        sheet: Sheet,
        id: i64,
        customer: CustomerId,
        removed: bool,
        by: UserId,
        at: Instant,
    ) -> Result<bool> {
        if sheet == Sheet::Customer {
            return Ok(false);
        }
        let mut transaction = self.database.write().await?;
        let name = sheet.code();
        let sql = format!(
            "UPDATE {name} SET removed_at = $1 WHERE id = $2 AND (removed_at IS NULL) = $4 AND customer_id IN \
             (SELECT $3 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $3)"
        );
        let done = sqlx::query(AssertSqlSafe(sql))
            .bind(removed.then_some(at.micros()))
            .bind(id)
            .bind(customer.get())
            .bind(removed)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let action = if removed { RECORD_REMOVE } else { RECORD_RESTORE };
        let details = json!({"customer": customer.get()});
        audit::leave(&mut transaction, &AuditEntry::by(by, at, action, name, Some(id), details)).await?;
        if sheet == Sheet::Interaction {
            let row = sqlx::query("SELECT at FROM interactions WHERE id = $1")
                .bind(id)
                .fetch_one(&mut *transaction);
            let from = Some(Month::of(row.await?.instant("at")?.date()));
            mark_stale(&mut transaction, Effect { from, moved: false }).await?;
            touch(&mut transaction, &[customer]).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// Numbers of imported rows are given out while an import reads: a row added meanwhile would get one of them.
pub(crate) async fn import_is_at_work(connection: &mut SqliteConnection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM imports WHERE state = 'running')";
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

/// Whether the customer above, as it is filled in, is the customer itself or lies below it.
async fn lies_below(connection: &mut SqliteConnection, cells: &[Cell], id: i64) -> Result<bool> {
    let Some(Cell::Whole(parent)) = Sheet::Customer.place("parent_code").map(|place| &cells[place]) else {
        return Ok(false);
    };
    let sql = "WITH RECURSIVE above (id) AS (SELECT $1 UNION SELECT c.parent_id FROM above \
               CROSS JOIN customers AS c WHERE c.id = above.id AND c.parent_id IS NOT NULL) \
               SELECT EXISTS (SELECT 1 FROM above WHERE id = $2)";
    Ok(sqlx::query_scalar(sql).bind(*parent).bind(id).fetch_one(connection).await?)
}

async fn row_of(connection: &mut SqliteConnection, sheet: Sheet, id: i64) -> Result<Option<SheetRow>> {
    let sql = format!("{} WHERE id = $1", select(sheet));
    let row = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_optional(connection).await?;
    row.map(|row| read(sheet, &row)).transpose()
}

pub(crate) fn names(sheet: Sheet) -> Vec<String> {
    sheet.columns().iter().map(schema::column_name).collect()
}

fn select(sheet: Sheet) -> String {
    let name = sheet.code();
    let removed_at = if sheet == Sheet::Customer { "NULL" } else { "removed_at" };
    format!(
        "SELECT id, {}, {removed_at} AS removed_at, coalesce((SELECT max(a.id) FROM audit AS a WHERE a.noun = '{name}' \
         AND a.record_id = {name}.id AND a.action IN ('{RECORD_ADD}', '{RECORD_CHANGE}')), 0) AS last_entry FROM {name}",
        names(sheet).join(", "),
    )
}

const fn kept(sheet: Sheet) -> &'static str {
    match sheet {
        Sheet::Customer => "",
        _ => " AND removed_at IS NULL",
    }
}

fn read(sheet: Sheet, row: &SqliteRow) -> Result<SheetRow> {
    let cells = sheet.columns().iter().map(|column| cell_of(column, row, &schema::column_name(column)));
    Ok(SheetRow {
        id: row.value("id")?,
        cells: cells.collect::<Result<_>>()?,
        last_entry: row.value("last_entry")?,
        removed_at: row.optional_instant("removed_at")?,
    })
}

/// What stands in a column of the records, under this name.
pub(crate) fn cell_of(column: &Column, row: &SqliteRow, name: &str) -> Result<Cell> {
    Ok(match column.kind {
        ColumnType::Code | ColumnType::Text(_) | ColumnType::OneOf(_) => {
            row.value::<Option<String>>(name)?.map_or(Cell::Null, Cell::Text)
        }
        ColumnType::Quantity | ColumnType::Number => {
            row.value::<Option<f64>>(name)?.map_or(Cell::Null, Cell::Real)
        }
        _ => row.value::<Option<i64>>(name)?.map_or(Cell::Null, Cell::Whole),
    })
}

pub(crate) fn json_of(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Whole(whole) => json!(whole),
        Cell::Real(real) => json!(real),
        Cell::Text(text) => json!(text),
    }
}

pub(crate) fn cell_of_json(json: &str) -> Result<Cell> {
    let unreadable = || StoreError::unreadable("held.extract_value", json);
    match serde_json::from_str(json).map_err(|_| unreadable())? {
        Value::Null => Ok(Cell::Null),
        Value::String(text) => Ok(Cell::Text(text)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Ok(Cell::Whole(whole)),
            None => number.as_f64().map(Cell::Real).ok_or_else(unreadable),
        },
        _ => Err(unreadable()),
    }
}
