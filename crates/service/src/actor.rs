//! Who asks.

use std::sync::Arc;

use domain::id::{OrgUnitId, SessionId, StaffId, UserId};
use domain::org::OrgLevel;
use domain::policy::{Action, Scope};
use domain::sign_in::Duty;
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
    /// Through what the user asks.
    pub through: Through,
    /// What the user owes before anything else is open.
    pub duty: Option<Duty>,
}

/// Through what a user asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Through {
    /// A session, with all that the role may do.
    Session(SessionId),
    /// A program with a token, which may do these things only.
    Token(Arc<[Action]>),
}

impl Actor {
    /// Whether the user may take an action now: as the role may, and the token if a program asks, and never before what is
    /// owed is done.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        let is_within = match &self.through {
            Through::Session(_) => true,
            Through::Token(actions) => actions.contains(&action),
        };
        self.duty.is_none() && is_within && self.role.may(action)
    }
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
