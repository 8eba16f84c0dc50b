//! Rows of an extract into their table: new ones added, those that differ changed, the rest left alone.
//!
//! Rows with an id beyond the last stored one are new and go straight in. The others wait in a temporary table,
//! a chunk at a time, so that the database itself compares them with what is stored.

use domain::Instant;
use domain::Month;
use domain::archive::Sheet;
use domain::extract::{Cell, Column, ColumnType, Keeping, Table};
use domain::id::{ImportId, UserId};
use domain::import::RecordRows;
use domain::progress::Progress;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Sqlite, SqliteConnection};

use crate::audit::RECORD_CHANGE;
use crate::error::{Result, StoreError};
use crate::held;
use crate::row::RowExt;
use crate::schema;
use crate::sqlite::BINDINGS;

/// What became of the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Upserted {
    /// Rows that were not there before.
    pub added: u64,
    /// Rows that were there with other values.
    pub changed: u64,
    /// Rows that were there as they are.
    pub unchanged: u64,
    /// What this does to months already computed.
    pub effect: Effect,
}

/// What changed rows do to months already computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effect {
    /// The first month that would come out otherwise.
    pub from: Option<Month>,
    /// Whether customers belong to other units than before, or what is known of them without a date is other than
    /// before, so that the last published month is out of date.
    pub moved: bool,
}

impl Upserted {
    /// What became of these rows and others together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            added: self.added + other.added,
            changed: self.changed + other.changed,
            unchanged: self.unchanged + other.unchanged,
            effect: self.effect.and(other.effect),
        }
    }
}

impl Effect {
    /// This effect and another together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { from: earlier(self.from, other.from), moved: self.moved || other.moved }
    }
}

/// Who writes and when, for the audit.
#[derive(Debug, Clone, Copy)]
pub struct Author {
    /// Who, or in which run.
    pub by: Writer,
    /// When.
    pub at: Instant,
}

/// Who or what writes rows.
#[derive(Debug, Clone, Copy)]
pub enum Writer {
    /// An import: it leaves alone what a person's word holds.
    Import(ImportId),
    /// A person: what they change is held.
    User(UserId),
}

/// Rows taken from the extract at a time.
const CHUNK: u64 = 16_384;

/// Brings the rows of one table in. (They are borrowed for writing only because they may change threads between
/// two chunks, and need not be fit for use by two at once.)
pub async fn upsert(
    connection: &mut SqliteConnection,
    rows: &mut dyn RecordRows,
    author: Author,
    progress: &dyn Progress,
) -> Result<Upserted> {
    let layout = Layout::of_table(rows.table(), rows.present())?;
    let last_stored = last_id(connection, layout.table).await?;
    let mut upserted = Upserted::default();
    let mut waiting_is_made = false;
    let mut from = 0;
    while from < rows.len() {
        let chunk = rows.rows(from, CHUNK);
        from += CHUNK;
        let read = chunk.len() as u64;
        let (fresh, known): (Vec<_>, Vec<_>) = chunk.into_iter().partition(|(id, _)| *id > last_stored);
        upserted.added += fresh.len() as u64;
        upserted.effect.from = earlier(upserted.effect.from, layout.effect_of_new(&fresh)?);
        insert(connection, &layout.insert, layout.columns.len() + 1, fresh).await?;
        progress.advance(read, read);
        if known.is_empty() {
            continue;
        }
        if !waiting_is_made {
            execute(connection, &layout.make_waiting).await?;
            waiting_is_made = true;
        }
        let waiting = known.len() as u64;
        insert(connection, &layout.insert_waiting, layout.columns.len() + 1, known).await?;
        compare(connection, &layout, author, waiting, &mut upserted).await?;
        execute(connection, "DELETE FROM temp.waiting").await?;
    }
    if waiting_is_made {
        execute(connection, "DROP TABLE temp.waiting").await?;
    }
    Ok(upserted)
}

