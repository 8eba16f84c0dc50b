//! People who work for the operator.

use domain::id::{OrgUnitId, StaffId};
use domain::org::OrgLevel;
use domain::staff::Role;
use sqlx::sqlite::SqliteRow;

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// A person with how many customers they answer for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLoad {
    /// Who.
    pub id: StaffId,
    /// The operator's code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The unit.
    pub unit: OrgUnitId,
    /// The unit's level.
    pub level: OrgLevel,
    /// The unit's name.
    pub unit_name: String,
    /// Customers this person answers for.
    pub customers: u64,
    /// The name to sign in with, if there is one.
    pub username: Option<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: StaffId,
    /// The operator's code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The unit.
    pub unit: OrgUnitId,
}

/// A person by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffName {
    /// Who.
    pub id: StaffId,
    /// The operator's code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The name, with the code where another has the same name.
    pub shown: String,
}

impl Store {
    /// Everyone's name, by id.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn staff_names(&self) -> Result<Vec<StaffName>> {
        let rows: Vec<(i64, String, String, bool)> = sqlx::query_as(
            "SELECT id, name, code, count(*) OVER (PARTITION BY name) > 1 FROM staff ORDER BY id",
        )
        .fetch_all(self.database.readers())
        .await?;
        let names = rows.into_iter().map(|(id, name, code, is_shared)| StaffName {
            id: StaffId::new(id),
            shown: if is_shared { format!("{name} · {code}") } else { name.clone() },
            name,
            code,
        });
        Ok(names.collect())
    }

    /// A person by code or by the name to sign in with.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn person(&self, named: &str) -> Result<Option<Person>> {
        let row = sqlx::query(
            "SELECT s.id, s.code, s.name, s.role, s.org_id FROM staff AS s WHERE s.code = $1 \
             OR s.id = (SELECT u.staff_id FROM users AS u WHERE u.username = $1) ORDER BY s.code <> $1 LIMIT 1",
        )
        .bind(named)
        .fetch_optional(self.database.readers())
        .await?;
        row.map(|row| person(&row)).transpose()
    }

    /// A person.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn person_by_id(&self, id: StaffId) -> Result<Option<Person>> {
        let row = sqlx::query("SELECT id, code, name, role, org_id FROM staff WHERE id = $1")
            .bind(id.get())
            .fetch_optional(self.database.readers())
            .await?;
        row.map(|row| person(&row)).transpose()
    }

    /// Those of a unit and all below it who keep customers of their own, by unit and name; at most `limit`.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn keepers_below(&self, unit: OrgUnitId, limit: u32) -> Result<Vec<Person>> {
        let keepers: Vec<&str> =
            Role::ALL.iter().filter(|role| role.sees_own_only()).map(|role| role.code()).collect();
        let rows = sqlx::query(
            "SELECT s.id, s.code, s.name, s.role, s.org_id FROM org_units AS top CROSS JOIN org_units AS o \
             CROSS JOIN staff AS s WHERE top.id = $1 AND o.position BETWEEN top.position AND top.last_position \
             AND s.org_id = o.id AND s.role IN (SELECT value FROM json_each($2)) \
             ORDER BY o.position, s.name, s.id LIMIT $3",
        )
        .bind(unit.get())
        .bind(serde_json::json!(keepers).to_string())
        .bind(limit)
        .fetch_all(self.database.readers())
        .await?;
        rows.iter().map(person).collect()
    }

    /// Everyone with the number of customers they answer for, by id.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn staff_loads(&self) -> Result<Vec<StaffLoad>> {
        let rows = sqlx::query(
            "SELECT s.id, s.code, s.name, s.role, s.org_id, o.level, o.name AS unit_name, \
             coalesce(l.customers, 0) AS customers, \
             (SELECT min(u.username) FROM users AS u WHERE u.staff_id = s.id) AS username \
             FROM staff AS s JOIN org_units AS o ON o.id = s.org_id \
             LEFT JOIN (SELECT manager_id, count(*) AS customers FROM customers GROUP BY manager_id) AS l \
             ON l.manager_id = s.id ORDER BY s.id",
        )
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(StaffLoad {
                    id: StaffId::new(row.value("id")?),
                    code: row.value("code")?,
                    name: row.value("name")?,
                    role: row.code("role")?,
                    unit: OrgUnitId::new(row.value("org_id")?),
                    level: row.code("level")?,
                    unit_name: row.value("unit_name")?,
                    customers: row.count("customers")?,
                    username: row.value("username")?,
                })
            })
            .collect()
    }
}

fn person(row: &SqliteRow) -> Result<Person> {
    Ok(Person {
        id: StaffId::new(row.value("id")?),
        code: row.value("code")?,
        name: row.value("name")?,
        role: row.code("role")?,
        unit: OrgUnitId::new(row.value("org_id")?),
    })
}
