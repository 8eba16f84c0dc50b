//! Contracts.

use domain::contract::Sla;
use domain::id::{ContractId, CustomerId};
use domain::{Date, Money};

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// A contract.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractRow {
    /// Which.
    pub id: ContractId,
    /// Its code.
    pub code: String,
    /// Signed.
    pub signed_on: Date,
    /// From.
    pub starts_on: Date,
    /// To.
    pub ends_on: Option<Date>,
    /// Prepaid.
    pub prepaid: Option<Money>,
    /// Service level.
    pub sla: Option<Sla>,
}

/// The end of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractEnd {
    /// Which.
    pub id: ContractId,
    /// Its code.
    pub code: String,
    /// Whose.
    pub customer: CustomerId,
    /// When.
    pub ends_on: Date,
}

impl Store {
    /// The contracts of a customer, the one that ends last first; without an end before all others.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn contracts(&self, customer: CustomerId) -> Result<Vec<ContractRow>> {
        let rows = sqlx::query(
            "SELECT id, code, signed_on, starts_on, ends_on, prepaid_fen, sla FROM contracts \
             WHERE customer_id IN \
             (SELECT $1 UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = $1) ORDER BY ends_on IS NULL DESC, ends_on DESC, id DESC",
        )
        .bind(customer.get())
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ContractRow {
                    id: ContractId::new(row.value("id")?),
                    code: row.value("code")?,
                    signed_on: row.date("signed_on")?,
                    starts_on: row.date("starts_on")?,
                    ends_on: row.optional_date("ends_on")?,
                    prepaid: row.optional_money("prepaid_fen")?,
                    sla: row.optional_code("sla")?,
                })
            })
            .collect()
    }

    /// Contracts that end after a day and not after another, by end.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn contracts_ending(&self, after: Date, until: Date) -> Result<Vec<ContractEnd>> {
        let rows = sqlx::query(
            "SELECT id, code, customer_id, ends_on FROM contracts WHERE ends_on > $1 AND ends_on <= $2 \
             ORDER BY ends_on, id",
        )
        .bind(domain::date::days(after))
        .bind(domain::date::days(until))
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ContractEnd {
                    id: ContractId::new(row.value("id")?),
                    code: row.value("code")?,
                    customer: CustomerId::new(row.value("customer_id")?),
                    ends_on: row.date("ends_on")?,
                })
            })
            .collect()
    }
}
