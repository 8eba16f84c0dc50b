//! What an assignment would do.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use domain::assignment::AssignmentKind;
use domain::id::StaffId;
use domain::policy::Action;
use domain::{LifecycleStage, Money, Problem};
use store::staff::Person;

use super::{Draft, MOST, Plan, Work};
use crate::customer::CustomerQuery;
use crate::customer::index::CustomerIndex;
use crate::services::{authorise, off_thread};
use crate::{Actor, Services, problem, segment};

/// Whose, to whom, and which way.
pub(super) struct Parties {
    /// Whose whole list moves, if someone's.
    pub from: Option<Person>,
    /// To whom; none for the pool.
    pub to: Option<Person>,
    /// Which way.
    pub kind: AssignmentKind,
}

/// What an assignment would do, of the actor's own customers.
///
/// # Errors
/// When the role may not assign customers, a person is not there or not the actor's, there are no customers or too many, or the
/// records cannot be read.
pub async fn run(services: &Services, actor: &Actor, draft: &Draft) -> Result<Plan, Problem> {
    Ok(made(services, actor, draft).await?.0)
}

pub(super) async fn made(
    services: &Services,
    actor: &Actor,
    draft: &Draft,
) -> Result<(Plan, Parties), Problem> {
    authorise(actor, Action::AssignCustomers)?;
    let index = services.customers().await?;
    let from = person(services, &index, actor, &draft.from).await?;
    let to = person(services, &index, actor, &draft.to).await?;
    if from.as_ref().map(|from| from.id) == to.as_ref().map(|to| to.id) && from.is_some() {
        return Err(problem::assigned_to_same());
    }
    let query = match (&from, draft.chosen()) {
        (Some(from), _) => CustomerQuery { manager: Some(from.id), ..CustomerQuery::default() },
        (None, chosen) => chosen.unwrap_or_default(),
    };
    let work = match &from {
        Some(from) => services.store().work_of(from.id).await?,
        None => Work::default(),
    };
    let kind = if from.is_some() { AssignmentKind::HandOver } else { AssignmentKind::Reassign };
    let segment = segment::find(services, actor, query.segment).await?;
    let receiver = to.as_ref().map(|to| to.id);
    let plan = off_thread({
        // What was granted is another's to assign.
        let (index, scope) = (Arc::clone(&index), actor.scope.without_granted());
        move || {
            let groups = segment.as_ref().map(|(_, groups)| groups.as_slice());
            let rows = index.all_rows(&scope, &query, groups);
            Ok(planned(&index, &rows, receiver, work))
        }
    });
    let plan = plan.await?;
    match plan.customers.len() {
        0 if work == Work::default() => Err(problem::nothing_to_assign()),
        0..=MOST => Ok((plan, Parties { from, to, kind })),
        count => Err(problem::too_many_to_assign(count, MOST)),
    }
}

/// A person of the actor's units; none if nobody is named.
async fn person(
    services: &Services,
    index: &CustomerIndex,
    actor: &Actor,
    named: &str,
) -> Result<Option<Person>, Problem> {
    let named = named.trim();
    if named.is_empty() {
        return Ok(None);
    }
    let person = services.store().person(named).await?;
    let own = person.filter(|person| index.units.is_home(actor.scope.home(), person.unit));
    own.map(Some).ok_or_else(|| problem::no_person(named))
}

fn planned(index: &CustomerIndex, rows: &[u32], to: Option<StaffId>, work: Work) -> Plan {
    let place = to.and_then(|to| index.manager_place(to)).unwrap_or(0);
    let mut hasher = DefaultHasher::new();
    let mut plan = Plan {
        customers: Vec::new(),
        count: 0,
        revenue_12m: Money::ZERO,
        by_stage: [0; LifecycleStage::COUNT],
        from: Vec::new(),
        to: index.manager(place).map(|(_, name)| {
            (name.clone(), index.managers.iter().filter(|&&manager| manager == place).count() as u64)
        }),
        work,
        seen: String::new(),
    };
    let mut from: HashMap<u32, u64> = HashMap::new();
    // Those that lie with the receiver stay there.
    for row in rows.iter().map(|&row| row as usize).filter(|&row| index.managers[row] != place) {
        plan.customers.push(index.ids[row]);
        plan.count += 1;
        plan.revenue_12m += Money::from_fen(index.revenue_12m[row]);
        if let Some(stage) = index.stage(row) {
            plan.by_stage[stage.index()] += 1;
        }
        *from.entry(index.managers[row]).or_default() += 1;
        (index.ids[row], index.managers[row]).hash(&mut hasher);
    }
    (place, work.opportunities, work.tickets, work.tasks, work.visits).hash(&mut hasher);
    plan.from = from
        .into_iter()
        .map(|(place, count)| (index.manager(place).map(|(_, name)| name.clone()), count))
        .collect();
    plan.from.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    plan.seen = format!("{:016x}", hasher.finish());
    plan
}
