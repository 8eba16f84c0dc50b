//! Taking a list out.

use std::sync::Arc;

use domain::field::Field;
use domain::policy::Action;
use domain::{Instant, Problem};
use serde_json::json;
use store::audit::AuditEntry;

use super::index::CustomerIndex;
use super::{CustomerQuery, CustomerRow};
use crate::services::{authorise, off_thread};
use crate::{Actor, Services, segment};

/// A list that is being taken out: the customers of one moment, told one by one as they are asked for, so that
/// however long it is, little of it is in memory.
pub struct CustomerExport {
    index: Arc<CustomerIndex>,
    rows: std::vec::IntoIter<u32>,
    fields: Vec<Arc<Field>>,
}

impl CustomerExport {
    /// The operator's own fields that are told of each customer: those among the columns, or all where nobody chose columns.
    #[must_use]
    pub fn fields(&self) -> &[Arc<Field>] {
        &self.fields
    }
}

impl Iterator for CustomerExport {
    type Item = CustomerRow;

    fn next(&mut self) -> Option<CustomerRow> {
        self.rows.next().map(|row| self.index.list_row_with(row as usize, &self.fields))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

impl ExactSizeIterator for CustomerExport {}

/// Every customer that the list with this query shows, in its order, whatever page; leaves an audit entry before
/// the first row.
///
/// # Errors
/// When the role may not export, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    query: &CustomerQuery,
    now: Instant,
) -> Result<CustomerExport, Problem> {
    authorise(actor, Action::ExportCustomers)?;
    let index = services.customers().await?;
    let segment = segment::find(services, actor, query.segment).await?;
    let rows = off_thread({
        let (index, scope, query) = (Arc::clone(&index), actor.scope.clone(), query.clone());
        move || Ok(index.all_rows(&scope, &query, segment.as_ref().map(|(_, groups)| groups.as_slice())))
    });
    let rows = rows.await?;
    let details = json!({"rows": rows.len(), "query": query.pairs()});
    let entry = AuditEntry::by(actor.user, now, "customers.export", "customers", None, details);
    services.store().leave_audit(&entry).await?;
    let fields = match query.columns.are_first() {
        true => index.fields.shown().cloned().collect(),
        false => index.fields.chosen(&query.columns),
    };
    Ok(CustomerExport { index, rows: rows.into_iter(), fields })
}
