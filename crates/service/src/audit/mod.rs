//! The audit: who did what, when and why, what stood there before; and the proof that nothing of it was changed.

pub mod check;
pub mod export;
pub mod list;

pub use store::audit::{ACTIONS, AuditCheck, AuditEntry, AuditLine, AuditQuery, RECORD_CHANGE};

use domain::Problem;
use domain::id::OrgUnitId;
use domain::policy::Home;

use crate::{Actor, Services};

/// Entries of a page.
pub const PAGE: u32 = 100;

/// A page of the audit.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditPage {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// The entry that the next page is older than, if there is one.
    pub next: Option<i64>,
}

/// The unit whose people's acts someone sees; none for all, runs included, if no unit lies above it.
async fn within(services: &Services, actor: &Actor) -> Result<Option<OrgUnitId>, Problem> {
    let index = services.customers().await?;
    let unit = match actor.scope.home() {
        Home::Subtree(unit) => unit,
        Home::Own(_) => actor.unit.id,
    };
    Ok(index.units.get(unit).is_none_or(|unit| unit.parent.is_some()).then_some(unit))
}
