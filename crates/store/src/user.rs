//! Users: who may sign in.

use domain::Instant;
use domain::id::{StaffId, UserId};
use serde_json::json;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

impl Store {
    /// Makes a user for a person. [`crate::StoreError::is_duplicate`] when the name is taken.
    ///
    /// # Errors
    /// When the name is taken, there is no such person, or the records cannot be written.
    pub async fn create_user(
        &self,
        username: &str,
        password_hash: &str,
        staff: StaffId,
        at: Instant,
    ) -> Result<UserId> {
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO users (username, password_hash, staff_id, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
        )
        .bind(username)
        .bind(password_hash)
        .bind(staff.get())
        .bind(at.micros())
        .fetch_one(&mut *transaction)
        .await?;
        let entry = AuditEntry {
            at,
            user: None,
            import: None,
            cycle: None,
            action: "user.create".to_owned(),
            noun: "users".to_owned(),
            record: Some(id),
            details: json!({"username": username, "staff": staff.get()}),
        };
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(UserId::new(id))
    }

    /// The user of this name with the hash of the password.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn user_with_password(&self, username: &str) -> Result<Option<(UserId, String)>> {
        let row = sqlx::query("SELECT id, password_hash FROM users WHERE username = $1")
            .bind(username)
            .fetch_optional(self.database.readers())
            .await?;
        row.map(|row| Ok((UserId::new(row.value("id")?), row.value("password_hash")?))).transpose()
    }

    /// Whether there is such a person.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn has_staff(&self, staff: StaffId) -> Result<bool> {
        let found: Option<i64> = sqlx::query_scalar("SELECT id FROM staff WHERE id = $1")
            .bind(staff.get())
            .fetch_optional(self.database.readers())
            .await?;
        Ok(found.is_some())
    }
}
