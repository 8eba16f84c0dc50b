//! Visits planned by stars, and tasks.

pub mod show;
pub mod task;

use std::collections::HashMap;

use domain::assessment::Assessment;
use domain::id::{CustomerId, StaffId};
use domain::{Date, Problem, date};

pub use store::visit::{TaskRow, VisitRow, Whose};

use crate::customer::index::CustomerIndex;
use crate::today::Stake;
use crate::{Actor, Services};

/// Tasks and visits read at once.
const MOST: u32 = 500;

/// A planned visit with whom it is to.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitOf {
    /// The customer's name.
    pub name: String,
    /// The visit.
    pub visit: VisitRow,
}

/// A task with whom it is around.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskOf {
    /// The customer's name.
    pub name: String,
    /// The task.
    pub task: TaskRow,
}

/// A customer that is to be visited.
#[derive(Debug, Clone, PartialEq)]
pub struct DueVisit {
    /// Whom.
    pub customer: CustomerId,
    /// Its name.
    pub name: String,
    /// Its manager, for heads.
    pub manager: Option<String>,
    /// Its assessment in the published month.
    pub assessment: Option<Assessment>,
    /// What leaving is expected to cost, or else the revenue of twelve months.
    pub at_stake: Stake,
    /// By when it is to be visited.
    pub due_on: Date,
    /// When it was visited last.
    pub last: Option<Date>,
    /// On which day a visit is planned.
    pub planned_on: Option<Date>,
}

/// A month of visits.
#[derive(Debug, Clone, PartialEq)]
pub struct Visits {
    /// Today.
    pub today: Date,
    /// The first day of the month shown.
    pub month: Date,
    /// Whose, for heads who chose: code and name.
    pub whose: Option<(String, String)>,
    /// Whose can be chosen, by code and name; empty for those who see their own only.
    pub people: Vec<(String, String)>,
    /// What is planned for the days of the month.
    pub planned: Vec<VisitOf>,
    /// How many customers are to be visited by each day of the month from today on, with the first of them.
    pub due: HashMap<Date, (u64, Vec<(CustomerId, String)>)>,
    /// How many are overdue, …
    pub overdue: u64,
    /// … and those of them with most at stake.
    pub lines: Vec<DueVisit>,
}

/// The customer that a visit or task is at, if it is in sight: the row of the one that stands for it.
fn seen_row(index: &CustomerIndex, actor: &Actor, customer: CustomerId) -> Option<usize> {
    index.found_at(customer).filter(|&row| index.is_in(row, &actor.scope))
}

/// The user's own tasks up to a day that are open, of customers in sight.
pub(crate) async fn tasks_of(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    until: Date,
) -> Result<Vec<TaskOf>, Problem> {
    let tasks = services.store().tasks(Whose::Staff(actor.staff), Some(until), MOST).await?;
    Ok(tasks
        .into_iter()
        .filter_map(|mut task| {
            let row = seen_row(index, actor, task.customer)?;
            task.customer = index.ids[row];
            Some(TaskOf { name: index.name(row).to_owned(), task })
        })
        .collect())
}

/// Visits that the user planned up to a day and did not make, of customers in sight.
pub(crate) async fn waiting(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    until: Date,
) -> Result<Vec<VisitOf>, Problem> {
    let from = date::from_days(date::days(until) - WAITING_DAYS).unwrap_or(until);
    let mut visits = planned(services, index, actor, Whose::Staff(actor.staff), (from, until)).await?;
    visits.retain(|visit| !visit.visit.is_done);
    Ok(visits)
}

/// So long a visit that was not made is asked after.
const WAITING_DAYS: i64 = 30;

async fn planned(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    whose: Whose,
    days: (Date, Date),
) -> Result<Vec<VisitOf>, Problem> {
    let visits = services.store().visits(whose, days, MOST).await?;
    Ok(visits
        .into_iter()
        .filter_map(|mut visit| {
            let row = seen_row(index, actor, visit.customer)?;
            visit.customer = index.ids[row];
            Some(VisitOf { name: index.name(row).to_owned(), visit })
        })
        .collect())
}

/// What is planned and to be done at a customer that the caller has found to be in sight: visits from a day on, and tasks.
pub(crate) async fn of_customer(
    services: &Services,
    customer: CustomerId,
    today: Date,
) -> Result<(Vec<VisitRow>, Vec<TaskRow>), Problem> {
    let whose = Whose::Customer(customer);
    let from = date::from_days(date::days(today) - WAITING_DAYS).unwrap_or(today);
    let (visits, tasks) = tokio::try_join!(
        services.store().visits(whose, (from, Date::MAX), 50),
        services.store().tasks(whose, None, 50),
    )?;
    Ok((visits.into_iter().filter(|visit| !visit.is_done).collect(), tasks))
}

/// The place of a person in the column of managers, where the actor may choose people.
fn chosen(index: &CustomerIndex, staff: StaffId) -> u32 {
    index.manager_place(staff).unwrap_or(u32::MAX)
}
