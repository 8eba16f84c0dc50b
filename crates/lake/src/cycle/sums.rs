//! What units hold: customers and money by stage, moves over the last quarter, concentration. Every figure of a
//! unit counts in everything below it; whole fen, so that the levels agree exactly.

use domain::cycle::{CohortSum, UnitCohorts, UnitConcentration, UnitFlow, UnitMonth};
use domain::{LifecycleStage, Money, Month};
use hashbrown::HashMap;
use science::concentration::Concentration;

use super::base::{Organisation, UnitIndex};

const STAGES: usize = LifecycleStage::COUNT;

/// A customer's part in the sums of a month; money in fen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub unit: UnitIndex,
    pub stage: u8,
    pub quarter_ago: Option<u8>,
    /// When the relation began, of those served.
    pub started: Option<Month>,
    /// At list price.
    pub usage: i64,
    pub revenue: i64,
    pub cost: i64,
    pub revenue_12m: i64,
    pub profit_12m: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct StageSum {
    customers: i64,
    revenue: i64,
    cost: i64,
    revenue_12m: i64,
    profit_12m: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct FlowSum {
    customers: i64,
    revenue_12m: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct AgeSum {
    customers: i64,
    usage: i64,
    revenue: i64,
    cost: i64,
}

/// The sums of a month by unit, those above first; what is empty is left out.
#[derive(Debug, Default)]
pub(super) struct UnitSums {
    pub months: Vec<UnitMonth>,
    pub flows: Vec<UnitFlow>,
    pub concentrations: Vec<UnitConcentration>,
    pub cohorts: Vec<UnitCohorts>,
}

/// The sums of a month in the making: first each customer in its own unit, then rolled up.
pub(super) struct Sums<'a> {
    organisation: &'a Organisation,
    stages: Vec<[StageSum; STAGES]>,
    flows: Vec<[[FlowSum; STAGES]; STAGES]>,
    /// By gathering unit, year of start and stage.
    ages: HashMap<(UnitIndex, i32, u8), AgeSum>,
    /// Revenue of twelve months and unit of every customer with any.
    earners: Vec<(i64, UnitIndex)>,
}

impl<'a> Sums<'a> {
    pub fn new(organisation: &'a Organisation, customers: usize) -> Self {
        Self {
            organisation,
            stages: vec![Default::default(); organisation.len()],
            flows: vec![Default::default(); organisation.len()],
            ages: HashMap::new(),
            earners: Vec::with_capacity(customers),
        }
    }

    pub fn add(&mut self, part: Part) {
        let (unit, stage) = (part.unit as usize, usize::from(part.stage));
        let sum = &mut self.stages[unit][stage];
        sum.customers += 1;
        sum.revenue += part.revenue;
        sum.cost += part.cost;
        sum.revenue_12m += part.revenue_12m;
        sum.profit_12m += part.profit_12m;
        if let Some(before) = part.quarter_ago {
            let flow = &mut self.flows[unit][usize::from(before)][stage];
            flow.customers += 1;
            flow.revenue_12m += part.revenue_12m;
        }
        if let Some(started) = part.started {
            let sum = self.ages.entry((self.organisation.gathering[unit], started.year(), part.stage));
            let sum = sum.or_default();
            sum.customers += 1;
            sum.usage += part.usage;
            sum.revenue += part.revenue;
            sum.cost += part.cost;
        }
        if part.revenue_12m > 0 {
            self.earners.push((part.revenue_12m, part.unit));
        }
    }

    /// Everything by unit.
    pub fn finish(mut self) -> UnitSums {
        let concentrations = self.concentrations();
        let cohorts = self.cohorts();
        self.roll_up();
        let (mut months, mut flows) = (Vec::new(), Vec::new());
        for &unit in &self.organisation.downwards {
            let id = self.organisation.ids[unit as usize];
            for &stage in LifecycleStage::ALL {
                let sum = self.stages[unit as usize][stage.index()];
                if sum.customers > 0 {
                    months.push(UnitMonth {
                        unit: id,
                        stage,
                        customers: sum.customers,
                        revenue: Money::from_fen(sum.revenue),
                        cost: Money::from_fen(sum.cost),
                        revenue_12m: Money::from_fen(sum.revenue_12m),
                        profit_12m: Money::from_fen(sum.profit_12m),
                    });
                }
                for &to in LifecycleStage::ALL {
                    let flow = self.flows[unit as usize][stage.index()][to.index()];
                    if flow.customers > 0 {
                        let revenue_12m = Money::from_fen(flow.revenue_12m);
                        flows.push(UnitFlow {
                            unit: id,
                            from: stage,
                            to,
                            customers: flow.customers,
                            revenue_12m,
                        });
                    }
                }
            }
        }
        UnitSums { months, flows, concentrations, cohorts }
    }

    fn roll_up(&mut self) {
        for &unit in self.organisation.downwards.iter().rev() {
            let Some(parent) = self.organisation.parents[unit as usize] else {
                continue;
            };
            let (below, flows) = (self.stages[unit as usize], self.flows[unit as usize]);
            for (above, below) in self.stages[parent as usize].iter_mut().zip(below) {
                above.customers += below.customers;
                above.revenue += below.revenue;
                above.cost += below.cost;
                above.revenue_12m += below.revenue_12m;
                above.profit_12m += below.profit_12m;
            }
            for (above, below) in self.flows[parent as usize].iter_mut().flatten().zip(flows.iter().flatten())
            {
                above.customers += below.customers;
                above.revenue_12m += below.revenue_12m;
            }
        }
    }

    fn cohorts(&mut self) -> Vec<UnitCohorts> {
        let mut of_unit: Vec<HashMap<(i32, u8), AgeSum>> = vec![HashMap::new(); self.organisation.len()];
        for ((unit, year, stage), sum) in self.ages.drain() {
            let mut at = Some(unit);
            while let Some(unit) = at {
                let above = of_unit[unit as usize].entry((year, stage)).or_default();
                above.customers += sum.customers;
                above.usage += sum.usage;
                above.revenue += sum.revenue;
                above.cost += sum.cost;
                at = self.organisation.parents[unit as usize];
            }
        }
        let downwards =
            self.organisation.downwards.iter().filter(|&&unit| !of_unit[unit as usize].is_empty());
        downwards
            .map(|&unit| {
                let told = |(&(year, stage), sum): (&(i32, u8), &AgeSum)| {
                    Some(CohortSum {
                        year,
                        stage: LifecycleStage::from_index(usize::from(stage))?,
                        customers: sum.customers,
                        usage: Money::from_fen(sum.usage),
                        revenue: Money::from_fen(sum.revenue),
                        cost: Money::from_fen(sum.cost),
                    })
                };
                let mut sums: Vec<CohortSum> = of_unit[unit as usize].iter().filter_map(told).collect();
                sums.sort_unstable_by_key(|sum| (sum.year, sum.stage.index()));
                UnitCohorts { unit: self.organisation.ids[unit as usize], sums }
            })
            .collect()
    }

    /// One sort for all units: the earners come largest first to each unit and everything above it.
    fn concentrations(&mut self) -> Vec<UnitConcentration> {
        self.earners.sort_unstable_by(|a, b| b.cmp(a));
        let mut counts = vec![0; self.organisation.len()];
        self.earners.iter().for_each(|&(_, unit)| counts[unit as usize] += 1);
        for &unit in self.organisation.downwards.iter().rev() {
            if let Some(parent) = self.organisation.parents[unit as usize] {
                counts[parent as usize] += counts[unit as usize];
            }
        }
        let mut of_unit: Vec<Vec<i64>> = counts.into_iter().map(Vec::with_capacity).collect();
        for &(revenue, unit) in &self.earners {
            let mut at = Some(unit);
            while let Some(unit) = at {
                of_unit[unit as usize].push(revenue);
                at = self.organisation.parents[unit as usize];
            }
        }
        let downwards = self.organisation.downwards.iter();
        downwards
            .filter_map(|&unit| {
                let found = Concentration::of_descending(&of_unit[unit as usize])?;
                Some(UnitConcentration {
                    unit: self.organisation.ids[unit as usize],
                    customers: found.customers as i64,
                    top_fifth: found.top_fifth,
                    gini: found.gini,
                    curve: found.curve.to_vec(),
                })
            })
            .collect()
    }
}
