//! Sheets of customers that people import: what was uploaded, what it brought, and its revert.

use domain::archive::Sheet;
use domain::extract::Cell;
use domain::id::{CustomerId, OrgUnitId, SheetImportId, StaffId, UserId};
use domain::{Instant, Message};
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::archive::{cell_of, import_is_at_work, names};
use crate::audit::{self, AuditEntry, RECORD_ADD, RECORD_REMOVE};
use crate::error::{Result, StoreError};
use crate::import::mark_stale;
use crate::row::RowExt;
use crate::sqlite::pointing_at;
use crate::upsert::{Author, Effect, Writer, add_rows, last_id, let_in, wait};
use crate::version::{Changed, bump, touch, touched_between};
use crate::{Store, held, message};

/// A sheet that someone imports or imported.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetImportRow {
    /// Which.
    pub id: SheetImportId,
    /// Whose it is …
    pub owner: UserId,
    /// … by name.
    pub owner_name: String,
    /// The unit of that person.
    pub owner_unit: OrgUnitId,
    /// What the file was called.
    pub file_name: String,
    /// When it was uploaded.
    pub uploaded_at: Instant,
    /// JSON: the names of its columns.
    pub header: String,
    /// Rows below the header.
    pub rows_read: u64,
    /// JSON: how its columns are taken, once that was said.
    pub mapping: Option<String>,
    /// JSON: what the last check found.
    pub found: Option<String>,
    /// How many rows are, or were, created, changed, left as they are and refused.
    pub counts: [u64; 4],
    /// When it was brought in.
    pub done_at: Option<Instant>,
    /// Who reverted it …
    pub reverted_by: Option<String>,
    /// … and when.
    pub reverted_at: Option<Instant>,
    /// Of one that was reverted, the customers left and the values left.
    pub left: (u64, u64),
    /// Whether what was uploaded is still there.
    pub has_file: bool,
}

/// A customer as the records have it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownCustomer {
    /// Which.
    pub id: CustomerId,
    /// Its unit.
    pub unit: OrgUnitId,
    /// Its account manager.
    pub manager: Option<StaffId>,
    /// Whether another stands for it.
    pub is_merged: bool,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

/// A customer to be created.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCustomer {
    /// A cell for each column; without a code it gets one of our own.
    pub cells: Vec<Cell>,
    /// The place among those created of the customer above, where that is one of them.
    pub above: Option<usize>,
}

/// What an import brings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SheetCommit {
    /// Customers to create.
    pub created: Vec<NewCustomer>,
    /// Customers to change, with all their cells as they will be.
    pub changed: Vec<(CustomerId, Vec<Cell>)>,
    /// Of those, the place among those created of the customer above.
    pub above: Vec<(CustomerId, usize)>,
    /// The version of the records that this was worked out from …
    pub records: i64,
    /// … and the customers that it rests on: others may have changed since.
    pub rests_on: Vec<CustomerId>,
    /// Rows created, changed, left as they are and refused.
    pub counts: [u64; 4],
}

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// It is done.
    Done,
    /// It was done already, or is gone; nothing was written.
    Already,
    /// What it rests on changed; nothing was written.
    Changed,
    /// An import of extracts is giving out numbers; nothing was written.
    ImportAtWork,
}

/// Why a row of a sheet is refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Its line as spreadsheets count.
    pub line: u64,
    /// For which column of customers, if for one.
    pub column: Option<String>,
    /// Why.
    pub reason: Message,
}

/// Why a customer that an import created is left when it is reverted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftFor {
    /// Something hangs on it: people, contracts, visits, grants, a merge …
    Attached,
    /// Someone changed it since.
    Changed,
    /// An extract knows it.
    Extract,
    /// It is another's by now.
    Foreign,
    /// A customer that stays lies below it.
    Above,
}

impl LeftFor {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Attached, Self::Changed, Self::Extract, Self::Foreign, Self::Above];

    /// Its code in the records.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attached => "attached",
            Self::Changed => "changed",
            Self::Extract => "extract",
            Self::Foreign => "foreign",
            Self::Above => "above",
        }
    }
}

/// What a revert does, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reverted {
    /// Customers taken away.
    pub removed: u64,
    /// Customers that get values back …
    pub restored: u64,
    /// … and how many values.
    pub values: u64,
    /// Created customers that stay, with why: the first of them …
    pub left: Vec<(CustomerId, LeftFor)>,
    /// … of so many.
    pub left_count: u64,
    /// Values that stay, by customer and column: the first of them …
    pub kept: Vec<(CustomerId, String)>,
    /// … of so many.
    pub kept_count: u64,
}

