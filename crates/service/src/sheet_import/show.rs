//! How far an import has come.

use domain::Problem;
use domain::extract::Column;
use domain::id::{CustomerId, SheetImportId};
use store::sheet_import::SheetImportRow;

use super::mapping::{self, Mapping};
use super::{At, Found, Refusal, Reverted, of_actor, sheet_of};
use crate::{Actor, Services};

/// An import as its page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportView {
    /// The import.
    pub row: SheetImportRow,
    /// Whether it is the actor's own.
    pub is_own: bool,
    /// Work under way, or how it failed.
    pub at: Option<At>,
    /// The columns of the sheet with the first values in each; empty when it was swept or is another's.
    pub columns: Vec<(String, Vec<String>)>,
    /// What they can be taken as.
    pub offered: Vec<&'static Column>,
    /// How they were taken, are remembered or guessed.
    pub mapping: Mapping,
    /// What the last check found.
    pub found: Option<Found>,
    /// The first rows refused.
    pub refused: Vec<Refusal>,
    /// Of an import that was reverted, what was left, with the names of customers in sight.
    pub left: Option<(Reverted, Vec<(CustomerId, String)>)>,
}

/// Values shown of a column.
const SAMPLES: usize = 3;
/// Refusals shown.
const REFUSED: u32 = 50;
/// Characters of a sample.
const SAMPLE: usize = 40;

/// An import.
///
/// # Errors
/// When the role may not import customers, there is no such import that the actor may see, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, id: SheetImportId) -> Result<ImportView, Problem> {
    let row = of_actor(services, actor, id).await?;
    let is_own = row.owner == actor.user;
    let header: Vec<String> = serde_json::from_str(&row.header).map_err(Problem::internal)?;
    let offered = mapping::offered(actor);
    let kept = match &row.mapping {
        Some(kept) => Some(kept.clone()),
        None => services.store().sheet_mapping(actor.user, &row.header).await?,
    };
    let kept = kept.and_then(|kept| Mapping::remembered(&kept, header.len(), &offered));
    let mapping = kept.unwrap_or_else(|| Mapping::guessed(&header, &offered));
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    let at = services.sheets.at(id).filter(|_| is_own);
    if is_own && row.done_at.is_none() && row.has_file && !matches!(at, Some(At::Step(_))) {
        let sheet = sheet_of(services, id).await?;
        columns = header
            .iter()
            .enumerate()
            .map(|(place, name)| {
                let cells = sheet.rows().map(|row| row.cell(place).trim()).filter(|cell| !cell.is_empty());
                let shown = cells.take(SAMPLES).map(|cell| cell.chars().take(SAMPLE).collect());
                (name.clone(), shown.collect())
            })
            .collect();
    }
    let found = row.found.as_deref().filter(|_| is_own).and_then(|found| serde_json::from_str(found).ok());
    let refused = if is_own { services.store().sheet_refused(id, REFUSED).await? } else { Vec::new() };
    let left = match row.reverted_at {
        Some(_) => {
            let left = services.store().sheet_left(id).await?;
            let names = names(services, actor, &left).await?;
            Some((left, names))
        }
        None => None,
    };
    Ok(ImportView { row, is_own, at, columns, offered, mapping, found, refused, left })
}

/// The names of customers that a revert leaves, as far as the actor sees them.
pub(super) async fn names(
    services: &Services,
    actor: &Actor,
    left: &Reverted,
) -> Result<Vec<(CustomerId, String)>, Problem> {
    let index = services.customers().await?;
    let named = left.left.iter().map(|(id, _)| *id).chain(left.kept.iter().map(|(id, _)| *id));
    let mut names: Vec<(CustomerId, String)> = named
        .filter_map(|id| {
            let row = index.row(id).filter(|&row| index.is_in(row, &actor.scope))?;
            Some((id, index.name(row).to_owned()))
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
