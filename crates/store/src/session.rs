//! Sessions and failed attempts to begin one.

use domain::Instant;
use domain::id::{OrgUnitId, StaffId, UserId};
use domain::org::OrgLevel;
use domain::staff::Role;
use serde_json::Value;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

/// The person behind a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionUser {
    /// The user.
    pub user: UserId,
    /// The person.
    pub staff: StaffId,
    /// The person's name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The unit.
    pub unit: OrgUnitId,
    /// The unit's name.
    pub unit_name: String,
    /// The unit's level.
    pub level: OrgLevel,
}

/// The hash of a token or of a name.
pub type Hash = [u8; 32];

impl Store {
    /// Begins a session, forgets failed attempts with the name, and drops sessions that are over.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn begin_session(
        &self,
        token: &Hash,
        user: UserId,
        username: &Hash,
        at: Instant,
        expires_at: Instant,
    ) -> Result<()> {
        let mut transaction = self.database.write_sessions().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(at.micros())
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM sign_in_failures WHERE username_hash = $1")
            .bind(&username[..])
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(&token[..])
        .bind(user.get())
        .bind(at.micros())
        .bind(expires_at.micros())
        .execute(&mut *transaction)
        .await?;
        audit::leave(&mut transaction, &entry("session.begin", user, at)).await?;
        Ok(transaction.commit().await?)
    }

    /// The person behind a session that is not over: name, role and unit as they are now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn session(&self, token: &Hash, now: Instant) -> Result<Option<SessionUser>> {
        let user: Option<i64> =
            sqlx::query_scalar("SELECT user_id FROM sessions WHERE token_hash = $1 AND expires_at > $2")
                .bind(&token[..])
                .bind(now.micros())
                .fetch_optional(self.database.sessions())
                .await?;
        let Some(user) = user else { return Ok(None) };
        let row = sqlx::query(
            "SELECT u.id AS user_id, p.id AS staff_id, p.name, p.role, o.id AS org_id, o.name AS unit_name, o.level \
             FROM users AS u JOIN staff AS p ON p.id = u.staff_id JOIN org_units AS o ON o.id = p.org_id \
             WHERE u.id = $1",
        )
        .bind(user)
        .fetch_optional(self.database.readers())
        .await?;
        row.map(|row| {
            Ok(SessionUser {
                user: UserId::new(row.value("user_id")?),
                staff: StaffId::new(row.value("staff_id")?),
                name: row.value("name")?,
                role: row.code("role")?,
                unit: OrgUnitId::new(row.value("org_id")?),
                unit_name: row.value("unit_name")?,
                level: row.code("level")?,
            })
        })
        .transpose()
    }

    /// Ends a session, if there is one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_session(&self, token: &Hash, at: Instant) -> Result<()> {
        let mut transaction = self.database.write_sessions().await?;
        let user: Option<i64> =
            sqlx::query_scalar("DELETE FROM sessions WHERE token_hash = $1 RETURNING user_id")
                .bind(&token[..])
                .fetch_optional(&mut *transaction)
                .await?;
        if let Some(user) = user {
            audit::leave(&mut transaction, &entry("session.end", UserId::new(user), at)).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// How many attempts with a name failed since a moment, each not longer after the one before than that.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sign_in_failures(&self, username: &Hash, since: Instant) -> Result<u32> {
        let failures: Option<u32> = sqlx::query_scalar(
            "SELECT failures FROM sign_in_failures WHERE username_hash = $1 AND last_at > $2",
        )
        .bind(&username[..])
        .bind(since.micros())
        .fetch_optional(self.database.sessions())
        .await?;
        Ok(failures.unwrap_or(0))
    }

    /// Counts a failed attempt with a name, and forgets all whose last one lies before `since`.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn count_sign_in_failure(&self, username: &Hash, since: Instant, at: Instant) -> Result<()> {
        let mut transaction = self.database.write_sessions().await?;
        sqlx::query("DELETE FROM sign_in_failures WHERE last_at <= $1")
            .bind(since.micros())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO sign_in_failures (username_hash, failures, last_at) VALUES ($1, 1, $2) \
             ON CONFLICT (username_hash) DO UPDATE SET failures = sign_in_failures.failures + 1, \
             last_at = excluded.last_at",
        )
        .bind(&username[..])
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}

fn entry(action: &str, user: UserId, at: Instant) -> AuditEntry {
    AuditEntry::by(user, at, action, audit::SESSIONS, None, Value::Null)
}
