//! One customer, whole: who it is, what it went through, and what the operator's systems saw of it.

use domain::contact::CuteRole;
use domain::contract::Sla;
use domain::customer::CustomerCategory;
use domain::staff::Role;
use domain::{Date, Money, Month};

use crate::calendar::INDUSTRIES;
use crate::catalogue::{PRODUCTS, offer};
use crate::dice::{Dice, Purpose};
use crate::events;
use crate::names;
use crate::organisation::staff_code;
use crate::relation::{Change, Relation, Spell, When};
use crate::rows::{Contact, Contract, Customer, Service, SimulatedCustomer, Truth};
use crate::usage;
use crate::world::{COMPETITORS, Config, World};
use crate::{answers, duplicates, members};

/// What stays the same about a customer.
pub struct Traits {
    pub index: u32,
    pub category: CustomerCategory,
    pub industry: usize,
    pub grid: usize,
    /// Yuan a month at list price once everything wanted is in place.
    pub capacity: f64,
    pub sla: Sla,
    pub manager: String,
    /// Products wanted, the first first, each with its part of the capacity.
    pub wishes: Vec<Wish>,
}

/// A product that the customer wants or has.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub product: usize,
    /// Part of the capacity.
    pub weight: f64,
    /// Yuan that one line uses in a month.
    pub line_yuan: f64,
}

/// A time in which a wish is served.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// Index into [`Traits::wishes`].
    pub wish: usize,
    pub start: When,
    pub end: Option<When>,
    pub trial: bool,
    /// Index into the services.
    pub service: usize,
}

/// Draws the customer with a number.
pub fn make(world: &World, index: u32) -> SimulatedCustomer {
    let seed = world.config.seed;
    let months = i32::from(world.config.months);
    let first = world.config.first;
    let Known { mut dice, traits, relation, row, contacts } = known(world, index);
    let contracts = contracts(&mut dice, &traits, &relation, first, months);
    let (mut services, stretches) = services(&mut dice, &traits, &relation, first, months, &contracts);
    let mut dice = Dice::new(seed, Purpose::Usage, u64::from(index));
    let (mut usage, lines) = usage::observe(world, &mut dice, &traits, &relation, &stretches);
    for stretch in &stretches {
        let service = &mut services[stretch.service];
        let wish = &traits.wishes[stretch.wish];
        let at_start = (traits.capacity * wish.weight * 0.3 / wish.line_yuan).round().max(1.0) as u32;
        service.quantity = if stretch.trial { at_start } else { lines[stretch.wish].unwrap_or(at_start) };
    }
    let truth = truth(&relation, first, months);
    let costs = usage::costs(&mut dice, &traits, &relation, first, &usage);
    let bills = usage::bills(&mut dice, &relation, &contracts, first, &usage);
    let mut corrections = Dice::new(seed, Purpose::Corrections, u64::from(index));
    usage::tell_first(&mut corrections, first + (months - 1), &mut usage);
    let mut dice = Dice::new(seed, Purpose::Members, u64::from(index));
    let (mut members, member_usage) = members::make(&mut dice, &traits, &relation, first, months);
    let dice = Dice::new(seed, Purpose::Events, u64::from(index));
    let mut events = events::make(dice, world, &traits, &relation, &contacts, &members);
    let mut dice = Dice::new(seed, Purpose::Answers, u64::from(index));
    events.surveys.extend(answers::make(&mut dice, index + 1, &relation, first, months, &mut members));
    SimulatedCustomer {
        row,
        contacts,
        contracts,
        services,
        members,
        usage,
        costs,
        member_usage,
        tickets: events.tickets,
        interactions: events.interactions,
        opportunities: events.opportunities,
        bills,
        surveys: events.surveys,
        readings: events.readings,
        truth,
    }
}

/// Who a customer is, and what is drawn on from there.
struct Known {
    dice: Dice,
    traits: Traits,
    relation: Relation,
    row: Customer,
    contacts: Vec<Contact>,
}

