//! Users: who may sign in.

use domain::Instant;
use domain::id::{OrgUnitId, StaffId, UserId};
use domain::staff::Role;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

/// A user to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser<'a> {
    /// The name to sign in with.
    pub username: &'a str,
    /// The hash of the password.
    pub password_hash: &'a str,
    /// For whom.
    pub staff: StaffId,
    /// Whether the password must be changed at the first sign-in.
    pub must_change: bool,
}

/// What is needed to let a user in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPassword {
    /// Which user.
    pub user: UserId,
    /// The name to sign in with.
    pub username: String,
    /// The hash of the password.
    pub hash: String,
    /// When it was set.
    pub set_at: Instant,
    /// Whether it was handed out by someone else.
    pub must_change: bool,
    /// Whether the user is suspended.
    pub is_suspended: bool,
    /// Whether a code is asked for as well.
    pub two_factor: bool,
}

/// A user as a page shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Which.
    pub id: UserId,
    /// The name to sign in with.
    pub username: String,
    /// The person …
    pub staff: StaffId,
    /// … by code …
    pub staff_code: String,
    /// … and name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The unit's name.
    pub unit_name: String,
    /// Made when.
    pub made_at: Instant,
    /// When the password was set.
    pub password_set_at: Instant,
    /// Whether it was handed out and not changed yet.
    pub must_change: bool,
    /// Since when the user is suspended.
    pub suspended_at: Option<Instant>,
    /// Whether a code is asked for at signing in.
    pub two_factor: bool,
}

/// A member of staff who may be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub id: StaffId,
    /// The operator's code.
    pub code: String,
    /// The name to sign in with, if there is a user already.
    pub username: Option<String>,
}

/// What came of suspending a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspended {
    /// Done.
    Done,
    /// There is no such user, or the user is suspended already.
    NotThere,
    /// Nobody would be left to let anyone in.
    LastAdmin,
}

const NOUN: &str = "users";

const ROW: &str = "SELECT u.id, u.username, p.id AS staff_id, p.code AS staff_code, p.name, p.role, \
     o.name AS unit_name, u.created_at, u.password_set_at, u.must_change, u.suspended_at, \
     EXISTS (SELECT 1 FROM second_factors AS f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS two_factor \
     FROM users AS u JOIN staff AS p ON p.id = u.staff_id JOIN org_units AS o ON o.id = p.org_id \
     LEFT JOIN org_units AS top ON top.id = $1 \
     WHERE ($1 IS NULL OR o.position BETWEEN top.position AND top.last_position)";

