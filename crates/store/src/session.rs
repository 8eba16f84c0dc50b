//! Sessions, attempts to begin one, and what was used up by them. All of it stands beside the records, so that nobody
//! waits for an import to sign in.

use domain::Instant;
use domain::id::{OrgUnitId, SessionId, StaffId, TokenId, UserId};
use domain::org::OrgLevel;
use domain::sign_in::SignInOutcome;
use domain::staff::Role;
use hashbrown::HashMap;
use serde_json::{Value, json};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::error::Result;
use crate::row::RowExt;

/// The person behind a session or a token.
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
    /// Whether the password was handed out by someone else.
    pub must_change: bool,
    /// When the password was set.
    pub password_set_at: Instant,
    /// Whether a code is asked for at signing in.
    pub two_factor: bool,
}

/// The hash of a token or of a name.
pub type Hash = [u8; 32];

/// From where someone comes, and with what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address, as the proxy before us says.
    pub address: Option<String>,
    /// What the browser says it is.
    pub agent: Option<String>,
}

/// What a session is begun with beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Nothing.
    None,
    /// The code of a step of the clock.
    Step(i64),
    /// A recovery code, by its hash.
    Recovery(Hash),
}

impl Proof {
    const fn outcome(self) -> SignInOutcome {
        match self {
            Self::None => SignInOutcome::Password,
            Self::Step(_) => SignInOutcome::Code,
            Self::Recovery(_) => SignInOutcome::Recovery,
        }
    }
}

/// A session to be begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The hash of its token.
    pub token: Hash,
    /// Whose.
    pub user: UserId,
    /// The hash of the name that was typed.
    pub username: Hash,
    /// What it is begun with.
    pub proof: Proof,
    /// From where.
    pub origin: Origin,
    /// When it is over at the latest.
    pub expires_at: Instant,
}

/// Someone who gave the right password and has yet to give a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HalfSession {
    /// Who.
    pub user: UserId,
    /// The hash of the name that was typed.
    pub username: Hash,
}

/// A session as a page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Which.
    pub id: SessionId,
    /// Since when.
    pub since: Instant,
    /// The last request, to the minute.
    pub seen: Instant,
    /// From where.
    pub origin: Origin,
}

/// An attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRow {
    /// When.
    pub at: Instant,
    /// What came of it.
    pub outcome: SignInOutcome,
    /// From where.
    pub origin: Origin,
}

/// Seconds within which a request leaves no mark of its own.
const SEEN_SECONDS: i64 = 60;
/// Seconds that attempts are kept.
const KEPT_SECONDS: i64 = 400 * 86_400;

/// Who a user is now, if one is let in.
pub(crate) const USER_COLUMNS: &str = "u.id AS user_id, p.id AS staff_id, p.name, p.role, o.id AS org_id, o.name AS unit_name, o.level, \
     u.must_change, u.password_set_at, EXISTS (SELECT 1 FROM second_factors AS f WHERE f.user_id = u.id \
     AND f.confirmed_at IS NOT NULL) AS two_factor \
     FROM users AS u JOIN staff AS p ON p.id = u.staff_id JOIN org_units AS o ON o.id = p.org_id";