fn known(world: &World, index: u32) -> Known {
    let Config { seed, first, .. } = world.config;
    let months = i32::from(world.config.months);
    let mut dice = Dice::new(seed, Purpose::Identity, u64::from(index));
    let traits = Traits::draw(world, &mut dice, index);
    let relation = Relation::live(&mut Dice::new(seed, Purpose::Relation, u64::from(index)), months);
    let mut row = identity(world, &mut dice, &traits);
    row.created_on = date(first, relation.created);
    if relation.at(months - 1).pressure < 0.9 && dice.chance(0.8) {
        row.competitor = None;
    }
    if world.duplicates > 0.0 && row.credit_code.is_some() {
        row.credit_code = duplicates::credit_code(index);
    }
    let contacts = contacts(&mut dice, &traits, &relation, months);
    Known { dice, traits, relation, row, contacts }
}

/// The row of `customers` and those of `contacts` of the customer with a number.
pub fn register(world: &World, index: u32) -> (Customer, Vec<Contact>) {
    let Known { row, contacts, .. } = known(world, index);
    (row, contacts)
}

/// The day behind a month counted from the first observed one.
pub fn date(first: Month, when: When) -> Date {
    names::day(first + when.month, when.day)
}

pub fn code(index: u32) -> String {
    format!("K{:07}", index + 1)
}

/// Customers come in blocks; some of each block form one tree.
const BLOCK: u32 = 100;

/// The head of the tree that a customer belongs to, and the node right above it.
fn tree(world: &World, index: u32) -> Option<(u32, Option<u32>)> {
    let block = index / BLOCK;
    let mut dice = Dice::new(world.config.seed, Purpose::Tree, u64::from(block));
    let size = dice.whole(6, 14) as u32;
    let head = block * BLOCK + dice.whole(0, (BLOCK - 14) as i32) as u32;
    if !(head..head + size).contains(&index) {
        return None;
    }
    let mut above = None;
    let mut depth = vec![0; size as usize];
    for node in 1..=(index - head) {
        let mut parent = dice.whole(0, node as i32 - 1) as u32;
        if depth[parent as usize] >= 3 || dice.chance(0.4) {
            parent = 0;
        }
        depth[node as usize] = depth[parent as usize] + 1;
        above = Some(head + parent);
    }
    Some((head, above))
}

fn home(world: &World, index: u32) -> usize {
    let mut dice = Dice::new(world.config.seed, Purpose::Home, u64::from(index));
    dice.whole(0, world.organisation.grids.len() as i32 - 1) as usize
}

fn industry_of(world: &World, index: u32) -> usize {
    let mut dice = Dice::new(world.config.seed, Purpose::Home, u64::from(index) | 1 << 40);
    let mut left = dice.between(0.0, INDUSTRIES.iter().map(|industry| industry.weight).sum());
    let place = INDUSTRIES.iter().position(|industry| {
        left -= industry.weight;
        left < 0.0
    });
    place.unwrap_or(0)
}

impl Traits {
    fn draw(world: &World, dice: &mut Dice, index: u32) -> Self {
        use CustomerCategory::{Industry, KeyAccount, PrivateNetwork, Public, Sme};
        let tree = tree(world, index);
        let shares = match tree {
            Some((_, None)) => {
                [(KeyAccount, 0.7), (PrivateNetwork, 0.1), (Industry, 0.2), (Sme, 0.0), (Public, 0.0)]
            }
            Some(_) => {
                [(KeyAccount, 0.1), (PrivateNetwork, 0.05), (Industry, 0.35), (Sme, 0.5), (Public, 0.0)]
            }
            None => {
                [(KeyAccount, 0.04), (PrivateNetwork, 0.04), (Industry, 0.15), (Sme, 0.55), (Public, 0.22)]
            }
        };
        let category = dice.weighted(&shares);
        let (median, spread, size) = match category {
            KeyAccount => (22_000.0, 0.9, 0),
            PrivateNetwork => (11_000.0, 0.8, 0),
            Industry => (5_500.0, 0.8, 1),
            Sme => (1_700.0, 0.75, 2),
            Public => (700.0, 0.6, 2),
        };
        let capacity = dice.around(median, spread).clamp(80.0, 3_000_000.0);
        let industry = industry_of(world, tree.map_or(index, |(head, _)| head));
        let grid = match tree {
            Some((head, Some(_))) if dice.chance(0.4) => home(world, head),
            _ => home(world, index),
        };
        let sla = match category {
            KeyAccount if capacity > 20_000.0 => Sla::Gold,
            KeyAccount | PrivateNetwork => Sla::Silver,
            Industry => Sla::Bronze,
            Sme | Public => Sla::None,
        };
        let mut traits = Self {
            index,
            category,
            industry,
            grid,
            capacity,
            sla,
            manager: String::new(),
            wishes: wishes(dice, size, capacity),
        };
        traits.manager = traits.answering(world, dice);
        traits
    }

