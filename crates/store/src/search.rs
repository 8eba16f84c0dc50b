//! Rows of customers looked up by the beginning of their name or number.

use domain::id::CustomerId;
use sqlx::AssertSqlSafe;

use crate::Store;
use crate::error::{Result, StoreError};
use crate::row::RowExt;

/// What is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sought {
    /// People at customers, by name.
    Contacts,
    /// Contracts, by code.
    Contracts,
    /// Services, by code.
    Services,
    /// Tickets, by code.
    Tickets,
    /// Members, by code.
    Members,
}

impl Sought {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Contacts, Self::Contracts, Self::Services, Self::Tickets, Self::Members];

    const fn table(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Contracts => "contracts",
            Self::Services => "services",
            Self::Tickets => "tickets",
            Self::Members => "members",
        }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::Contacts => "name",
            _ => "code",
        }
    }
}

/// A row that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoughtRow {
    /// Whose it is.
    pub customer: CustomerId,
    /// Its code; of a contact the name.
    pub name: String,
    /// Of a contact: title …
    pub title: Option<String>,
    /// … and phone, to be hidden before anyone sees it.
    pub phone: Option<String>,
}

impl Store {
    /// The first `limit` rows whose name or code begins with a text, as id and whose they are, in order of it. Capital
    /// letters of the Latin alphabet are as good as small ones.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn rows_beginning(
        &self,
        sought: Sought,
        text: &str,
        limit: u32,
    ) -> Result<Vec<(i64, CustomerId)>> {
        let (table, column) = (sought.table(), sought.column());
        // Packed into two texts: thousands of rows are fetched as one.
        let sql = format!(
            "SELECT json_group_array(id), json_group_array(customer_id) FROM ( \
                 SELECT id, customer_id FROM {table} WHERE lower({column}) >= $1 AND lower({column}) < $2 \
                 ORDER BY lower({column}), customer_id, id LIMIT $3)"
        );
        self.packed_rows(sql, text, limit, None).await
    }

    /// Likewise, of some customers only.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn rows_beginning_of(
        &self,
        sought: Sought,
        text: &str,
        limit: u32,
        customers: &[CustomerId],
    ) -> Result<Vec<(i64, CustomerId)>> {
        let (table, column) = (sought.table(), sought.column());
        // CROSS JOIN keeps the order of the tables; the sign keeps the other index out of it.
        let sql = format!(
            "SELECT json_group_array(id), json_group_array(customer_id) FROM ( \
                 SELECT t.id, t.customer_id FROM json_each($4) AS c CROSS JOIN {table} AS t \
                 WHERE t.customer_id = c.value AND +lower(t.{column}) >= $1 AND +lower(t.{column}) < $2 \
                 ORDER BY lower(t.{column}), t.customer_id, t.id LIMIT $3)"
        );
        let ids: Vec<i64> = customers.iter().map(|customer| customer.get()).collect();
        self.packed_rows(sql, text, limit, Some(serde_json::json!(ids).to_string())).await
    }

    async fn packed_rows(
        &self,
        sql: String,
        text: &str,
        limit: u32,
        customers: Option<String>,
    ) -> Result<Vec<(i64, CustomerId)>> {
        let from = text.to_ascii_lowercase();
        // No text stands between this one and those that begin with it.
        let until = format!("{from}{}", char::MAX);
        let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(from).bind(until).bind(limit);
        if let Some(customers) = customers {
            query = query.bind(customers);
        }
        let (ids, customers): (String, String) = query.fetch_one(self.database.readers()).await?;
        let read = |array: &str| {
            serde_json::from_str::<Vec<i64>>(array)
                .map_err(|error| StoreError::unreadable("search", error.to_string()))
        };
        Ok(read(&ids)?.into_iter().zip(read(&customers)?.into_iter().map(CustomerId::new)).collect())
    }

    /// The contacts with one of these telephone numbers, digits only, as id and whose they are; at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn contacts_with_phone(&self, digits: &[String], limit: u32) -> Result<Vec<(i64, CustomerId)>> {
        let rows = sqlx::query(
            "SELECT id, customer_id FROM contacts WHERE phone IS NOT NULL AND removed_at IS NULL \
             AND replace(replace(replace(phone, '-', ''), ' ', ''), '+', '') IN (SELECT value FROM json_each($1)) \
             ORDER BY id LIMIT $2",
        )
        .bind(serde_json::json!(digits).to_string())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(|row| Ok((row.value("id")?, CustomerId::new(row.value("customer_id")?)))).collect()
    }

    /// Some rows, in the order of their ids as given; those that are not there are left out.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sought_rows(&self, sought: Sought, ids: &[i64]) -> Result<Vec<SoughtRow>> {
        let (of_person, kept) = match sought {
            Sought::Contacts => ("title, phone", " AND removed_at IS NULL"),
            _ => ("NULL AS title, NULL AS phone", ""),
        };
        let sql = format!(
            "SELECT t.customer_id, t.{} AS name, {of_person} FROM json_each($1) AS i \
             CROSS JOIN {} AS t WHERE t.id = i.value{kept} ORDER BY i.key",
            sought.column(),
            sought.table()
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(serde_json::json!(ids).to_string())
            .fetch_all(self.database.readers())
            .await?;
        let row = |row: &sqlx::sqlite::SqliteRow| {
            Ok(SoughtRow {
                customer: CustomerId::new(row.value("customer_id")?),
                name: row.value("name")?,
                title: row.value("title")?,
                phone: row.value("phone")?,
            })
        };
        rows.iter().map(row).collect()
    }
}
