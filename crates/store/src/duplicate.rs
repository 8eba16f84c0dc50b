//! Customers that may stand in the records more than once.

use domain::id::{CustomerId, OrgUnitId};
use serde_json::json;

use crate::Store;
use crate::customer::Registration;
use crate::error::Result;
use crate::row::RowExt;

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

impl Store {
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
