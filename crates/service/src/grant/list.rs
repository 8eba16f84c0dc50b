//! Listing grants.

use domain::policy::Action;
use domain::{Instant, Problem};

use super::{Grants, is_own};
use crate::services::authorise;
use crate::{Actor, Services};

/// The grants of what is the actor's own to give, and those that the actor holds.
///
/// # Errors
/// When the role may not grant sight, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, now: Instant) -> Result<Grants, Problem> {
    authorise(actor, Action::GrantSight)?;
    let today = now.date();
    let (index, rows) =
        tokio::try_join!(services.customers(), async { Ok(services.store().grants(today).await?) })?;
    let rows = rows.into_iter().map(|row| {
        let may_end = is_own(&index, actor, row.granted);
        (row, may_end)
    });
    Ok(Grants { rows: rows.filter(|(row, may_end)| *may_end || row.staff == actor.staff).collect(), today })
}
