//! Fields of customers that the operator defines, and what was filled in.

use std::collections::HashMap;

use domain::Instant;
use domain::customer::CustomerCategory;
use domain::field::{Field, FieldHome, FieldKind, FieldOption, FieldType, FieldValue, Words, key};
use domain::id::{CustomerId, FieldId, UserId};
use serde_json::{Map, Value, json};
use sqlx::SqliteConnection;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteRow};

use crate::audit::{self, AuditEntry, RECORD_CHANGE};
use crate::error::{Result, StoreError};
use crate::row::RowExt;
use crate::version::touch_shown;
use crate::{Store, packed};

/// What became of a definition that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redefined {
    /// It is kept.
    Done,
    /// Someone changed it meanwhile; nothing was written.
    Changed,
    /// There is no such field.
    Gone,
    /// It has values, and would hold another kind; nothing was written.
    OfAnotherKind,
    /// It has values that are longer; nothing was written.
    TooShort,
    /// An option that is taken out is chosen somewhere; nothing was written.
    OptionInUse,
}

/// How often a field is filled in, and each of its options chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldUse {
    /// Customers with a value.
    pub values: u64,
    /// Customers by the number of the option.
    pub by_option: HashMap<i64, u64>,
}

/// What stands in the fields of customers: whose, which, and what; nothing where a person emptied it.
pub type KeptValue = (CustomerId, FieldId, Option<FieldValue>);

const NOUN: &str = "fields";
const CUSTOMERS: &str = "customers";

/// Whether this is the name of what stands in a field, in an entry of the audit.
pub(crate) fn is_key(name: &str) -> bool {
    name.starts_with("field.")
}

