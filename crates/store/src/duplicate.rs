//! Customers that may stand in the records more than once.

use std::collections::HashMap;

use domain::Instant;
use domain::id::{CustomerId, OrgUnitId, UserId};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::customer::Registration;
use crate::error::Result;
use crate::row::RowExt;
use crate::run::RunState;

/// Up to where the records were read: what comes later has higher numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    customer: i64,
    contact: i64,
    audit: i64,
}

/// A customer as it is compared, and to whom it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// What is compared.
    pub registration: Registration,
    /// Its unit.
    pub unit: OrgUnitId,
    /// The name of its account manager.
    pub manager: Option<String>,
}

/// Two customers that a run found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoundPair {
    /// The one known first, and the other.
    pub customers: (CustomerId, CustomerId),
    /// That they are the same, 0 to 1.
    pub probability: f64,
    /// Bits for and against: name, branch, credit code, telephone and address.
    pub bits: [f64; 4],
}

/// A run over all customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateRun {
    /// When it began.
    pub started_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// How.
    pub state: RunState,
    /// How many customers it compared.
    pub customers: Option<i64>,
    /// How many pairs it left to be decided.
    pub pairs: Option<i64>,
    /// What failed, if it did.
    pub failure: Option<String>,
}

/// What of two customers was compared; the same only while nothing of it changes.
#[must_use]
pub fn compared(first: &Registration, second: &Registration) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for one in [first, second] {
        let mut phones: Vec<&str> = one.phones.iter().map(String::as_str).collect();
        phones.sort_unstable();
        hasher.update(json!([one.name, one.credit_code, one.address, phones]).to_string());
        hasher.update([b'\n']);
    }
    hasher.finalize().into()
}

/// A pair of customers with what was compared of them when it was decided.
type Decided = HashMap<(CustomerId, CustomerId), Vec<u8>>;

