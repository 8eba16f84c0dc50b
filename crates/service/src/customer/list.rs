//! A page of the list.

use domain::Problem;
use domain::policy::Action;

use super::{CustomerPage, CustomerQuery};
use crate::services::authorise;
use crate::{Actor, Services, segment};

/// The customers within the actor's scope that fit the query.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, query: &CustomerQuery) -> Result<CustomerPage, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let index = services.customers().await?;
    let segment = segment::find(services, actor, query.segment).await?;
    let segment = segment.as_ref().map(|(name, groups)| (name.clone(), groups.as_slice()));
    Ok(index.page(&actor.scope, query, segment))
}