impl Store {
    /// Every field, what all customers have first, each group in its order.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn fields(&self) -> Result<Vec<Field>> {
        let mut connection = self.database.readers().acquire().await?;
        all(&mut connection).await
    }

    /// How often each field is filled in.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn field_uses(&self) -> Result<HashMap<FieldId, FieldUse>> {
        let rows: Vec<(i64, Option<i64>, i64)> = sqlx::query_as(
            "SELECT v.field_id, CASE WHEN f.kind = 'choice' THEN v.whole END AS option, count(*) \
             FROM fields AS f CROSS JOIN field_values AS v ON v.field_id = f.id \
             WHERE v.whole IS NOT NULL OR v.text IS NOT NULL GROUP BY 1, 2",
        )
        .fetch_all(self.database.readers())
        .await?;
        let mut uses: HashMap<FieldId, FieldUse> = HashMap::new();
        for (field, option, count) in rows {
            let of_field = uses.entry(FieldId::new(field)).or_default();
            let count = u64::try_from(count).unwrap_or_default();
            of_field.values += count;
            if let Some(option) = option {
                of_field.by_option.insert(option, count);
            }
        }
        Ok(uses)
    }

    /// Keeps a new field, as the last of its group. [`StoreError::is_duplicate`] when the code is taken.
    ///
    /// # Errors
    /// When the code is taken or the records cannot be written.
    pub async fn define_field(&self, field: &Field, by: UserId, at: Instant) -> Result<FieldId> {
        let mut transaction = self.database.write().await?;
        let insert = sqlx::query(
            "INSERT INTO fields (code, name_zh, name_en, hint_zh, hint_en, unit_zh, unit_en, kind, longest, category, \
             industry, required, place, revision) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, (SELECT coalesce(max(place), 0) + 1 FROM fields), 1) \
             RETURNING id",
        )
        .bind(&field.code);
        let id: i64 = bind_definition(insert, field).fetch_one(&mut *transaction).await?.value("id")?;
        keep_options(&mut transaction, id, field.kind.options()).await?;
        let entry = AuditEntry::by(by, at, "field.define", NOUN, Some(id), told(field));
        audit::leave(&mut transaction, &entry).await?;
        touch_shown(&mut transaction, &[]).await?;
        transaction.commit().await?;
        Ok(FieldId::new(id))
    }

    /// Changes a field: everything but its code, its place and whether it is hidden. An option without a number is new.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn change_field(&self, field: &Field, by: UserId, at: Instant) -> Result<Redefined> {
        let mut transaction = self.database.write().await?;
        let id = field.id.get();
        let Some(before) = all(&mut transaction).await?.into_iter().find(|known| known.id == field.id) else {
            return Ok(Redefined::Gone);
        };
        if before.revision != field.revision {
            return Ok(Redefined::Changed);
        }
        if let Some(refused) = refused(&mut transaction, &before, field).await? {
            return Ok(refused);
        }
        let update = sqlx::query(
            "UPDATE fields SET name_zh = $2, name_en = $3, hint_zh = $4, hint_en = $5, unit_zh = $6, unit_en = $7, \
             kind = $8, longest = $9, category = $10, industry = $11, required = $12, revision = revision + 1 WHERE id = $1",
        )
        .bind(id);
        bind_definition(update, field).execute(&mut *transaction).await?;
        keep_options(&mut transaction, id, field.kind.options()).await?;
        let details = json!({"before": told(&before), "after": told(field)});
        audit::leave(&mut transaction, &AuditEntry::by(by, at, "field.change", NOUN, Some(id), details))
            .await?;
        touch_shown(&mut transaction, &[]).await?;
        transaction.commit().await?;
        Ok(Redefined::Done)
    }

    /// Hides a field or brings it back; what was filled in stays. Gives whether there was anything to do.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn retire_field(&self, id: FieldId, retired: bool, by: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let code: Option<String> = sqlx::query_scalar(
            "UPDATE fields SET retired_at = $2, revision = revision + 1 WHERE id = $1 AND (retired_at IS NULL) = $3 \
             RETURNING code",
        )
        .bind(id.get())
        .bind(retired.then_some(at.micros()))
        .bind(retired)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(code) = code else { return Ok(false) };
        let action = if retired { "field.retire" } else { "field.restore" };
        let entry = AuditEntry::by(by, at, action, NOUN, Some(id.get()), json!({"code": code}));
        audit::leave(&mut transaction, &entry).await?;
        touch_shown(&mut transaction, &[]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Lets a field change places with the one before or after it in its group. Gives whether there was one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn move_field(&self, id: FieldId, up: bool, by: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let mut fields = all(&mut transaction).await?;
        let Some(field) = fields.iter().find(|field| field.id == id).cloned() else { return Ok(false) };
        fields.retain(|known| known.home == field.home);
        let at_place = fields.iter().position(|known| known.id == id);
        let other = match (at_place, up) {
            (Some(place), true) => place.checked_sub(1).and_then(|place| fields.get(place)),
            (Some(place), false) => fields.get(place + 1),
            (None, _) => None,
        };
        let Some(other) = other else { return Ok(false) };
        for (id, place) in [(id, other.place), (other.id, field.place)] {
            sqlx::query("UPDATE fields SET place = $2 WHERE id = $1")
                .bind(id.get())
                .bind(place)
                .execute(&mut *transaction)
                .await?;
        }
        let details = json!({"code": field.code, if up { "before" } else { "after" }: other.code});
        let entry = AuditEntry::by(by, at, "field.change", NOUN, Some(id.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        touch_shown(&mut transaction, &[]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Everything that stands in fields of customers. Compare [`Store::versions`] before and after.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn all_field_values(&self) -> Result<Vec<KeptValue>> {
        let columns = &["customer_id", "field_id", "whole", "text"];
        packed::all(self.database.readers(), "field_values", columns, |chunk| {
            let (customers, fields) = (chunk.wholes(0)?, chunk.wholes(1)?);
            let (wholes, texts) = (chunk.optional_wholes(2)?, chunk.texts(3)?);
            let values = wholes.into_iter().zip(texts).map(|(whole, text)| value(whole, text.as_deref()));
            let whose = customers.into_iter().map(CustomerId::new).zip(fields.into_iter().map(FieldId::new));
            Ok(whose.zip(values).map(|((customer, field), value)| (customer, field, value)).collect())
        })
        .await
    }

    /// What stands in fields of some customers, those in which a person emptied them included.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn field_values(&self, customers: &[CustomerId]) -> Result<Vec<KeptValue>> {
        let rows: Vec<(i64, i64, Option<i64>, Option<String>)> = sqlx::query_as(
            "SELECT customer_id, field_id, whole, text FROM field_values \
             WHERE customer_id IN (SELECT value FROM json_each($1)) ORDER BY customer_id, field_id",
        )
        .bind(json!(customers).to_string())
        .fetch_all(self.database.readers())
        .await?;
        let kept = |(customer, field, whole, text): (i64, i64, Option<i64>, Option<String>)| {
            (CustomerId::new(customer), FieldId::new(field), value(whole, text.as_deref()))
        };
        Ok(rows.into_iter().map(kept).collect())
    }

    /// What stood in fields of a customer at a moment where it is other than now, as it was written, by the code of the field.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn field_values_changed_since(
        &self,
        customer: CustomerId,
        at: Instant,
    ) -> Result<HashMap<String, Option<String>>> {
        let changes: Vec<String> = sqlx::query_scalar(
            "SELECT details FROM audit WHERE noun = $4 AND record_id = $1 AND action = $2 AND at >= $3 ORDER BY id DESC",
        )
        .bind(customer.get())
        .bind(RECORD_CHANGE)
        .bind(at.micros())
        .bind(CUSTOMERS)
        .fetch_all(self.database.readers())
        .await?;
        let mut then = HashMap::new();
        for change in &changes {
            let before: Map<String, Value> = serde_json::from_str(change)
                .map_err(|error| StoreError::unreadable("audit.details", error.to_string()))?;
            for (name, value) in before {
                if let Some(code) = name.strip_prefix(key("").as_str()) {
                    then.insert(code.to_owned(), value.as_str().map(str::to_owned));
                }
            }
        }
        Ok(then)
    }

    /// What stands in fields of a customer, as it is written in the audit.
    pub(crate) async fn written_values(&self, customer: CustomerId) -> Result<Map<String, Value>> {
        let fields = self.fields().await?;
        let values = self.field_values(&[customer]).await?;
        let written = values.iter().filter_map(|(_, id, value)| {
            let field = fields.iter().find(|field| field.id == *id)?;
            Some((field.key(), written(field, value.as_ref())))
        });
        Ok(written.collect())
    }
}

/// Keeps what was filled in of a customer's fields, with an audit entry of what stood there before.
pub(crate) async fn keep_values(
    connection: &mut SqliteConnection,
    customer: CustomerId,
    values: &[(Field, Option<FieldValue>)],
    (by, at): (UserId, Instant),
) -> Result<()> {
    let mut before = Map::new();
    for (field, new) in values {
        let row: Option<(Option<i64>, Option<String>)> =
            sqlx::query_as("SELECT whole, text FROM field_values WHERE customer_id = $1 AND field_id = $2")
                .bind(customer.get())
                .bind(field.id.get())
                .fetch_optional(&mut *connection)
                .await?;
        let old = row.and_then(|(whole, text)| value(whole, text.as_deref()));
        let (whole, text) = match new {
            None => (None, None),
            Some(FieldValue::Whole(whole)) => (Some(*whole), None),
            Some(FieldValue::Text(text)) => (None, Some(text.as_ref())),
        };
        sqlx::query(
            "INSERT INTO field_values (customer_id, field_id, whole, text) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (customer_id, field_id) DO UPDATE SET whole = excluded.whole, text = excluded.text",
        )
        .bind(customer.get())
        .bind(field.id.get())
        .bind(whole)
        .bind(text)
        .execute(&mut *connection)
        .await?;
        if old != *new {
            before.insert(field.key(), written(field, old.as_ref()));
        }
    }
    if values.is_empty() {
        return Ok(());
    }
    if !before.is_empty() {
        let id = Some(customer.get());
        let entry = AuditEntry::by(by, at, RECORD_CHANGE, CUSTOMERS, id, Value::Object(before));
        audit::leave(&mut *connection, &entry).await?;
    }
    touch_shown(connection, &[customer]).await
}

/// Why a field cannot be changed so, given what was filled in.
async fn refused(
    connection: &mut SqliteConnection,
    before: &Field,
    after: &Field,
) -> Result<Option<Redefined>> {
    let exists = async |connection: &mut SqliteConnection, which: &str, bound: i64| -> Result<bool> {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM field_values WHERE field_id = $1 AND (whole IS NOT NULL OR text IS NOT NULL) \
             AND {which})"
        );
        let id = before.id.get();
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(id).bind(bound).fetch_one(connection).await?)
    };
    let (was, is) = (before.kind.kind(), after.kind.kind());
    if was != is {
        return Ok(exists(connection, "$2 = 0", 0).await?.then_some(Redefined::OfAnotherKind));
    }
    if let Some(longest) = longest(&after.kind)
        && exists(connection, "length(text) > $2", longest).await?
    {
        return Ok(Some(Redefined::TooShort));
    }
    let kept = |number: i64| after.kind.options().iter().any(|option| option.number == number);
    for option in before.kind.options().iter().filter(|option| !kept(option.number)) {
        if exists(connection, "whole = $2", option.number).await? {
            return Ok(Some(Redefined::OptionInUse));
        }
    }
    Ok(None)
}

