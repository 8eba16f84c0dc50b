//! What billing saw: usage, revenue and cost by product, other costs, bills.

use domain::{LifecycleStage, Money, Month};

use crate::catalogue::{PRODUCTS, offer};
use crate::customer::{Stretch, Traits};
use crate::dice::Dice;
use crate::names;
use crate::relation::Relation;
use crate::rows::{Bill, Contract, Cost, FirstTold, Usage};
use crate::world::World;

/// What one wish has in use, beside what is used.
#[derive(Debug, Clone, Copy, Default)]
struct Holding {
    /// Yuan a month that the lines held stand for; moves in lumps, after use does.
    held: f64,
    lines: Option<u32>,
    /// Revenue of the month before that is billed this month.
    carried: f64,
}

/// The customer's own ways that blur what is seen of it.
struct Blur {
    use_noise: f64,
    /// Months by which lines follow use.
    lag: i32,
    /// How far use must have moved before lines do.
    lump: f64,
    /// Negotiated price against list; moves with tariff cuts.
    price: f64,
    /// A campaign price and how many months it lasts.
    campaign: (f64, i32),
}

/// Usage rows by month and product, and the last known lines of each wish.
pub fn observe(
    world: &World,
    dice: &mut Dice,
    traits: &Traits,
    relation: &Relation,
    stretches: &[Stretch],
) -> (Vec<Usage>, Vec<Option<u32>>) {
    let months = i32::from(world.config.months);
    let small = traits.capacity < 2_500.0;
    let mut blur = Blur {
        use_noise: dice.around(if small { 0.045 } else { 0.03 }, 0.3),
        lag: dice.whole(1, 2),
        lump: dice.between(0.04, 0.09) * if small { 1.8 } else { 1.0 },
        price: dice.between(0.85, 1.0),
        campaign: (1.0, 0),
    };
    let mut holdings = vec![Holding::default(); traits.wishes.len()];
    let mut rows = Vec::with_capacity(months as usize * 3);
    for month in 0..months {
        let moment = relation.at(month);
        if moment.level <= 0.0 {
            holdings.fill(Holding::default());
            continue;
        }
        observe_month(world, dice, traits, relation, stretches, month, &mut blur, &mut holdings, &mut rows);
    }
    (rows, holdings.iter().map(|holding| holding.lines).collect())
}

#[expect(clippy::too_many_arguments, reason = "the body of one loop, apart for being read")]
fn observe_month(
    world: &World,
    dice: &mut Dice,
    traits: &Traits,
    relation: &Relation,
    stretches: &[Stretch],
    month: i32,
    blur: &mut Blur,
    holdings: &mut [Holding],
    rows: &mut Vec<Usage>,
) {
    let moment = relation.at(month);
    let at = world.config.first + month;
    let price = blur.price(dice);
    let odd = match dice.between(0.0, 1.0) {
        draw if draw < 0.018 => dice.between(1.20, 1.9),
        draw if draw < 0.034 => dice.between(0.45, 0.85),
        _ => 1.0,
    };
    let season = world.season(traits.industry, month);
    let used = traits.capacity * moment.level * season * odd * (blur.use_noise * dice.heavy()).exp();
    // Months are billed on different days; now and then part of one month is billed with the next.
    let late = if dice.chance(0.07) { dice.between(0.15, 0.50) } else { 0.0 };
    let billing = (0.045 * dice.heavy()).exp();
    let one_off = if dice.chance(0.04) { dice.between(0.15, 0.8) } else { 0.0 };
    let lost = dice.chance(0.01);
    let parts = parts(traits, stretches, month, holdings.len());
    let whole: f64 = parts.iter().map(|(part, _)| part).sum();
    let steady = lagged_pace(relation, month, blur.lag) * traits.capacity;
    for (wish, &(part, trial)) in parts.iter().enumerate() {
        let holding = &mut holdings[wish];
        if part <= 0.0 || whole <= 0.0 {
            *holding = Holding::default();
            continue;
        }
        let wished = &traits.wishes[wish];
        let product = &PRODUCTS[wished.product];
        let sold = offer(wished.product);
        let share = part / whole;
        holding.follow(steady * share, blur.lump);
        let lines = (holding.held / wished.line_yuan).round().max(1.0) as u32;
        holding.lines = Some(lines);
        let value = used * share * (0.04 * dice.normal()).exp();
        let list_price = product.list_price.yuan();
        let volume = (value / list_price * 100.0).round() / 100.0;
        let charged = sold.flat * holding.held * (moment.level / moment.pace) + (1.0 - sold.flat) * value;
        let tariff = price * world.price_cuts.factor(wished.product, at) * if trial { 0.3 } else { 1.0 };
        let due = charged * tariff * billing * (1.0 + one_off);
        let billed = due * (1.0 - late) + holding.carried;
        holding.carried = due * late;
        let cost = volume * product.unit_cost.yuan() * (1.0 + 0.04 * dice.normal());
        let unknown = dice.chance(0.02);
        if lost {
            continue;
        }
        rows.push(Usage {
            month: at,
            product: wished.product,
            lines: (!unknown).then_some(lines),
            volume: (!unknown).then_some(volume),
            revenue: fen(billed),
            cost: fen(cost.max(0.0)),
            first_told: None,
        });
    }
}

