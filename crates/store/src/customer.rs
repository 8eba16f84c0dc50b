//! Customers.

use domain::customer::CustomerCategory;
use domain::id::{CustomerId, OrgUnitId, StaffId};
use domain::{Date, Instant, Money};
use serde::{Deserialize, Deserializer};

use crate::audit::RECORD_CHANGE;
use crate::error::{Result, StoreError};
use crate::row::{RowExt, date_from_days};
use crate::{Store, packed};

/// A customer.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRecord {
    /// Which.
    pub id: CustomerId,
    /// The operator's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: OrgUnitId,
    /// Its account manager …
    pub manager: Option<StaffId>,
    /// … by name.
    pub manager_name: Option<String>,
    /// Its category.
    pub category: CustomerCategory,
    /// Its industry.
    pub industry: Option<String>,
    /// Employees.
    pub employees: Option<i64>,
    /// Unified social credit code.
    pub credit_code: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Known since.
    pub created_on: Date,
    /// The competitor known to be there.
    pub competitor: Option<String>,
    /// Estimated yearly communications spend.
    pub wallet: Option<Money>,
}

/// What the list needs of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerEntry<'a> {
    /// Which.
    pub id: CustomerId,
    /// The operator's code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its unit.
    pub unit: OrgUnitId,
    /// Its account manager.
    pub manager: Option<StaffId>,
    /// The customer above it in its tree.
    pub parent: Option<CustomerId>,
    /// Its category.
    pub category: CustomerCategory,
    /// Its industry.
    pub industry: Option<&'a str>,
    /// Unified social credit code.
    pub credit_code: Option<&'a str>,
    /// Known since.
    pub created_on: Date,
}

/// What the list needs of a customer that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerNow {
    /// Which.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: OrgUnitId,
    /// Its account manager.
    pub manager: Option<StaffId>,
    /// The customer above it in its tree.
    pub parent: Option<CustomerId>,
    /// Its category.
    pub category: CustomerCategory,
    /// Its industry.
    pub industry: Option<String>,
    /// Unified social credit code.
    pub credit_code: Option<String>,
    /// Known since.
    pub created_on: Date,
    /// When it, or one that it stands for, was visited last.
    pub last_visit: Option<Instant>,
}

/// What tells whether two customers are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Which.
    pub id: CustomerId,
    /// The operator's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Unified social credit code, as it was entered.
    pub credit_code: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Telephone numbers of its people.
    pub phones: Vec<String>,
}

/// A node of a customer tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerNode {
    /// Which.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// The node above, within the tree.
    pub parent: Option<CustomerId>,
    /// Its unit.
    pub unit: OrgUnitId,
    /// Its account manager …
    pub manager: Option<StaffId>,
    /// … by name.
    pub manager_name: Option<String>,
}

/// What stood in a row before a change, of the columns that the extract had.
#[derive(Deserialize)]
struct Before {
    name: Option<String>,
    org_id: Option<i64>,
    category: Option<String>,
    created_on: Option<i64>,
    // Of what may be unknown, a column that is there and holds nothing is another thing than none.
    #[serde(default, deserialize_with = "there")]
    manager_id: Option<Option<i64>>,
    #[serde(default, deserialize_with = "there")]
    industry: Option<Option<String>>,
    #[serde(default, deserialize_with = "there")]
    employees: Option<Option<i64>>,
    #[serde(default, deserialize_with = "there")]
    credit_code: Option<Option<String>>,
    #[serde(default, deserialize_with = "there")]
    address: Option<Option<String>>,
    #[serde(default, deserialize_with = "there")]
    competitor: Option<Option<String>>,
    #[serde(default, deserialize_with = "there")]
    wallet_fen: Option<Option<i64>>,
}

fn there<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    value: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(value).map(Some)
}