async fn all(connection: &mut SqliteConnection) -> Result<Vec<Field>> {
    let rows = sqlx::query(
        "SELECT field_id, number, code, name_zh, name_en, retired FROM field_options ORDER BY field_id, place, number",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut options: HashMap<i64, Vec<FieldOption>> = HashMap::new();
    for row in &rows {
        options.entry(row.value("field_id")?).or_default().push(FieldOption {
            number: row.value("number")?,
            code: row.value("code")?,
            name: words(row, "name")?,
            retired: row.value("retired")?,
        });
    }
    let rows = sqlx::query(
        "SELECT id, code, name_zh, name_en, hint_zh, hint_en, unit_zh, unit_en, kind, longest, category, industry, \
         required, place, retired_at IS NOT NULL AS retired, revision FROM fields ORDER BY place, id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut fields = rows.iter().map(|row| field(row, &mut options)).collect::<Result<Vec<_>>>()?;
    fields.sort_by_cached_key(|field| {
        let (category, industry) = home(&field.home);
        (field.home.depth(), category, industry.map(str::to_owned), field.place, field.id)
    });
    Ok(fields)
}

fn field(row: &SqliteRow, options: &mut HashMap<i64, Vec<FieldOption>>) -> Result<Field> {
    let id: i64 = row.value("id")?;
    let longest: Option<i64> = row.value("longest")?;
    let kind = match row.code("kind")? {
        FieldKind::Text => FieldType::Text(longest.and_then(|n| usize::try_from(n).ok()).unwrap_or_default()),
        FieldKind::Whole => FieldType::Whole,
        FieldKind::Money => FieldType::Money,
        FieldKind::Date => FieldType::Date,
        FieldKind::YesNo => FieldType::YesNo,
        FieldKind::Choice => FieldType::Choice(options.remove(&id).unwrap_or_default()),
    };
    let category: Option<CustomerCategory> = row.optional_code("category")?;
    Ok(Field {
        id: FieldId::new(id),
        code: row.value("code")?,
        name: words(row, "name")?,
        hint: words(row, "hint")?,
        unit: words(row, "unit")?,
        kind,
        home: match (category, row.value::<Option<String>>("industry")?) {
            (None, _) => FieldHome::All,
            (Some(category), None) => FieldHome::Category(category),
            (Some(category), Some(industry)) => FieldHome::Industry(category, industry),
        },
        required: row.value("required")?,
        place: row.value("place")?,
        retired: row.value("retired")?,
        revision: row.value("revision")?,
    })
}

fn words(row: &SqliteRow, name: &str) -> Result<Words> {
    Ok(Words { zh: row.value(&format!("{name}_zh"))?, en: row.value(&format!("{name}_en"))? })
}

/// Keeps the options of a list in their order; those that are not among them are gone.
async fn keep_options(connection: &mut SqliteConnection, field: i64, options: &[FieldOption]) -> Result<()> {
    let numbers: Vec<i64> = options.iter().map(|option| option.number).collect();
    sqlx::query(
        "DELETE FROM field_options WHERE field_id = $1 AND number NOT IN (SELECT value FROM json_each($2))",
    )
    .bind(field)
    .bind(json!(numbers).to_string())
    .execute(&mut *connection)
    .await?;
    for (place, option) in options.iter().enumerate() {
        sqlx::query(
            "INSERT INTO field_options (field_id, number, code, name_zh, name_en, place, retired) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (field_id, number) DO UPDATE SET \
             name_zh = excluded.name_zh, name_en = excluded.name_en, place = excluded.place, retired = excluded.retired",
        )
        .bind(field)
        .bind(option.number)
        .bind(&option.code)
        .bind(&option.name.zh)
        .bind(&option.name.en)
        .bind(i64::try_from(place).unwrap_or_default())
        .bind(i64::from(option.retired))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// What makes up a definition, from the second parameter on: names, hint, unit, kind, longest, home, whether it must be filled in.
fn bind_definition<'q>(query: Statement<'q>, field: &'q Field) -> Statement<'q> {
    let (category, industry) = home(&field.home);
    query
        .bind(&field.name.zh)
        .bind(&field.name.en)
        .bind(&field.hint.zh)
        .bind(&field.hint.en)
        .bind(&field.unit.zh)
        .bind(&field.unit.en)
        .bind(field.kind.kind().code())
        .bind(longest(&field.kind))
        .bind(category)
        .bind(industry)
        .bind(i64::from(field.required))
}

fn home(home: &FieldHome) -> (Option<&'static str>, Option<&str>) {
    match home {
        FieldHome::All => (None, None),
        FieldHome::Category(category) => (Some(category.code()), None),
        FieldHome::Industry(category, industry) => (Some(category.code()), Some(industry)),
    }
}

fn longest(kind: &FieldType) -> Option<i64> {
    match kind {
        FieldType::Text(longest) => i64::try_from(*longest).ok(),
        _ => None,
    }
}

fn value(whole: Option<i64>, text: Option<&str>) -> Option<FieldValue> {
    whole.map(FieldValue::Whole).or_else(|| text.map(|text| FieldValue::Text(text.into())))
}

fn written(field: &Field, value: Option<&FieldValue>) -> Value {
    value.map_or(Value::Null, |value| Value::String(field.kind.written(value)))
}

/// A definition as the audit keeps it.
fn told(field: &Field) -> Value {
    let (category, industry) = home(&field.home);
    let option = |option: &FieldOption| json!({"code": option.code, "zh": option.name.zh, "en": option.name.en, "retired": option.retired});
    let mut told = json!({
        "code": field.code,
        "zh": field.name.zh,
        "en": field.name.en,
        "kind": field.kind.kind().code(),
        "required": field.required,
    });
    let mut more = |name: &str, value: Value| {
        if let (Value::Object(told), false) = (&mut told, value.is_null()) {
            told.insert(name.to_owned(), value);
        }
    };
    more("category", json!(category));
    more("industry", json!(industry));
    more("longest", json!(longest(&field.kind)));
    if !field.hint.is_empty() {
        more("hint", json!([field.hint.zh, field.hint.en]));
    }
    if !field.unit.is_empty() {
        more("unit_word", json!([field.unit.zh, field.unit.en]));
    }
    if let FieldType::Choice(options) = &field.kind {
        more("options", options.iter().map(option).collect());
    }
    told
}
