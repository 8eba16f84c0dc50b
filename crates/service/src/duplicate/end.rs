//! Taking merged customers apart again.

use domain::id::MergeId;
use domain::policy::Action;
use domain::{Instant, Problem};

use crate::services::authorise;
use crate::{Actor, Services, problem};

/// Ends a merge: the customer stands for itself again, with all that was its own; what came to the other meanwhile stays
/// there.
///
/// # Errors
/// When the role may not merge customers, there is no such merge of customers that the actor answers for, or the records
/// cannot be written.
pub async fn run(services: &Services, actor: &Actor, id: MergeId, now: Instant) -> Result<(), Problem> {
    authorise(actor, Action::MergeCustomers)?;
    let index = services.customers().await?;
    let merges = services.store().merges().await?;
    let is_home = |unit| index.units.is_home(actor.scope.home(), unit);
    let merge = merges.into_iter().find(|merge| merge.id == id);
    if !merge.is_some_and(|merge| is_home(merge.merged_unit) && is_home(merge.into_unit)) {
        return Err(problem::not_found());
    }
    match services.store().end_merge(id, actor.user, now).await? {
        true => Ok(()),
        false => Err(problem::not_found()),
    }
}