/// Brings in one row of a sheet that a person filled in: under `id` a known one, else under the next, with a code of our own
/// if it has none.
pub(crate) async fn upsert_one(
    connection: &mut SqliteConnection,
    sheet: Sheet,
    id: Option<i64>,
    mut cells: Vec<Cell>,
    author: Author,
) -> Result<(i64, Upserted)> {
    let layout = Layout::of_sheet(sheet);
    let width = layout.columns.len() + 1;
    let mut upserted = Upserted::default();
    let Some(id) = id else {
        let id = last_id(connection, layout.table).await? + 1;
        if let Some(code @ Cell::Null) = cells.first_mut().filter(|_| layout.columns[0] == "code") {
            *code = Cell::Text(format!("T-{id}"));
        }
        let fresh = vec![(id, cells)];
        upserted.added = 1;
        upserted.effect.from = layout.effect_of_new(&fresh)?;
        insert(connection, &layout.insert, width, fresh).await?;
        return Ok((id, upserted));
    };
    execute(connection, &layout.make_waiting).await?;
    insert(connection, &layout.insert_waiting, width, vec![(id, cells)]).await?;
    compare(connection, &layout, author, 1, &mut upserted).await?;
    execute(connection, "DROP TABLE temp.waiting").await?;
    Ok((id, upserted))
}

/// Gives one column of rows that are there other values: `values` is a JSON array of pairs of a row's number and its value.
pub(crate) async fn upsert_column(
    connection: &mut SqliteConnection,
    sheet: Sheet,
    column: &Column,
    values: &str,
    author: Author,
) -> Result<Upserted> {
    let columns = sheet.columns();
    let present: Vec<bool> = columns.iter().map(|known| known.name == column.name).collect();
    let layout = Layout::new(sheet.code(), columns, &present, sheet.table());
    let given = schema::column_name(column);
    let all = layout.columns.join(", ");
    let taken: Vec<String> = layout
        .columns
        .iter()
        .map(|name| if *name == given { "i.value ->> 1".to_owned() } else { format!("stored.{name}") })
        .collect();
    execute(connection, &layout.make_waiting).await?;
    let insert = format!(
        "INSERT INTO temp.waiting (id, {all}) SELECT stored.id, {} FROM json_each($1) AS i \
         CROSS JOIN {} AS stored WHERE stored.id = i.value ->> 0",
        taken.join(", "),
        layout.table
    );
    let waiting =
        sqlx::query(AssertSqlSafe(insert)).bind(values).execute(&mut *connection).await?.rows_affected();
    let mut upserted = Upserted::default();
    compare(connection, &layout, author, waiting, &mut upserted).await?;
    execute(connection, "DROP TABLE temp.waiting").await?;
    Ok(upserted)
}

/// The last number that a row of a table has or had.
pub(crate) async fn last_id(connection: &mut SqliteConnection, table: &str) -> Result<i64> {
    let stored: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT coalesce(max(id), 0) FROM {table}")))
        .fetch_one(&mut *connection)
        .await?;
    if table != Table::Customers.code() {
        return Ok(stored);
    }
    // What an import brought and its revert took away has left its number in audit and lake.
    let given: i64 = sqlx::query_scalar(LAST_GIVEN).fetch_one(connection).await?;
    Ok(stored.max(given))
}

/// The last number that the import of a sheet gave a customer.
pub(crate) const LAST_GIVEN: &str = "SELECT coalesce(max(customer_id), 0) FROM sheet_created";

/// Brings in rows of a sheet that are not there yet, under numbers after the last. Gives what this does to months computed.
pub(crate) async fn add_rows(
    connection: &mut SqliteConnection,
    sheet: Sheet,
    rows: Vec<(i64, Vec<Cell>)>,
) -> Result<Effect> {
    let layout = Layout::of_sheet(sheet);
    let effect = Effect { from: layout.effect_of_new(&rows)?, moved: false };
    insert(connection, &layout.insert, layout.columns.len() + 1, rows).await?;
    Ok(effect)
}