    /// The unit that the customer belongs to: its grid, except that the largest belong higher up.
    pub fn unit<'w>(&self, world: &'w World) -> &'w str {
        let organisation = &world.organisation;
        let grid = &organisation.grids[self.grid];
        let county = &organisation.counties[grid.county];
        match self.category {
            CustomerCategory::KeyAccount if self.capacity > 60_000.0 => {
                &organisation.cities[county.city].code
            }
            CustomerCategory::KeyAccount => &county.code,
            _ => &grid.code,
        }
    }

    fn answering(&self, world: &World, dice: &mut Dice) -> String {
        let organisation = &world.organisation;
        let grid = &organisation.grids[self.grid];
        let county = &organisation.counties[grid.county];
        let by_account_manager = match self.category {
            CustomerCategory::Public => false,
            CustomerCategory::Sme => dice.chance(0.5),
            _ => true,
        };
        if !by_account_manager {
            return staff_code(&grid.code, Role::CommunityManager, 1);
        }
        if self.unit(world) == organisation.cities[county.city].code {
            return staff_code(&organisation.cities[county.city].code, Role::AccountManager, 1);
        }
        let nth = dice.whole(1, county.managers as i32) as u32;
        staff_code(&county.code, Role::AccountManager, nth)
    }
}

/// What a customer wants, by size (0 large, 1 middle, 2 small).
fn wishes(dice: &mut Dice, size: usize, capacity: f64) -> Vec<Wish> {
    let usual = 4.3 + 0.9 * (capacity / 800.0).max(0.5).ln();
    let wanted = ((usual + 0.9 * dice.normal()).round() as i32).clamp(1, 9) as usize;
    let mut open: Vec<(usize, f64)> = (0..PRODUCTS.len())
        .map(|product| (product, offer(product).weight[size]))
        .filter(|&(product, weight)| weight > 0.0 && offer(product).line_yuan < capacity)
        .collect();
    let mut chosen = Vec::with_capacity(wanted);
    while chosen.len() < wanted && !open.is_empty() {
        let product = dice.weighted(&open);
        let place = open.iter().position(|&(other, _)| other == product).unwrap_or(0);
        let (_, weight) = open.swap_remove(place);
        chosen.push((product, weight * dice.around(1.0, 0.5)));
    }
    let total: f64 = chosen.iter().map(|&(_, weight)| weight).sum();
    chosen
        .into_iter()
        .map(|(product, weight)| {
            let weight = weight / total;
            let line_yuan = (offer(product).line_yuan * dice.between(0.8, 1.15)).min(capacity * weight);
            Wish { product, weight, line_yuan }
        })
        .collect()
}

fn identity(world: &World, dice: &mut Dice, traits: &Traits) -> Customer {
    let tree = tree(world, traits.index);
    let industry = &INDUSTRIES[traits.industry];
    let organisation = &world.organisation;
    let grid = &organisation.grids[traits.grid];
    let city = &organisation.cities[organisation.counties[grid.county].city];
    let brand = names::brand(tree.map_or(traits.index, |(head, _)| head));
    let name = match (tree, traits.category, industry.name) {
        (Some((_, None)), _, _) => format!("示例{brand}{}集团", industry.kind),
        (Some((head, Some(_))), _, _) => {
            format!("示例{brand}集团{}分公司{}", city.name, names::counted((traits.index - head) as usize))
        }
        (None, CustomerCategory::Public, _) => format!("{}{brand}店", city.name),
        (None, _, "教育" | "医疗卫生" | "住宿餐饮" | "政府机关") => {
            format!("{}{brand}{}", city.name, industry.kind)
        }
        _ => format!("{}{brand}{}有限公司", city.name, industry.kind),
    };
    let employees = (traits.capacity / 45.0 * dice.around(1.0, 0.4)).round().max(2.0) as u32;
    let wallet = traits.capacity * 12.0 * dice.between(1.1, 2.4);
    let large = !matches!(traits.category, CustomerCategory::Sme | CustomerCategory::Public);
    Customer {
        code: code(traits.index),
        name,
        parent_code: tree.and_then(|(_, above)| above).map(code),
        org_code: traits.unit(world).to_owned(),
        manager_code: dice.chance(0.97).then(|| traits.manager.clone()),
        category: traits.category,
        industry: industry.name,
        employees: dice.chance(0.93).then_some(employees),
        credit_code: dice.chance(0.96).then(|| names::credit_code(traits.index)),
        address: format!("{}示例路{}号", grid.name, dice.whole(1, 999)),
        created_on: Date::constant(2000, 1, 1),
        competitor: Some(dice.pick(&COMPETITORS)),
        wallet: dice.chance(if large { 0.9 } else { 0.4 }).then(|| whole_yuan(wallet)),
    }
}