impl Store {
    /// Makes a user for a person, by nobody. [`crate::StoreError::is_duplicate`] when the name is taken.
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
        self.make_user(&NewUser { username, password_hash, staff, must_change: false }, None, at).await
    }

    /// Makes a user for a person. [`crate::StoreError::is_duplicate`] when the name is taken.
    ///
    /// # Errors
    /// When the name is taken, there is no such person, or the records cannot be written.
    pub async fn make_user(&self, new: &NewUser<'_>, by: Option<UserId>, at: Instant) -> Result<UserId> {
        let mut transaction = self.database.write().await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO users (username, password_hash, staff_id, created_at, password_set_at, must_change) \
             VALUES ($1, $2, $3, $4, $4, $5) RETURNING id",
        )
        .bind(new.username)
        .bind(new.password_hash)
        .bind(new.staff.get())
        .bind(at.micros())
        .bind(new.must_change)
        .fetch_one(&mut *transaction)
        .await?;
        let details = json!({"username": new.username, "staff": new.staff.get()});
        audit::leave(&mut transaction, &entry("user.create", id, by, at, details)).await?;
        transaction.commit().await?;
        Ok(UserId::new(id))
    }

    /// What is needed to let the user of this name in.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn kept_password(&self, username: &str) -> Result<Option<KeptPassword>> {
        self.password_where("username = $1", username).await
    }

    /// What is needed to let a user in.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn kept_password_of(&self, user: UserId) -> Result<Option<KeptPassword>> {
        self.password_where("id = CAST($1 AS INTEGER)", &user.to_string()).await
    }

    async fn password_where(&self, condition: &str, value: &str) -> Result<Option<KeptPassword>> {
        let sql = format!(
            "SELECT id, username, password_hash, password_set_at, must_change, suspended_at IS NOT NULL AS suspended, \
             EXISTS (SELECT 1 FROM second_factors AS f WHERE f.user_id = users.id AND f.confirmed_at IS NOT NULL) \
             AS two_factor FROM users WHERE {condition}"
        );
        let row = sqlx::query(AssertSqlSafe(sql)).bind(value).fetch_optional(self.database.readers()).await?;
        row.map(|row| {
            Ok(KeptPassword {
                user: UserId::new(row.value("id")?),
                username: row.value("username")?,
                hash: row.value("password_hash")?,
                set_at: row.instant("password_set_at")?,
                must_change: row.value("must_change")?,
                is_suspended: row.value("suspended")?,
                two_factor: row.value("two_factor")?,
            })
        })
        .transpose()
    }

    /// The users whose people work in a unit or below it, or all; by name to sign in with.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn users(&self, within: Option<OrgUnitId>) -> Result<Vec<UserRow>> {
        let sql = format!("{ROW} ORDER BY u.username");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(within.map(OrgUnitId::get))
            .fetch_all(self.database.readers())
            .await?;
        rows.iter().map(user_row).collect()
    }

    /// A user whose person works in a unit or below it, or any.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn user(&self, id: UserId, within: Option<OrgUnitId>) -> Result<Option<UserRow>> {
        let sql = format!("{ROW} AND u.id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(within.map(OrgUnitId::get))
            .bind(id.get())
            .fetch_optional(self.database.readers())
            .await?;
        row.as_ref().map(user_row).transpose()
    }

    /// Sets a user's password: one's own, or one to be changed at the next sign-in.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn set_password(
        &self,
        user: UserId,
        hash: &str,
        must_change: bool,
        by: Option<UserId>,
        at: Instant,
    ) -> Result<()> {
        let mut transaction = self.database.write().await?;
        sqlx::query(
            "UPDATE users SET password_hash = $2, password_set_at = $3, must_change = $4 WHERE id = $1",
        )
        .bind(user.get())
        .bind(hash)
        .bind(at.micros())
        .bind(must_change)
        .execute(&mut *transaction)
        .await?;
        let action = if by == Some(user) { "user.password" } else { "user.reset" };
        audit::leave(&mut transaction, &entry(action, user.get(), by, at, Value::Null)).await?;
        Ok(transaction.commit().await?)
    }

    /// Suspends a user, unless nobody who may let others in would be left.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn suspend_user(
        &self,
        user: UserId,
        reason: &str,
        by: UserId,
        at: Instant,
    ) -> Result<Suspended> {
        let mut transaction = self.database.write().await?;
        let suspended =
            sqlx::query("UPDATE users SET suspended_at = $2 WHERE id = $1 AND suspended_at IS NULL")
                .bind(user.get())
                .bind(at.micros())
                .execute(&mut *transaction)
                .await?;
        if suspended.rows_affected() == 0 {
            return Ok(Suspended::NotThere);
        }
        let is_one_left: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM users AS u JOIN staff AS p ON p.id = u.staff_id \
             WHERE p.role = $1 AND u.suspended_at IS NULL) \
             OR NOT EXISTS (SELECT 1 FROM users AS u JOIN staff AS p ON p.id = u.staff_id \
             WHERE p.role = $1 AND u.id = $2)",
        )
        .bind(Role::Admin.code())
        .bind(user.get())
        .fetch_one(&mut *transaction)
        .await?;
        if !is_one_left {
            return Ok(Suspended::LastAdmin);
        }
        let details = json!({"reason": reason});
        audit::leave(&mut transaction, &entry("user.suspend", user.get(), Some(by), at, details)).await?;
        transaction.commit().await?;
        Ok(Suspended::Done)
    }

    /// Lets a suspended user in again. Gives whether there was one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn resume_user(&self, user: UserId, by: UserId, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let resumed =
            sqlx::query("UPDATE users SET suspended_at = NULL WHERE id = $1 AND suspended_at IS NOT NULL")
                .bind(user.get())
                .execute(&mut *transaction)
                .await?;
        if resumed.rows_affected() == 0 {
            return Ok(false);
        }
        audit::leave(&mut transaction, &entry("user.resume", user.get(), Some(by), at, Value::Null)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The people of this code, or else of this name, who work in a unit or below it; at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn candidates(&self, named: &str, within: OrgUnitId, limit: u32) -> Result<Vec<Candidate>> {
        let rows = sqlx::query(
            "SELECT p.id, p.code, (SELECT min(u.username) FROM users AS u WHERE u.staff_id = p.id) AS username \
             FROM staff AS p JOIN org_units AS o ON o.id = p.org_id JOIN org_units AS top ON top.id = $2 \
             WHERE (p.code = $1 OR p.name = $1) AND o.position BETWEEN top.position AND top.last_position \
             ORDER BY p.code <> $1, p.code LIMIT $3",
        )
        .bind(named)
        .bind(within.get())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        let candidate = |row: &SqliteRow| {
            Ok(Candidate {
                id: StaffId::new(row.value("id")?),
                code: row.value("code")?,
                username: row.value("username")?,
            })
        };
        rows.iter().map(candidate).collect()
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

/// An entry about a user; by nobody when it is done on the machine itself.
pub(crate) fn entry(action: &str, user: i64, by: Option<UserId>, at: Instant, details: Value) -> AuditEntry {
    AuditEntry { user: by, ..AuditEntry::by(UserId::new(user), at, action, NOUN, Some(user), details) }
}

fn user_row(row: &SqliteRow) -> Result<UserRow> {
    Ok(UserRow {
        id: UserId::new(row.value("id")?),
        username: row.value("username")?,
        staff: StaffId::new(row.value("staff_id")?),
        staff_code: row.value("staff_code")?,
        name: row.value("name")?,
        role: row.code("role")?,
        unit_name: row.value("unit_name")?,
        made_at: row.instant("created_at")?,
        password_set_at: row.instant("password_set_at")?,
        must_change: row.value("must_change")?,
        suspended_at: row.optional_instant("suspended_at")?,
        two_factor: row.value("two_factor")?,
    })
}
