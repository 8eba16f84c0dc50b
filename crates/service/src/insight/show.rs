//! Showing a unit.

use domain::cycle::UnitMonth;
use domain::id::OrgUnitId;
use domain::policy::{Action, Home};
use domain::{LifecycleStage, Month, Problem};
use hashbrown::HashMap;

use super::ages::Ages;
use super::{Concentration, Insight, Sight, UnitLine, UnitSums};
use crate::services::authorise;
use crate::{Actor, Services, units};

/// Months on the curve.
const MONTHS: i32 = 36;

/// The sums of a unit, the actor's own if none is named; none when there is no such unit, it is below neither the
/// actor's unit nor one that was granted, or no month is published yet.
///
/// # Errors
/// When the role may not see sums, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    unit: Option<OrgUnitId>,
) -> Result<Option<Insight>, Problem> {
    authorise(actor, Action::ViewInsight)?;
    let Home::Subtree(home) = actor.scope.home() else {
        return Ok(None);
    };
    let index = services.customers().await?;
    let unit = unit.unwrap_or(home);
    let tops = index.tops(&actor.scope);
    let top = tops.iter().copied().find(|&top| index.units.contains(top, unit));
    let Some((top, record)) = top.and_then(|top| Some((top, index.units.get(unit)?))) else {
        return Ok(None);
    };
    let Some(month) = index.month else {
        return Ok(None);
    };
    let below: Vec<_> = index.units.below(unit).map(units::name).collect();
    let shown: Vec<Month> = (month - (MONTHS - 1)).to(month).collect();
    let compared = [month, month.previous(), month - 12];
    let ids: Vec<OrgUnitId> = below.iter().map(|unit| unit.id).collect();
    let store = services.store();
    let own = [unit];
    let (of_unit, of_below, flows, concentration, cohorts) = tokio::try_join!(
        store.unit_months(&own, &shown),
        store.unit_months(&ids, &compared),
        store.unit_flows(unit, month),
        store.unit_concentration(unit, month),
        store.unit_cohorts(unit, &shown),
    )?;
    let sums = Sums::new(of_unit);
    let sums_below = Sums::new(of_below);
    let line = |unit: Option<crate::actor::UnitName>, at: &dyn Fn(Month) -> Option<UnitSums>| UnitLine {
        unit,
        now: at(compared[0]).unwrap_or_default(),
        last_month: at(compared[1]),
        last_year: at(compared[2]),
    };
    let mut lines: Vec<UnitLine> = Vec::with_capacity(below.len() + 1);
    for unit in below {
        let id = unit.id;
        lines.push(line(Some(unit), &|month| sums_below.get(id, month)));
    }
    let rest = line(None, &|month| {
        let whole = sums.get(unit, month)?;
        Some(ids.iter().filter_map(|&id| sums_below.get(id, month)).fold(whole, minus))
    });
    // Past sums stand under the units of their time: after a reorganisation their remainder belongs to nobody.
    if rest.now != UnitSums::default() {
        lines.push(rest);
    }
    let mut flow_table = [[0; LifecycleStage::COUNT]; LifecycleStage::COUNT];
    for flow in flows {
        flow_table[flow.from.index()][flow.to.index()] += flow.customers;
    }
    let explain_from = services.rules().default.risk.explain_from;
    let sight = index.sights.get(unit, || Sight::of(&index, unit, explain_from));
    Ok(Some(Insight {
        month,
        unit: units::name(record),
        path: index.units.path(Some(top), unit),
        elsewhere: tops
            .into_iter()
            .filter(|&other| other != top)
            .filter_map(|other| index.units.get(other).map(units::name))
            .collect(),
        now: sums.get(unit, month).unwrap_or_default(),
        last_month: sums.get(unit, compared[1]),
        last_year: sums.get(unit, compared[2]),
        months: shown.iter().filter_map(|&month| Some((month, sums.get(unit, month)?))).collect(),
        flows: flow_table,
        at_risk: sight.at_risk,
        satisfaction: sight.satisfaction,
        worth: sight.worth,
        concentration: concentration.map(|found| Concentration {
            customers: found.customers,
            top_fifth: found.top_fifth,
            top_fifth_range: sight.top_fifth_range(found.top_fifth),
            gini: found.gini,
            curve: found.curve,
        }),
        ages: Ages::new(&cohorts),
        below: lines,
    }))
}

/// Sums by unit and month.
struct Sums(HashMap<(OrgUnitId, Month), UnitSums>);

impl Sums {
    fn new(rows: Vec<(Month, UnitMonth)>) -> Self {
        let mut sums: HashMap<(OrgUnitId, Month), UnitSums> = HashMap::new();
        for (month, row) in rows {
            let sum = sums.entry((row.unit, month)).or_default();
            sum.customers[row.stage.index()] += row.customers;
            sum.revenue[row.stage.index()] += row.revenue;
            sum.cost += row.cost;
            sum.revenue_12m += row.revenue_12m;
            sum.profit_12m += row.profit_12m;
        }
        Self(sums)
    }

    fn get(&self, unit: OrgUnitId, month: Month) -> Option<UnitSums> {
        self.0.get(&(unit, month)).copied()
    }
}

/// What remains of a whole without a part.
fn minus(mut whole: UnitSums, part: UnitSums) -> UnitSums {
    for stage in 0..LifecycleStage::COUNT {
        whole.customers[stage] -= part.customers[stage];
        whole.revenue[stage] -= part.revenue[stage];
    }
    whole.cost -= part.cost;
    whole.revenue_12m -= part.revenue_12m;
    whole.profit_12m -= part.profit_12m;
    whole
}
