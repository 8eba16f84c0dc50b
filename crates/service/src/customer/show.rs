//! The one view of a customer.

use std::sync::Arc;

use domain::archive::Sheet;
use domain::assessment::Assessment;
use domain::engine::RelationMonth;
use domain::id::{CustomerId, OrgUnitId, StaffId};
use domain::policy::{Action, Granted, Home, Scope};
use domain::rules::Visits;
use domain::{Date, Instant, Problem, date};
use hashbrown::HashMap;
use store::customer::{CustomerNode, CustomerRecord};

use super::index::CustomerIndex;
use super::{ContactRow, CustomerRow, CustomerView, TreeNode};
use crate::archive::list::SheetView;
use crate::services::{authorise, off_thread};
use crate::timeline::{TimelineQuery, list};
use crate::{Actor, Services, archive, member, visit};

/// Members shown.
const MEMBERS: u32 = 50;
/// Tickets shown.
const TICKETS: u32 = 50;
/// Entries of the timeline shown.
const ENTRIES: usize = 10;
/// Nodes of the customer tree shown.
const NODES: u32 = 500;

/// Everything about a customer; none when there is no such customer or it is outside the actor's scope.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    customer: CustomerId,
    now: Instant,
) -> Result<Option<CustomerView>, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let store = services.store();
    // Its old address leads to the one that stands for it.
    let customer = store.survivor(customer).await?;
    let (index, record) =
        tokio::try_join!(services.customers(), async { Ok(store.customer(customer).await?) })?;
    let Some(record) = record else {
        return Ok(None);
    };
    // The record, not the index, which may be a second behind, says who may see it.
    if !sees(services, &index, &actor.scope, &record).await? {
        return Ok(None);
    }
    let ((months, latest), services_held, contracts, members, contacts, tickets, last_contact, tree) = tokio::try_join!(
        history(services, &index, customer),
        async { Ok(store.services(customer).await?) },
        async { Ok(store.contracts(customer).await?) },
        async { Ok(store.members(customer, MEMBERS).await?) },
        async { Ok(store.contacts(customer).await?) },
        async { Ok(store.tickets(customer, TICKETS).await?) },
        async { Ok(store.last_contact(customer).await?) },
        async { Ok(store.customer_tree(customer, NODES).await?) },
    )?;
    let may_edit = archive::answers_for(&index, actor, &record, Action::EditCustomers);
    let may_log = archive::answers_for(&index, actor, &record, Action::LogContacts);
    let (visits, tasks) = visit::of_customer(services, customer, now.date()).await?;
    let rules = &services.rules().of(index.units.province(record.unit)).visits;
    let visit_due_on = index.row(customer).and_then(|row| index.visit_due_on(row, rules));
    let itself = [(customer, Arc::from(record.name.as_str()))];
    let timeline =
        list::entries(services, &index, &itself, &months, &TimelineQuery::default(), ENTRIES).await?;
    let own =
        archive::own::of_customer(services, &index, customer, record.category, record.industry.as_deref())
            .await?;
    let sheets = archive::list::of_customer(services, customer, &contacts).await?;
    let review_due_on = review_due_on(&sheets, rules);
    let ids = members.1.iter().map(|member| member.id).collect();
    let mut merged = store.merges().await?;
    merged.retain(|merge| merge.into == customer);
    let members_told = member::queue::told(services, &index, ids).await?;
    Ok(Some(CustomerView {
        row: CustomerRow {
            id: customer,
            code: record.code,
            name: record.name,
            category: record.category,
            industry: record.industry,
            unit: index.units.get(record.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
            manager: record.manager_name,
            lines: None,
            known_since: Some(record.created_on),
            last_visit: index.row(customer).and_then(|row| index.last_visit(row)),
            assessment: latest,
            own: Vec::new(),
        },
        units: index.units.path(None, record.unit),
        merged,
        employees: record.employees,
        credit_code: record.credit_code,
        address: record.address,
        created_on: record.created_on,
        competitor: record.competitor,
        wallet: record.wallet,
        tree: lay_out(&index, &actor.scope, customer, tree),
        months,
        services: services_held,
        contracts,
        members,
        members_told,
        contacts: contacts.into_iter().map(mask).collect(),
        tickets,
        timeline,
        last_contact,
        visits,
        tasks,
        visit_due_on,
        review_due_on,
        today: now.date(),
        sheets,
        own,
        may_edit,
        may_log,
    }))
}

/// So many days after the last review, whichever was entered last.
fn review_due_on(sheets: &[SheetView], rules: &Visits) -> Option<Date> {
    let reviews = sheets.iter().filter(|view| view.sheet == Sheet::Review).flat_map(|view| &view.rows);
    let days = reviews.flat_map(|(_, fields)| fields).filter(|(column, _)| column.name == "reviewed_on");
    let last = days.filter_map(|(_, day)| day.parse::<Date>().ok()).max()?;
    date::from_days(date::days(last) + i64::from(rules.review_days))
}

