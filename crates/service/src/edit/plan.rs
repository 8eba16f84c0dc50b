//! What an edit would do.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use domain::archive::{doubt, tidied};
use domain::extract::{Cell, Column};
use domain::id::CustomerId;
use domain::policy::Action;
use domain::{Message, Problem, cell};
use hashbrown::HashMap;

use super::{Draft, Plan, column};
use crate::assignment::MOST;
use crate::customer::CustomerQuery;
use crate::customer::index::CustomerIndex;
use crate::services::{authorise, off_thread};
use crate::{Actor, Services, problem, segment};

/// What an edit would do, to the actor's own customers.
///
/// # Errors
/// When the role may not edit customers, the column is none of those, the value is none for it, no customer would change or too
/// many, or the records cannot be read.
pub async fn run(services: &Services, actor: &Actor, draft: &Draft) -> Result<Plan, Problem> {
    Ok(made(services, actor, draft).await?.0)
}

pub(super) async fn made(services: &Services, actor: &Actor, draft: &Draft) -> Result<(Plan, Cell), Problem> {
    authorise(actor, Action::EditCustomers)?;
    let column = column(&draft.column).ok_or_else(problem::not_found)?;
    let value = read(column, &draft.value)?;
    let index = services.customers().await?;
    let query = CustomerQuery::parse(&draft.query);
    let segment = segment::find(services, actor, query.segment).await?;
    let (own, shown) = off_thread({
        let (index, scope) = (Arc::clone(&index), actor.scope.clone());
        move || {
            let groups = segment.as_ref().map(|(_, groups)| groups.as_slice());
            // What was granted is another's to edit.
            let own = index.all_rows(&scope.without_granted(), &query, groups);
            let shown = match scope.granted() {
                [] => own.len(),
                _ => index.all_rows(&scope, &query, groups).len(),
            };
            Ok((own.into_iter().map(|row| index.ids[row as usize]).collect::<Vec<_>>(), shown))
        }
    })
    .await?;
    if own.len() > MOST {
        return Err(problem::too_many_to_assign(own.len(), MOST));
    }
    // The records, which may be a moment ahead of the index, say what stands there.
    let stored = services.store().customer_column(column, &own).await?;
    let foreign = shown.saturating_sub(own.len()) as u64;
    let plan = planned(&index, column, &value, stored, foreign);
    if plan.customers.is_empty() { Err(problem::nothing_to_edit()) } else { Ok((plan, value)) }
}

fn read(column: &'static Column, typed: &str) -> Result<Cell, Problem> {
    let typed = tidied(column, typed);
    match typed.is_empty() {
        true if column.required => Err(problem::bad_value(Message::new("import-cell-required"))),
        true => Ok(Cell::Null),
        false => {
            let value = cell::parse(column.kind, typed.as_bytes()).map_err(problem::bad_value)?;
            match doubt(column, &typed) {
                Some(wrong) => Err(problem::bad_value(wrong)),
                None => Ok(value.kept(column.kind)),
            }
        }
    }
}

fn planned(
    index: &CustomerIndex,
    column: &'static Column,
    value: &Cell,
    stored: Vec<(CustomerId, Cell)>,
    foreign: u64,
) -> Plan {
    let mut hasher = DefaultHasher::new();
    (column.name, said(value), foreign).hash(&mut hasher);
    let all = stored.len();
    let mut before: HashMap<Option<String>, u64> = HashMap::new();
    let (mut customers, mut examples) = (Vec::new(), Vec::new());
    for (customer, cell) in stored.into_iter().filter(|(_, cell)| cell != value) {
        let had = said(&cell);
        (customer, &had).hash(&mut hasher);
        customers.push(customer);
        if examples.len() < Plan::EXAMPLES
            && let Some(row) = index.row(customer)
        {
            examples.push((customer, index.name(row).to_owned(), had.clone()));
        }
        *before.entry(had).or_default() += 1;
    }
    let mut before: Vec<(Option<String>, u64)> = before.into_iter().collect();
    before.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    Plan {
        column,
        value: said(value),
        same: (all - customers.len()) as u64,
        customers,
        before,
        examples,
        foreign,
        seen: format!("{:016x}", hasher.finish()),
    }
}

/// What stands in a cell, as it is kept.
pub(super) fn said(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Whole(whole) => Some(whole.to_string()),
        Cell::Real(real) => Some(real.to_string()),
        Cell::Text(text) => Some(text.clone()),
    }
}