impl Store {
    /// Begins a session, forgets failed attempts with the name, and drops sessions that are over. Gives whether it began:
    /// not when its code was used before.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn begin_session(&self, new: &NewSession, at: Instant) -> Result<bool> {
        let mut transaction = self.database.write_sessions().await?;
        if !use_up(&mut transaction, new.user, new.proof).await? {
            return Ok(false);
        }
        for over in [
            "DELETE FROM sessions WHERE expires_at <= $1",
            "DELETE FROM half_sessions WHERE expires_at <= $1",
        ] {
            sqlx::query(over).bind(at.micros()).execute(&mut *transaction).await?;
        }
        sqlx::query("DELETE FROM sign_in_failures WHERE username_hash = $1")
            .bind(&new.username[..])
            .execute(&mut *transaction)
            .await?;
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO sessions (token_hash, user_id, created_at, expires_at, seen_at, address, agent) \
             VALUES ($1, $2, $3, $4, $3, $5, $6) RETURNING id",
        )
        .bind(&new.token[..])
        .bind(new.user.get())
        .bind(at.micros())
        .bind(new.expires_at.micros())
        .bind(&new.origin.address)
        .bind(&new.origin.agent)
        .fetch_one(&mut *transaction)
        .await?;
        note(&mut transaction, new.user, new.proof.outcome(), &new.origin, at).await?;
        let details = match new.proof {
            Proof::Recovery(_) => json!({"recovery": true}),
            Proof::None | Proof::Step(_) => Value::Null,
        };
        let entry = AuditEntry::by(new.user, at, "session.begin", audit::SESSIONS, Some(id), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The person behind a session that is not over, and its number: name, role and unit as they are now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn session(
        &self,
        token: &Hash,
        now: Instant,
        idle_since: Instant,
    ) -> Result<Option<(SessionId, SessionUser)>> {
        let found: Option<(i64, i64, i64)> = sqlx::query_as(
            "SELECT id, user_id, seen_at FROM sessions WHERE token_hash = $1 AND expires_at > $2 AND seen_at > $3",
        )
        .bind(&token[..])
        .bind(now.micros())
        .bind(idle_since.micros())
        .fetch_optional(self.database.sessions())
        .await?;
        let Some((id, user, seen)) = found else { return Ok(None) };
        if Instant::from_micros(seen).plus_seconds(SEEN_SECONDS) <= now {
            let seen =
                sqlx::query("UPDATE sessions SET seen_at = $2 WHERE id = $1").bind(id).bind(now.micros());
            // Who comes while nothing can be written is let in all the same: the session ends a little earlier.
            drop(seen.execute(self.database.sessions()).await);
        }
        let user = self.user_let_in(UserId::new(user)).await?;
        Ok(user.map(|user| (SessionId::new(id), user)))
    }

    /// Who a user is now: name, role and unit; nobody when the user is suspended.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub(crate) async fn user_let_in(&self, user: UserId) -> Result<Option<SessionUser>> {
        let sql = format!("SELECT {USER_COLUMNS} WHERE u.id = $1 AND u.suspended_at IS NULL");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(user.get())
            .fetch_optional(self.database.readers())
            .await?;
        row.as_ref().map(session_user).transpose()
    }

    /// Ends a session, if there is one.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_session(&self, token: &Hash, at: Instant) -> Result<()> {
        let mut transaction = self.database.write_sessions().await?;
        let ended: Option<(i64, i64)> =
            sqlx::query_as("DELETE FROM sessions WHERE token_hash = $1 RETURNING id, user_id")
                .bind(&token[..])
                .fetch_optional(&mut *transaction)
                .await?;
        if let Some((id, user)) = ended {
            let user = UserId::new(user);
            let entry = AuditEntry::by(user, at, "session.end", audit::SESSIONS, Some(id), Value::Null);
            audit::leave(&mut transaction, &entry).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Ends sessions of a user: one of them, or all but one. Gives how many there were.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_sessions_of(
        &self,
        user: UserId,
        only: Option<SessionId>,
        but: Option<SessionId>,
        by: Option<UserId>,
        at: Instant,
    ) -> Result<usize> {
        let mut transaction = self.database.write_sessions().await?;
        let ended: Vec<i64> = sqlx::query_scalar(
            "DELETE FROM sessions WHERE user_id = $1 AND ($2 IS NULL OR id = $2) AND ($3 IS NULL OR id <> $3) \
             RETURNING id",
        )
        .bind(user.get())
        .bind(only.map(SessionId::get))
        .bind(but.map(SessionId::get))
        .fetch_all(&mut *transaction)
        .await?;
        if only.is_none() {
            sqlx::query("DELETE FROM half_sessions WHERE user_id = $1")
                .bind(user.get())
                .execute(&mut *transaction)
                .await?;
        }
        for id in &ended {
            let entry = AuditEntry {
                user: by,
                ..AuditEntry::by(
                    user,
                    at,
                    "session.end",
                    audit::SESSIONS,
                    Some(*id),
                    json!({"user": user.get()}),
                )
            };
            audit::leave(&mut transaction, &entry).await?;
        }
        transaction.commit().await?;
        Ok(ended.len())
    }

    /// The sessions of a user that are not over, the latest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sessions_of(
        &self,
        user: UserId,
        now: Instant,
        idle_since: Instant,
    ) -> Result<Vec<SessionRow>> {
        let rows = sqlx::query(
            "SELECT id, created_at, seen_at, address, agent FROM sessions \
             WHERE user_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, id DESC",
        )
        .bind(user.get())
        .bind(now.micros())
        .bind(idle_since.micros())
        .fetch_all(self.database.sessions())
        .await?;
        let session = |row: &SqliteRow| {
            Ok(SessionRow {
                id: SessionId::new(row.value("id")?),
                since: row.instant("created_at")?,
                seen: row.instant("seen_at")?,
                origin: origin(row)?,
            })
        };
        rows.iter().map(session).collect()
    }

    /// How many sessions each user has that are not over, of those who have one.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn session_counts(&self, now: Instant, idle_since: Instant) -> Result<HashMap<UserId, u64>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT user_id, count(*) FROM sessions WHERE expires_at > $1 AND seen_at > $2 GROUP BY user_id",
        )
        .bind(now.micros())
        .bind(idle_since.micros())
        .fetch_all(self.database.sessions())
        .await?;
        Ok(rows.into_iter().map(|(user, count)| (UserId::new(user), count.unsigned_abs())).collect())
    }

    /// Lets someone who gave the right password give a code, until a moment.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn begin_half_session(
        &self,
        token: &Hash,
        half: &HalfSession,
        expires_at: Instant,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO half_sessions (token_hash, user_id, username_hash, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(&token[..])
        .bind(half.user.get())
        .bind(&half.username[..])
        .bind(expires_at.micros())
        .execute(self.database.sessions())
        .await?;
        Ok(())
    }

    /// Who has yet to give a code.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn half_session(&self, token: &Hash, now: Instant) -> Result<Option<HalfSession>> {
        let found: Option<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT user_id, username_hash FROM half_sessions WHERE token_hash = $1 AND expires_at > $2",
        )
        .bind(&token[..])
        .bind(now.micros())
        .fetch_optional(self.database.sessions())
        .await?;
        let half = found.and_then(|(user, username)| {
            Some(HalfSession { user: UserId::new(user), username: username.try_into().ok()? })
        });
        Ok(half)
    }

    /// Takes back what let someone give a code.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_half_session(&self, token: &Hash) -> Result<()> {
        sqlx::query("DELETE FROM half_sessions WHERE token_hash = $1")
            .bind(&token[..])
            .execute(self.database.sessions())
            .await?;
        Ok(())
    }

    /// Takes a code, or not when it was used before.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn use_code(&self, user: UserId, proof: Proof) -> Result<bool> {
        let mut transaction = self.database.write_sessions().await?;
        let is_new = use_up(&mut transaction, user, proof).await?;
        transaction.commit().await?;
        Ok(is_new)
    }

    /// How many of a user's recovery codes were used.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn used_recovery_codes(&self, user: UserId) -> Result<Vec<Vec<u8>>> {
        let used = sqlx::query_scalar("SELECT code_hash FROM used_recovery_codes WHERE user_id = $1")
            .bind(user.get())
            .fetch_all(self.database.sessions())
            .await?;
        Ok(used)
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

    /// Names, by their hashes, with at least so many failed attempts since a moment.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn locked_names(&self, attempts: u32, since: Instant) -> Result<Vec<Vec<u8>>> {
        let names = sqlx::query_scalar(
            "SELECT username_hash FROM sign_in_failures WHERE failures >= $1 AND last_at > $2",
        )
        .bind(attempts)
        .bind(since.micros())
        .fetch_all(self.database.sessions())
        .await?;
        Ok(names)
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

    /// Forgets failed attempts with a name: whoever knows the new password is let in.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn forget_sign_in_failures(&self, username: &Hash) -> Result<()> {
        sqlx::query("DELETE FROM sign_in_failures WHERE username_hash = $1")
            .bind(&username[..])
            .execute(self.database.sessions())
            .await?;
        Ok(())
    }

    /// Notes an attempt of a user that began no session.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn note_sign_in(
        &self,
        user: UserId,
        outcome: SignInOutcome,
        origin: &Origin,
        at: Instant,
    ) -> Result<()> {
        let mut transaction = self.database.write_sessions().await?;
        note(&mut transaction, user, outcome, origin, at).await?;
        Ok(transaction.commit().await?)
    }

    /// Attempts of a user to sign in, the latest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn sign_ins_of(&self, user: UserId, limit: u32) -> Result<Vec<SignInRow>> {
        let rows = sqlx::query(
            "SELECT at, outcome, address, agent FROM sign_ins WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        )
        .bind(user.get())
        .bind(limit)
        .fetch_all(self.database.sessions())
        .await?;
        let attempt = |row: &SqliteRow| {
            Ok(SignInRow { at: row.instant("at")?, outcome: row.code("outcome")?, origin: origin(row)? })
        };
        rows.iter().map(attempt).collect()
    }

    /// When each user signed in last, of those who did.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn last_sign_ins(&self) -> Result<HashMap<UserId, Instant>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT user_id, max(at) FROM sign_ins WHERE outcome IN ('password', 'code', 'recovery') GROUP BY user_id",
        )
        .fetch_all(self.database.sessions())
        .await?;
        Ok(rows.into_iter().map(|(user, at)| (UserId::new(user), Instant::from_micros(at))).collect())
    }

    /// Notes that a program came with a token, to the minute.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn note_token_use(&self, token: TokenId, at: Instant) -> Result<()> {
        sqlx::query(
            "INSERT INTO used_tokens (token_id, at) VALUES ($1, $2) \
             ON CONFLICT (token_id) DO UPDATE SET at = excluded.at WHERE used_tokens.at <= $3",
        )
        .bind(token.get())
        .bind(at.micros())
        .bind(at.plus_seconds(-SEEN_SECONDS).micros())
        .execute(self.database.sessions())
        .await?;
        Ok(())
    }

    /// When a program last came with each token, of those that one came with.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn token_uses(&self) -> Result<HashMap<TokenId, Instant>> {
        let rows: Vec<(i64, i64)> = sqlx::query_as("SELECT token_id, at FROM used_tokens")
            .fetch_all(self.database.sessions())
            .await?;
        Ok(rows.into_iter().map(|(token, at)| (TokenId::new(token), Instant::from_micros(at))).collect())
    }
}

