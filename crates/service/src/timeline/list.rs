//! A page of a timeline.

use std::sync::Arc;

use domain::Problem;
use domain::engine::RelationMonth;
use domain::id::CustomerId;
use domain::policy::Action;
use domain::timeline::TimelineKind;
use hashbrown::HashMap;

use super::{Happening, PAGE, TimelineEntry, TimelinePage, TimelineQuery, stage_changes};
use crate::customer::index::CustomerIndex;
use crate::customer::show::{lay_out, sees};
use crate::services::{authorise, off_thread};
use crate::{Actor, Services, archive};

/// Nodes of a tree whose entries are read.
const NODES: u32 = 500;

/// A page of what happened with a customer, or with all in sight of its tree; none when there is no such customer or it is
/// outside the actor's scope. Stage changes are those of the customer itself.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    customer: CustomerId,
    query: &TimelineQuery,
) -> Result<Option<TimelinePage>, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let store = services.store();
    let customer = store.survivor(customer).await?;
    let (index, record) =
        tokio::try_join!(services.customers(), async { Ok(store.customer(customer).await?) })?;
    let Some(record) = record else { return Ok(None) };
    if !sees(services, &index, &actor.scope, &record).await? {
        return Ok(None);
    }
    let tree = store.customer_tree(customer, NODES).await?;
    let mut nodes: Vec<(CustomerId, Arc<str>)> = lay_out(&index, &actor.scope, customer, tree)
        .into_iter()
        .filter_map(|node| Some((node.open?, Arc::from(node.name))))
        .filter(|(id, _)| *id != customer)
        .collect();
    nodes.insert(0, (customer, Arc::from(record.name.as_str())));
    let in_tree = nodes.len();
    if !query.tree {
        nodes.truncate(1);
    }
    let months = match query.asks_for(TimelineKind::Stage) {
        true => history(services, &index, customer).await?,
        false => Vec::new(),
    };
    let mut entries = entries(services, &index, &nodes, &months, query, PAGE + 1).await?;
    let is_last = entries.len() <= PAGE;
    entries.truncate(PAGE);
    Ok(Some(TimelinePage {
        next: entries.last().filter(|_| !is_last).map(|entry| entry.place),
        in_tree,
        entries,
        may_log: archive::answers_for(&index, actor, &record, Action::LogContacts),
        customer: (customer, record.name),
    }))
}

async fn history(
    services: &Services,
    index: &Arc<CustomerIndex>,
    customer: CustomerId,
) -> Result<Vec<RelationMonth>, Problem> {
    let (engine, index) = (Arc::clone(services.engine()), Arc::clone(index));
    off_thread(move || engine.history(&index.manifest, customer)).await
}

/// The newest entries of some customers that the caller has found to be in sight; `months` are those of the first.
pub(crate) async fn entries(
    services: &Services,
    index: &CustomerIndex,
    nodes: &[(CustomerId, Arc<str>)],
    months: &[RelationMonth],
    query: &TimelineQuery,
    limit: usize,
) -> Result<Vec<TimelineEntry>, Problem> {
    // What belongs to customers that another stands for is told under that one.
    let mut told_of: HashMap<CustomerId, &(CustomerId, Arc<str>)> = HashMap::new();
    for node in nodes {
        told_of.insert(node.0, node);
        let row = index.row(node.0);
        told_of.extend(row.into_iter().flat_map(|row| index.stands_for(row)).map(|merged| (merged, node)));
    }
    let customers: Vec<CustomerId> = told_of.keys().copied().collect();
    let rows = services.store().timeline(&query.asked(&customers, limit)).await?;
    let mut entries: Vec<TimelineEntry> = rows
        .into_iter()
        .filter_map(|row| {
            let customer = (*told_of.get(&row.customer)?).clone();
            Some(TimelineEntry { place: row.place, customer, what: Happening::Event(row.event) })
        })
        .collect();
    if let Some(first) = nodes.first().filter(|_| query.asks_for(TimelineKind::Stage)) {
        entries.extend(stage_changes(first, months).filter(|entry| query.shows(entry.place)));
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.place));
    entries.truncate(limit);
    Ok(entries)
}