/// An import to be reverted.
#[derive(Debug, Clone, PartialEq)]
pub struct Revert {
    /// Which.
    pub id: SheetImportId,
    /// Customers of it that are another's by now: they stay as they are.
    pub foreign: Vec<CustomerId>,
    /// Customers of it that the facts know.
    pub in_facts: Vec<CustomerId>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

const NOUN: &str = "sheet_imports";
const CUSTOMERS: &str = "customers";
/// More customers than these are not remembered one by one.
const FEW: usize = 5_000;
/// Named of what a revert leaves.
const NAMED: u32 = 50;

const IMPORTS: &str = "SELECT i.*, s.name AS owner_name, s.org_id AS owner_unit, r.name AS reverted_name, \
    (SELECT count(*) FROM sheet_created AS c WHERE c.import_id = i.id AND c.left_for IS NOT NULL) AS left_customers, \
    (SELECT count(*) FROM sheet_values AS v WHERE v.import_id = i.id AND v.is_restored = 0) AS left_values, \
    EXISTS (SELECT 1 FROM sheet_files AS f WHERE f.import_id = i.id) AS has_file \
    FROM sheet_imports AS i JOIN users AS u ON u.id = i.owner_id JOIN staff AS s ON s.id = u.staff_id \
    LEFT JOIN users AS ru ON ru.id = i.reverted_by LEFT JOIN staff AS r ON r.id = ru.staff_id";

impl Store {
    /// Keeps what was uploaded.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn keep_sheet(
        &self,
        (file_name, header, rows): (&str, &str, u64),
        content: &[u8],
        by: UserId,
        at: Instant,
    ) -> Result<SheetImportId> {
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO sheet_imports (owner_id, file_name, uploaded_at, header, rows_read) \
             VALUES ($1, $2, $3, $4, $5) RETURNING id",
        )
        .bind(by.get())
        .bind(file_name)
        .bind(at.micros())
        .bind(header)
        .bind(number(rows))
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query("INSERT INTO sheet_files (import_id, content) VALUES ($1, $2)")
            .bind(id)
            .bind(content)
            .execute(&mut *transaction)
            .await?;
        let details = json!({"file": file_name, "rows": rows});
        audit::leave(
            &mut transaction,
            &AuditEntry::by(by, at, "sheet_import.upload", NOUN, Some(id), details),
        )
        .await?;
        transaction.commit().await?;
        Ok(SheetImportId::new(id))
    }

    /// An import.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_import(&self, id: SheetImportId) -> Result<Option<SheetImportRow>> {
        let sql = format!("{IMPORTS} WHERE i.id = $1");
        let row =
            sqlx::query(AssertSqlSafe(sql)).bind(id.get()).fetch_optional(self.database.readers()).await?;
        row.as_ref().map(sheet_import).transpose()
    }

    /// A user's own imports, and those that people of a unit and below it brought in; newest first, at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_imports(
        &self,
        by: UserId,
        below: Option<OrgUnitId>,
        limit: u32,
    ) -> Result<Vec<SheetImportRow>> {
        let sql = format!(
            "{IMPORTS} LEFT JOIN org_units AS o ON o.id = s.org_id LEFT JOIN org_units AS top ON top.id = $2 \
             WHERE i.owner_id = $1 OR (i.done_at IS NOT NULL AND o.position BETWEEN top.position AND top.last_position) \
             ORDER BY i.id DESC LIMIT $3"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(by.get())
            .bind(below.map(OrgUnitId::get))
            .bind(limit)
            .fetch_all(self.database.readers())
            .await?;
        rows.iter().map(sheet_import).collect()
    }

    /// What was uploaded, unless it was swept.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_content(&self, id: SheetImportId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT content FROM sheet_files WHERE import_id = $1";
        Ok(sqlx::query_scalar(sql).bind(id.get()).fetch_optional(self.database.readers()).await?)
    }

    /// Why the last check refused rows, by line, at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_refused(&self, id: SheetImportId, limit: u32) -> Result<Vec<Refusal>> {
        let rows = sqlx::query(
            "SELECT line, column_name, reason FROM sheet_refused WHERE import_id = $1 ORDER BY line, ordinal LIMIT $2",
        )
        .bind(id.get())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        let read = |row: &SqliteRow| {
            let reason: &str = row.value("reason")?;
            let said = message::from_json(reason);
            Ok(Refusal {
                line: row.count("line")?,
                column: row.value("column_name")?,
                reason: said.ok_or_else(|| StoreError::unreadable("sheet_refused.reason", reason))?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// How the columns of a sheet with this header were taken last: by this user, or else by anyone.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_mapping(&self, by: UserId, header: &str) -> Result<Option<String>> {
        let sql = "SELECT mapping FROM sheet_mappings WHERE header = $2 ORDER BY user_id <> $1, used_at DESC LIMIT 1";
        Ok(sqlx::query_scalar(sql)
            .bind(by.get())
            .bind(header)
            .fetch_optional(self.database.readers())
            .await?)
    }

    /// Keeps what a check of an import found, and how its columns were taken, for the next sheet like it. Gives whether it is
    /// still to be brought in.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn keep_sheet_check(
        &self,
        id: SheetImportId,
        (mapping, found): (&str, &str),
        counts: [u64; 4],
        refused: &[Refusal],
        at: Instant,
    ) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let done = sqlx::query(
            "UPDATE sheet_imports SET mapping = $2, found = $3, rows_created = $4, rows_changed = $5, \
             rows_unchanged = $6, rows_refused = $7 WHERE id = $1 AND done_at IS NULL",
        )
        .bind(id.get())
        .bind(mapping)
        .bind(found)
        .bind(number(counts[0]))
        .bind(number(counts[1]))
        .bind(number(counts[2]))
        .bind(number(counts[3]))
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO sheet_mappings (user_id, header, mapping, used_at) \
             SELECT owner_id, header, mapping, $2 FROM sheet_imports WHERE id = $1 \
             ON CONFLICT (user_id, header) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at",
        )
        .bind(id.get())
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM sheet_refused WHERE import_id = $1")
            .bind(id.get())
            .execute(&mut *transaction)
            .await?;
        for (place, chunk) in refused.chunks(10_000).enumerate() {
            let rows = chunk.iter().enumerate().map(|(at, refusal)| {
                let Refusal { line, column, reason } = refusal;
                json!([line, place * 10_000 + at, column, message::to_json(reason)])
            });
            sqlx::query(
                "INSERT INTO sheet_refused (import_id, line, ordinal, column_name, reason) \
                 SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($2)",
            )
            .bind(id.get())
            .bind(json!(rows.collect::<Vec<_>>()).to_string())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Gives an import up that was not brought in. Gives whether there was one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn discard_sheet(&self, id: SheetImportId, by: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let open: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM sheet_imports WHERE id = $1 AND owner_id = $2 AND done_at IS NULL)",
        )
        .bind(id.get())
        .bind(by.get())
        .fetch_one(&mut *transaction)
        .await?;
        if !open {
            return Ok(false);
        }
        take_out(&mut transaction, "import_id = $1", "id = $1", id.get()).await?;
        let entry = AuditEntry::by(by, at, "sheet_import.discard", NOUN, Some(id.get()), json!({}));
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Takes out what was uploaded before a moment, and imports that were not brought in by then.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn sweep_sheets(&self, before: Instant) -> Result<()> {
        let old: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM sheet_files AS f JOIN sheet_imports AS i ON i.id = f.import_id \
             WHERE i.uploaded_at < $1)",
        )
        .bind(before.micros())
        .fetch_one(self.database.readers())
        .await?;
        if !old {
            return Ok(());
        }
        let mut transaction = self.database.write().await?;
        let of = "import_id IN (SELECT id FROM sheet_imports WHERE uploaded_at < $1)";
        take_out(&mut transaction, of, "uploaded_at < $1 AND done_at IS NULL", before.micros()).await?;
        Ok(transaction.commit().await?)
    }

    /// The customers with one of these codes or credit codes; and the version of the records that this is of.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customers_coded(
        &self,
        codes: &[&str],
        credit_codes: &[&str],
    ) -> Result<(i64, Vec<KnownCustomer>)> {
        let mut moment = self.database.read().await?;
        let version: i64 =
            sqlx::query_scalar("SELECT records FROM versions WHERE id = 1").fetch_one(&mut *moment).await?;
        // CROSS JOIN keeps the order of the tables. Credit codes have no index: one pass over the customers finds them.
        let by_code = "FROM json_each($1) AS asked CROSS JOIN customers AS c WHERE c.code = asked.value";
        let by_credit = "FROM customers AS c WHERE c.credit_code IN (SELECT value FROM json_each($1))";
        let mut known = Vec::new();
        for (of, asked) in [(by_code, codes), (by_credit, credit_codes)] {
            if asked.is_empty() {
                continue;
            }
            let columns: Vec<String> =
                names(Sheet::Customer).iter().map(|name| format!("c.{name}")).collect();
            let sql = format!(
                "SELECT c.id, {}, EXISTS (SELECT 1 FROM survivors AS s WHERE s.customer_id = c.id) AS is_merged {of}",
                columns.join(", ")
            );
            let rows = sqlx::query(AssertSqlSafe(sql))
                .bind(json!(asked).to_string())
                .fetch_all(&mut *moment)
                .await?;
            for row in &rows {
                let cells = Sheet::Customer.columns().iter().zip(names(Sheet::Customer));
                known.push(KnownCustomer {
                    id: CustomerId::new(row.value("id")?),
                    unit: OrgUnitId::new(row.value("org_id")?),
                    manager: row.value::<Option<i64>>("manager_id")?.map(StaffId::new),
                    is_merged: row.value("is_merged")?,
                    cells: cells.map(|(column, name)| cell_of(column, row, &name)).collect::<Result<_>>()?,
                });
            }
        }
        known.sort_by_key(|customer| customer.id);
        known.dedup_by_key(|customer| customer.id);
        Ok((version, known))
    }

    /// The customer above each that has one.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customers_above(&self) -> Result<Vec<(CustomerId, CustomerId)>> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT id, parent_id FROM customers WHERE parent_id IS NOT NULL")
                .fetch_all(self.database.readers())
                .await?;
        Ok(rows.into_iter().map(|(id, above)| (CustomerId::new(id), CustomerId::new(above))).collect())
    }

    /// Brings an import in, in one transaction with the audit of each customer, what is held against extracts and what is
    /// needed to revert it.
    ///
    /// # Errors
    /// When the records cannot be written, or a code is taken; then nothing was.
    pub async fn bring_sheet(
        &self,
        id: SheetImportId,
        commit: SheetCommit,
        by: UserId,
        at: Instant,
    ) -> Result<Brought> {
        let mut transaction = self.database.write().await?;
        let open: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM sheet_imports WHERE id = $1 AND owner_id = $2 AND done_at IS NULL)",
        )
        .bind(id.get())
        .bind(by.get())
        .fetch_one(&mut *transaction)
        .await?;
        if !open {
            return Ok(Brought::Already);
        }
        if import_is_at_work(&mut transaction).await? {
            return Ok(Brought::ImportAtWork);
        }
        if !still_stands(&mut transaction, &commit).await? {
            return Ok(Brought::Changed);
        }
        let first_entry = audit::newest(&mut transaction).await? + 1;
        let first = last_id(&mut transaction, CUSTOMERS).await? + 1;
        let parent = Sheet::Customer.place("parent_code").unwrap_or_default();
        let numbered = |place: usize| first + number(place as u64);
        let created = commit.created.len();
        let mut changed = commit.changed;
        for (customer, place) in &commit.above {
            if let Ok(at) = changed.binary_search_by_key(customer, |(id, _)| *id) {
                changed[at].1[parent] = Cell::Whole(numbered(*place));
            }
        }
        let mut rows = Vec::with_capacity(created);
        for (place, new) in commit.created.into_iter().enumerate() {
            let (id, mut cells) = (numbered(place), new.cells);
            if let Some(code @ Cell::Null) = cells.first_mut() {
                *code = Cell::Text(format!("T-{id}"));
            }
            if let Some(above) = new.above {
                cells[parent] = Cell::Whole(numbered(above));
            }
            rows.push((id, cells));
        }
        let author = Author { by: Writer::User(by), at };
        let mut effect = Effect::default();
        if created > 0 {
            let last = numbered(created - 1);
            effect = effect.and(add_rows(&mut transaction, Sheet::Customer, rows).await?);
            note_created(&mut transaction, id, (first, last), by, at).await?;
        }
        let ids: Vec<CustomerId> = changed.iter().map(|(id, _)| *id).collect();
        if !changed.is_empty() {
            let rows = changed.into_iter().map(|(id, cells)| (id.get(), cells)).collect();
            wait(&mut transaction, Sheet::Customer, rows).await?;
            note_values(&mut transaction, id).await?;
            effect = effect.and(let_in(&mut transaction, Sheet::Customer, author).await?.effect);
            if !circles(&mut transaction, id).await?.is_empty() {
                return Ok(Brought::Changed);
            }
        }
        audit::seal(&mut transaction, first_entry).await?;
        let touched = ids.into_iter().chain((0..created).map(|place| CustomerId::new(numbered(place))));
        settle(&mut transaction, effect, &touched.collect::<Vec<_>>(), false).await?;
        let [rows_created, rows_changed, rows_unchanged, rows_refused] = commit.counts;
        let details = json!({"created": rows_created, "changed": rows_changed, "unchanged": rows_unchanged, "refused": rows_refused});
        audit::leave(
            &mut transaction,
            &AuditEntry::by(by, at, "sheet_import.do", NOUN, Some(id.get()), details),
        )
        .await?;
        sqlx::query(
            "UPDATE sheet_imports SET done_at = $2, rows_created = $3, \
             rows_changed = $4, rows_unchanged = $5, rows_refused = $6 WHERE id = $1",
        )
        .bind(id.get())
        .bind(at.micros())
        .bind(number(rows_created))
        .bind(number(rows_changed))
        .bind(number(rows_unchanged))
        .bind(number(rows_refused))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Brought::Done)
    }

    /// The customers that an import created or changed.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_customers(&self, id: SheetImportId) -> Result<Vec<CustomerId>> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "SELECT customer_id FROM sheet_created WHERE import_id = $1 \
             UNION SELECT customer_id FROM sheet_values WHERE import_id = $1 ORDER BY 1",
        )
        .bind(id.get())
        .fetch_all(self.database.readers())
        .await?;
        Ok(ids.into_iter().map(CustomerId::new).collect())
    }

    /// Reverts an import in one transaction, or says what that would do; none if it was not brought in or is reverted, or an
    /// import of extracts is at work. What the caller does not agree to is not done: `agreed` is asked once all is known.
    ///
    /// # Errors
    /// When the records cannot be written; then nothing was.
    pub async fn revert_sheet(
        &self,
        revert: &Revert,
        agreed: impl Fn(&Reverted) -> bool + Send + Sync,
    ) -> Result<Option<(Reverted, bool)>> {
        // What would lie below itself when it lay again where it did stays where it is.
        let mut stay: Vec<i64> = Vec::new();
        loop {
            let mut transaction = self.database.write().await?;
            let open: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM sheet_imports WHERE id = $1 AND done_at IS NOT NULL AND reverted_at IS NULL)",
            )
            .bind(revert.id.get())
            .fetch_one(&mut *transaction)
            .await?;
            if !open || import_is_at_work(&mut transaction).await? {
                return Ok(None);
            }
            let first_entry = audit::newest(&mut transaction).await? + 1;
            let effect = put_back(&mut transaction, revert, &stay).await?;
            let circles = circles(&mut transaction, revert.id).await?;
            if !circles.is_empty() {
                stay.extend(circles);
                continue;
            }
            let removed = take_away(&mut transaction, revert).await?;
            let (report, touched) = reported(&mut transaction, revert.id, removed.count).await?;
            if !agreed(&report) {
                return Ok(Some((report, false)));
            }
            audit::seal(&mut transaction, first_entry).await?;
            let effect = effect.and(removed.effect);
            settle(&mut transaction, effect, &touched, removed.count > 0).await?;
            sqlx::query("UPDATE sheet_imports SET reverted_by = $2, reverted_at = $3 WHERE id = $1")
                .bind(revert.id.get())
                .bind(revert.by.get())
                .bind(revert.at.micros())
                .execute(&mut *transaction)
                .await?;
            let details = json!({
                "removed": report.removed, "restored": report.restored, "values": report.values,
                "left": report.left_count, "kept": report.kept_count,
            });
            let id = Some(revert.id.get());
            let entry = AuditEntry::by(revert.by, revert.at, "sheet_import.revert", NOUN, id, details);
            audit::leave(&mut transaction, &entry).await?;
            transaction.commit().await?;
            return Ok(Some((report, true)));
        }
    }

    /// What a revert left, of an import that was reverted.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sheet_left(&self, id: SheetImportId) -> Result<Reverted> {
        let mut connection = self.database.readers().acquire().await?;
        let removed: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sheet_created WHERE import_id = $1 AND left_for IS NULL",
        )
        .bind(id.get())
        .fetch_one(&mut *connection)
        .await?;
        Ok(reported(&mut connection, id, removed.unsigned_abs()).await?.0)
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn list(ids: &[CustomerId]) -> String {
    json!(ids).to_string()
}

