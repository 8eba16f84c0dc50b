//! The one view of a customer.

use domain::Problem;
use domain::id::CustomerId;

use super::CustomerView;
use crate::{Actor, Services};

/// Everything about a customer; none when there is no such customer or it is outside the actor's scope.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(
    _services: &Services,
    _actor: &Actor,
    _customer: CustomerId,
) -> Result<Option<CustomerView>, Problem> {
    Err(Problem::internal("not written yet"))
}