/// An amount in whole yuan.
pub fn whole_yuan(yuan: f64) -> Money {
    Money::from_fen(yuan.round() as i64 * 100)
}

const TITLES: [&str; 6] = ["总经理", "信息部主任", "办公室主任", "采购经理", "财务经理", "网络管理员"];
const STYLES: [&str; 4] = ["主导型", "影响型", "稳健型", "谨慎型"];

fn contacts(dice: &mut Dice, traits: &Traits, relation: &Relation, months: i32) -> Vec<Contact> {
    let usual = 1.6 + 0.7 * (traits.capacity / 800.0).max(1.0).ln();
    let number = ((usual + 0.7 * dice.normal()).round() as i32).clamp(1, 8);
    let last = relation.at(months - 1);
    let warmth = 55.0 + 12.0 * last.mood - 8.0 * last.pressure;
    let score = |dice: &mut Dice| (warmth + 14.0 * dice.normal()).clamp(0.0, 100.0) as u8;
    (1..=number)
        .map(|nth| {
            let number = u64::from(traits.index) * 8 + nth as u64;
            Contact {
                code: format!("T{:07}-{nth}", traits.index + 1),
                name: names::person(dice),
                title: dice.pick(&TITLES),
                phone: names::phone(number),
                email: format!("contact{number}@example.com"),
                cute_role: dice.chance(0.85).then(|| dice.pick(CuteRole::ALL)),
                style: dice.pick(&STYLES),
                closeness: score(dice),
                trust: score(dice),
                favour: score(dice),
            }
        })
        .collect()
}

fn contracts(
    dice: &mut Dice,
    traits: &Traits,
    relation: &Relation,
    first: Month,
    months: i32,
) -> Vec<Contract> {
    let mut contracts = Vec::new();
    let formal = !matches!(traits.category, CustomerCategory::Public);
    for spell in &relation.spells {
        let converted = spell.changes.iter().find(|(_, change)| matches!(change, Change::Converted));
        let begin = match (spell.settled || !spell.trial, converted) {
            (true, _) => spell.start,
            (false, Some(&(when, _))) => when,
            (false, None) => continue,
        };
        if begin.month >= months || !dice.chance(if formal { 0.9 } else { 0.5 }) {
            continue;
        }
        let mut start = begin;
        loop {
            let length = 12 * dice.weighted(&[(1, 0.5), (2, 0.35), (3, 0.15)]);
            let end = When { month: start.month + length, day: start.day };
            let over = spell.end.is_some_and(|(when, _)| when < end);
            // Contracts that ended long ago are in no system any more.
            if end.month >= -12 {
                let prepaid = dice.chance(0.2).then(|| whole_yuan(traits.capacity * dice.between(3.0, 9.0)));
                contracts.push(Contract {
                    code: format!("H{:07}-{}", traits.index + 1, contracts.len() + 1),
                    signed_on: date(first, start),
                    starts_on: date(first, start),
                    ends_on: dice.chance(0.97).then(|| date(first, end)),
                    prepaid,
                    sla: traits.sla,
                });
            }
            if over || end.month >= months {
                break;
            }
            start = end;
        }
    }
    contracts
}

fn services(
    dice: &mut Dice,
    traits: &Traits,
    relation: &Relation,
    first: Month,
    months: i32,
    contracts: &[Contract],
) -> (Vec<Service>, Vec<Stretch>) {
    let mut shelf = Shelf { dice, traits, first, contracts, services: Vec::new(), stretches: Vec::new() };
    for spell in relation.spells.iter().filter(|spell| spell.start.month < months) {
        shelf.spell(spell, months);
    }
    (shelf.services, shelf.stretches)
}

