//! Tickets.

use domain::Instant;
use domain::id::{CustomerId, TicketId};
use domain::interaction::Channel;
use domain::ticket::TicketKind;

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// A ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRow {
    /// Which.
    pub id: TicketId,
    /// Its code.
    pub code: String,
    /// About.
    pub kind: TicketKind,
    /// By.
    pub channel: Channel,
    /// Opened.
    pub opened_at: Instant,
    /// First responder.
    pub first_responder: Option<String>,
    /// Due.
    pub due_at: Option<Instant>,
    /// Closed.
    pub closed_at: Option<Instant>,
    /// Cause.
    pub cause: Option<String>,
    /// Score 1 to 5.
    pub score: Option<i64>,
}

impl Store {
    /// The last tickets of a customer, newest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn tickets(&self, customer: CustomerId, limit: u32) -> Result<Vec<TicketRow>> {
        let rows = sqlx::query(
            "SELECT t.id, t.code, t.kind, t.channel, t.opened_at, s.name AS first_responder, t.due_at, t.closed_at, \
             t.cause, t.score FROM tickets AS t LEFT JOIN staff AS s ON s.id = t.first_responder_id \
             WHERE t.customer_id IN \
             (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1) ORDER BY t.opened_at DESC, t.id DESC LIMIT $2",
        )
        .bind(customer.get())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(TicketRow {
                    id: TicketId::new(row.value("id")?),
                    code: row.value("code")?,
                    kind: row.code("kind")?,
                    channel: row.code("channel")?,
                    opened_at: row.instant("opened_at")?,
                    first_responder: row.value("first_responder")?,
                    due_at: row.optional_instant("due_at")?,
                    closed_at: row.optional_instant("closed_at")?,
                    cause: row.value("cause")?,
                    score: row.value("score")?,
                })
            })
            .collect()
    }
}
