//! Typed ids. An id is a positive 63-bit number that the records assign in order of arrival: 60 million
//! fact rows carry one each (decision 0003).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct IdError;

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident, )+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(i64);

            impl $name {
                /// An id from its number.
                #[must_use]
                pub const fn new(number: i64) -> Self {
                    Self(number)
                }

                /// The number.
                #[must_use]
                pub const fn get(self) -> i64 {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(&self.0, f)
                }
            }

            impl FromStr for $name {
                type Err = IdError;
                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    match text.parse() {
                        Ok(number) if number > 0 => Ok(Self(number)),
                        _ => Err(IdError),
                    }
                }
            }
        )+
    };
}

ids! {
    /// A field of customers that the operator defined.
    FieldId,
    /// A saved segment.
    SegmentId,
    /// A sheet that a person imports.
    SheetImportId,
    /// A saved view of the list.
    ViewId,
    /// Sight of rows beyond what role and unit give.
    GrantId,
    /// A customer that stands for another.
    MergeId,
    /// A piece of work on a customer tree by several units.
    CollaborationId,
    /// Customers that came to another manager in one step.
    AssignmentId,
    /// A value given to many customers in one step.
    EditId,
    /// A unit of the organisation.
    OrgUnitId,
    /// A person who works for the operator.
    StaffId,
    /// An enterprise customer.
    CustomerId,
    /// A person at a customer.
    ContactId,
    /// A product.
    ProductId,
    /// A contract.
    ContractId,
    /// A service that a customer has or had.
    ServiceId,
    /// A subscriber line used by someone of a customer.
    MemberId,
    /// A ticket.
    TicketId,
    /// A contact by any channel.
    InteractionId,
    /// An opportunity.
    OpportunityId,
    /// A visit that is planned.
    VisitId,
    /// Something to be done.
    TaskId,
    /// A run of an import.
    ImportId,
    /// A run of the cycle.
    CycleId,
    /// A signed-in user.
    UserId,
    /// A session of a user.
    SessionId,
    /// What a program signs in with for a user.
    TokenId,
}
