//! Showing the worklist.

use domain::policy::{Action, Scope};
use domain::{LifecycleStage, Money, Problem};

use super::{Occasion, OccasionKind, Today, TodayLine};
use crate::customer::index::CustomerIndex;
use crate::customer::select::{Filter, First};
use crate::services::authorise;
use crate::{Actor, Services};

/// The worklist of the actor's customers; `only` narrows its lines to one kind of occasion.
///
/// # Errors
/// When the role may not see it, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, only: Option<OccasionKind>) -> Result<Today, Problem> {
    authorise(actor, Action::ViewToday)?;
    let index = services.customers().await?;
    Ok(today(&index, actor.scope, only))
}

fn today(index: &CustomerIndex, scope: Scope, only: Option<OccasionKind>) -> Today {
    let mut today = Today {
        month: index.month,
        customers: 0,
        revenue: (Money::ZERO, Money::ZERO),
        declining: (0, 0),
        changed: 0,
        ending: 0,
        by_kind: [0; OccasionKind::ALL.len()],
        lines: Vec::new(),
    };
    let declining = |stage: Option<LifecycleStage>| u64::from(stage == Some(LifecycleStage::Decline));
    let mut first = First::new(Today::LINES);
    index.each_row(&Filter::scope(index, scope), |row| {
        today.customers += 1;
        today.revenue.0 += Money::from_fen(index.revenue[row]);
        today.revenue.1 += Money::from_fen(index.revenue_before[row]);
        today.declining.0 += declining(index.stage(row));
        today.declining.1 += declining(index.stage_before(row));
        today.changed += u64::from(index.changed[row]);
        today.ending += index.ending(row).len() as u64;
        if let Some(kind) = kind(index, row) {
            today.by_kind[kind as usize] += 1;
            if only.is_none_or(|only| only == kind) {
                first.offer((urgency(index, row, kind), index.ids[row]), row);
            }
        }
    });
    today.lines = first.into_rows().into_iter().filter_map(|row| line(index, scope, row)).collect();
    today
}

/// The place of a row on the worklist, the smallest first: by revenue at stake, and after all others what got
/// better, since there nothing is.
fn urgency(index: &CustomerIndex, row: usize, kind: OccasionKind) -> i64 {
    const LAST: i64 = 1 << 60;
    let revenue = index.revenue_12m[row].clamp(-LAST, LAST);
    match kind {
        OccasionKind::Improved => LAST + LAST - revenue,
        _ => -revenue,
    }
}

/// The stage that a row left this month.
fn left(index: &CustomerIndex, row: usize) -> Option<LifecycleStage> {
    index.stage_before(row).filter(|_| index.changed[row] != 0)
}

/// Under what a row stands on the worklist, if it does.
fn kind(index: &CustomerIndex, row: usize) -> Option<OccasionKind> {
    match (index.stage(row)?, left(index, row)) {
        (LifecycleStage::Decline, Some(_)) => Some(OccasionKind::DeclineBegan),
        (LifecycleStage::Termination, Some(_)) => Some(OccasionKind::Exited),
        _ if !index.ending(row).is_empty() => Some(OccasionKind::ContractEnds),
        (LifecycleStage::Decline, None) => Some(OccasionKind::StillDeclining),
        (_, Some(_)) => Some(OccasionKind::Improved),
        (_, None) => None,
    }
}

/// Why a row stands on the worklist, if it does.
fn occasion(index: &CustomerIndex, row: usize) -> Option<Occasion> {
    match kind(index, row)? {
        OccasionKind::DeclineBegan => Some(Occasion::DeclineBegan { from: left(index, row)? }),
        OccasionKind::Exited => Some(Occasion::Exited { from: left(index, row)? }),
        OccasionKind::ContractEnds => {
            let (_, contract) = index.ending(row).first()?;
            let days_left =
                domain::date::days(contract.ends_on) - domain::date::days(index.month?.last_day());
            Some(Occasion::ContractEnds {
                contract: contract.id,
                code: contract.code.clone(),
                ends_on: contract.ends_on,
                days_left: i32::try_from(days_left).unwrap_or(i32::MAX),
            })
        }
        OccasionKind::StillDeclining => Some(Occasion::StillDeclining),
        OccasionKind::Improved => Some(Occasion::Improved { from: left(index, row)? }),
    }
}

fn line(index: &CustomerIndex, scope: Scope, row: usize) -> Option<TodayLine> {
    let manager = match scope {
        Scope::Own(_) => None,
        Scope::Subtree(_) => index.manager(index.managers[row]).map(|(_, name)| name.clone()),
    };
    Some(TodayLine {
        customer: index.ids[row],
        name: index.name(row).to_owned(),
        manager,
        occasion: occasion(index, row)?,
        assessment: index.assessment(row)?,
        at_stake: Money::from_fen(index.revenue_12m[row]),
    })
}
