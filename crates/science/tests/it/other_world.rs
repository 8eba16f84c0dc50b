//! A second made-up operator, of another make than `simulate`: logistic growth, plateaus that revert to their
//! mean, exponential decline, seasons of each customer's own strength. Who does well on one world only has
//! learnt that world.

use domain::{LifecycleStage, Money, Month};
use science::lifecycle::Observation;

use crate::panel::Customer;

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        // xorshift64*: enough for a test.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    fn happens(&mut self, chance: f64) -> bool {
        self.next() < chance
    }
}

/// Customers of the other world, `months` each.
pub fn customers(count: usize, months: i32, seed: u64) -> Vec<Customer> {
    (0..count)
        .map(|index| {
            let mut dice = Dice(
                (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
                    ^ (index as u64 + 1).wrapping_mul(0xd134_2543_de82_ef95),
            );
            for _ in 0..8 {
                dice.next();
            }
            customer(&mut dice, months)
        })
        .collect()
}

#[derive(Clone, Copy)]
struct Relation {
    stage: LifecycleStage,
    /// Log level, and where growth or a plateau leads.
    level: f64,
    aim: f64,
    pace: f64,
    months_left: i32,
    services: u16,
    trials: u16,
    lines: f64,
    first_service: Option<i32>,
    last_end: Option<i32>,
}

/// Years before the first observed month, so that every stage is met.
const BURN_IN: i32 = 60;

fn customer(dice: &mut Dice, months: i32) -> Customer {
    let first = Month::new(2023, 4).expect("a month");
    let size = dice.between(4.0, 10.0);
    let noise = 0.05 + 0.08 * dice.next() * dice.next() * 2.0;
    let industry = (dice.next() * 6.0) as u8 + 1;
    let season_strength = dice.between(0.5, 1.5);
    let price = dice.between(0.7, 1.0);
    let mut tariff = 1.0;
    let mut relation = Relation {
        stage: LifecycleStage::Potential,
        level: 0.0,
        aim: 0.0,
        pace: 0.0,
        months_left: dice.between(0.0, 70.0) as i32,
        services: 0,
        trials: 0,
        lines: 0.0,
        first_service: None,
        last_end: None,
    };
    let mut customer = Customer { months: Vec::new(), truth: Vec::new() };
    for month in -BURN_IN..months {
        live_a_month(dice, &mut relation, size, month);
        if dice.happens(0.02) {
            tariff *= dice.between(0.8, 1.0);
        }
        if month < 0 {
            continue;
        }
        let at = first + month;
        let angle = f64::from(at.month_of_year()) + f64::from(industry) * 2.0;
        let season =
            season_strength * (0.03 * f64::from(industry)) * (angle * std::f64::consts::TAU / 12.0).sin();
        let odd = if dice.happens(0.03) { 0.5 * dice.normal() } else { 0.0 };
        let served = relation.services + relation.trials > 0;
        let known = served && !dice.happens(0.015);
        let usage = (relation.level + season + noise * dice.normal() + odd).exp();
        let trial_only = relation.services == 0;
        let revenue = usage * price * tariff * if trial_only { 0.2 } else { 1.0 };
        let fixed = 0.3 * size.exp() * if relation.stage == LifecycleStage::Development { 1.0 } else { 0.1 };
        customer.truth.push(relation.stage);
        customer.months.push(Observation {
            month: at,
            usage: known.then_some(usage),
            lines: known.then_some(relation.lines),
            products: relation.services + relation.trials,
            revenue: known.then(|| Money::from_fen((revenue * 100.0) as i64)),
            cost: Money::from_fen(if served { ((0.5 * usage + fixed) * 100.0) as i64 } else { 0 }),
            services: relation.services,
            trials: relation.trials,
            first_service: relation.first_service.map(|month| first + month),
            last_end: relation.last_end.map(|month| first + month),
            industry,
        });
    }
    customer
}

fn live_a_month(dice: &mut Dice, relation: &mut Relation, size: f64, month: i32) {
    relation.months_left -= 1;
    if relation.months_left < 0 {
        move_on(dice, relation, size, month);
    }
    match relation.stage {
        LifecycleStage::Development => relation.level += 0.03 * dice.normal(),
        LifecycleStage::Growth => {
            relation.level += relation.pace * (relation.aim - relation.level).max(0.15);
            if relation.services < 6 && dice.happens(0.1) {
                relation.services += 1;
            }
            if relation.level >= relation.aim {
                relation.months_left = 0;
            }
        }
        LifecycleStage::Maturity => {
            relation.level += 0.3 * (relation.aim - relation.level) + 0.035 * dice.normal();
        }
        LifecycleStage::Decline => {
            relation.level -= relation.pace * dice.between(0.4, 1.6);
            if relation.services > 1 && dice.happens(0.1) {
                relation.services -= 1;
            }
        }
        LifecycleStage::Potential | LifecycleStage::Termination => {}
    }
    let wanted = (relation.level - 2.0).exp().max(1.0);
    if relation.lines == 0.0 || dice.happens(0.35) {
        relation.lines = wanted.round();
    }
}

fn move_on(dice: &mut Dice, relation: &mut Relation, size: f64, month: i32) {
    use LifecycleStage::{Decline, Development, Growth, Maturity, Potential, Termination};
    let luck = dice.next();
    let next = match relation.stage {
        Potential | Termination => Development,
        Development if luck < 0.15 => Termination,
        Development => Growth,
        Growth if luck < 0.1 => Decline,
        Growth => Maturity,
        Maturity if luck < 0.2 => Growth,
        Maturity => Decline,
        Decline if luck < 0.15 => Growth,
        Decline if luck < 0.4 => Maturity,
        Decline => Termination,
    };
    relation.stage = next;
    let (low, high) = match next {
        Development => (1.0, 7.0),
        Growth => (6.0, 20.0),
        Maturity => (8.0, 40.0),
        Decline => (3.0, 14.0),
        Potential | Termination => (6.0, 60.0),
    };
    relation.months_left = dice.between(low, high) as i32;
    match next {
        Development => {
            relation.level = size - dice.between(1.0, 2.5);
            let trial = dice.happens(0.4);
            (relation.services, relation.trials) = if trial { (0, 1) } else { (1, 0) };
            relation.lines = 0.0;
            relation.first_service.get_or_insert(month);
        }
        Growth => {
            (relation.services, relation.trials) = (relation.services.max(1), 0);
            relation.aim = relation.level + dice.between(0.5, 1.8);
            relation.pace = dice.between(0.08, 0.25);
        }
        Maturity => relation.aim = relation.level,
        Decline => relation.pace = dice.between(0.035, 0.1) * if dice.happens(0.3) { 2.5 } else { 1.0 },
        Termination => {
            (relation.services, relation.trials) = (0, 0);
            relation.last_end = Some(month);
        }
        Potential => {}
    }
}
