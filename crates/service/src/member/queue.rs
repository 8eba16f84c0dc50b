//! Showing the queue of members who may be dissatisfied or leave.

use std::cmp::Reverse;
use std::sync::Arc;

use domain::id::MemberId;
use domain::policy::{Action, Scope};
use domain::satisfaction::{MemberConcern, MemberMonth};
use domain::segment::SegmentValue;
use domain::star::StarRating;
use domain::tactic::TacticCell;
use domain::{Money, Problem};
use hashbrown::HashMap;

use super::{MemberQueue, QueueLine};
use crate::customer::index::{CustomerIndex, Uneasy};
use crate::services::{authorise, off_thread};
use crate::tactic::{Tactic, Tactics};
use crate::{Actor, Services};

/// A place in the queue: weight of the cell, stars, value, and the member, so that none is shared.
type Place = (Reverse<(usize, u8, Money)>, MemberId);

/// The queue of the actor's customers: by stars times value, then by stars, then by value; `only` narrows it to one concern.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    only: Option<MemberConcern>,
) -> Result<MemberQueue, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let index = services.customers().await?;
    let bands = services.rules().default.members.value_yuan;
    let mut queue =
        MemberQueue { month: index.month, is_told: index.tells_satisfaction(), ..Default::default() };
    let mut waiting: Vec<(Place, &Uneasy)> = Vec::new();
    for uneasy in index.uneasy_in(&actor.scope) {
        queue.by_concern[uneasy.concern.index()] += 1;
        if only.is_some_and(|only| only != uneasy.concern) {
            continue;
        }
        let cell = cell_of(&index, uneasy, bands.of(uneasy.value));
        queue.grid[usize::from(5 - cell.stars())][cell.value().index()] += 1;
        waiting.push(((Reverse((cell.weight(), cell.stars(), uneasy.value)), uneasy.member), uneasy));
    }
    waiting.sort_by_key(|(place, _)| *place);
    waiting.truncate(MemberQueue::LINES);
    let mut members: Vec<MemberId> = waiting.iter().map(|(_, uneasy)| uneasy.member).collect();
    members.sort_unstable();
    let codes: HashMap<MemberId, String> =
        services.store().member_codes(&members).await?.into_iter().collect();
    let told = told(services, &index, members).await?;
    let unit_of = |uneasy: &Uneasy| index.units.at(index.positions[uneasy.row as usize]).map(|unit| unit.id);
    let units = waiting.iter().filter_map(|(_, uneasy)| unit_of(uneasy)).chain([actor.unit.id]);
    let tactics = Tactics::read(services, &index.units, units).await?;
    queue.tactics = TacticCell::all().map(|cell| tactics.at(actor.unit.id, cell)).collect();
    queue.lines = waiting
        .into_iter()
        .map(|(_, uneasy)| {
            let cell = cell_of(&index, uneasy, bands.of(uneasy.value));
            let tactic = tactics.at(unit_of(uneasy).unwrap_or(actor.unit.id), cell);
            line(&index, &actor.scope, uneasy, tactic, &codes, told.get(&uneasy.member))
        })
        .collect();
    Ok(queue)
}

/// What the published month says of some members.
pub(crate) async fn told(
    services: &Services,
    index: &Arc<CustomerIndex>,
    members: Vec<MemberId>,
) -> Result<HashMap<MemberId, MemberMonth>, Problem> {
    let file = index.month.and_then(|month| index.manifest.members.get(&month)).cloned();
    let Some(file) = file.filter(|_| !members.is_empty()) else {
        return Ok(HashMap::new());
    };
    let engine = Arc::clone(services.engine());
    let told = off_thread(move || engine.members(&file, &members)).await?;
    Ok(told.into_iter().map(|member| (member.member, member)).collect())
}

fn cell_of(index: &CustomerIndex, uneasy: &Uneasy, band: SegmentValue) -> TacticCell {
    TacticCell::new(StarRating::try_from(index.stars[uneasy.row as usize]).ok(), band)
}

fn line(
    index: &CustomerIndex,
    scope: &Scope,
    uneasy: &Uneasy,
    tactic: Tactic,
    codes: &HashMap<MemberId, String>,
    told: Option<&MemberMonth>,
) -> QueueLine {
    let row = uneasy.row as usize;
    QueueLine {
        member: uneasy.member,
        code: codes.get(&uneasy.member).cloned().unwrap_or_default(),
        customer: index.ids[row],
        name: index.name(row).to_owned(),
        manager: index
            .manager(index.managers[row])
            .filter(|_| !scope.is_own_only())
            .map(|(_, name)| name.clone()),
        tactic,
        value: uneasy.value,
        concern: uneasy.concern,
        satisfaction: told.and_then(|told| told.satisfaction.clone()),
        risk: told.and_then(|told| told.risk),
        risk_reasons: told.map(|told| told.risk_reasons.clone()).unwrap_or_default(),
        expected_loss: told.and_then(MemberMonth::expected_loss),
    }
}
