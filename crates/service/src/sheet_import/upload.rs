//! Taking a sheet in.

use documents::read::Sheet as Read;
use domain::id::SheetImportId;
use domain::policy::Action;
use domain::{Instant, Problem};

use super::{KEPT_S, LARGEST, LIMITS};
use crate::services::{authorise, off_thread, words_of};
use crate::{Actor, Services, problem};

/// Characters of a column's name that are kept.
const NAME: usize = 100;

/// That a file is too large, said before all of it has come.
#[must_use]
pub fn too_large() -> Problem {
    problem::sheet_too_large()
}

/// Keeps a sheet until it is brought in, for a day at most; nobody but the actor sees it.
///
/// # Errors
/// When the role may not import customers, it is no sheet or too large a one, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    file_name: &str,
    content: Vec<u8>,
    now: Instant,
) -> Result<SheetImportId, Problem> {
    authorise(actor, Action::ImportCustomers)?;
    let store = services.store();
    store.sweep_sheets(now.plus_seconds(-KEPT_S)).await?;
    if content.is_empty() {
        return Err(problem::no_sheet());
    }
    if content.len() > LARGEST {
        return Err(problem::sheet_too_large());
    }
    let (sheet, content) = off_thread(move || {
        let sheet = Read::read(&content, LIMITS).map_err(|error| problem::bad_sheet(&error))?;
        Ok((sheet, content))
    })
    .await?;
    let header: Vec<String> = sheet.header.iter().map(|name| name.chars().take(NAME).collect()).collect();
    let header = serde_json::to_string(&header).map_err(Problem::internal)?;
    let file_name = words_of(file_name).unwrap_or_else(|| "–".to_owned());
    let rows = sheet.len() as u64;
    Ok(store.keep_sheet((&file_name, &header, rows), &content, actor.user, now).await?)
}
