//! Who may do what: roles decide actions, the unit decides rows. This table is the whole of it.

use crate::code::codes;
use crate::id::{OrgUnitId, StaffId};
use crate::staff::Role;

codes! {
    /// Something a user may or may not do.
    pub enum Action ("action") {
        /// See the own worklist.
        ViewToday = "view_today",
        /// See customers, within scope.
        ViewCustomers = "view_customers",
        /// Take a list of customers out as a file.
        ExportCustomers = "export_customers",
        /// See sums over customers, within scope.
        ViewInsight = "view_insight",
        /// Build segments of customers and keep them.
        BuildSegments = "build_segments",
        /// See imports and cycles.
        ViewData = "view_data",
    }
}

/// The rows a user may see. Every read takes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The customers of one unit and all units below it.
    Subtree(OrgUnitId),
    /// The customers that this person answers for.
    Own(StaffId),
}

impl Role {
    /// Whether this role may take an action at all; on which rows, the scope says.
    #[must_use]
    pub const fn may(self, action: Action) -> bool {
        use Action::{BuildSegments, ExportCustomers, ViewCustomers, ViewData, ViewInsight, ViewToday};
        match self {
            Self::AccountManager | Self::CommunityManager => {
                matches!(action, ViewToday | ViewCustomers | ExportCustomers)
            }
            Self::UnitHead => {
                matches!(action, ViewToday | ViewCustomers | ExportCustomers | ViewInsight | BuildSegments)
            }
            Self::Analyst => {
                matches!(action, ViewCustomers | ExportCustomers | ViewInsight | BuildSegments | ViewData)
            }
            Self::Pricing => matches!(action, ViewCustomers | ViewInsight | BuildSegments),
            Self::ServiceAgent | Self::Engineer | Self::HallClerk | Self::ChannelAgent => {
                matches!(action, ViewCustomers)
            }
            Self::Admin => true,
        }
    }

    /// Whether people of this role see only the customers they answer for, whatever their unit.
    #[must_use]
    pub const fn sees_own_only(self) -> bool {
        matches!(self, Self::AccountManager | Self::CommunityManager | Self::ChannelAgent)
    }

    /// The rows that a person of this role in this unit may see.
    #[must_use]
    pub const fn scope(self, staff: StaffId, unit: OrgUnitId) -> Scope {
        if self.sees_own_only() { Scope::Own(staff) } else { Scope::Subtree(unit) }
    }
}
