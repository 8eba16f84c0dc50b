//! Who asks.

use domain::id::{OrgUnitId, StaffId, UserId};
use domain::org::OrgLevel;
use domain::policy::Scope;
use domain::staff::Role;

/// A signed-in user.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// The user.
    pub user: UserId,
    /// The person behind it.
    pub staff: StaffId,
    /// The person's name.
    pub name: String,
    /// The person's role.
    pub role: Role,
    /// The unit the person works in.
    pub unit: UnitName,
    /// The rows the person may see.
    pub scope: Scope,
}

/// A unit by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitName {
    /// Which.
    pub id: OrgUnitId,
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: OrgLevel,
}
