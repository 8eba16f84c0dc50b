//! Sheets of customers that people bring in: uploaded, mapped, tried, brought in at once, and reverted.

pub mod apply;
pub mod check;
pub mod discard;
pub mod list;
mod mapping;
mod plan;
pub mod refused;
pub mod revert;
pub(crate) mod runs;
pub mod show;
pub mod upload;

use documents::read::{Limits, Sheet as Read};
use domain::Problem;
use domain::id::{CustomerId, SheetImportId};
use domain::policy::{Action, Home};
use serde::{Deserialize, Serialize};

pub use mapping::{Mapping, Offered};
pub use runs::At;
pub use store::sheet_import::{LeftFor, Refusal, Reverted, SheetImportRow};

use crate::services::{authorise, off_thread};
use crate::{Actor, Services, problem};

/// Bytes that may be uploaded.
pub const LARGEST: usize = 20 << 20;
/// Rows of a sheet.
pub const MOST_ROWS: usize = 200_000;
/// Seconds for which what was uploaded is kept.
pub const KEPT_S: i64 = 24 * 60 * 60;
const LIMITS: Limits = Limits { rows: MOST_ROWS, columns: 100, unpacked: 256 << 20 };

/// What a check of a sheet found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// What tells it from what another check finds.
    pub seen: String,
    /// Rows that would be created, changed, left as they are, and refused.
    pub counts: [u64; 4],
    /// Of those refused, how many for being probably someone known.
    pub likes: u64,
    /// Of those created, how many are probably someone known, where that was said to be no obstacle.
    pub likes_taken: u64,
    /// The columns that would change, by name, and at how many customers.
    pub columns: Vec<(String, u64)>,
    /// The first of the values that would change.
    pub changes: Vec<Change>,
    /// The first of the customers that would be created: line, code and name.
    pub created: Vec<(u64, String, String)>,
}

/// A value that would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// In which line.
    pub line: u64,
    /// Of which customer …
    pub customer: CustomerId,
    /// … by name.
    pub name: String,
    /// Which column, by name.
    pub column: String,
    /// What stands there.
    pub before: String,
    /// What would.
    pub after: String,
}

/// An import that the actor may see.
pub(super) async fn of_actor(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
) -> Result<SheetImportRow, Problem> {
    authorise(actor, Action::ImportCustomers)?;
    let row = services.store().sheet_import(id).await?.ok_or_else(problem::not_found)?;
    if row.owner == actor.user {
        return Ok(row);
    }
    // What is brought in shows the heads above as well.
    let index = services.customers().await?;
    let is_above =
        matches!(actor.scope.home(), Home::Subtree(top) if index.units.contains(top, row.owner_unit));
    if is_above && row.done_at.is_some() { Ok(row) } else { Err(problem::not_found()) }
}

/// One's own import whose sheet is still there.
pub(super) async fn own(
    services: &Services,
    actor: &Actor,
    id: SheetImportId,
) -> Result<SheetImportRow, Problem> {
    let row = of_actor(services, actor, id).await?;
    if row.owner == actor.user && row.has_file { Ok(row) } else { Err(problem::not_found()) }
}

/// What was uploaded.
pub(super) async fn sheet_of(services: &Services, id: SheetImportId) -> Result<Read, Problem> {
    let content = services.store().sheet_content(id).await?.ok_or_else(problem::not_found)?;
    off_thread(move || Read::read(&content, LIMITS).map_err(|error| problem::bad_sheet(&error))).await
}
