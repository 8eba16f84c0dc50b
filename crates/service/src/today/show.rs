//! Showing the worklist.

use std::sync::Arc;

use domain::assignment::AssignmentKind;
use domain::policy::{Action, Scope};
use domain::rules::{RuleBook, Visits};
use domain::{Date, Instant, LifecycleStage, Money, Problem, date};

use super::{Occasion, OccasionKind, Stake, Today, TodayLine};
use crate::customer::index::{CustomerIndex, UNKNOWN};
use crate::customer::select::{Filter, First};
use crate::services::authorise;
use crate::{Actor, Services, collaboration, visit};

/// The worklist of the actor's customers; `only` narrows its lines to one kind of occasion.
///
/// # Errors
/// When the role may not see it, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    only: Option<OccasionKind>,
    now: Instant,
) -> Result<Today, Problem> {
    authorise(actor, Action::ViewToday)?;
    let index = services.customers().await?;
    let collaborations = collaboration::waiting(services, &index, actor, now.date()).await?;
    let day = now.date();
    let work_out = || today(&index, &actor.scope, only, &Calendar { day, rules: services.rules() });
    // The few heads of very many customers ask for the same all month; everyone else's is quickly worked out.
    let worklist = match index.parts(&actor.scope).iter().map(|part| part.rows.len()).sum() {
        0..MANY => work_out(),
        _ => Arc::unwrap_or_clone(index.worklists.get((actor.scope.clone(), only, day), work_out)),
    };
    let since = Instant::from_micros(now.micros() - HANDED_DAYS * DAY_MICROS);
    let handed = services.store().assignments(None, Some((actor.staff, since)), HANDED).await?;
    // Who claimed a customer knows.
    let handed = handed.into_iter().filter(|handed| handed.kind != AssignmentKind::Claim).collect();
    let soon = date::from_days(date::days(day) + TASK_DAYS).unwrap_or(day);
    let tasks = visit::tasks_of(services, &index, actor, soon).await?;
    let visits = visit::waiting(services, &index, actor, day).await?;
    Ok(Today { collaborations, handed, tasks, visits, ..worklist })
}

/// Tasks due within so many days.
const TASK_DAYS: i64 = 7;

/// Which day it is, and what is due by it.
struct Calendar<'a> {
    day: Date,
    rules: &'a RuleBook,
}

/// For so many days it shows what was given to someone, …
const HANDED_DAYS: i64 = 14;
const DAY_MICROS: i64 = 86_400_000_000;
/// … at most so often.
const HANDED: u32 = 10;

/// Rows from which a worklist is kept.
const MANY: usize = 50_000;

fn today(index: &CustomerIndex, scope: &Scope, only: Option<OccasionKind>, calendar: &Calendar<'_>) -> Today {
    let mut today = Today {
        month: index.month,
        day: calendar.day,
        customers: 0,
        revenue: (Money::ZERO, Money::ZERO),
        declining: (0, 0),
        changed: 0,
        ending: 0,
        uneasy_members: index.uneasy_in(scope).count() as u64,
        collaborations: 0,
        handed: Vec::new(),
        tasks: Vec::new(),
        visits: Vec::new(),
        by_kind: [0; OccasionKind::ALL.len()],
        lines: Vec::new(),
    };
    let declining = |stage: Option<LifecycleStage>| u64::from(stage == Some(LifecycleStage::Decline));
    let mut first = First::new(Today::LINES);
    let mut rules = index.visit_rules(calendar.rules);
    index.each_row(&Filter::scope(index, scope), |row| {
        today.customers += 1;
        today.revenue.0 += Money::from_fen(index.revenue[row]);
        today.revenue.1 += Money::from_fen(index.revenue_before[row]);
        today.declining.0 += declining(index.stage(row));
        today.declining.1 += declining(index.stage_before(row));
        today.changed += u64::from(index.changed[row]);
        today.ending += index.ending(row).len() as u64;
        if let Some(kind) = kind(index, row, rules(row), calendar.day) {
            today.by_kind[kind as usize] += 1;
            if only.is_none_or(|only| only == kind) {
                first.offer((urgency(index, row, kind), index.ids[row]), row);
            }
        }
    });
    today.lines = first.into_rows().into_iter().filter_map(|row| line(index, scope, row, calendar)).collect();
    today
}

