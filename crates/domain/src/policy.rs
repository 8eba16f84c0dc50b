//! Who may do what: roles decide actions, the unit decides rows. This table is the whole of it.

use std::sync::Arc;

use crate::code::codes;
use crate::id::{CustomerId, OrgUnitId, StaffId};
use crate::staff::Role;

codes! {
    /// Something a user may or may not do.
    pub enum Action ("action") {
        /// See the own worklist.
        ViewToday = "view_today",
        /// See customers, within scope.
        ViewCustomers = "view_customers",
        /// Fill in what is known of one's own customers and of those around them, and add customers.
        EditCustomers = "edit_customers",
        /// Write down contacts with one's own customers, plan visits to them and tasks around them.
        LogContacts = "log_contacts",
        /// Say to which unit and to whom a customer belongs, and where in its tree.
        AssignCustomers = "assign_customers",
        /// Put customers of the unit's pool on one's own list.
        ClaimCustomers = "claim_customers",
        /// Take a list of customers out as a file.
        ExportCustomers = "export_customers",
        /// Bring customers in from a sheet: create one's own and fill in what is known of them, many at a time.
        ImportCustomers = "import_customers",
        /// See sums over customers, within scope.
        ViewInsight = "view_insight",
        /// Build segments of customers and keep them.
        BuildSegments = "build_segments",
        /// Say what is done about members who may be dissatisfied, for the own unit and those below it.
        EditTactics = "edit_tactics",
        /// See imports and cycles.
        ViewData = "view_data",
        /// See phone and e-mail of a customer's people in full, one by one and with a reason.
        RevealContact = "reveal_contact",
        /// Let a person see, for a time, more than role and unit give, and see why someone sees a customer.
        GrantSight = "grant_sight",
        /// Ask other units to work on a customer tree together, and answer for the part of one's own.
        Collaborate = "collaborate",
        /// Decide which customers are one: merge them, and take them apart again.
        MergeCustomers = "merge_customers",
        /// Define the operator's own fields of customers.
        DefineFields = "define_fields",
        /// See who did what, and take it out as a file.
        ViewAudit = "view_audit",
        /// Decide who may sign in, and end sessions.
        Administer = "administer",
    }
}

impl Action {
    /// Whether a program may be let do it for its user: what gives data out and changes nothing.
    #[must_use]
    pub const fn is_for_programs(self) -> bool {
        matches!(
            self,
            Self::ViewToday
                | Self::ViewCustomers
                | Self::ExportCustomers
                | Self::ViewInsight
                | Self::ViewData
                | Self::ViewAudit
        )
    }
}

/// The rows a user may see: what role and unit give, and what was granted beyond. Every read takes one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    home: Home,
    granted: Arc<[Granted]>,
}

/// The rows that come with a person's role and unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Home {
    /// The customers of one unit and all units below it.
    Subtree(OrgUnitId),
    /// The customers that this person answers for.
    Own(StaffId),
}

/// Rows that were granted to a person, by name or with the work that units do together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Granted {
    /// The customers of one unit and all units below it.
    Subtree(OrgUnitId),
    /// A customer and all customers below it in its tree, wherever they belong.
    Tree(CustomerId),
    /// Of a customer and all customers below it in its tree, those of one unit and all units below it.
    Part(CustomerId, OrgUnitId),
}

impl Scope {
    /// A scope; in which order grants come, and how often, makes no difference.
    #[must_use]
    pub fn new(home: Home, granted: impl IntoIterator<Item = Granted>) -> Self {
        let mut granted: Vec<Granted> = granted.into_iter().collect();
        granted.sort_unstable();
        granted.dedup();
        Self { home, granted: granted.into() }
    }

    /// What role and unit give.
    #[must_use]
    pub const fn home(&self) -> Home {
        self.home
    }

    /// What was granted beyond.
    #[must_use]
    pub fn granted(&self) -> &[Granted] {
        &self.granted
    }

