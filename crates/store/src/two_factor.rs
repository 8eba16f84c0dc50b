//! The second step of signing in: what its codes are worked out from, and recovery codes.

use domain::Instant;
use domain::id::UserId;
use serde_json::{Value, json};

use crate::Store;
use crate::audit;
use crate::error::Result;
use crate::session::Hash;
use crate::user::entry;

/// Random bytes from which, with a key that is kept elsewhere, a user's secret is worked out.
pub type Salt = Vec<u8>;

impl Store {
    /// The salt of a user's second step, and whether it is confirmed; none if there is none.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn second_factor(&self, user: UserId) -> Result<Option<(Salt, bool)>> {
        let found =
            sqlx::query_as("SELECT salt, confirmed_at IS NOT NULL FROM second_factors WHERE user_id = $1")
                .bind(user.get())
                .fetch_optional(self.database.readers())
                .await?;
        Ok(found)
    }

    /// Begins to set up the second step for a user who has none, or none confirmed.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn begin_second_factor(&self, user: UserId, salt: &[u8], at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let begun = sqlx::query(
            "INSERT INTO second_factors (user_id, salt, begun_at) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id) DO UPDATE SET salt = excluded.salt, begun_at = excluded.begun_at \
             WHERE second_factors.confirmed_at IS NULL",
        )
        .bind(user.get())
        .bind(salt)
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        if begun.rows_affected() == 0 {
            return Ok(false);
        }
        let entry = entry("two_factor.begin", user.get(), Some(user), at, Value::Null);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Confirms the second step of a user, with the hashes of its recovery codes.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn confirm_second_factor(&self, user: UserId, codes: &[Hash], at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let confirmed = sqlx::query(
            "UPDATE second_factors SET confirmed_at = $2 WHERE user_id = $1 AND confirmed_at IS NULL",
        )
        .bind(user.get())
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        if confirmed.rows_affected() == 0 {
            return Ok(false);
        }
        put_codes(&mut transaction, user, codes).await?;
        let entry = entry("two_factor.on", user.get(), Some(user), at, Value::Null);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Gives a user new recovery codes in place of those there were.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn renew_recovery_codes(&self, user: UserId, codes: &[Hash], at: Instant) -> Result<()> {
        let mut transaction = self.database.write().await?;
        put_codes(&mut transaction, user, codes).await?;
        let entry = entry("two_factor.codes", user.get(), Some(user), at, Value::Null);
        audit::leave(&mut transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Turns the second step of a user off, or gives up setting it up. Gives whether there was one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_second_factor(
        &self,
        user: UserId,
        reason: Option<&str>,
        by: Option<UserId>,
        at: Instant,
    ) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let ended = sqlx::query("DELETE FROM second_factors WHERE user_id = $1")
            .bind(user.get())
            .execute(&mut *transaction)
            .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        let details = reason.map_or(Value::Null, |reason| json!({"reason": reason}));
        audit::leave(&mut transaction, &entry("two_factor.off", user.get(), by, at, details)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The hashes of a user's recovery codes, used or not.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn recovery_codes(&self, user: UserId) -> Result<Vec<Vec<u8>>> {
        let codes = sqlx::query_scalar("SELECT code_hash FROM recovery_codes WHERE user_id = $1")
            .bind(user.get())
            .fetch_all(self.database.readers())
            .await?;
        Ok(codes)
    }
}

async fn put_codes(connection: &mut sqlx::SqliteConnection, user: UserId, codes: &[Hash]) -> Result<()> {
    sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1")
        .bind(user.get())
        .execute(&mut *connection)
        .await?;
    for code in codes {
        sqlx::query("INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)")
            .bind(user.get())
            .bind(&code[..])
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