/// Months before the last whose figures may still be corrected.
pub const CORRECTED_MONTHS: i32 = 3;

/// Some figures of the latest months were first told wrong: part of the use not rated yet, or rated twice.
pub fn tell_first(dice: &mut Dice, last: Month, rows: &mut [Usage]) {
    for row in rows.iter_mut().filter(|row| last - row.month < CORRECTED_MONTHS) {
        if dice.chance(0.006) {
            let share = if dice.chance(0.7) { dice.between(0.3, 0.9) } else { dice.between(1.2, 2.0) };
            row.first_told = Some(FirstTold {
                volume: row.volume.map(|volume| (volume * share * 100.0).round() / 100.0),
                revenue: fen(row.revenue.yuan() * share),
            });
        }
    }
}

impl Blur {
    /// The customer's price level of this month: cuts stay, campaigns pass.
    fn price(&mut self, dice: &mut Dice) -> f64 {
        if dice.chance(0.016) {
            self.price *= dice.between(0.78, 0.93);
        } else if dice.chance(0.006) {
            self.price *= dice.between(1.03, 1.08);
        }
        let (factor, left) = self.campaign;
        self.campaign = match left {
            0 if dice.chance(0.022) => (dice.between(0.70, 0.90), dice.whole(2, 6)),
            0 | 1 => (1.0, 0),
            _ => (factor, left - 1),
        };
        self.price.clamp(0.4, 1.1) * self.campaign.0
    }
}

impl Holding {
    /// Lines follow use once it has moved far enough.
    fn follow(&mut self, target: f64, lump: f64) {
        if self.held <= 0.0 || (target / self.held - 1.0).abs() > lump {
            self.held = target;
        }
    }
}

/// How much of the month each wish is served, weighed by its part of the capacity; and whether as a trial.
fn parts(traits: &Traits, stretches: &[Stretch], month: i32, wishes: usize) -> Vec<(f64, bool)> {
    let mut parts = vec![(0.0, false); wishes];
    for stretch in stretches {
        let begin = if stretch.start.month == month { stretch.start.day } else { 1 };
        let end = match stretch.end {
            Some(end) if end.month < month => continue,
            Some(end) if end.month == month => end.day,
            _ => 28,
        };
        if stretch.start.month > month || end < begin {
            continue;
        }
        let part = &mut parts[stretch.wish];
        part.0 += traits.wishes[stretch.wish].weight * f64::from(end - begin + 1) / 28.0;
        part.1 = stretch.trial;
    }
    parts
}

/// The pace of use some months ago, within the same spell.
fn lagged_pace(relation: &Relation, month: i32, lag: i32) -> f64 {
    (0..=lag).rev().map(|back| relation.at(month - back).pace).find(|&pace| pace > 0.0).unwrap_or(0.0)
}

fn fen(yuan: f64) -> Money {
    Money::from_fen((yuan * 100.0).round() as i64)
}

