//! Subscriber lines of people at customers.

use domain::Date;
use domain::id::CustomerId;
use domain::service::Payer;

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// A member line.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberRow {
    /// Its code.
    pub code: String,
    /// Its plan.
    pub plan: Option<String>,
    /// Who pays.
    pub payer: Option<Payer>,
    /// From.
    pub joined_on: Date,
    /// To.
    pub left_on: Option<Date>,
    /// Survey answer, 1 to 10.
    pub survey_score: Option<i64>,
}

impl Store {
    /// How many members a customer has, and the first of them: those who are still there before those who left,
    /// the latest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn members(&self, customer: CustomerId, limit: u32) -> Result<(u64, Vec<MemberRow>)> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM members WHERE customer_id = $1")
            .bind(customer.get())
            .fetch_one(self.database.readers())
            .await?;
        let rows = sqlx::query(
            "SELECT code, plan, payer, joined_on, left_on, survey_score FROM members WHERE customer_id = $1 \
             ORDER BY left_on IS NULL DESC, left_on DESC, joined_on DESC, id LIMIT $2",
        )
        .bind(customer.get())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        let members = rows.iter().map(|row| {
            Ok(MemberRow {
                code: row.value("code")?,
                plan: row.value("plan")?,
                payer: row.optional_code("payer")?,
                joined_on: row.date("joined_on")?,
                left_on: row.optional_date("left_on")?,
                survey_score: row.value("survey_score")?,
            })
        });
        Ok((count.unsigned_abs(), members.collect::<Result<_>>()?))
    }
}