/// Lets rows of a sheet wait in `temp.waiting`, to be let in by [`let_in`]: these, and what else is put there meanwhile.
pub(crate) async fn wait(
    connection: &mut SqliteConnection,
    sheet: Sheet,
    rows: Vec<(i64, Vec<Cell>)>,
) -> Result<()> {
    let layout = Layout::of_sheet(sheet);
    execute(connection, &layout.make_waiting).await?;
    insert(connection, &layout.insert_waiting, layout.columns.len() + 1, rows).await
}

/// Lets in the rows that wait.
pub(crate) async fn let_in(
    connection: &mut SqliteConnection,
    sheet: Sheet,
    author: Author,
) -> Result<Upserted> {
    let layout = Layout::of_sheet(sheet);
    let waiting: i64 =
        sqlx::query_scalar("SELECT count(*) FROM temp.waiting").fetch_one(&mut *connection).await?;
    let mut upserted = Upserted::default();
    compare(connection, &layout, author, waiting.unsigned_abs(), &mut upserted).await?;
    execute(connection, "DROP TABLE temp.waiting").await?;
    Ok(upserted)
}

/// Compares the rows that wait with those stored and lets the difference in.
async fn compare(
    connection: &mut SqliteConnection,
    layout: &Layout,
    author: Author,
    waiting: u64,
    upserted: &mut Upserted,
) -> Result<()> {
    match author.by {
        Writer::Import(_) => held::keep(connection, layout.table, &layout.compared).await?,
        Writer::User(_) if layout.is_imported => {
            held::hold(connection, layout.table, &layout.compared).await?
        }
        Writer::User(_) => {}
    }
    if let Some(effect) = &layout.effect {
        let row = sqlx::query(AssertSqlSafe(effect.clone())).fetch_one(&mut *connection).await?;
        let days: Option<i64> = row.value("first_day")?;
        upserted.effect.from = earlier(upserted.effect.from, days.map(month_of_days).transpose()?);
        upserted.effect.moved |= row.value::<Option<i64>>("moved")?.unwrap_or(0) > 0;
    }
    let (user, import) = match author.by {
        Writer::Import(import) => (None, Some(import.get())),
        Writer::User(user) => (Some(user.get()), None),
    };
    let changed = sqlx::query(AssertSqlSafe(layout.audit.clone()))
        .bind(author.at.micros())
        .bind(user)
        .bind(import)
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if changed > 0 {
        execute(connection, &layout.update).await?;
    }
    let added = execute(connection, &layout.insert_missing).await?;
    upserted.changed += changed;
    upserted.added += added;
    upserted.unchanged += waiting - changed - added;
    Ok(())
}

/// The statements for one table and the columns that the extract has.
struct Layout {
    table: &'static str,
    columns: Vec<String>,
    /// Those in which rows are compared.
    compared: Vec<String>,
    /// Whether imports bring rows of this table too.
    is_imported: bool,
    /// The column whose earliest value says from which month on new rows count, if they count in the cycle.
    first_day_column: Option<usize>,
    /// Whether that column holds instants instead of days.
    counts_instants: bool,
    insert: String,
    make_waiting: String,
    insert_waiting: String,
    effect: Option<String>,
    audit: String,
    update: String,
    insert_missing: String,
}

impl Layout {
    fn of_table(table: Table, present: &[bool]) -> Result<Self> {
        if table.keeping() != Keeping::Records {
            return Err(StoreError::unreadable("upsert", table.code()));
        }
        Ok(Self::new(table.code(), table.columns(), present, Some(table)))
    }

    fn of_sheet(sheet: Sheet) -> Self {
        let columns = sheet.columns();
        Self::new(sheet.code(), columns, &vec![true; columns.len()], sheet.table())
    }

