//! Taking the audit out.

use domain::policy::Action;
use domain::{Instant, Problem};
use serde_json::json;

use super::{AuditEntry, AuditLine, AuditQuery, masked, within};
use crate::services::authorise;
use crate::{Actor, Services};

/// Entries that are taken out at once; older ones are asked for by time.
pub const MOST: u32 = 50_000;

/// The newest entries that a query asks for, whatever page; leaves an entry itself.
///
/// # Errors
/// When the role may not see the audit, or something cannot be read or written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    query: &AuditQuery,
    now: Instant,
) -> Result<Vec<AuditLine>, Problem> {
    authorise(actor, Action::ViewAudit)?;
    let within = within(services, actor).await?;
    let query = AuditQuery { before: None, ..query.clone() };
    let lines = services.store().search_audit(&query, within, MOST).await?;
    let details = json!({
        "rows": lines.len(),
        "sessions": query.sessions,
        "by": query.by,
        "action": query.action,
        "from": query.from.map(|from| from.to_string()),
        "until": query.until.map(|until| until.to_string()),
        "text": query.text,
    });
    let entry = AuditEntry::by(actor.user, now, "audit.export", "audit", None, details);
    services.store().leave_audit(&entry).await?;
    Ok(lines.into_iter().map(masked).collect())
}
