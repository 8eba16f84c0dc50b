//! Users: who may sign in.

pub mod create;

use domain::Problem;
use domain::id::StaffId;
use domain::org::OrgLevel;
use domain::staff::Role;

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
/// answers for most customers.
///
/// # Errors
/// When the records cannot be read.
pub async fn sample_staff(_services: &Services) -> Result<Vec<SampleStaff>, Problem> {
    Err(Problem::internal("not written yet"))
}
