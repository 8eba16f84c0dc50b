//! Users: who may sign in.

pub mod create;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::Problem;
use domain::id::StaffId;
use domain::org::OrgLevel;
use domain::staff::Role;
use store::staff::StaffLoad;

use crate::Services;

/// A person who stands for a role at a level, for sample logins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleStaff {
    /// Who.
    pub staff: StaffId,
    /// The operator's code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The level of the unit.
    pub level: OrgLevel,
    /// The unit's name.
    pub unit: String,
    /// The name to sign in with, if there is a user already.
    pub username: Option<String>,
}

/// One person per role and level that there are, in the order of roles and levels; among several, the one who
/// answers for most customers, then the one whose unit has most.
///
/// # Errors
/// When the records cannot be read.
pub async fn sample_staff(services: &Services) -> Result<Vec<SampleStaff>, Problem> {
    let (index, loads) =
        tokio::try_join!(services.customers(), async { Ok(services.store().staff_loads().await?) })?;
    let mut best: BTreeMap<(Role, OrgLevel), (u64, usize, StaffLoad)> = BTreeMap::new();
    for load in loads {
        let rank = (load.customers, index.rows_below(load.unit).len());
        match best.entry((load.role, load.level)) {
            Entry::Vacant(entry) => {
                entry.insert((rank.0, rank.1, load));
            }
            Entry::Occupied(mut entry) => {
                if rank > (entry.get().0, entry.get().1) {
                    entry.insert((rank.0, rank.1, load));
                }
            }
        }
    }
    let samples = best.into_values().map(|(_, _, load)| SampleStaff {
        staff: load.id,
        code: load.code,
        name: load.name,
        role: load.role,
        level: load.level,
        unit: load.unit_name,
        username: load.username,
    });
    Ok(samples.collect())
}

/// The person with this code.
///
/// # Errors
/// When the records cannot be read.
pub async fn staff_by_code(services: &Services, code: &str) -> Result<Option<StaffId>, Problem> {
    let everyone = services.store().staff_loads().await?;
    Ok(everyone.into_iter().find(|person| person.code == code).map(|person| person.id))
}
