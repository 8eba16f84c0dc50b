//! Contacts by any channel.

use domain::Instant;
use domain::id::CustomerId;
use domain::interaction::{Channel, Direction};

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// A contact by any channel.
#[derive(Debug, Clone, PartialEq)]
pub struct InteractionRow {
    /// When.
    pub at: Instant,
    /// By.
    pub channel: Channel,
    /// Who began it.
    pub direction: Direction,
    /// With whom.
    pub contact: Option<String>,
    /// By whom.
    pub staff: Option<String>,
    /// Why.
    pub purpose: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
}

impl Store {
    /// The last interactions with a customer, newest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn interactions(&self, customer: CustomerId, limit: u32) -> Result<Vec<InteractionRow>> {
        let rows = sqlx::query(
            "SELECT i.at, i.channel, i.direction, c.name AS contact, s.name AS staff, i.purpose, i.outcome \
             FROM interactions AS i LEFT JOIN contacts AS c ON c.id = i.contact_id \
             LEFT JOIN staff AS s ON s.id = i.staff_id \
             WHERE i.customer_id IN \
             (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1) ORDER BY i.at DESC, i.id DESC LIMIT $2",
        )
        .bind(customer.get())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(InteractionRow {
                    at: row.instant("at")?,
                    channel: row.code("channel")?,
                    direction: row.code("direction")?,
                    contact: row.value("contact")?,
                    staff: row.value("staff")?,
                    purpose: row.value("purpose")?,
                    outcome: row.value("outcome")?,
                })
            })
            .collect()
    }
}
