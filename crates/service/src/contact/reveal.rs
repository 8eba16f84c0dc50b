//! Showing phone and e-mail of a contact in full.

use domain::id::{ContactId, CustomerId};
use domain::policy::Action;
use domain::{Instant, Problem};

use super::ContactRow;
use crate::customer::show;
use crate::services::{authorise, reason_of};
use crate::{Actor, Services, problem};

/// The contact with nothing hidden; who asked, when and what for stays with the audit.
///
/// # Errors
/// When the role may not see personal data, there is no such contact at a customer in the actor's scope, no reason is
/// given, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    customer: CustomerId,
    contact: ContactId,
    reason: &str,
    now: Instant,
) -> Result<ContactRow, Problem> {
    authorise(actor, Action::RevealContact)?;
    let customer = services.store().survivor(customer).await?;
    let (index, record) =
        tokio::try_join!(services.customers(), async { Ok(services.store().customer(customer).await?) })?;
    let record = record.ok_or_else(problem::not_found)?;
    if !show::sees(services, &index, &actor.scope, &record).await? {
        return Err(problem::not_found());
    }
    let reason = reason_of(reason)?;
    let shown = services.store().reveal_contact(customer, contact, actor.user, &reason, now).await?;
    shown.ok_or_else(problem::not_found)
}
