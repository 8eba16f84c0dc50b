//! A page of the list.

use domain::Problem;

use super::{CustomerPage, CustomerQuery};
use crate::{Actor, Services};

/// The customers within the actor's scope that fit the query.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(
    _services: &Services,
    _actor: &Actor,
    _query: &CustomerQuery,
) -> Result<CustomerPage, Problem> {
    Err(Problem::internal("not written yet"))
}
