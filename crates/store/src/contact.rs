//! People at customers.

use domain::contact::CuteRole;
use domain::id::{ContactId, CustomerId, UserId};
use domain::{Date, Instant};
use serde_json::json;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

/// A person at the customer. Use cases hide most of phone and e-mail before anyone sees them.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRow {
    /// Who.
    pub id: ContactId,
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Part played in buying.
    pub cute_role: Option<CuteRole>,
    /// Behavioural style.
    pub style: Option<String>,
    /// Closeness 0 to 100.
    pub closeness: Option<i64>,
    /// Trust 0 to 100.
    pub trust: Option<i64>,
    /// Favour 0 to 100.
    pub favour: Option<i64>,
    /// When and how this person likes to be reached.
    pub prefers: Option<String>,
    /// Since when this person is there no more.
    pub left_on: Option<Date>,
}

impl Store {
    /// The contacts of a customer, by name.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn contacts(&self, customer: CustomerId) -> Result<Vec<ContactRow>> {
        let rows = sqlx::query(
            "SELECT id, name, title, phone, email, cute_role, style, closeness, trust, favour, prefers, left_on \
             FROM contacts WHERE customer_id IN \
             (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1) AND removed_at IS NULL ORDER BY left_on IS NOT NULL, name, id",
        )
        .bind(customer.get())
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(contact).collect()
    }

    /// A contact of a customer to be seen in full, with an audit entry in the same transaction.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn reveal_contact(
        &self,
        customer: CustomerId,
        id: ContactId,
        by: UserId,
        reason: &str,
        at: Instant,
    ) -> Result<Option<ContactRow>> {
        let mut transaction = self.database.write().await?;
        let row = sqlx::query(
            "SELECT id, name, title, phone, email, cute_role, style, closeness, trust, favour, prefers, left_on \
             FROM contacts WHERE id = $1 AND customer_id IN \
             (SELECT $2 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $2) AND removed_at IS NULL",
        )
        .bind(id.get())
        .bind(customer.get())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let details = json!({"customer": customer.get(), "reason": reason});
        let entry = AuditEntry::by(by, at, "contact.reveal", "contacts", Some(id.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(Some(contact(&row)?))
    }
}

fn contact(row: &SqliteRow) -> Result<ContactRow> {
    Ok(ContactRow {
        id: ContactId::new(row.value("id")?),
        name: row.value("name")?,
        title: row.value("title")?,
        phone: row.value("phone")?,
        email: row.value("email")?,
        cute_role: row.optional_code("cute_role")?,
        style: row.value("style")?,
        closeness: row.value("closeness")?,
        trust: row.value("trust")?,
        favour: row.value("favour")?,
        prefers: row.value("prefers")?,
        left_on: row.optional_date("left_on")?,
    })
}
