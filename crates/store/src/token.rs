//! What programs sign in with for a user, for a time and a part of what the user may do.

use domain::id::{TokenId, UserId};
use domain::policy::Action;
use domain::{Date, Instant, date};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::{RowExt, parse_code};
use crate::session::{Hash, SessionUser};

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// Which.
    pub id: TokenId,
    /// What for.
    pub name: String,
    /// What a program may do with it.
    pub actions: Vec<Action>,
    /// Made when.
    pub made_at: Instant,
    /// The last day.
    pub until: Date,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What for.
    pub name: String,
    /// Its hash.
    pub hash: Hash,
    /// What a program may do with it.
    pub actions: Vec<Action>,
    /// The last day.
    pub until: Date,
}

const NOUN: &str = "tokens";

impl Store {
    /// Makes a token for a user.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn make_token(&self, user: UserId, new: &NewToken, at: Instant) -> Result<TokenId> {
        let actions: Vec<&str> = new.actions.iter().map(|action| action.code()).collect();
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO tokens (user_id, name, token_hash, actions, made_at, until_day) \
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        )
        .bind(user.get())
        .bind(&new.name)
        .bind(&new.hash[..])
        .bind(actions.join(" "))
        .bind(at.micros())
        .bind(date::days(new.until))
        .fetch_one(&mut *transaction)
        .await?;
        let details = json!({"name": new.name, "actions": actions, "until": new.until.to_string()});
        let entry = AuditEntry::by(user, at, "token.make", NOUN, Some(id), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(TokenId::new(id))
    }

    /// The tokens of a user that are good on a day, those that end first before the others.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn tokens_of(&self, user: UserId, today: Date) -> Result<Vec<TokenRow>> {
        let rows = sqlx::query(
            "SELECT id, name, actions, made_at, until_day FROM tokens \
             WHERE user_id = $1 AND revoked_at IS NULL AND until_day >= $2 ORDER BY until_day, id",
        )
        .bind(user.get())
        .bind(date::days(today))
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(token).collect()
    }

    /// The token of a hash that is good on a day, and who its user is now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn token(&self, hash: &Hash, today: Date) -> Result<Option<(TokenRow, SessionUser)>> {
        let row = sqlx::query(
            "SELECT id, name, actions, made_at, until_day, user_id FROM tokens \
             WHERE token_hash = $1 AND revoked_at IS NULL AND until_day >= $2",
        )
        .bind(&hash[..])
        .bind(date::days(today))
        .fetch_optional(self.database.readers())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let user = self.user_let_in(UserId::new(row.value("user_id")?)).await?;
        user.map(|user| Ok((token(&row)?, user))).transpose()
    }

    /// Takes a token of a user back. Gives whether there was one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn revoke_token(&self, user: UserId, id: TokenId, by: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let revoked = sqlx::query(
            "UPDATE tokens SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL",
        )
        .bind(id.get())
        .bind(user.get())
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        if revoked.rows_affected() == 0 {
            return Ok(false);
        }
        let entry = AuditEntry::by(by, at, "token.revoke", NOUN, Some(id.get()), Value::Null);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn token(row: &SqliteRow) -> Result<TokenRow> {
    let actions: String = row.value("actions")?;
    Ok(TokenRow {
        id: TokenId::new(row.value("id")?),
        name: row.value("name")?,
        actions: actions
            .split_whitespace()
            .map(|code| parse_code("tokens.actions", code))
            .collect::<Result<_>>()?,
        made_at: row.instant("made_at")?,
        until: row.date("until_day")?,
    })
}