impl Before {
    fn put_back(self, record: &mut CustomerRecord) -> Result<()> {
        fn put<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        put(&mut record.name, self.name);
        put(&mut record.unit, self.org_id.map(OrgUnitId::new));
        put(&mut record.manager, self.manager_id.map(|id| id.map(StaffId::new)));
        put(&mut record.industry, self.industry);
        put(&mut record.employees, self.employees);
        put(&mut record.credit_code, self.credit_code);
        put(&mut record.address, self.address);
        put(&mut record.competitor, self.competitor);
        put(&mut record.wallet, self.wallet_fen.map(|fen| fen.map(Money::from_fen)));
        if let Some(code) = self.category {
            let unreadable = |_| StoreError::unreadable("audit.details.category", code.as_str());
            record.category = code.parse().map_err(unreadable)?;
        }
        if let Some(days) = self.created_on {
            record.created_on = date_from_days("audit.details.created_on", days)?;
        }
        Ok(())
    }
}

/// A customer, bound first, and those above it in its tree, where another may stand for one of them. UNION, so that a
/// circle of customers would end.
pub(crate) const PATH: &str = "WITH RECURSIVE above (id) AS ( \
         SELECT id FROM customers WHERE id = $1 \
         UNION SELECT coalesce(s.survivor_id, c.parent_id) FROM above CROSS JOIN customers AS c \
         LEFT JOIN survivors AS s ON s.customer_id = c.parent_id \
         WHERE c.id = above.id AND c.parent_id IS NOT NULL \
     ) SELECT id FROM above";

/// Nodes of a tree deeper than this are not followed.
const DEEPEST: i64 = 32;