/// Costs that are not of usage: winning, visiting, connecting and serving the customer.
pub fn costs(
    dice: &mut Dice,
    traits: &Traits,
    relation: &Relation,
    first: Month,
    usage: &[Usage],
) -> Vec<Cost> {
    use LifecycleStage::{Decline, Development, Growth, Maturity, Potential, Termination};
    let mut costs = Vec::new();
    let mut usage = usage.chunk_by(|left, right| left.month == right.month).peekable();
    let capacity = traits.capacity;
    let months = relation.moments.len() as i32 - crate::relation::BEFORE - crate::relation::AFTER;
    for offset in 0..months {
        let month = first + offset;
        let rows = usage.next_if(|rows| rows[0].month == month).unwrap_or_default();
        let revenue = rows.iter().map(|row| row.revenue).sum::<Money>().yuan().max(0.0);
        let Some(stage) = relation.at(offset).stage else { continue };
        let fresh = offset > 0 && relation.at(offset - 1).stage != Some(stage);
        // Kind, yuan, how often.
        let spent: &[(&'static str, f64, f64)] = match stage {
            Potential => &[("promotion", 20.0 + 0.01 * capacity, 0.35), ("visit", 60.0, 0.12)],
            Development => &[
                ("access", 0.30 * capacity, if fresh { 1.0 } else { 0.25 }),
                ("promotion", 30.0 + 0.05 * capacity, 0.7),
                ("service", 0.07 * capacity, 1.0),
                ("visit", 80.0, 0.4),
            ],
            Growth => &[
                ("access", 0.06 * capacity, 0.3),
                ("promotion", 20.0 + 0.02 * capacity, 0.25),
                ("service", 0.06 * revenue, 0.9),
                ("visit", 60.0, 0.2),
            ],
            Maturity => {
                &[("service", 0.05 * revenue, 0.8), ("visit", 60.0, 0.12), ("other", 0.05 * revenue, 0.05)]
            }
            Decline => &[
                ("promotion", 0.05 * capacity, 0.15),
                ("service", 0.08 * revenue, 0.9),
                ("visit", 70.0, 0.18),
            ],
            Termination => &[("visit", 50.0, 0.03)],
        };
        for &(kind, yuan, share) in spent {
            if dice.chance(share) {
                let amount = fen(yuan * dice.around(1.0, 0.3));
                if amount > Money::ZERO {
                    costs.push(Cost { month, kind, amount });
                }
            }
        }
    }
    costs
}

/// One bill for each month with revenue.
pub fn bills(
    dice: &mut Dice,
    relation: &Relation,
    contracts: &[Contract],
    first: Month,
    usage: &[Usage],
) -> Vec<Bill> {
    let punctual = dice.between(2.0, 18.0);
    let mut balance: Option<Money> = None;
    let mut signed = contracts.iter().filter(|contract| contract.prepaid.is_some()).peekable();
    let observed = relation.moments.len() as i32 - crate::relation::BEFORE - crate::relation::AFTER;
    let last = first + (observed - 1);
    let mut bills = Vec::new();
    for rows in usage.chunk_by(|left, right| left.month == right.month) {
        let month = rows[0].month;
        let billed: Money = rows.iter().map(|row| row.revenue).sum();
        while let Some(contract) = signed.next_if(|contract| Month::of(contract.starts_on) <= month) {
            balance = contract.prepaid;
        }
        let moment = relation.at(month - first);
        let trouble = if moment.stage == Some(LifecycleStage::Decline) { 12.0 } else { 0.0 };
        let days = (punctual + trouble + 5.0 * dice.normal()).max(0.0) as i32;
        let due_on = names::day(month.next(), 20);
        let paid_in = month.next() + days / 28;
        let paid = paid_in <= last && !dice.chance(if trouble > 0.0 { 0.06 } else { 0.01 });
        let left = balance.map(|left| (left - billed).max(Money::ZERO));
        if balance.is_some() {
            balance = left;
        }
        bills.push(Bill {
            month,
            billed,
            paid: paid.then_some(billed),
            due_on,
            paid_on: paid.then(|| names::day(paid_in, 1 + days % 28)),
            prepaid_balance: left,
        });
    }
    bills
}