/// Services as they come and go.
struct Shelf<'a> {
    dice: &'a mut Dice,
    traits: &'a Traits,
    first: Month,
    contracts: &'a [Contract],
    services: Vec<Service>,
    stretches: Vec<Stretch>,
}

impl Shelf<'_> {
    fn spell(&mut self, spell: &Spell, months: i32) {
        let begun = self.stretches.len();
        let wanted = self.traits.wishes.len();
        let at_start =
            if spell.settled { wanted.div_ceil(2).max(wanted.saturating_sub(1)) } else { 1 + wanted / 5 };
        for wish in 0..at_start.min(wanted) {
            self.open(wish, spell.start, spell.trial);
        }
        for &(when, change) in spell.changes.iter().filter(|(when, _)| when.month < months) {
            match change {
                Change::Converted => {
                    for place in begun..self.stretches.len() {
                        let Stretch { wish, trial, end, .. } = self.stretches[place];
                        if trial && end.is_none() {
                            self.close(place, when, None);
                            self.open(wish, when, false);
                        }
                    }
                }
                Change::Added => {
                    let held = |wish: &usize| self.running(begun).any(|(_, stretch)| stretch.wish == *wish);
                    if let Some(wish) = (0..wanted).find(|wish| !held(wish)) {
                        self.open(wish, when, false);
                    }
                }
                Change::Dropped(reason) => {
                    let running: Vec<usize> = self.running(begun).map(|(place, _)| place).collect();
                    if let [_, .., last] = running[..] {
                        self.close(last, when, Some(reason));
                    }
                }
            }
        }
        if let Some((when, reason)) = spell.end.filter(|(when, _)| when.month < months) {
            let running: Vec<usize> = self.running(begun).map(|(place, _)| place).collect();
            for place in running {
                self.close(place, when, Some(reason));
            }
        }
    }

    fn running(&self, begun: usize) -> impl Iterator<Item = (usize, &Stretch)> {
        self.stretches.iter().enumerate().skip(begun).filter(|(_, stretch)| stretch.end.is_none())
    }

    fn open(&mut self, wish: usize, start: When, trial: bool) {
        let started_on = date(self.first, start);
        let holds = |contract: &&Contract| {
            contract.starts_on <= started_on && contract.ends_on.is_none_or(|end| end > started_on)
        };
        let contract = self.contracts.iter().find(holds).filter(|_| !trial);
        let Wish { product, line_yuan, .. } = self.traits.wishes[wish];
        let price = Money::from_fen((line_yuan * self.dice.between(0.85, 1.0) * 100.0).round() as i64);
        self.stretches.push(Stretch { wish, start, end: None, trial, service: self.services.len() });
        self.services.push(Service {
            code: format!("F{:07}-{}", self.traits.index + 1, self.services.len() + 1),
            product,
            contract_code: contract.map(|contract| contract.code.clone()),
            quantity: 1,
            price: self.dice.chance(0.98).then_some(if trial { Money::ZERO } else { price }),
            started_on,
            ended_on: None,
            trial,
            end_reason: None,
        });
    }

    fn close(&mut self, place: usize, when: When, reason: Option<domain::service::EndReason>) {
        let stretch = &mut self.stretches[place];
        stretch.end = Some(when);
        let service = &mut self.services[stretch.service];
        service.ended_on = Some(date(self.first, when));
        service.end_reason = reason;
    }
}

fn truth(relation: &Relation, first: Month, months: i32) -> Vec<Truth> {
    use domain::LifecycleStage::{Potential, Termination};
    let mut rows = Vec::with_capacity(months as usize);
    for month in 0..months {
        let moment = relation.at(month);
        let Some(stage) = moment.stage else { continue };
        let coming = (month + 1..=month + 3).find_map(|later| {
            let later = relation.at(later);
            (later.stage == Some(Termination)).then_some(later.cause)
        });
        let served = !matches!(stage, Potential | Termination);
        let exit_within_3m = served && coming.is_some();
        let cause = moment.cause.or(coming.flatten().filter(|_| exit_within_3m));
        rows.push(Truth { month: first + month, stage, exit_within_3m, cause });
    }
    rows
}