    /// The same without what was granted.
    #[must_use]
    pub fn without_granted(&self) -> Self {
        Self { home: self.home, granted: Arc::default() }
    }

    /// Whether these are one's own customers and no others, so that nobody need be told whose they are.
    #[must_use]
    pub fn is_own_only(&self) -> bool {
        matches!(self.home, Home::Own(_)) && self.granted.is_empty()
    }
}

impl Role {
    /// Whether this role may take an action at all; on which rows, the scope says.
    #[must_use]
    pub const fn may(self, action: Action) -> bool {
        use Action::{
            AssignCustomers, BuildSegments, ClaimCustomers, Collaborate, EditCustomers, EditTactics,
            ExportCustomers, GrantSight, ImportCustomers, LogContacts, MergeCustomers, RevealContact,
            ViewCustomers, ViewData, ViewInsight, ViewToday,
        };
        match self {
            Self::AccountManager | Self::CommunityManager => {
                matches!(
                    action,
                    ViewToday
                        | ViewCustomers
                        | EditCustomers
                        | LogContacts
                        | ClaimCustomers
                        | RevealContact
                        | ExportCustomers
                        | ImportCustomers
                )
            }
            Self::UnitHead => matches!(
                action,
                ViewToday
                    | ViewCustomers
                    | EditCustomers
                    | LogContacts
                    | AssignCustomers
                    | RevealContact
                    | ExportCustomers
                    | ImportCustomers
                    | ViewInsight
                    | BuildSegments
                    | EditTactics
                    | GrantSight
                    | Collaborate
                    | MergeCustomers
            ),
            Self::Analyst => {
                matches!(action, ViewCustomers | ExportCustomers | ViewInsight | BuildSegments | ViewData)
            }
            Self::Pricing => matches!(action, ViewCustomers | ViewInsight | BuildSegments),
            Self::ServiceAgent | Self::Engineer => {
                matches!(action, ViewCustomers | LogContacts | RevealContact)
            }
            Self::HallClerk => matches!(action, ViewCustomers | LogContacts),
            Self::ChannelAgent => matches!(action, ViewCustomers | EditCustomers | LogContacts),
            Self::Admin => true,
        }
    }

    /// Whether people of this role see only the customers they answer for, whatever their unit.
    #[must_use]
    pub const fn sees_own_only(self) -> bool {
        matches!(self, Self::AccountManager | Self::CommunityManager | Self::ChannelAgent)
    }

    /// The rows that come with this role in this unit.
    #[must_use]
    pub const fn home(self, staff: StaffId, unit: OrgUnitId) -> Home {
        if self.sees_own_only() { Home::Own(staff) } else { Home::Subtree(unit) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Roles by actions, as it stands in the documentation: who changes it, changes both.
    #[test]
    fn the_matrix_is_the_one_committed() {
        let mut matrix = String::from("| role |");
        Action::ALL.iter().for_each(|action| matrix.push_str(&format!(" {action} |")));
        matrix.push_str("\n|---|");
        matrix.push_str(&"---|".repeat(Action::ALL.len()));
        for role in Role::ALL {
            let rows = if role.sees_own_only() { "own customers" } else { "unit" };
            matrix.push_str(&format!("\n| {role} ({rows}) |"));
            for &action in Action::ALL {
                matrix.push_str(if role.may(action) { " yes |" } else { " |" });
            }
        }
        let committed = include_str!("../../../docs/access.md");
        assert!(committed.contains(&matrix), "docs/access.md lacks this matrix:\n\n{matrix}");
    }

    #[test]
    fn grants_make_the_same_scope_in_any_order() {
        let (one, other) = (Granted::Subtree(OrgUnitId::new(2)), Granted::Tree(CustomerId::new(1)));
        let home = Home::Own(StaffId::new(1));
        assert_eq!(Scope::new(home, [one, other, one]), Scope::new(home, [other, one]));
        assert!(Scope::new(home, None).is_own_only() && !Scope::new(home, [one]).is_own_only());
    }
}
