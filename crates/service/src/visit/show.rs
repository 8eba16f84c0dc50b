//! A month of visits.

use std::collections::HashMap;
use std::sync::Arc;

use domain::id::{CustomerId, StaffId};
use domain::policy::{Action, Home};
use domain::{Date, Instant, Problem};

use super::{DueVisit, Visits, Whose, chosen, planned};
use crate::customer::index::{CustomerIndex, Part};
use crate::customer::select::First;
use crate::services::{authorise, off_thread};
use crate::today::show::at_stake;
use crate::{Actor, Services, problem};

/// Overdue customers shown.
const LINES: usize = 50;
/// Names shown of those to be visited by a day.
const NAMES: usize = 2;
/// People to choose from.
const PEOPLE: u32 = 500;

/// The visits of a month that begins on `month`, of the actor's own customers or, for heads, of those of a person named by code.
///
/// # Errors
/// When the role may not plan visits, there is no such person in the actor's units, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    month: Option<Date>,
    named: &str,
    now: Instant,
) -> Result<Visits, Problem> {
    authorise(actor, Action::LogContacts)?;
    let index = services.customers().await?;
    let today = now.date();
    let month = month.unwrap_or(today).first_of_month();
    let store = services.store();
    let (people, whose) = match actor.scope.home() {
        Home::Own(_) => (Vec::new(), None),
        Home::Subtree(top) => {
            let people = store.keepers_below(top, PEOPLE).await?;
            let people = people.into_iter().map(|person| (person.code, person.name)).collect();
            let whose = match named.trim() {
                "" => None,
                named => {
                    let person = store.person(named).await?;
                    let own = person.filter(|person| index.units.is_home(actor.scope.home(), person.unit));
                    Some(own.ok_or_else(problem::not_found)?)
                }
            };
            (people, whose)
        }
    };
    let of = match (actor.scope.home(), &whose) {
        (_, Some(person)) => Whose::Staff(person.id),
        (Home::Own(staff), None) => Whose::Staff(staff),
        (Home::Subtree(top), None) => Whose::Unit(top),
    };
    let planned = planned(services, &index, actor, of, (month, month.last_of_month())).await?;
    let parts = index.parts(&actor.scope.without_granted());
    let manager = whose.as_ref().map(|person| person.id);
    let work = {
        let (index, rules) = (Arc::clone(&index), Arc::clone(services.rules()));
        let shows_managers = !actor.scope.without_granted().is_own_only() && manager.is_none();
        move || Ok(due(&index, &parts, manager, &rules, (today, month), shows_managers))
    };
    let (due, overdue, mut lines) = off_thread(work).await?;
    let customers: Vec<CustomerId> = lines.iter().map(|line| line.customer).collect();
    let next: HashMap<CustomerId, Date> = store.next_visits(&customers, today).await?.into_iter().collect();
    lines.iter_mut().for_each(|line| line.planned_on = next.get(&line.customer).copied());
    let whose = whose.map(|person| (person.code, person.name));
    Ok(Visits { today, month, whose, people, planned, due, overdue, lines })
}

/// Customers to be visited by day of a month, how many are overdue, and those of them with most at stake.
type Due = (HashMap<Date, (u64, Vec<(CustomerId, String)>)>, u64, Vec<DueVisit>);

fn due(
    index: &CustomerIndex,
    parts: &[Part],
    manager: Option<StaffId>,
    rules: &domain::rules::RuleBook,
    (today, month): (Date, Date),
    shows_managers: bool,
) -> Due {
    let only = manager.map(|staff| chosen(index, staff));
    let mut rules_of = index.visit_rules(rules);
    let mut by_day: HashMap<Date, (u64, Vec<(CustomerId, String)>)> = HashMap::new();
    let (mut overdue, mut first) = (0, First::new(LINES));
    let days = (month.max(today), month.last_of_month());
    for part in parts {
        for row in part.rows.clone().filter(|&row| part.holds(index, row)) {
            if only.is_some_and(|only| index.managers[row] != only) {
                continue;
            }
            let Some(due_on) = index.visit_due_on(row, rules_of(row)) else { continue };
            if due_on < today {
                overdue += 1;
                first.offer((urgency(index, row), index.ids[row]), row);
            } else if due_on >= days.0 && due_on <= days.1 {
                let (count, names) = by_day.entry(due_on).or_default();
                *count += 1;
                if names.len() < NAMES {
                    names.push((index.ids[row], index.name(row).to_owned()));
                }
            }
        }
    }
    let lines = first.into_rows().into_iter().filter_map(|row| {
        let manager = index.manager(index.managers[row]).filter(|_| shows_managers);
        Some(DueVisit {
            customer: index.ids[row],
            name: index.name(row).to_owned(),
            manager: manager.map(|(_, name)| name.clone()),
            assessment: index.assessment(row),
            at_stake: at_stake(index, row),
            due_on: index.visit_due_on(row, rules_of(row))?,
            last: index.last_visit(row),
            planned_on: None,
        })
    });
    (by_day, overdue, lines.collect())
}

/// Most stars first, and among them what its leaving is expected to cost, or else what it brings.
fn urgency(index: &CustomerIndex, row: usize) -> i64 {
    const STEP: i64 = 1 << 59;
    let amount = at_stake(index, row).amount();
    (5 - i64::from(index.stars[row])) * STEP - amount.fen().clamp(0, STEP - 1)
}
