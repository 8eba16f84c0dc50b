//! Customers month by month, and the month-by-month run of the model over them.

use domain::customer::industry_group;
use domain::rules::Rules;
use domain::{LifecycleStage, Money, Month};
use science::evaluation::{JudgedMonth, Quality};
use science::lifecycle::{Judgement, Learner, Observation, State, Tide, step};
use simulate::{Config, SimulatedCustomer, World};

/// A customer's months, oldest first, without gaps.
#[derive(Debug)]
pub struct Customer {
    pub months: Vec<Observation>,
    /// The stage that is true of each month, where one knows.
    pub truth: Vec<LifecycleStage>,
}

pub fn default_rules() -> Rules {
    domain::rules::RuleBook::parse(None).expect("shipped rules").default
}

/// Judges all customers month by month, as the cycle does.
pub fn run(panel: &[Customer], rules: &Rules) -> Vec<Vec<Judgement>> {
    let mut learner = Learner::default();
    let mut states: Vec<State> = panel.iter().map(|_| State::default()).collect();
    let mut judged: Vec<Vec<Judgement>> = panel.iter().map(|_| Vec::new()).collect();
    let firsts = panel.iter().filter_map(|customer| customer.months.first());
    let lasts = panel.iter().filter_map(|customer| customer.months.last());
    let (Some(first), Some(last)) = (firsts.map(|o| o.month).min(), lasts.map(|o| o.month).max()) else {
        return judged;
    };
    for month in first.to(last) {
        let of_month = |customer: &Customer| {
            let at = usize::try_from(month - customer.months.first()?.month).ok()?;
            customer.months.get(at).copied()
        };
        let model = learner.model(rules);
        let mut tide = Tide::default();
        for (customer, state) in panel.iter().zip(&states) {
            if let Some(observation) = of_month(customer) {
                tide.add(&model, state, &observation);
            }
        }
        learner.note_tide(month, &tide);
        let model = learner.model(rules);
        let mut learnt = Learner::default();
        for ((customer, state), judged) in panel.iter().zip(&mut states).zip(&mut judged) {
            if let Some(observation) = of_month(customer) {
                let judgement = step(&model, rules, state, &observation);
                learnt.add(&judgement);
                judged.push(judgement);
            }
        }
        learner.merge(&learnt);
    }
    judged
}

/// How good the stages are, those of the model and those of the plain rules.
pub fn quality(panel: &[Customer], judged: &[Vec<Judgement>]) -> [Quality; 2] {
    let mut model = Quality::default();
    let mut naive = Quality::default();
    for (customer, judged) in panel.iter().zip(judged) {
        let rows = |given: fn(&Judgement) -> (LifecycleStage, f32)| -> Vec<JudgedMonth> {
            let months = customer.months.iter().zip(&customer.truth).zip(judged);
            months
                .map(|((observation, &truth), judgement)| {
                    let (given, confidence) = given(judgement);
                    JudgedMonth { month: observation.month, truth, given, confidence }
                })
                .collect()
        };
        model.add_customer(&rows(|judgement| (judgement.stage, judgement.confidence)));
        naive.add_customer(&rows(|judgement| (judgement.naive, 1.0)));
    }
    [model, naive]
}

/// A made-up operator.
pub fn simulated(customers: u32, months: u16, seed: u64) -> Vec<Customer> {
    let first = Month::new(2024, 1).expect("a month");
    let world = World::new(Config { customers, months, seed, first }).expect("a world");
    let last = first + i32::from(months) - 1;
    world.customers().map(|customer| observed(&world, &customer, last)).collect()
}

fn observed(world: &World, customer: &SimulatedCustomer, last: Month) -> Customer {
    let truth: Vec<_> = customer.truth.iter().map(|truth| truth.stage).collect();
    let industry = industry_group(Some(customer.row.industry));
    let months = customer.truth.iter().map(|truth| observe(world, customer, truth.month, industry)).collect();
    debug_assert!(customer.truth.iter().all(|truth| truth.month <= last));
    Customer { months, truth }
}

fn observe(world: &World, customer: &SimulatedCustomer, month: Month, industry: u8) -> Observation {
    let rows: Vec<_> = customer.usage.iter().filter(|row| row.month == month).collect();
    let list_price = |product: usize| world.products()[product].list_price.yuan();
    let worth = |row: &&simulate::Usage| {
        row.volume.map_or(row.revenue.yuan(), |volume| volume * list_price(row.product))
    };
    let lines: Vec<f64> = rows.iter().filter_map(|row| row.lines.map(f64::from)).collect();
    let known = !rows.is_empty();
    let cost = rows.iter().map(|row| row.cost).sum::<Money>()
        + customer.costs.iter().filter(|cost| cost.month == month).map(|cost| cost.amount).sum();
    let end = month.last_day();
    let begun = || customer.services.iter().filter(|service| service.started_on <= end);
    let running = |trial| {
        begun().filter(|s| s.trial == trial && s.ended_on.is_none_or(|ended| ended > end)).count() as u16
    };
    Observation {
        month,
        usage: known.then(|| rows.iter().map(worth).sum()),
        // Lines of some products only would look like a loss.
        lines: (known && lines.len() == rows.len()).then(|| lines.iter().sum()),
        products: rows.len() as u16,
        revenue: known.then(|| rows.iter().map(|row| row.revenue).sum()),
        cost,
        services: running(false),
        trials: running(true),
        first_service: begun().map(|service| Month::of(service.started_on)).min(),
        last_end: begun().filter_map(|s| s.ended_on).filter(|&ended| ended <= end).map(Month::of).max(),
        industry,
    }
}