impl Store {
    /// Puts the begin of a run on record, unless one is at work; one that began before `dead` is taken for killed.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn begin_duplicate_run(
        &self,
        by: Option<UserId>,
        at: Instant,
        dead: Instant,
    ) -> Result<Option<i64>> {
        let mut transaction = self.database.write().await?;
        sqlx::query(
            "UPDATE duplicate_runs SET state = 'failed', ended_at = $2 WHERE state = 'running' AND started_at < $1",
        )
        .bind(dead.micros())
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO duplicate_runs (started_by, started_at, state) SELECT $1, $2, 'running' \
             WHERE NOT EXISTS (SELECT 1 FROM duplicate_runs WHERE state = 'running') RETURNING id",
        )
        .bind(by.map(UserId::get))
        .bind(at.micros())
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Puts what a run found in the place of what the one before found.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn end_duplicate_run(
        &self,
        id: i64,
        customers: usize,
        pairs: &[FoundPair],
        at: Instant,
    ) -> Result<()> {
        let mut transaction = self.database.write().await?;
        sqlx::query("DELETE FROM duplicate_pairs").execute(&mut *transaction).await?;
        let rows: Vec<_> = pairs
            .iter()
            .map(|pair| {
                let [name, branch, code, contact] = pair.bits;
                json!([pair.customers.0, pair.customers.1, pair.probability, name, branch, code, contact])
            })
            .collect();
        // Whom another stands for by now, or what was decided meanwhile, is no question any more.
        sqlx::query(
            "INSERT INTO duplicate_pairs (first_id, second_id, probability, name_bits, branch_bits, code_bits, contact_bits) \
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 \
             FROM json_each($1) AS pair \
             WHERE NOT EXISTS (SELECT 1 FROM survivors WHERE customer_id IN (pair.value ->> 0, pair.value ->> 1)) \
             AND NOT EXISTS (SELECT 1 FROM duplicate_decisions AS d, duplicate_runs AS r WHERE r.id = $2 \
             AND d.first_id = pair.value ->> 0 AND d.second_id = pair.value ->> 1 AND d.decided_at >= r.started_at)",
        )
        .bind(json!(rows).to_string())
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE duplicate_runs SET state = 'done', ended_at = $2, customers = $3, \
             pairs = (SELECT count(*) FROM duplicate_pairs) WHERE id = $1",
        )
        .bind(id)
        .bind(at.micros())
        .bind(i64::try_from(customers).unwrap_or(i64::MAX))
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Puts on record that a run failed; what the one before found stays.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn fail_duplicate_run(&self, id: i64, failure: &str, at: Instant) -> Result<()> {
        let mut transaction = self.database.write().await?;
        sqlx::query("UPDATE duplicate_runs SET state = 'failed', ended_at = $2, failure = $3 WHERE id = $1")
            .bind(id)
            .bind(at.micros())
            .bind(failure)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// The last run, if there was one.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn duplicate_run(&self) -> Result<Option<DuplicateRun>> {
        let row = sqlx::query(
            "SELECT started_at, ended_at, state, customers, pairs, failure FROM duplicate_runs \
             ORDER BY id DESC LIMIT 1",
        )
        .fetch_optional(self.database.readers())
        .await?;
        let run = |row: &sqlx::sqlite::SqliteRow| {
            Ok(DuplicateRun {
                started_at: row.instant("started_at")?,
                ended_at: row.optional_instant("ended_at")?,
                state: row.code("state")?,
                customers: row.value("customers")?,
                pairs: row.value("pairs")?,
                failure: row.value("failure")?,
            })
        };
        row.as_ref().map(run).transpose()
    }

    /// The pairs that nobody has decided, the likeliest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn duplicate_pairs(&self) -> Result<Vec<FoundPair>> {
        let rows = sqlx::query(
            "SELECT first_id, second_id, probability, name_bits, branch_bits, code_bits, contact_bits \
             FROM duplicate_pairs ORDER BY probability DESC, first_id, second_id",
        )
        .fetch_all(self.database.readers())
        .await?;
        let pair = |row: &sqlx::sqlite::SqliteRow| {
            let customer = |name: &'static str| row.value(name).map(CustomerId::new);
            Ok(FoundPair {
                customers: (customer("first_id")?, customer("second_id")?),
                probability: row.value("probability")?,
                bits: [
                    row.value("name_bits")?,
                    row.value("branch_bits")?,
                    row.value("code_bits")?,
                    row.value("contact_bits")?,
                ],
            })
        };
        rows.iter().map(pair).collect()
    }

    /// The pairs that were decided to be two customers, with what was compared of them.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn decided_duplicates(&self) -> Result<Decided> {
        let rows: Vec<(i64, i64, Vec<u8>)> =
            sqlx::query_as("SELECT first_id, second_id, compared FROM duplicate_decisions")
                .fetch_all(self.database.readers())
                .await?;
        let decided = rows
            .into_iter()
            .map(|(first, second, compared)| ((CustomerId::new(first), CustomerId::new(second)), compared));
        Ok(decided.collect())
    }

    /// Decides that a pair is two customers, with an audit entry in the same transaction. Gives whether it was there to be
    /// decided.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn dismiss_duplicate(
        &self,
        (first, second): (CustomerId, CustomerId),
        compared: [u8; 32],
        reason: &str,
        by: UserId,
        at: Instant,
    ) -> Result<bool> {
        let mut transaction = self.database.write().await?;
        let found = sqlx::query("DELETE FROM duplicate_pairs WHERE first_id = $1 AND second_id = $2")
            .bind(first.get())
            .bind(second.get())
            .execute(&mut *transaction)
            .await?;
        if found.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO duplicate_decisions (first_id, second_id, compared, reason, decided_by, decided_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (first_id, second_id) DO UPDATE SET \
             compared = excluded.compared, reason = excluded.reason, decided_by = excluded.decided_by, \
             decided_at = excluded.decided_at",
        )
        .bind(first.get())
        .bind(second.get())
        .bind(&compared[..])
        .bind(reason)
        .bind(by.get())
        .bind(at.micros())
        .execute(&mut *transaction)
        .await?;
        let details = json!({"first": first.get(), "second": second.get(), "reason": reason});
        let entry = AuditEntry::by(by, at, "duplicate.dismiss", "customers", Some(first.get()), details);
        audit::leave(&mut transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// How far the records go now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn duplicate_mark(&self) -> Result<Mark> {
        let row = sqlx::query(
            "SELECT (SELECT coalesce(max(id), 0) FROM customers) AS customer, \
             (SELECT coalesce(max(id), 0) FROM contacts) AS contact, \
             (SELECT coalesce(max(id), 0) FROM audit) AS audit",
        )
        .fetch_one(self.database.readers())
        .await?;
        Ok(Mark {
            customer: row.value("customer")?,
            contact: row.value("contact")?,
            audit: row.value("audit")?,
        })
    }

    /// The customers that came after a mark, or of which something was changed since; at most `limit`, in no order.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn changed_since(&self, mark: Mark, limit: u32) -> Result<Vec<CustomerId>> {
        // A change of a contact keeps whose it was before, if that changed.
        let ids: Vec<i64> = sqlx::query_scalar(
            "SELECT id FROM customers WHERE id > $1 \
             UNION SELECT customer_id FROM contacts WHERE id > $2 \
             UNION SELECT record_id FROM audit WHERE id > $3 AND noun = 'customers' AND record_id IS NOT NULL \
             UNION SELECT c.customer_id FROM audit AS a JOIN contacts AS c ON c.id = a.record_id \
             WHERE a.id > $3 AND a.noun = 'contacts' \
             UNION SELECT json_extract(details, '$.customer_id') FROM audit \
             WHERE id > $3 AND noun = 'contacts' AND json_extract(details, '$.customer_id') IS NOT NULL LIMIT $4",
        )
        .bind(mark.customer)
        .bind(mark.contact)
        .bind(mark.audit)
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        Ok(ids.into_iter().map(CustomerId::new).collect())
    }

    /// Some customers as they are compared, by id; those that are not there are left out.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn registered(&self, ids: &[CustomerId]) -> Result<Vec<Registered>> {
        let ids = json!(ids).to_string();
        // CROSS JOIN keeps the order of the tables: the planner may else look through all customers.
        let rows = sqlx::query(
            "SELECT c.id, c.code, c.name, c.credit_code, c.address, c.org_id, s.name AS manager_name \
             FROM json_each($1) AS asked CROSS JOIN customers AS c LEFT JOIN staff AS s ON s.id = c.manager_id \
             WHERE c.id = asked.value ORDER BY c.id",
        )
        .bind(&ids)
        .fetch_all(self.database.readers())
        .await?;
        let mut registered = Vec::with_capacity(rows.len());
        for row in &rows {
            registered.push(Registered {
                registration: Registration {
                    id: CustomerId::new(row.value("id")?),
                    code: row.value("code")?,
                    name: row.value("name")?,
                    credit_code: row.value("credit_code")?,
                    address: row.value("address")?,
                    phones: Vec::new(),
                },
                unit: OrgUnitId::new(row.value("org_id")?),
                manager: row.value("manager_name")?,
            });
        }
        let phones: Vec<(i64, String)> = sqlx::query_as(
            "SELECT t.customer_id, t.phone FROM json_each($1) AS asked CROSS JOIN contacts AS t \
             WHERE t.customer_id = asked.value AND t.phone IS NOT NULL ORDER BY t.id",
        )
        .bind(&ids)
        .fetch_all(self.database.readers())
        .await?;
        for (customer, phone) in phones {
            let place = registered.binary_search_by_key(&customer, |one| one.registration.id.get());
            if let Ok(place) = place {
                registered[place].registration.phones.push(phone);
            }
        }
        Ok(registered)
    }
}