/// Takes what a session is begun with; not when it was used before.
async fn use_up(connection: &mut SqliteConnection, user: UserId, proof: Proof) -> Result<bool> {
    let used = match proof {
        Proof::None => return Ok(true),
        Proof::Step(step) => {
            sqlx::query(
                "INSERT INTO used_steps (user_id, step) VALUES ($1, $2) \
                 ON CONFLICT (user_id) DO UPDATE SET step = excluded.step WHERE used_steps.step < excluded.step",
            )
            .bind(user.get())
            .bind(step)
            .execute(connection)
            .await?
        }
        Proof::Recovery(code) => {
            sqlx::query(
                "INSERT INTO used_recovery_codes (user_id, code_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            )
            .bind(user.get())
            .bind(code.to_vec())
            .execute(connection)
            .await?
        }
    };
    Ok(used.rows_affected() > 0)
}

async fn note(
    connection: &mut SqliteConnection,
    user: UserId,
    outcome: SignInOutcome,
    origin: &Origin,
    at: Instant,
) -> Result<()> {
    sqlx::query("DELETE FROM sign_ins WHERE at <= $1")
        .bind(at.plus_seconds(-KEPT_SECONDS).micros())
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO sign_ins (user_id, at, outcome, address, agent) VALUES ($1, $2, $3, $4, $5)")
        .bind(user.get())
        .bind(at.micros())
        .bind(outcome.code())
        .bind(&origin.address)
        .bind(&origin.agent)
        .execute(connection)
        .await?;
    Ok(())
}

fn origin(row: &SqliteRow) -> Result<Origin> {
    Ok(Origin { address: row.value("address")?, agent: row.value("agent")? })
}

pub(crate) fn session_user(row: &SqliteRow) -> Result<SessionUser> {
    Ok(SessionUser {
        user: UserId::new(row.value("user_id")?),
        staff: StaffId::new(row.value("staff_id")?),
        name: row.value("name")?,
        role: row.code("role")?,
        unit: OrgUnitId::new(row.value("org_id")?),
        unit_name: row.value("unit_name")?,
        level: row.code("level")?,
        must_change: row.value("must_change")?,
        password_set_at: row.instant("password_set_at")?,
        two_factor: row.value("two_factor")?,
    })
}
