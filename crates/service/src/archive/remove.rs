//! Taking a row out, and putting it back.

use domain::archive::Sheet;
use domain::id::CustomerId;
use domain::{Instant, Problem};

use super::customer_to_edit;
use crate::{Actor, Services, problem};

/// Takes a row of a customer's sheet out, or puts it back.
///
/// # Errors
/// When the role may not edit customers, the customer or the row is not there or not the actor's own, the row is already as it
/// should be, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    (customer, sheet, row): (CustomerId, Sheet, i64),
    removed: bool,
    now: Instant,
) -> Result<(), Problem> {
    let index = services.customers().await?;
    customer_to_edit(services, actor, &index, customer, sheet.action()).await?;
    let done = services.store().set_removed(sheet, row, customer, removed, actor.user, now).await?;
    if done { Ok(()) } else { Err(problem::not_found()) }
}