    fn new(name: &'static str, described: &[Column], present: &[bool], table: Option<Table>) -> Self {
        let columns: Vec<String> = described.iter().map(schema::column_name).collect();
        // A code never changes: ids are given out by it.
        let compared: Vec<String> = columns
            .iter()
            .zip(present)
            .filter(|(name, present)| **present && *name != "code")
            .map(|(name, _)| name.clone())
            .collect();
        let all = columns.join(", ");
        let differs = either(compared.iter().map(|c| format!("stored.{c} IS DISTINCT FROM waiting.{c}")));
        let old = compared.iter().map(|c| format!("'{c}', stored.{c}")).collect::<Vec<_>>().join(", ");
        let sets = compared.iter().map(|c| format!("{c} = waiting.{c}")).collect::<Vec<_>>().join(", ");
        let kinds = columns.iter().zip(described).map(|(c, column)| {
            let kind = match column.kind {
                ColumnType::Code | ColumnType::Text(_) | ColumnType::OneOf(_) => "TEXT",
                ColumnType::Quantity | ColumnType::Number => "REAL",
                _ => "INTEGER",
            };
            format!("{c} {kind}")
        });
        let waiting_columns = kinds.collect::<Vec<_>>().join(", ");
        Self {
            table: name,
            is_imported: table.is_some(),
            first_day_column: table
                .and_then(first_day_column)
                .and_then(|first| columns.iter().position(|column| column == first)),
            counts_instants: matches!(table, Some(Table::Tickets | Table::Interactions)),
            insert: format!("INSERT INTO {name} (id, {all}) VALUES "),
            make_waiting: format!(
                "CREATE TEMPORARY TABLE waiting (id INTEGER PRIMARY KEY, {waiting_columns})"
            ),
            insert_waiting: format!("INSERT INTO temp.waiting (id, {all}) VALUES "),
            effect: table.and_then(|table| effect_sql(table, present)),
            audit: format!(
                "INSERT INTO audit (at, user_id, import_id, action, noun, record_id, details) \
                 SELECT $1, $2, $3, '{RECORD_CHANGE}', '{name}', stored.id, json_object({old}) \
                 FROM temp.waiting AS waiting JOIN {name} AS stored ON stored.id = waiting.id WHERE {differs}"
            ),
            update: format!(
                "UPDATE {name} AS stored SET {sets} FROM temp.waiting AS waiting \
                 WHERE waiting.id = stored.id AND ({differs})"
            ),
            insert_missing: format!(
                "INSERT INTO {name} (id, {all}) SELECT id, {all} FROM temp.waiting AS waiting \
                 WHERE NOT EXISTS (SELECT 1 FROM {name} AS stored WHERE stored.id = waiting.id)"
            ),
            compared,
            columns,
        }
    }

    /// The first month in which new rows count.
    fn effect_of_new(&self, fresh: &[(i64, Vec<Cell>)]) -> Result<Option<Month>> {
        let Some(column) = self.first_day_column else {
            return Ok(None);
        };
        let first = fresh.iter().filter_map(|(_, cells)| match cells.get(column) {
            Some(Cell::Whole(first)) => Some(*first),
            _ => None,
        });
        first
            .min()
            .map(|first| month_of_days(if self.counts_instants { day_of_instant(first) } else { first }))
            .transpose()
    }
}

/// The column with the day from which on a new row counts in the cycle.
const fn first_day_column(table: Table) -> Option<&'static str> {
    match table {
        Table::Services => Some("started_on"),
        Table::Customers => Some("created_on"),
        Table::Contracts => Some("starts_on"),
        Table::Tickets => Some("opened_at"),
        Table::Interactions => Some("at"),
        Table::Opportunities => Some("opened_on"),
        _ => None,
    }
}