/// Whether a scope shows a customer by its unit, its manager or its place in its tree: `path` are the customer itself
/// and those above it.
pub(crate) fn is_in(
    index: &CustomerIndex,
    scope: &Scope,
    (unit, manager): (OrgUnitId, Option<StaffId>),
    path: &[CustomerId],
) -> bool {
    let by_home = match scope.home() {
        Home::Own(staff) => manager == Some(staff),
        Home::Subtree(top) => index.units.contains(top, unit),
    };
    let by_grant = |granted: &Granted| match *granted {
        Granted::Subtree(top) => index.units.contains(top, unit),
        Granted::Tree(top) => path.contains(&top),
        Granted::Part(tree, top) => path.contains(&tree) && index.units.contains(top, unit),
    };
    by_home || scope.granted().iter().any(by_grant)
}

/// Whether a scope shows a customer, by its record, its manager or a branch that was granted.
pub(crate) async fn sees(
    services: &Services,
    index: &CustomerIndex,
    scope: &Scope,
    record: &CustomerRecord,
) -> Result<bool, Problem> {
    let belongs = (record.unit, record.manager);
    if is_in(index, scope, belongs, &[]) {
        return Ok(true);
    }
    if scope.granted().iter().all(|granted| matches!(granted, Granted::Subtree(_))) {
        return Ok(false);
    }
    let path = services.store().customer_path(record.id).await?;
    Ok(is_in(index, scope, belongs, &path))
}

/// All months, and the latest with all that is said of it.
async fn history(
    services: &Services,
    index: &Arc<CustomerIndex>,
    customer: CustomerId,
) -> Result<(Vec<RelationMonth>, Option<Assessment>), Problem> {
    let (engine, index) = (Arc::clone(services.engine()), Arc::clone(index));
    off_thread(move || {
        let latest = index.month.and_then(|month| index.manifest.assessments.get(&month));
        let latest = latest.map(|file| engine.customer_month(file, customer)).transpose()?.flatten();
        Ok((engine.history(&index.manifest, customer)?, latest.map(|month| month.assessment)))
    })
    .await
}

/// The nodes from the root down, each before those below it. What lies outside the scope shows name, unit and
/// manager only, and cannot be opened.
pub(crate) fn lay_out(
    index: &CustomerIndex,
    scope: &Scope,
    customer: CustomerId,
    nodes: Vec<CustomerNode>,
) -> Vec<TreeNode> {
    let known: HashMap<CustomerId, usize> =
        nodes.iter().enumerate().map(|(place, node)| (node.id, place)).collect();
    let mut below: HashMap<Option<CustomerId>, Vec<usize>> = HashMap::new();
    for (place, node) in nodes.iter().enumerate() {
        below.entry(node.parent.filter(|parent| known.contains_key(parent))).or_default().push(place);
    }
    let mut tree = Vec::with_capacity(nodes.len());
    let mut waiting: Vec<(usize, u16)> =
        below.get(&None).into_iter().flatten().rev().map(|&at| (at, 0)).collect();
    let mut path = Vec::new();
    while let Some((place, depth)) = waiting.pop() {
        let node = &nodes[place];
        path.truncate(usize::from(depth));
        path.push(node.id);
        let may_open = is_in(index, scope, (node.unit, node.manager), &path);
        tree.push(TreeNode {
            open: may_open.then_some(node.id),
            name: node.name.clone(),
            depth,
            unit: index.units.get(node.unit).map(|unit| unit.name.clone()).unwrap_or_default(),
            manager: node.manager_name.clone(),
            is_self: node.id == customer,
        });
        let children = below.get(&Some(node.id)).into_iter().flatten().rev();
        waiting.extend(children.map(|&at| (at, depth + 1)));
    }
    tree
}

/// Hides what a screen need not show of phone and e-mail.
fn mask(mut contact: ContactRow) -> ContactRow {
    contact.phone = contact.phone.as_deref().map(mask_phone);
    contact.email = contact.email.as_deref().map(mask_email);
    contact
}

/// All digits but the last four hidden; all of them when there are no more than that.
pub(crate) fn mask_phone(phone: &str) -> String {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let hidden = if digits > 4 { digits - 4 } else { digits };
    let mut seen = 0;
    let mut masked = String::with_capacity(phone.len());
    for character in phone.chars() {
        let is_digit = character.is_ascii_digit();
        seen += usize::from(is_digit);
        masked.push(if is_digit && seen <= hidden { '*' } else { character });
    }
    masked
}

/// The first letter and the host.
pub(crate) fn mask_email(email: &str) -> String {
    match email.split_once('@') {
        Some((local, host)) => format!("{}***@{host}", local.chars().take(1).collect::<String>()),
        None => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_and_emails_are_hidden() {
        assert_eq!(mask_phone("138-0000-1234"), "***-****-1234");
        assert_eq!(mask_phone("1234"), "****");
        assert_eq!(mask_phone(""), "");
        assert_eq!(mask_email("li.lei@example.com"), "l***@example.com");
        assert_eq!(mask_email("no address"), "***");
    }
}
