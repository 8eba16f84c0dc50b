//! What each model in use rests on, month by month.

use domain::Month;
use domain::cycle::CycleMonth;
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// A card as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelCardRow {
    /// Which model.
    pub model: String,
    /// A JSON object.
    pub figures: String,
}

/// Replaces the cards of a month.
pub(crate) async fn replace(connection: &mut SqliteConnection, month: &CycleMonth) -> Result<()> {
    sqlx::query("DELETE FROM model_cards WHERE month = $1")
        .bind(month.month.number())
        .execute(&mut *connection)
        .await?;
    for card in &month.models {
        sqlx::query("INSERT INTO model_cards (month, model, figures) VALUES ($1, $2, $3)")
            .bind(month.month.number())
            .bind(card.model)
            .bind(&card.figures)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

impl Store {
    /// The figures of a model's card in each month up to one, oldest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn model_card_months(&self, model: &str, last: Month) -> Result<Vec<(Month, String)>> {
        let rows = sqlx::query(
            "SELECT month, figures FROM model_cards WHERE model = $1 AND month <= $2 ORDER BY month",
        )
        .bind(model)
        .bind(last.number())
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(|row| Ok((row.month("month")?, row.value("figures")?))).collect()
    }

    /// The cards of a month, by model.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn model_cards(&self, month: Month) -> Result<Vec<ModelCardRow>> {
        let rows = sqlx::query("SELECT model, figures FROM model_cards WHERE month = $1 ORDER BY model")
            .bind(month.number())
            .fetch_all(self.database.readers())
            .await?;
        rows.iter()
            .map(|row| Ok(ModelCardRow { model: row.value("model")?, figures: row.value("figures")? }))
            .collect()
    }
}