/// One row `first_day, moved` for the rows that wait: the first day whose month would come out otherwise,
/// and how many rows change in what has no date.
fn effect_sql(table: Table, present: &[bool]) -> Option<String> {
    let has = |name: &str| {
        table
            .columns()
            .iter()
            .zip(present)
            .any(|(column, present)| *present && schema::column_name(column) == name)
    };
    let differs = |columns: &[&str]| {
        either(
            columns
                .iter()
                .filter(|column| has(column))
                .map(|c| format!("stored.{c} IS DISTINCT FROM waiting.{c}")),
        )
    };
    // What has no date of its own: earlier months stay as they were told.
    let otherwise = |columns: &[&str]| format!("sum(stored.id IS NOT NULL AND ({}))", differs(columns));
    let (first_day, moved, of_missing) = match table {
        Table::Services => {
            let whole = differs(&["customer_id", "product_id", "quantity", "trial", "started_on"]);
            let end = differs(&["ended_on", "end_reason"]);
            // Months before a service ended do not change when its end becomes known.
            let first_day = format!(
                "min(CASE WHEN stored.id IS NULL THEN waiting.started_on \
                 WHEN {whole} THEN min(stored.started_on, waiting.started_on) \
                 WHEN {end} THEN min(coalesce(stored.ended_on, waiting.ended_on), \
                                     coalesce(waiting.ended_on, stored.ended_on)) END)"
            );
            (first_day, otherwise(&["price_fen"]), "LEFT")
        }
        Table::Customers => {
            let whole = differs(&["created_on"]);
            // The industry chooses the season, the category the segment: they were others from the first month on.
            let season = differs(&["industry", "category"]);
            let first_day = format!(
                "min(CASE WHEN stored.id IS NULL THEN waiting.created_on \
                 WHEN {whole} OR {season} THEN min(stored.created_on, waiting.created_on) END)"
            );
            (first_day, otherwise(&["org_id", "employees", "competitor"]), "LEFT")
        }
        Table::Contracts => {
            let whole = differs(&["customer_id", "starts_on"]);
            let end = differs(&["ends_on"]);
            // An end shows in the quarter before it.
            let first_day = format!(
                "min(CASE WHEN stored.id IS NULL THEN waiting.starts_on \
                 WHEN {whole} THEN min(stored.starts_on, waiting.starts_on) \
                 WHEN {end} THEN min(coalesce(stored.ends_on, waiting.ends_on), \
                                     coalesce(waiting.ends_on, stored.ends_on)) - 92 END)"
            );
            (first_day, otherwise(&["sla"]), "LEFT")
        }
        Table::Tickets => {
            let whole = differs(&["customer_id", "kind", "opened_at", "cause"]);
            let end = differs(&["closed_at", "due_at", "score"]);
            let first_day = first_day_of_event(&whole, &end, ["opened_at", "closed_at"], true);
            (first_day, "0".to_owned(), "LEFT")
        }
        Table::Interactions => {
            let whole = differs(&["customer_id", "at", "purpose", "outcome"]);
            (first_day_of_event(&whole, "1 = 0", ["at", "at"], true), "0".to_owned(), "LEFT")
        }
        Table::Opportunities => {
            let whole = differs(&["customer_id", "product_id", "opened_on"]);
            let end = differs(&["closed_on", "outcome", "reason", "competitor"]);
            let first_day = first_day_of_event(&whole, &end, ["opened_on", "closed_on"], false);
            (first_day, "0".to_owned(), "LEFT")
        }
        // Members count only where their use is known; what plan they have and who pays, as it is now.
        Table::Members => {
            let end = differs(&["left_on"]);
            let first_day = format!(
                "min(CASE WHEN {end} AND {IS_MEMBER_USAGE_KNOWN} \
                 THEN min(coalesce(stored.left_on, waiting.left_on), \
                          coalesce(waiting.left_on, stored.left_on)) END)"
            );
            (first_day, "0".to_owned(), "INNER")
        }
        Table::Surveys => {
            let whole = differs(&["at", "member_id", "question", "score", "scale"]);
            let of_members = format!("({whole}) AND {IS_MEMBER_USAGE_KNOWN}");
            let words = differs(&["at", "customer_id", "member_id", "question", "answer"]);
            let in_words = format!("({words}) AND coalesce(stored.answer, waiting.answer) IS NOT NULL");
            let first_day =
                format!("min(CASE WHEN {of_members} OR {in_words} THEN min(stored.at, waiting.at) END)");
            let first_day = format!("({first_day} + {BEIJING_MICROS}) / {DAY_MICROS}");
            (first_day, "0".to_owned(), "INNER")
        }
        // Usage is counted at list price, in every month: day 0 lies before all of them.
        Table::Products => (
            format!("min(CASE WHEN {} THEN 0 END)", differs(&["list_price_fen", "family"])),
            "0".to_owned(),
            "INNER",
        ),
        Table::OrgUnits => ("NULL".to_owned(), format!("sum({})", differs(&["parent_id"])), "INNER"),
        _ => return None,
    };
    let name = table.code();
    Some(format!(
        "SELECT {first_day} AS first_day, {moved} AS moved FROM temp.waiting AS waiting \
         {of_missing} JOIN {name} AS stored ON stored.id = waiting.id"
    ))
}