fn sheet_import(row: &SqliteRow) -> Result<SheetImportRow> {
    let reverted_at = row.optional_instant("reverted_at")?;
    Ok(SheetImportRow {
        id: SheetImportId::new(row.value("id")?),
        owner: UserId::new(row.value("owner_id")?),
        owner_name: row.value("owner_name")?,
        owner_unit: OrgUnitId::new(row.value("owner_unit")?),
        file_name: row.value("file_name")?,
        uploaded_at: row.instant("uploaded_at")?,
        header: row.value("header")?,
        rows_read: row.count("rows_read")?,
        mapping: row.value("mapping")?,
        found: row.value("found")?,
        counts: [
            row.count("rows_created")?,
            row.count("rows_changed")?,
            row.count("rows_unchanged")?,
            row.count("rows_refused")?,
        ],
        done_at: row.optional_instant("done_at")?,
        reverted_by: row.value("reverted_name")?,
        reverted_at,
        left: match reverted_at {
            Some(_) => (row.count("left_customers")?, row.count("left_values")?),
            None => (0, 0),
        },
        has_file: row.value("has_file")?,
    })
}

/// Takes out files and refused rows that a condition names, and the imports that another names.
async fn take_out(connection: &mut SqliteConnection, of: &str, imports: &str, bound: i64) -> Result<()> {
    for sql in [
        format!("DELETE FROM sheet_files WHERE {of}"),
        format!("DELETE FROM sheet_refused WHERE {of}"),
        format!("DELETE FROM sheet_imports WHERE {imports}"),
    ] {
        sqlx::query(AssertSqlSafe(sql)).bind(bound).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Whether nothing that an import rests on changed since it was worked out.
async fn still_stands(connection: &mut SqliteConnection, commit: &SheetCommit) -> Result<bool> {
    let now: i64 =
        sqlx::query_scalar("SELECT records FROM versions WHERE id = 1").fetch_one(&mut *connection).await?;
    if now == commit.records {
        return Ok(true);
    }
    let touched = touched_between(connection, commit.records, now).await?;
    Ok(touched.is_some_and(|touched| touched.iter().all(|one| commit.rests_on.binary_search(one).is_err())))
}

/// Audits and holds customers that were created, and notes that this import did.
async fn note_created(
    connection: &mut SqliteConnection,
    id: SheetImportId,
    (first, last): (i64, i64),
    by: UserId,
    at: Instant,
) -> Result<()> {
    let sql = format!(
        "INSERT INTO sheet_created (import_id, customer_id, created) SELECT $1, id, {} FROM customers WHERE id BETWEEN $2 AND $3",
        as_json()
    );
    sqlx::query(AssertSqlSafe(sql)).bind(id.get()).bind(first).bind(last).execute(&mut *connection).await?;
    held::hold_new(connection, CUSTOMERS, (first, last), &names(Sheet::Customer)).await?;
    let sql = format!(
        "INSERT INTO audit (at, user_id, action, noun, record_id, details) \
         SELECT $1, $2, '{RECORD_ADD}', '{CUSTOMERS}', id, json_object('code', code) FROM customers \
         WHERE id BETWEEN $3 AND $4 ORDER BY id"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(at.micros())
        .bind(by.get())
        .bind(first)
        .bind(last)
        .execute(connection)
        .await?;
    Ok(())
}

/// A customer as JSON, as far as people fill it in.
fn as_json() -> String {
    let pairs = names(Sheet::Customer).into_iter().map(|column| format!("'{column}', {column}"));
    format!("json_object({})", pairs.collect::<Vec<String>>().join(", "))
}

/// Notes what the rows that wait will overwrite.
async fn note_values(connection: &mut SqliteConnection, id: SheetImportId) -> Result<()> {
    for column in names(Sheet::Customer).iter().filter(|column| *column != "code") {
        let sql = format!(
            "INSERT INTO sheet_values (import_id, customer_id, column_name, before, after, was_held, extract_value) \
             SELECT $1, stored.id, '{column}', json_quote(stored.{column}), json_quote(waiting.{column}), \
             held.noun IS NOT NULL, held.extract_value \
             FROM temp.waiting AS waiting JOIN customers AS stored ON stored.id = waiting.id \
             LEFT JOIN held ON held.noun = '{CUSTOMERS}' AND held.record_id = stored.id \
             AND held.column_name = '{column}' WHERE waiting.{column} IS NOT stored.{column}"
        );
        sqlx::query(AssertSqlSafe(sql)).bind(id.get()).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Customers whose place in the tree an import changed and that lie below themselves as things stand.
async fn circles(connection: &mut SqliteConnection, id: SheetImportId) -> Result<Vec<i64>> {
    let sql = "WITH RECURSIVE above (of, id) AS ( \
                 SELECT c.id, c.parent_id FROM sheet_values AS v CROSS JOIN customers AS c \
                 WHERE v.import_id = $1 AND v.column_name = 'parent_id' AND c.id = v.customer_id AND c.parent_id IS NOT NULL \
                 UNION SELECT above.of, c.parent_id FROM above CROSS JOIN customers AS c \
                 WHERE c.id = above.id AND c.parent_id IS NOT NULL \
               ) SELECT of FROM above WHERE id = of";
    Ok(sqlx::query_scalar(sql).bind(id.get()).fetch_all(connection).await?)
}

/// What follows for months and readers: those that hold customers which are gone begin anew.
async fn settle(
    connection: &mut SqliteConnection,
    effect: Effect,
    touched: &[CustomerId],
    are_gone: bool,
) -> Result<()> {
    mark_stale(connection, effect).await?;
    match touched.len() {
        few if few <= FEW && !are_gone => touch(connection, touched).await,
        _ => bump(connection, Changed { base: true, records: true, ..Changed::default() }).await,
    }
}

/// Puts values back that are still as the import left them. Where a person's word did not hold before, an extract that said
/// something else since has the last word.
async fn put_back(connection: &mut SqliteConnection, revert: &Revert, stay: &[i64]) -> Result<Effect> {
    let (id, foreign) = (revert.id.get(), list(&revert.foreign));
    let columns = names(Sheet::Customer);
    let word = "held AS h WHERE h.noun = 'customers' AND h.record_id = v.customer_id AND h.column_name = v.column_name";
    let target = format!(
        "CASE WHEN v.was_held = 0 THEN coalesce((SELECT h.extract_value FROM {word}), v.before) ELSE v.before END"
    );
    for column in columns.iter().filter(|column| *column != "code") {
        let is_there = match column.as_str() {
            "parent_id" => {
                "AND customer_id NOT IN (SELECT value FROM json_each($3)) AND (before = 'null' \
                 OR EXISTS (SELECT 1 FROM customers AS p WHERE p.id = (before ->> '$')))"
            }
            _ => "AND $3 IS NOT NULL",
        };
        let sql = format!(
            "UPDATE sheet_values AS v SET is_restored = CASE WHEN EXISTS (SELECT 1 FROM {word}) THEN 1 ELSE 2 END \
             WHERE import_id = $1 AND column_name = '{column}' \
             AND customer_id NOT IN (SELECT value FROM json_each($2)) {is_there} \
             AND EXISTS (SELECT 1 FROM customers AS c WHERE c.id = v.customer_id AND c.{column} IS (v.after ->> '$')) \
             AND (EXISTS (SELECT 1 FROM {word}) OR (v.was_held = 1 AND v.extract_value IS v.after))"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(id)
            .bind(&foreign)
            .bind(json!(stay).to_string())
            .execute(&mut *connection)
            .await?;
    }
    let taken: Vec<String> = columns
        .iter()
        .map(|column| {
            let of = format!(
                "sheet_values AS v WHERE v.import_id = $1 AND v.customer_id = stored.id \
                 AND v.column_name = '{column}' AND v.is_restored > 0"
            );
            format!("CASE WHEN EXISTS (SELECT 1 FROM {of}) THEN (SELECT ({target}) ->> '$' FROM {of}) ELSE stored.{column} END")
        })
        .collect();
    wait(connection, Sheet::Customer, Vec::new()).await?;
    let sql = format!(
        "INSERT INTO temp.waiting (id, {}) SELECT stored.id, {} FROM customers AS stored WHERE stored.id IN \
         (SELECT customer_id FROM sheet_values WHERE import_id = $1 AND is_restored > 0)",
        columns.join(", "),
        taken.join(", ")
    );
    sqlx::query(AssertSqlSafe(sql)).bind(id).execute(&mut *connection).await?;
    let author = Author { by: Writer::User(revert.by), at: revert.at };
    let upserted = let_in(connection, Sheet::Customer, author).await?;
    let of = "FROM sheet_values AS v WHERE v.import_id = $1 AND v.customer_id = held.record_id \
              AND v.column_name = held.column_name";
    for sql in [
        format!(
            "DELETE FROM held WHERE noun = '{CUSTOMERS}' AND EXISTS (SELECT 1 {of} AND v.is_restored > 0 AND v.was_held = 0)"
        ),
        format!(
            "UPDATE held SET extract_value = (SELECT v.extract_value {of}) WHERE noun = '{CUSTOMERS}' \
             AND EXISTS (SELECT 1 {of} AND v.is_restored = 2 AND v.was_held = 1)"
        ),
    ] {
        sqlx::query(AssertSqlSafe(sql)).bind(id).execute(&mut *connection).await?;
    }
    Ok(upserted.effect)
}

struct TakenAway {
    count: u64,
    effect: Effect,
}

/// Takes customers away that the import created and nothing hangs on.
async fn take_away(connection: &mut SqliteConnection, revert: &Revert) -> Result<TakenAway> {
    let id = revert.id.get();
    let mark = "UPDATE sheet_created SET left_for = coalesce(left_for,";
    let own = "WHERE import_id = $1 AND";
    for (why, ids) in [(LeftFor::Foreign, &revert.foreign), (LeftFor::Extract, &revert.in_facts)] {
        let sql = format!("{mark} '{}') {own} customer_id IN (SELECT value FROM json_each($2))", why.code());
        sqlx::query(AssertSqlSafe(sql)).bind(id).bind(list(ids)).execute(&mut *connection).await?;
    }
    for (table, column) in pointing_at(connection, CUSTOMERS).await? {
        // Suspicions are no one's word; who lies below is asked last.
        if table == CUSTOMERS || table == "duplicate_pairs" {
            continue;
        }
        let sql = format!(
            "{mark} '{}') {own} customer_id IN (SELECT {column} FROM {table} WHERE {column} IS NOT NULL)",
            LeftFor::Attached.code()
        );
        sqlx::query(AssertSqlSafe(sql)).bind(id).execute(&mut *connection).await?;
    }
    let sql = format!(
        "{mark} '{}') {own} created IS NOT (SELECT {} FROM customers WHERE id = sheet_created.customer_id)",
        LeftFor::Changed.code(),
        as_json()
    );
    sqlx::query(AssertSqlSafe(sql)).bind(id).execute(&mut *connection).await?;
    // All that is known of it is still a person's word alone.
    let columns = names(Sheet::Customer);
    let filled: Vec<String> =
        columns.iter().filter(|c| *c != "code").map(|c| format!("(c.{c} IS NOT NULL)")).collect();
    let sql = format!(
        "{mark} '{}') {own} (SELECT {} FROM customers AS c WHERE c.id = sheet_created.customer_id) \
         IS NOT (SELECT count(*) FROM held AS h WHERE h.noun = '{CUSTOMERS}' \
         AND h.record_id = sheet_created.customer_id AND h.extract_value IS NULL)",
        LeftFor::Extract.code(),
        filled.join(" + ")
    );
    sqlx::query(AssertSqlSafe(sql)).bind(id).execute(&mut *connection).await?;
    let sql = format!(
        "{mark} '{}') {own} left_for IS NULL AND EXISTS (SELECT 1 FROM customers AS c \
         LEFT JOIN sheet_created AS o ON o.import_id = $1 AND o.customer_id = c.id \
         WHERE c.parent_id = sheet_created.customer_id AND (o.customer_id IS NULL OR o.left_for IS NOT NULL))",
        LeftFor::Above.code()
    );
    while sqlx::query(AssertSqlSafe(sql.clone())).bind(id).execute(&mut *connection).await?.rows_affected()
        > 0
    {}
    let gone = "(SELECT customer_id FROM sheet_created WHERE import_id = $1 AND left_for IS NULL)";
    let first_day: Option<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
        "SELECT min(created_on) FROM customers WHERE id IN {gone}"
    )))
    .bind(id)
    .fetch_one(&mut *connection)
    .await?;
    // What is taken away stays with its audit entry.
    let sql = format!(
        "INSERT INTO audit (at, user_id, action, noun, record_id, details) \
         SELECT $2, $3, '{RECORD_REMOVE}', '{CUSTOMERS}', id, {} FROM customers WHERE id IN {gone} ORDER BY id",
        as_json()
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(id)
        .bind(revert.at.micros())
        .bind(revert.by.get())
        .execute(&mut *connection)
        .await?;
    for sql in [
        format!("DELETE FROM held WHERE noun = '{CUSTOMERS}' AND record_id IN {gone}"),
        format!("DELETE FROM duplicate_pairs WHERE first_id IN {gone} OR second_id IN {gone}"),
    ] {
        sqlx::query(AssertSqlSafe(sql)).bind(id).execute(&mut *connection).await?;
    }
    let sql = format!("DELETE FROM customers WHERE id IN {gone}");
    let count = sqlx::query(AssertSqlSafe(sql)).bind(id).execute(connection).await?.rows_affected();
    let from = first_day.map(|days| crate::row::date_from_days("created_on", days)).transpose()?;
    let effect = Effect { from: from.map(domain::Month::of), moved: false };
    Ok(TakenAway { count, effect })
}

/// The name of a column in sheets, by that in the records.
fn column_of(name: String) -> String {
    let place = names(Sheet::Customer).iter().position(|known| *known == name);
    place.map_or(name, |place| Sheet::Customer.columns()[place].name.to_owned())
}

/// What a revert did, and the customers that have values back.
async fn reported(
    connection: &mut SqliteConnection,
    id: SheetImportId,
    removed: u64,
) -> Result<(Reverted, Vec<CustomerId>)> {
    let touched: Vec<i64> = sqlx::query_scalar(
        "SELECT DISTINCT customer_id FROM sheet_values WHERE import_id = $1 AND is_restored > 0",
    )
    .bind(id.get())
    .fetch_all(&mut *connection)
    .await?;
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM sheet_values WHERE import_id = $1 AND is_restored > 0) AS back, \
         (SELECT count(*) FROM sheet_values WHERE import_id = $1 AND is_restored = 0) AS kept, \
         (SELECT count(*) FROM sheet_created WHERE import_id = $1 AND left_for IS NOT NULL) AS stay",
    )
    .bind(id.get())
    .fetch_one(&mut *connection)
    .await?;
    let left: Vec<(i64, String)> = sqlx::query_as(
        "SELECT customer_id, left_for FROM sheet_created WHERE import_id = $1 AND left_for IS NOT NULL \
         ORDER BY customer_id LIMIT $2",
    )
    .bind(id.get())
    .bind(NAMED)
    .fetch_all(&mut *connection)
    .await?;
    let kept: Vec<(i64, String)> = sqlx::query_as(
        "SELECT customer_id, column_name FROM sheet_values WHERE import_id = $1 AND is_restored = 0 \
         ORDER BY customer_id, column_name LIMIT $2",
    )
    .bind(id.get())
    .bind(NAMED)
    .fetch_all(connection)
    .await?;
    let why = |code: &str| LeftFor::ALL.into_iter().find(|why| why.code() == code);
    let left = left.into_iter().filter_map(|(id, code)| Some((CustomerId::new(id), why(&code)?)));
    let report = Reverted {
        removed,
        restored: touched.len() as u64,
        values: row.count("back")?,
        left: left.collect(),
        left_count: row.count("stay")?,
        kept: kept.into_iter().map(|(id, name)| (CustomerId::new(id), column_of(name))).collect(),
        kept_count: row.count("kept")?,
    };
    Ok((report, touched.into_iter().map(CustomerId::new).collect()))
}
