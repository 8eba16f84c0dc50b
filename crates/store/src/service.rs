//! Services that customers have or had.

use domain::id::{CustomerId, ServiceId};
use domain::product::ProductFamily;
use domain::service::EndReason;
use domain::{Date, Money};

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceRow {
    /// Which.
    pub id: ServiceId,
    /// Its code.
    pub code: String,
    /// The product's name.
    pub product: String,
    /// The product's family.
    pub family: ProductFamily,
    /// How much.
    pub quantity: f64,
    /// Price per month.
    pub price: Option<Money>,
    /// From.
    pub started_on: Date,
    /// To.
    pub ended_on: Option<Date>,
    /// Given to try.
    pub trial: bool,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
}

impl Store {
    /// The services of a customer, running ones first, then by end and begin, newest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn services(&self, customer: CustomerId) -> Result<Vec<ServiceRow>> {
        let rows = sqlx::query(
            "SELECT s.id, s.code, p.name AS product, p.family, s.quantity, s.price_fen, s.started_on, s.ended_on, \
             s.trial, s.end_reason FROM services AS s JOIN products AS p ON p.id = s.product_id \
             WHERE s.customer_id IN \
             (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1) ORDER BY s.ended_on IS NULL DESC, s.ended_on DESC, s.started_on DESC, s.id",
        )
        .bind(customer.get())
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ServiceRow {
                    id: ServiceId::new(row.value("id")?),
                    code: row.value("code")?,
                    product: row.value("product")?,
                    family: row.code("family")?,
                    quantity: row.value("quantity")?,
                    price: row.optional_money("price_fen")?,
                    started_on: row.date("started_on")?,
                    ended_on: row.optional_date("ended_on")?,
                    trial: row.value::<Option<i64>>("trial")? == Some(1),
                    end_reason: row.optional_code("end_reason")?,
                })
            })
            .collect()
    }
}