/// The first day that comes out otherwise: of what begins and closes, where the whole or only its close differs.
fn first_day_of_event(whole: &str, end: &str, [begins, closes]: [&str; 2], instants: bool) -> String {
    let first = format!(
        "min(CASE WHEN stored.id IS NULL THEN waiting.{begins} \
         WHEN {whole} THEN min(stored.{begins}, waiting.{begins}) \
         WHEN {end} THEN min(coalesce(stored.{closes}, waiting.{closes}), \
                             coalesce(waiting.{closes}, stored.{closes})) END)"
    );
    if instants { format!("({first} + {BEIJING_MICROS}) / {DAY_MICROS}") } else { first }
}

const IS_MEMBER_USAGE_KNOWN: &str =
    "EXISTS (SELECT 1 FROM lake_files WHERE kind = 'facts' AND table_code = 'member_usage')";

pub(crate) const DAY_MICROS: i64 = 86_400_000_000;
/// What [`Instant::date`] adds.
pub(crate) const BEIJING_MICROS: i64 = 8 * 3_600_000_000;

fn day_of_instant(micros: i64) -> i64 {
    domain::date::days(Instant::from_micros(micros).date())
}

/// Conditions of which one must hold; never, if there is none.
fn either(conditions: impl Iterator<Item = String>) -> String {
    let joined = conditions.collect::<Vec<_>>().join(" OR ");
    if joined.is_empty() { "1 = 0".to_owned() } else { joined }
}

fn month_of_days(days: i64) -> Result<Month> {
    crate::row::date_from_days("effect", days).map(Month::of)
}

pub(crate) fn earlier(one: Option<Month>, other: Option<Month>) -> Option<Month> {
    [one, other].into_iter().flatten().min()
}

async fn execute(connection: &mut SqliteConnection, sql: &str) -> Result<u64> {
    Ok(sqlx::query(AssertSqlSafe(sql.to_owned())).execute(connection).await?.rows_affected())
}

/// Inserts rows, as many per statement as its bindings allow.
async fn insert(
    connection: &mut SqliteConnection,
    head: &str,
    width: usize,
    rows: Vec<(i64, Vec<Cell>)>,
) -> Result<()> {
    let per_statement = (BINDINGS / width).clamp(1, 512);
    let mut full = String::new();
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let count = rows.len().min(per_statement);
        let mut arguments = SqliteArguments::default();
        for (id, cells) in rows.by_ref().take(count) {
            bind(&mut arguments, Cell::Whole(id))?;
            for cell in cells {
                bind(&mut arguments, cell)?;
            }
        }
        let sql = if count == per_statement {
            if full.is_empty() {
                full = values(head, width, count);
            }
            full.clone()
        } else {
            values(head, width, count)
        };
        let query = sqlx::query_with::<Sqlite, _>(AssertSqlSafe(sql), arguments);
        query.persistent(count == per_statement).execute(&mut *connection).await?;
    }
    Ok(())
}

fn bind(arguments: &mut SqliteArguments, cell: Cell) -> Result<()> {
    match cell {
        Cell::Null => arguments.add(None::<i64>),
        Cell::Whole(whole) => arguments.add(whole),
        Cell::Real(real) => arguments.add(real),
        Cell::Text(text) => arguments.add(text),
    }
    .map_err(|error| StoreError::Database(sqlx::Error::Encode(error)))
}

fn values(head: &str, width: usize, count: usize) -> String {
    let row = format!("({})", vec!["?"; width].join(","));
    let mut sql = String::with_capacity(head.len() + count * (row.len() + 1));
    sql.push_str(head);
    for index in 0..count {
        if index > 0 {
            sql.push(',');
        }
        sql.push_str(&row);
    }
    sql
}
