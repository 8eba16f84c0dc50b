//! Marking a task as done, or as open again.

use domain::archive::Sheet;
use domain::id::{CustomerId, TaskId};
use domain::{Instant, Problem};

use crate::archive::customer_to_edit;
use crate::{Actor, Services, problem};

/// Marks a task as done, or as open again.
///
/// # Errors
/// When the role may not plan, the customer or the task is not there or not the actor's own, the task is already as it should be, or
/// the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    (customer, task): (CustomerId, TaskId),
    done: bool,
    now: Instant,
) -> Result<(), Problem> {
    let index = services.customers().await?;
    customer_to_edit(services, actor, &index, customer, Sheet::Task.action()).await?;
    let changed = services.store().set_task_done((customer, task), done, actor.user, now).await?;
    if changed { Ok(()) } else { Err(problem::not_found()) }
}
