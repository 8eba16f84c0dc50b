//! Customers: the list and the one view.

mod column;
mod count;
pub mod export;
mod facet;
mod fields;
pub(crate) mod index;
pub mod known;
pub mod list;
mod memo;
mod query;
pub(crate) mod select;
pub mod show;
mod texts;

use std::sync::Arc;

use domain::assessment::Assessment;
use domain::customer::CustomerCategory;
use domain::engine::RelationMonth;
use domain::field::{Field, FieldValue};
use domain::id::{CustomerId, MemberId, StaffId};
use domain::satisfaction::MemberMonth;
use domain::{Date, Instant, LifecycleStage, Money, Month};
use hashbrown::HashMap;

/// A person at the customer: of the phone all but the last four digits are hidden, of the e-mail all but its
/// first letter and its host.
pub use store::contact::ContactRow;
pub use store::contract::ContractRow;
pub use store::customer::CustomerRecord;
pub use store::member::MemberRow;
pub use store::service::ServiceRow;
pub use store::ticket::TicketRow;

pub use column::{Column, Columns, Told};
pub use facet::{Chosen, Facet, Measure, MeasureKind, Ranges};
pub use fields::{FieldCondition, Fields, in_words};
pub use query::{CustomerQuery, CustomerSort, Pairs};

use store::merge::MergeRow;
use store::visit::{TaskRow, VisitRow};

use crate::actor::UnitName;
use crate::archive::list::SheetView;
use crate::timeline::TimelineEntry;

/// A page of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerPage {
    /// The published month; none before the first cycle.
    pub month: Option<Month>,
    /// How many customers match.
    pub total: u64,
    /// How many match per stage if the stage filter were off, in the order of [`LifecycleStage::ALL`].
    pub by_stage: [u64; LifecycleStage::COUNT],
    /// Likewise per code of each facet, in the order of [`Facet::ALL`] and [`Facet::codes`].
    pub by_code: [Vec<u64>; Facet::COUNT],
    /// The name of the segment asked for.
    pub segment: Option<String>,
    /// At most [`CustomerPage::ROWS`] rows.
    pub rows: Vec<CustomerRow>,
    /// The cursor of the next page, if there is one.
    pub next: Option<CustomerId>,
    /// What the filters can be set to, within the user's scope.
    pub choices: CustomerChoices,
    /// The operator's own fields.
    pub fields: Arc<Fields>,
}

impl CustomerPage {
    /// Rows on a page.
    pub const ROWS: usize = 50;
}

/// What the filters of the list can be set to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerChoices {
    /// Industries, the commonest first.
    pub industries: Vec<String>,
    /// The path from the user's unit down to the one chosen, both included.
    pub path: Vec<UnitName>,
    /// The units directly below the one chosen (or the user's own), each with those directly below it unless they
    /// are too many to choose from.
    pub below: Vec<(UnitName, Vec<UnitName>)>,
    /// Managers by name, told apart by their codes where names are the same; empty for those who see only their own.
    /// At most 200.
    pub managers: Vec<(StaffId, String)>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRow {
    /// Whom.
    pub id: CustomerId,
    /// The operator's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: CustomerCategory,
    /// Its industry.
    pub industry: Option<String>,
    /// Its unit.
    pub unit: String,
    /// Its manager.
    pub manager: Option<String>,
    /// Lines in use in the published month.
    pub lines: Option<i64>,
    /// Since which day it is known.
    pub known_since: Option<Date>,
    /// On which day it was visited last.
    pub last_visit: Option<Date>,
    /// Its assessment in the published month; none before the first cycle.
    pub assessment: Option<Assessment>,
    /// The operator's own fields that were asked for, with what stands in them.
    pub own: Vec<(Arc<Field>, Option<FieldValue>)>,
}

/// Everything about one customer.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerView {
    /// The row of the list.
    pub row: CustomerRow,
    /// The path of units from headquarters down to its own.
    pub units: Vec<UnitName>,
    /// The customers that this one stands for.
    pub merged: Vec<MergeRow>,
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
    /// The customer tree from the root: nodes outside the user's scope show name, level and owner only.
    pub tree: Vec<TreeNode>,
    /// All months, oldest first.
    pub months: Vec<RelationMonth>,
    /// Services, running ones first.
    pub services: Vec<ServiceRow>,
    /// Contracts, the one that ends last first.
    pub contracts: Vec<ContractRow>,
    /// Members: how many there are, and some of them.
    pub members: (u64, Vec<MemberRow>),
    /// What the published month says of them.
    pub members_told: HashMap<MemberId, MemberMonth>,
    /// Contacts.
    pub contacts: Vec<ContactRow>,
    /// Tickets, newest first, at most 50.
    pub tickets: Vec<TicketRow>,
    /// The newest of what happened.
    pub timeline: Vec<TimelineEntry>,
    /// When someone was last in contact with it.
    pub last_contact: Option<Instant>,
    /// Visits planned and not made.
    pub visits: Vec<VisitRow>,
    /// Tasks, those that are open first.
    pub tasks: Vec<TaskRow>,
    /// By when it is to be visited.
    pub visit_due_on: Option<Date>,
    /// By when its relation is to be reviewed again; none if it never was.
    pub review_due_on: Option<Date>,
    /// Today.
    pub today: Date,
    /// What people filled in beside: relationship, competitors, what is bought from the customer.
    pub sheets: Vec<SheetView>,
    /// The operator's own fields that it has, with what stands in them.
    pub own: Vec<(Arc<Field>, Option<FieldValue>)>,
    /// Whether the user may edit it.
    pub may_edit: bool,
    /// Whether the user may write contacts with it down, and plan visits and tasks.
    pub may_log: bool,
}

/// A node of the customer tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeNode {
    /// Whom, if the user may open it.
    pub open: Option<CustomerId>,
    /// Its name.
    pub name: String,
    /// Depth below the root, 0 for the root.
    pub depth: u16,
    /// Its unit.
    pub unit: String,
    /// Its manager.
    pub manager: Option<String>,
    /// Whether this is the customer shown.
    pub is_self: bool,
}