impl Store {
    /// A customer.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer(&self, id: CustomerId) -> Result<Option<CustomerRecord>> {
        let row = sqlx::query(
            "SELECT c.code, c.name, c.org_id, c.manager_id, s.name AS manager_name, c.category, c.industry, \
             c.employees, c.credit_code, c.address, c.created_on, c.competitor, c.wallet_fen \
             FROM customers AS c LEFT JOIN staff AS s ON s.id = c.manager_id WHERE c.id = $1",
        )
        .bind(id.get())
        .fetch_optional(self.database.readers())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(CustomerRecord {
            id,
            code: row.value("code")?,
            name: row.value("name")?,
            unit: OrgUnitId::new(row.value("org_id")?),
            manager: row.value::<Option<i64>>("manager_id")?.map(StaffId::new),
            manager_name: row.value("manager_name")?,
            category: row.code("category")?,
            industry: row.value("industry")?,
            employees: row.value("employees")?,
            credit_code: row.value("credit_code")?,
            address: row.value("address")?,
            created_on: row.date("created_on")?,
            competitor: row.value("competitor")?,
            wallet: row.optional_money("wallet_fen")?,
        }))
    }

    /// A customer as the records knew it at a moment: what was changed since is put back. That a row was not there yet is
    /// not known; its code never changes.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_as_known(&self, id: CustomerId, at: Instant) -> Result<Option<CustomerRecord>> {
        let Some(mut record) = self.customer(id).await? else {
            return Ok(None);
        };
        let changes: Vec<String> = sqlx::query_scalar(
            "SELECT details FROM audit WHERE noun = 'customers' AND record_id = $1 AND action = $2 AND at >= $3 \
             ORDER BY id DESC",
        )
        .bind(id.get())
        .bind(RECORD_CHANGE)
        .bind(at.micros())
        .fetch_all(self.database.readers())
        .await?;
        for change in &changes {
            let before: Before = serde_json::from_str(change)
                .map_err(|error| StoreError::unreadable("audit.details", error.to_string()))?;
            before.put_back(&mut record)?;
        }
        record.manager_name = match record.manager {
            None => None,
            Some(manager) => {
                sqlx::query_scalar("SELECT name FROM staff WHERE id = $1")
                    .bind(manager.get())
                    .fetch_optional(self.database.readers())
                    .await?
            }
        };
        Ok(Some(record))
    }

    /// The customer with this code.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_by_code(&self, code: &str) -> Result<Option<CustomerId>> {
        let id: Option<i64> = sqlx::query_scalar("SELECT id FROM customers WHERE code = $1")
            .bind(code)
            .fetch_optional(self.database.readers())
            .await?;
        Ok(id.map(CustomerId::new))
    }

    /// A customer and those above it in its tree, from itself upwards.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_path(&self, id: CustomerId) -> Result<Vec<CustomerId>> {
        let path: Vec<i64> =
            sqlx::query_scalar(PATH).bind(id.get()).fetch_all(self.database.readers()).await?;
        Ok(path.into_iter().map(CustomerId::new).collect())
    }

    /// The code of every customer, by id.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_codes(&self) -> Result<Vec<(CustomerId, String)>> {
        let mut codes = Vec::new();
        packed::scan(self.database.readers(), "customers", &["id", "code"], &mut |chunk| {
            let texts = chunk.texts(1)?.into_iter().flatten();
            codes.extend(
                chunk.wholes(0)?.into_iter().map(CustomerId::new).zip(texts.map(|code| code.to_string())),
            );
            Ok(())
        })
        .await?;
        Ok(codes)
    }

    /// Hands over every customer, by id. Compare [`Store::versions`] before and after.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn scan_customers(&self, each: &mut (dyn FnMut(CustomerEntry<'_>) + Send)) -> Result<()> {
        let columns = &[
            "id",
            "code",
            "name",
            "org_id",
            "manager_id",
            "category",
            "industry",
            "created_on",
            "parent_id",
            "credit_code",
        ];
        packed::scan(self.database.readers(), "customers", columns, &mut |chunk| {
            let (ids, codes, names) = (chunk.wholes(0)?, chunk.texts(1)?, chunk.texts(2)?);
            let (units, managers) = (chunk.wholes(3)?, chunk.optional_wholes(4)?);
            let (categories, industries, created) = (chunk.texts(5)?, chunk.texts(6)?, chunk.wholes(7)?);
            let (parents, credit_codes) = (chunk.optional_wholes(8)?, chunk.texts(9)?);
            for (row, &id) in ids.iter().enumerate() {
                let category = categories[row].as_deref().unwrap_or_default();
                each(CustomerEntry {
                    id: CustomerId::new(id),
                    code: codes[row].as_deref().unwrap_or_default(),
                    name: names[row].as_deref().unwrap_or_default(),
                    unit: OrgUnitId::new(units[row]),
                    manager: managers[row].map(StaffId::new),
                    parent: parents[row].map(CustomerId::new),
                    category: category.parse().map_err(|_| chunk.unreadable(5, category))?,
                    industry: industries[row].as_deref(),
                    credit_code: credit_codes[row].as_deref(),
                    created_on: date_from_days("created_on", created[row])?,
                });
            }
            Ok(())
        })
        .await
    }

    /// Some customers as they are now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customers_now(&self, ids: &[CustomerId]) -> Result<Vec<CustomerNow>> {
        let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
        let rows = sqlx::query(
            "SELECT c.id, c.name, c.org_id, c.manager_id, c.parent_id, c.category, c.industry, c.credit_code, \
             c.created_on, (SELECT max(v.at) FROM interactions AS v WHERE v.channel = 'visit' AND v.removed_at IS NULL \
             AND v.customer_id IN (SELECT c.id UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = c.id)) \
             AS last_visit FROM json_each($1) AS i CROSS JOIN customers AS c WHERE c.id = i.value",
        )
        .bind(serde_json::json!(ids).to_string())
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CustomerNow {
                    id: CustomerId::new(row.value("id")?),
                    name: row.value("name")?,
                    unit: OrgUnitId::new(row.value("org_id")?),
                    manager: row.value::<Option<i64>>("manager_id")?.map(StaffId::new),
                    parent: row.value::<Option<i64>>("parent_id")?.map(CustomerId::new),
                    category: row.code("category")?,
                    industry: row.value("industry")?,
                    credit_code: row.value("credit_code")?,
                    created_on: row.date("created_on")?,
                    last_visit: row.optional_instant("last_visit")?,
                })
            })
            .collect()
    }

    /// What tells whether two customers are one, of every customer, in the order in which they became known.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn registrations(&self) -> Result<Vec<Registration>> {
        let columns = &["id", "code", "name", "credit_code", "address"];
        let mut customers = packed::all(self.database.readers(), "customers", columns, |chunk| {
            let (ids, codes, names) = (chunk.wholes(0)?, chunk.texts(1)?, chunk.texts(2)?);
            let (credit_codes, addresses) = (chunk.texts(3)?, chunk.texts(4)?);
            let registration = |row: usize| Registration {
                id: CustomerId::new(ids[row]),
                code: codes[row].as_deref().unwrap_or_default().to_owned(),
                name: names[row].as_deref().unwrap_or_default().to_owned(),
                credit_code: credit_codes[row].as_deref().map(str::to_owned),
                address: addresses[row].as_deref().map(str::to_owned),
                phones: Vec::new(),
            };
            Ok((0..ids.len()).map(registration).collect())
        })
        .await?;
        let columns = &["customer_id", "phone"];
        packed::scan(self.database.readers(), "contacts", columns, &mut |chunk| {
            for (customer, phone) in chunk.wholes(0)?.into_iter().zip(chunk.texts(1)?) {
                let place = customers.binary_search_by_key(&customer, |one| one.id.get());
                if let (Ok(place), Some(phone)) = (place, phone) {
                    customers[place].phones.push(phone.to_string());
                }
            }
            Ok(())
        })
        .await?;
        Ok(customers)
    }

    /// The whole tree that a customer belongs to, from its root, those above before those below; cut off after
    /// `limit` nodes, but never before the customer itself and those above it.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn customer_tree(&self, id: CustomerId, limit: u32) -> Result<Vec<CustomerNode>> {
        // CROSS JOIN keeps the order of the tables: the planner may else look through all customers.
        let rows = sqlx::query(
            "WITH RECURSIVE above (id, parent_id, height) AS ( \
                 SELECT c.id, coalesce(s.survivor_id, c.parent_id), 0 FROM customers AS c \
                 LEFT JOIN survivors AS s ON s.customer_id = c.parent_id WHERE c.id = $1 \
                 UNION ALL \
                 SELECT c.id, coalesce(s.survivor_id, c.parent_id), above.height + 1 FROM above \
                 CROSS JOIN customers AS c LEFT JOIN survivors AS s ON s.customer_id = c.parent_id \
                 WHERE c.id = above.parent_id AND above.height < $2 \
             ), below (id, depth) AS ( \
                 SELECT id, 0 FROM (SELECT id FROM above ORDER BY height DESC LIMIT 1) \
                 UNION ALL \
                 SELECT c.id, below.depth + 1 FROM below \
                 CROSS JOIN customers AS c WHERE below.depth < $2 AND c.parent_id IN \
                 (SELECT below.id UNION ALL SELECT customer_id FROM survivors WHERE survivor_id = below.id) \
                 AND c.id NOT IN (SELECT customer_id FROM survivors) \
             ) \
             SELECT c.id, c.name, coalesce(merged.survivor_id, c.parent_id) AS parent_id, c.org_id, c.manager_id, \
             s.name AS manager_name \
             FROM below CROSS JOIN customers AS c LEFT JOIN staff AS s ON s.id = c.manager_id \
             LEFT JOIN survivors AS merged ON merged.customer_id = c.parent_id \
             WHERE c.id = below.id ORDER BY below.id NOT IN (SELECT id FROM above), below.depth, c.code LIMIT $3",
        )
        .bind(id.get())
        .bind(DEEPEST)
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CustomerNode {
                    id: CustomerId::new(row.value("id")?),
                    name: row.value("name")?,
                    parent: row.value::<Option<i64>>("parent_id")?.map(CustomerId::new),
                    unit: OrgUnitId::new(row.value("org_id")?),
                    manager: row.value::<Option<i64>>("manager_id")?.map(StaffId::new),
                    manager_name: row.value("manager_name")?,
                })
            })
            .collect()
    }
}