/// What is at stake with a row, fen: what its risk is expected to cost; with those who left, what they brought in
/// twelve months.
fn stake(index: &CustomerIndex, row: usize) -> Option<Stake> {
    if index.stage(row) == Some(LifecycleStage::Termination) {
        return Some(Stake::Lost(Money::from_fen(index.revenue_12m[row])));
    }
    (index.losses[row] != UNKNOWN).then(|| Stake::Expected(Money::from_fen(index.losses[row])))
}

/// The same, or revenue of twelve months where it is not known.
pub(crate) fn at_stake(index: &CustomerIndex, row: usize) -> Stake {
    stake(index, row).unwrap_or(Stake::Revenue(Money::from_fen(index.revenue_12m[row])))
}

/// The place of a row on the worklist, the smallest first: most at stake, then those of whom it is not known, by
/// revenue, and after all others what got better, since there nothing is.
fn urgency(index: &CustomerIndex, row: usize, kind: OccasionKind) -> i64 {
    const STEP: i64 = 1 << 60;
    let most_first = |fen: i64| -fen.clamp(1 - STEP / 2, STEP / 2 - 1);
    match (kind, stake(index, row)) {
        (OccasionKind::Improved, _) => 2 * STEP + most_first(index.revenue_12m[row]),
        // It can wait for whom something is known to threaten.
        (OccasionKind::VisitOverdue, _) => STEP + most_first(index.revenue_12m[row]),
        (_, Some(stake)) => most_first(stake.amount().fen()),
        (_, None) => STEP + most_first(index.revenue_12m[row]),
    }
}

/// The stage that a row left this month.
fn left(index: &CustomerIndex, row: usize) -> Option<LifecycleStage> {
    index.stage_before(row).filter(|_| index.changed[row] != 0)
}

/// Under what a row stands on the worklist, if it does.
fn kind(index: &CustomerIndex, row: usize, visits: &Visits, day: Date) -> Option<OccasionKind> {
    match (index.stage(row)?, left(index, row)) {
        (LifecycleStage::Decline, Some(_)) => Some(OccasionKind::DeclineBegan),
        (LifecycleStage::Termination, Some(_)) => Some(OccasionKind::Exited),
        _ if index.is_warned(row) => Some(OccasionKind::Warned),
        _ if !index.ending(row).is_empty() => Some(OccasionKind::ContractEnds),
        (LifecycleStage::Decline, None) => Some(OccasionKind::StillDeclining),
        (_, Some(_)) => Some(OccasionKind::Improved),
        (_, None) => {
            let due = index.visit_due_on(row, visits).filter(|due| *due < day);
            due.map(|_| OccasionKind::VisitOverdue)
        }
    }
}

/// Why a row stands on the worklist, if it does.
fn occasion(index: &CustomerIndex, row: usize, calendar: &Calendar<'_>) -> Option<Occasion> {
    let visits = index.visit_rules(calendar.rules)(row);
    match kind(index, row, visits, calendar.day)? {
        OccasionKind::DeclineBegan => Some(Occasion::DeclineBegan { from: left(index, row)? }),
        OccasionKind::Exited => Some(Occasion::Exited { from: left(index, row)? }),
        OccasionKind::Warned => Some(Occasion::Warned),
        OccasionKind::ContractEnds => {
            let (_, contract) = index.ending(row).first()?;
            let days_left = date::days(contract.ends_on) - date::days(index.month?.last_day());
            Some(Occasion::ContractEnds {
                contract: contract.id,
                code: contract.code.clone(),
                ends_on: contract.ends_on,
                days_left: i32::try_from(days_left).unwrap_or(i32::MAX),
            })
        }
        OccasionKind::StillDeclining => Some(Occasion::StillDeclining),
        OccasionKind::Improved => Some(Occasion::Improved { from: left(index, row)? }),
        OccasionKind::VisitOverdue => {
            let due_on = index.visit_due_on(row, visits)?;
            Some(Occasion::VisitOverdue { due_on, last: index.last_visit(row) })
        }
    }
}

fn line(index: &CustomerIndex, scope: &Scope, row: usize, calendar: &Calendar<'_>) -> Option<TodayLine> {
    let manager = index.manager(index.managers[row]).filter(|_| !scope.is_own_only());
    Some(TodayLine {
        customer: index.ids[row],
        name: index.name(row).to_owned(),
        manager: manager.map(|(_, name)| name.clone()),
        occasion: occasion(index, row, calendar)?,
        assessment: index.assessment(row)?,
        at_stake: at_stake(index, row),
    })
}
