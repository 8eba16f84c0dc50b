//! Listing entries of the audit.

use domain::Problem;
use domain::policy::Action;

use super::{AuditPage, AuditQuery, PAGE, masked, within};
use crate::services::authorise;
use crate::{Actor, Services};

/// The entries that a query asks for, of people of the actor's unit and those below it.
///
/// # Errors
/// When the role may not see the audit, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, query: &AuditQuery) -> Result<AuditPage, Problem> {
    authorise(actor, Action::ViewAudit)?;
    let within = within(services, actor).await?;
    let mut lines = services.store().search_audit(query, within, PAGE + 1).await?;
    let more = lines.len() > PAGE as usize;
    lines.truncate(PAGE as usize);
    let next = lines.last().filter(|_| more).map(|line| line.id);
    Ok(AuditPage { lines: lines.into_iter().map(masked).collect(), next })
}
