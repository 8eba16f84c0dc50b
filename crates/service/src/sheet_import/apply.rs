//! Bringing in what was tried.

use std::sync::Arc;

use domain::id::SheetImportId;
use domain::{Instant, Problem};
use store::sheet_import::Brought;

use super::mapping::Mapping;
use super::plan::{self, Planned};
use super::runs::Working;
use super::{Found, check, own, sheet_of};
use crate::lock::RunLock;
use crate::{Actor, Services, problem};

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is done, now or before.
    Done,
    /// It would do something else than what was shown, which is shown again.
    Again(Box<Found>),
}

/// So often it is worked out anew when the records change meanwhile.
const TRIES: usize = 5;

/// Brings a sheet in, in the background.
///
/// # Errors
/// When there is no such sheet of the actor's, or it was not tried.
pub async fn start(
    services: &Arc<Services>,
    actor: &Actor,
    id: SheetImportId,
    seen: &str,
    now: Instant,
) -> Result<(), Problem> {
    let row = own(services, actor, id).await?;
    if row.done_at.is_some() {
        return Ok(());
    }
    if row.found.is_none() {
        return Err(problem::sheet_not_tried());
    }
    let Some(working) = services.sheets.begin(id, "sheet-step-judge") else { return Ok(()) };
    let (services, actor, seen) = (Arc::clone(services), actor.clone(), seen.to_owned());
    tokio::spawn(async move {
        let outcome = brought(&services, &actor, id, &seen, now, Some(&working)).await;
        if let Err(problem) = &outcome {
            tracing::warn!(%problem, "a sheet could not be brought in");
        }
        let outcome = match outcome {
            Ok(Outcome::Again(_)) => Err(problem::sheet_changed()),
            other => other,
        };
        working.end(&outcome);
    });
    Ok(())
}

/// Brings a sheet in as it was tried and shown: what tells that is `seen`. All of it is one transaction.
///
/// # Errors
/// When there is no such sheet of the actor's or it was not tried, an import of extracts is at work, or the records cannot be
/// written; then nothing was.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    seen: &str,
    now: Instant,
) -> Result<Outcome, Problem> {
    brought(services, actor, id, seen, now, None).await
}

async fn brought(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    seen: &str,
    now: Instant,
    working: Option<&Working>,
) -> Result<Outcome, Problem> {
    let row = own(services, actor, id).await?;
    if row.done_at.is_some() {
        return Ok(Outcome::Done);
    }
    let mapping: Mapping = row
        .mapping
        .as_deref()
        .and_then(|kept| serde_json::from_str(kept).ok())
        .ok_or_else(problem::sheet_not_tried)?;
    let mut last = services.sheets.take(id, actor.user);
    for _ in 0..TRIES {
        let records = services.store().versions().await?.records;
        let planned: Planned = match last.take().filter(|last| last.commit.records == records) {
            Some(planned) => planned,
            None => {
                let sheet = sheet_of(services, id).await?;
                plan::run(services, actor, sheet, mapping.clone(), now, working).await?
            }
        };
        if planned.found.seen != seen {
            check::keep(services, id, &planned, now).await?;
            let found = planned.found.clone();
            services.sheets.keep(id, actor.user, planned);
            return Ok(Outcome::Again(Box::new(found)));
        }
        if planned.commit.created.is_empty() && planned.commit.changed.is_empty() {
            return Err(problem::nothing_to_edit());
        }
        working.iter().for_each(|working| working.step("sheet-step-bring"));
        let brought = services.store().bring_sheet(id, planned.commit, actor.user, now).await;
        match brought {
            Ok(Brought::Done | Brought::Already) => return Ok(Outcome::Done),
            Ok(Brought::Changed) => {}
            Ok(Brought::ImportAtWork) => match RunLock::take(services.data_dir()) {
                // It stands as running and was killed: its book is closed first.
                Ok(_lock) => services.store().close_killed_runs("killed", now).await?,
                Err(_) => return Err(problem::import_at_work()),
            },
            // Someone took a code meanwhile.
            Err(error) if error.is_duplicate() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(problem::sheet_changed())
}
