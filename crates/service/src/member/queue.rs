//! Showing the queue of members who may be dissatisfied.

use std::sync::Arc;

use domain::Problem;
use domain::id::MemberId;
use domain::policy::{Action, Scope};
use domain::satisfaction::MemberMonth;
use domain::segment::SegmentValue;
use domain::star::StarRating;
use hashbrown::HashMap;

use super::{MemberQueue, QueueLine, Tactic};
use crate::customer::index::{CustomerIndex, Uneasy};
use crate::services::{authorise, off_thread};
use crate::{Actor, Services};

/// A place in the queue: tactic, missing stars, value turned round, and the member, so that none is shared.
type Place = (Tactic, u8, i64, MemberId);

/// The queue of the actor's customers: by tactic, then by stars, then by value.
///
/// # Errors
/// When the role may not see customers, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor) -> Result<MemberQueue, Problem> {
    authorise(actor, Action::ViewCustomers)?;
    let index = services.customers().await?;
    let bands = services.rules().default.members.value_yuan;
    let mut queue =
        MemberQueue { month: index.month, is_told: index.tells_satisfaction(), ..Default::default() };
    let mut waiting: Vec<(Place, &Uneasy)> = Vec::new();
    for uneasy in index.uneasy_in(&actor.scope) {
        let stars = index.stars[uneasy.row as usize];
        let band = bands.of(uneasy.value);
        queue.grid[usize::from(5 - stars.min(5))][band.index()] += 1;
        let place = (Tactic::of(stars, band), 5 - stars.min(5), -uneasy.value.fen(), uneasy.member);
        waiting.push((place, uneasy));
    }
    waiting.sort_by_key(|(place, _)| *place);
    waiting.truncate(MemberQueue::LINES);
    let mut members: Vec<MemberId> = waiting.iter().map(|(_, uneasy)| uneasy.member).collect();
    members.sort_unstable();
    let codes: HashMap<MemberId, String> =
        services.store().member_codes(&members).await?.into_iter().collect();
    let told = told(services, &index, members).await?;
    queue.lines = waiting
        .into_iter()
        .map(|(_, uneasy)| {
            let band = bands.of(uneasy.value);
            line(&index, &actor.scope, uneasy, band, &codes, told.get(&uneasy.member))
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

fn line(
    index: &CustomerIndex,
    scope: &Scope,
    uneasy: &Uneasy,
    band: SegmentValue,
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
        star: StarRating::try_from(index.stars[row]).ok(),
        band,
        value: uneasy.value,
        satisfaction: told.and_then(|told| told.satisfaction.clone()),
        risk: told.and_then(|told| told.risk),
        risk_reasons: told.map(|told| told.risk_reasons.clone()).unwrap_or_default(),
        expected_loss: told.and_then(MemberMonth::expected_loss),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_higher_the_star_and_the_value_the_sooner() {
        assert_eq!(Tactic::of(5, SegmentValue::High), Tactic::Visit);
        assert_eq!(Tactic::of(3, SegmentValue::High), Tactic::Visit);
        assert_eq!(Tactic::of(5, SegmentValue::Low), Tactic::Call);
        assert_eq!(Tactic::of(1, SegmentValue::High), Tactic::Message);
        assert_eq!(Tactic::of(0, SegmentValue::High), Tactic::Message);
    }
}
