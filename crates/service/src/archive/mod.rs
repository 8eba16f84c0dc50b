//! The archive: what people fill in of customers and all around them, sheet by sheet.

pub mod form;
pub mod list;
pub(crate) mod own;
pub mod remove;
pub mod save;

use domain::archive::Sheet;
use domain::extract::Column;
use domain::id::{CustomerId, VisitId};
use domain::policy::Action;
use domain::{Message, Problem};
use store::customer::CustomerRecord;

pub use own::OwnField;
pub use store::archive::LastChange;

use crate::customer::index::CustomerIndex;
use crate::customer::show::is_in;
use crate::duplicate::like::Likeness;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// What a form is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A customer that is not there yet.
    NewCustomer,
    /// A customer itself.
    Customer(CustomerId),
    /// A row of another sheet at a customer, or a new one.
    Row(CustomerId, Sheet, Option<i64>),
}

impl Target {
    /// On which sheet.
    #[must_use]
    pub const fn sheet(self) -> Sheet {
        match self {
            Self::NewCustomer | Self::Customer(_) => Sheet::Customer,
            Self::Row(_, sheet, _) => sheet,
        }
    }

    /// At which customer.
    #[must_use]
    pub const fn customer(self) -> Option<CustomerId> {
        match self {
            Self::NewCustomer => None,
            Self::Customer(customer) | Self::Row(customer, ..) => Some(customer),
        }
    }

    /// The row that is there already.
    #[must_use]
    pub const fn row(self) -> Option<i64> {
        match self {
            Self::NewCustomer => None,
            Self::Customer(customer) => Some(customer.get()),
            Self::Row(_, _, row) => row,
        }
    }
}

/// A sheet to be filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// What it is about.
    pub target: Target,
    /// The name of the customer it is at.
    pub name: String,
    /// The state of the row that it shows, to be sent back with it.
    pub seen: i64,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// The operator's own fields after them.
    pub own: Vec<OwnField>,
    /// Customers that are probably the one being entered; it is kept once the person says that it is another.
    pub likes: Vec<Likeness>,
    /// Who changed the row while the form was being filled in, if someone did.
    pub changed: Option<LastChange>,
    /// The planned visit that the contact is.
    pub visit: Option<VisitId>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The column it fills.
    pub column: &'static Column,
    /// What stands in it: as it is kept, or as it was typed.
    pub text: String,
    /// What is wrong with it.
    pub wrong: Option<Message>,
    /// What is kept by now, where someone else changed it meanwhile.
    pub other: Option<String>,
    /// What the last import had, where a person's word holds against it.
    pub extract: Option<String>,
    /// What it can be set to, with how that is called; empty for free text and closed lists.
    pub choices: Vec<(String, String)>,
}

/// A customer that the actor may edit, or do something else with: by role and unit, not by what was granted.
pub(crate) async fn customer_to_edit(
    services: &Services,
    actor: &Actor,
    index: &CustomerIndex,
    customer: CustomerId,
    action: Action,
) -> Result<CustomerRecord, Problem> {
    authorise(actor, action)?;
    // One that another stands for is edited there.
    if index.row(customer).is_none() && index.found_at(customer).is_some() {
        return Err(problem::not_found());
    }
    let record = services.store().customer(customer).await?;
    record.filter(|record| answers_for(index, actor, record, action)).ok_or_else(problem::not_found)
}

/// Whether a customer is the actor's own to edit, or to do something else with.
pub(crate) fn answers_for(
    index: &CustomerIndex,
    actor: &Actor,
    record: &CustomerRecord,
    action: Action,
) -> bool {
    actor.may(action) && is_in(index, &actor.scope.without_granted(), (record.unit, record.manager), &[])
}
