//! Trying a sheet: what bringing it in would do, nothing of it done.

use std::sync::Arc;

use documents::read::Sheet as Read;
use domain::id::SheetImportId;
use domain::{Instant, Problem};

use super::mapping::Mapping;
use super::plan::{self, Planned};
use super::runs::Working;
use super::{Found, own, sheet_of};
use crate::customer::Pairs;
use crate::{Actor, Services, problem};

/// Tries a sheet in the background, with its columns taken as a form says.
///
/// # Errors
/// When there is no such sheet of the actor's that is still to be brought in, the form does not say enough, or work on it is
/// under way.
pub async fn start(
    services: &Arc<Services>,
    actor: &Actor,
    id: SheetImportId,
    typed: &Pairs,
    now: Instant,
) -> Result<(), Problem> {
    let taken = taken(services, actor, id, typed).await?;
    let Some(working) = services.sheets.begin(id, "sheet-step-read") else { return Ok(()) };
    let (services, actor) = (Arc::clone(services), actor.clone());
    tokio::spawn(async move {
        let outcome = tried(&services, &actor, id, taken, now, Some(&working)).await;
        if let Err(problem) = &outcome {
            tracing::warn!(%problem, "a sheet could not be tried");
        }
        working.end(&outcome);
    });
    Ok(())
}

/// Tries a sheet, and waits for it.
///
/// # Errors
/// As [`start`]; when the records cannot be read or written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    typed: &Pairs,
    now: Instant,
) -> Result<Found, Problem> {
    let taken = taken(services, actor, id, typed).await?;
    tried(services, actor, id, taken, now, None).await
}

/// The sheet, and how a form says that its columns are taken.
async fn taken(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    typed: &Pairs,
) -> Result<(Read, Mapping), Problem> {
    if own(services, actor, id).await?.done_at.is_some() {
        return Err(problem::sheet_done());
    }
    let sheet = sheet_of(services, id).await?;
    let mapping = Mapping::of_form(typed, sheet.header.len(), actor)?;
    Ok((sheet, mapping))
}

async fn tried(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
    (sheet, mapping): (Read, Mapping),
    now: Instant,
    working: Option<&Working>,
) -> Result<Found, Problem> {
    let planned = plan::run(services, actor, sheet, mapping, now, working).await?;
    let found = planned.found.clone();
    keep(services, id, &planned, now).await?;
    services.sheets.keep(id, actor.user, planned);
    Ok(found)
}

/// Keeps what a check found where the page shows it.
pub(super) async fn keep(
    services: &Services,
    id: SheetImportId,
    planned: &Planned,
    now: Instant,
) -> Result<(), Problem> {
    let mapping = serde_json::to_string(&planned.mapping).map_err(Problem::internal)?;
    let found = serde_json::to_string(&planned.found).map_err(Problem::internal)?;
    let (texts, counts) = ((mapping.as_str(), found.as_str()), planned.found.counts);
    services.store().keep_sheet_check(id, texts, counts, &planned.refused, now).await?;
    Ok(())
}
