//! Taking a list out.

use domain::policy::Action;
use domain::{Instant, Problem};
use serde_json::json;
use store::audit::AuditEntry;

use super::{CustomerQuery, CustomerRow};
use crate::services::authorise;
use crate::{Actor, Services};

/// Hands over every customer that the list with this query shows, in its order, whatever page; leaves an audit
/// entry before the first row. Gives the number of rows.
///
/// # Errors
/// When the role may not export, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    query: &CustomerQuery,
    now: Instant,
    each: &mut (dyn FnMut(&CustomerRow) + Send),
) -> Result<u64, Problem> {
    authorise(actor, Action::ExportCustomers)?;
    let index = services.customers().await?;
    let rows = index.all_rows(actor.scope, query);
    let entry = AuditEntry {
        at: now,
        user: Some(actor.user),
        import: None,
        cycle: None,
        action: "customers.export".to_owned(),
        noun: "customers".to_owned(),
        record: None,
        details: json!({"rows": rows.len(), "query": format!("{query:?}")}),
    };
    services.store().leave_audit(&entry).await?;
    for &row in &rows {
        each(&index.list_row(row));
    }
    Ok(rows.len() as u64)
}
