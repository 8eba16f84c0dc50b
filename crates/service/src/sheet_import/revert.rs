//! Reverting an import.

use domain::id::{CustomerId, SheetImportId};
use domain::{Instant, Problem};
use store::sheet_import::{Revert, Reverted};

use super::{of_actor, show};
use crate::{Actor, Services, problem};

/// What a revert would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// What it would do.
    pub report: Reverted,
    /// The names of customers that it would leave, of those in sight.
    pub names: Vec<(CustomerId, String)>,
    /// What tells it from another.
    pub seen: String,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done(Reverted),
    /// It would do something else than what was shown, which is shown again.
    Again(Box<Preview>),
}

/// What reverting an import would do now; nothing is done.
///
/// # Errors
/// When there is no such import that the actor may revert, or the records cannot be read.
pub async fn preview(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    now: Instant,
) -> Result<Preview, Problem> {
    let revert = revert(services, actor, id, now).await?;
    let done = services.store().revert_sheet(&revert, |_| false).await?;
    let (report, _) = done.ok_or_else(problem::import_at_work)?;
    previewed(services, actor, report).await
}

/// Reverts an import as it was shown, in one transaction. What was changed since, what came to hang on customers that it
/// created, and what is another's by now stays.
///
/// # Errors
/// As [`preview`]; when the records cannot be written, then nothing was.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    agreed: &str,
    now: Instant,
) -> Result<Outcome, Problem> {
    let revert = revert(services, actor, id, now).await?;
    let done = services.store().revert_sheet(&revert, |report| seen(report) == agreed).await?;
    match done.ok_or_else(problem::import_at_work)? {
        (report, true) => Ok(Outcome::Done(report)),
        (report, false) => Ok(Outcome::Again(Box::new(previewed(services, actor, report).await?))),
    }
}

async fn previewed(services: &Services, actor: &Actor, report: Reverted) -> Result<Preview, Problem> {
    let names = show::names(services, actor, &report).await?;
    Ok(Preview { seen: seen(&report), report, names })
}

fn seen(report: &Reverted) -> String {
    let Reverted { removed, restored, values, left_count, kept_count, .. } = report;
    format!("{removed}.{restored}.{values}.{left_count}.{kept_count}")
}

async fn revert(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    now: Instant,
) -> Result<Revert, Problem> {
    let row = of_actor(services, actor, id).await?;
    if row.done_at.is_none() || row.reverted_at.is_some() {
        return Err(problem::not_found());
    }
    let index = services.customers().await?;
    let parts = index.parts(&actor.scope.without_granted());
    let is_own = |row: usize| parts.iter().any(|part| part.holds(&index, row));
    let (mut foreign, mut in_facts) = (Vec::new(), Vec::new());
    for customer in services.store().sheet_customers(id).await? {
        let Some(row) = index.found_at(customer) else { continue };
        if !is_own(row) {
            foreign.push(customer);
        }
        if index.revenue_12m[row] != 0 || index.revenue[row] != 0 {
            in_facts.push(customer);
        }
    }
    Ok(Revert { id, foreign, in_facts, by: actor.user, at: now })
}
