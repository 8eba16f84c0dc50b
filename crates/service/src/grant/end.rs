//! Ending a grant before its time.

use domain::id::GrantId;
use domain::policy::Action;
use domain::{Instant, Problem};

use super::is_own;
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Ends a grant of what is the actor's own to show.
///
/// # Errors
/// When the role may not grant sight, there is no such grant or it is over, it shows what is not the actor's own, or
/// the records cannot be written.
pub async fn run(services: &Services, actor: &Actor, id: GrantId, now: Instant) -> Result<(), Problem> {
    authorise(actor, Action::GrantSight)?;
    let index = services.customers().await?;
    let grants = services.store().grants(now.date()).await?;
    let grant = grants.iter().find(|grant| grant.id == id && is_own(&index, actor, grant.granted));
    if grant.is_none() || !services.store().end_grant(id, actor.user, now).await? {
        return Err(problem::not_found());
    }
    Ok(())
}
