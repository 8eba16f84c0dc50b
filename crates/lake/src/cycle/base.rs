//! The base as columns: what the records know of each customer at the end of a month.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, FixedSizeBinaryArray, Int32Array, Int64Array, RecordBatch, UInt8Array,
    UInt16Array,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::logical_expr::ScalarUDF;
use domain::cycle::{Base, BaseContract, BaseCustomer, BaseEvent, BaseOpportunity, BaseSaying, BaseService};
use domain::id::{CustomerId, OrgUnitId, ProductId};
use domain::org::OrgLevel;
use domain::product::{Families, ProductFamily};
use domain::rules::{RuleBook, Rules};
use domain::{Date, Month, Problem};
use hashbrown::HashMap;
use science::outlook::{Circumstances, Leaning, Recorded};

use super::observe::{ListPrice, Survivor};

/// Customers `from..to` of the base, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub from: usize,
    pub to: usize,
}

impl Range {
    /// Customers in it.
    pub fn len(self) -> usize {
        self.to - self.from
    }
}

/// A unit by its place in [`Organisation`].
pub(super) type UnitIndex = u32;

/// The units of the base as a forest in arrays.
#[derive(Debug)]
pub(super) struct Organisation {
    pub ids: Vec<OrgUnitId>,
    pub parents: Vec<Option<UnitIndex>>,
    /// Every unit after the units above it.
    pub downwards: Vec<UnitIndex>,
    /// The unit itself where others lie below it or none above, else the one above: grids are too small for sums
    /// in many parts.
    pub gathering: Vec<UnitIndex>,
}

/// The base, ready for any month.
#[derive(Debug)]
pub(super) struct BaseColumns<'a> {
    ids: Vec<i64>,
    customers: &'a [BaseCustomer],
    /// Place of each customer's rules in [`Self::rules`].
    rules_of: Vec<u16>,
    units: Vec<UnitIndex>,
    /// Services of customer `i` are `services[first_service[i]..first_service[i + 1]]`.
    first_service: Vec<u32>,
    services: &'a [BaseService],
    /// Contracts and events likewise.
    first_contract: Vec<u32>,
    contracts: &'a [BaseContract],
    first_event: Vec<u32>,
    events: &'a [BaseEvent],
    first_opportunity: Vec<u32>,
    opportunities: &'a [BaseOpportunity],
    first_saying: Vec<u32>,
    sayings: &'a [BaseSaying],
    knows_competitors: bool,
    families: HashMap<ProductId, ProductFamily>,
    pub rules: Vec<Rules>,
    pub organisation: Organisation,
    pub list_price: ScalarUDF,
    /// Customers that others stand for, with those.
    merged: &'a [(CustomerId, CustomerId)],
    pub survivor: ScalarUDF,
}

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let kinds = [
        (DataType::Int64, false),
        (DataType::UInt16, false),
        (DataType::UInt8, false),
        (DataType::Boolean, false),
        (DataType::UInt16, false),
        (DataType::UInt16, false),
        (DataType::Int32, true),
        (DataType::Int32, true),
        (DataType::FixedSizeBinary(Circumstances::SIZE as i32), false),
        (DataType::FixedSizeBinary(Leaning::SIZE as i32), false),
    ];
    let fields: Vec<Field> = BaseColumns::NAMES
        .iter()
        .zip(kinds)
        .map(|(&name, (kind, nullable))| Field::new(name, kind, nullable))
        .collect();
    Arc::new(Schema::new(fields))
});

impl<'a> BaseColumns<'a> {
    /// The columns of [`Self::month`].
    pub const NAMES: [&'static str; 10] = [
        "customer",
        "rules",
        "industry",
        "known",
        "services",
        "trials",
        "first_service",
        "last_end",
        "circumstances",
        "leaning",
    ];

    pub fn new(base: &'a Base, book: &RuleBook) -> Result<Self, Problem> {
        if !base.customers.is_sorted_by(|a, b| a.id < b.id)
            || !base.services.is_sorted_by_key(|service| service.customer)
            || !base.contracts.is_sorted_by_key(|contract| contract.customer)
            || !base.events.is_sorted_by_key(|event| (event.customer, event.month))
            || !base.opportunities.is_sorted_by_key(|opportunity| opportunity.customer)
            || !base.sayings.is_sorted_by_key(|saying| (saying.customer, saying.month))
        {
            return Err(Problem::internal("the base is not sorted by customer"));
        }
        let organisation = Organisation::new(base)?;
        let (rules, rules_of_unit) = rules_by_unit(base, book, &organisation);
        let place: HashMap<OrgUnitId, UnitIndex> = organisation.places();
        let units = base
            .customers
            .iter()
            .map(|customer| place.get(&customer.unit).copied())
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| Problem::internal("a customer's unit is not in the base"))?;
        Ok(Self {
            ids: base.customers.iter().map(|customer| customer.id.get()).collect(),
            customers: &base.customers,
            rules_of: units.iter().map(|&unit| rules_of_unit[unit as usize]).collect(),
            units,
            first_service: firsts(&base.customers, &base.services, |service| service.customer),
            services: &base.services,
            first_contract: firsts(&base.customers, &base.contracts, |contract| contract.customer),
            contracts: &base.contracts,
            first_event: firsts(&base.customers, &base.events, |event| event.customer),
            events: &base.events,
            first_opportunity: firsts(&base.customers, &base.opportunities, |one| one.customer),
            opportunities: &base.opportunities,
            first_saying: firsts(&base.customers, &base.sayings, |saying| saying.customer),
            sayings: &base.sayings,
            knows_competitors: base.knows_competitors,
            families: base.products.iter().map(|product| (product.id, product.family)).collect(),
            rules,
            organisation,
            list_price: ScalarUDF::from(ListPrice::new(&base.products)),
            merged: &base.merged,
            survivor: ScalarUDF::from(Survivor::new(&base.merged)),
        })
    }

    /// Number of customers.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The id of the customer at a place.
    pub fn id(&self, place: usize) -> i64 {
        self.ids[place]
    }

    /// The ids of a range.
    pub fn ids(&self, range: Range) -> &[i64] {
        &self.ids[range.from..range.to]
    }

    /// The place of a customer.
    pub fn place(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The place of the customer whose facts those of an id are.
    pub fn place_of_facts(&self, id: i64) -> Option<usize> {
        let merged = self.merged.binary_search_by_key(&id, |(merged, _)| merged.get());
        self.place(merged.map_or(id, |place| self.merged[place].1.get()))
    }

    /// The ids that customers of a range stand for.
    pub fn merged_into(&self, range: Range) -> impl Iterator<Item = i64> {
        let ids = self.ids(range);
        let is_of = |survivor: CustomerId| ids.binary_search(&survivor.get()).is_ok();
        self.merged.iter().filter(move |(_, survivor)| is_of(*survivor)).map(|(merged, _)| merged.get())
    }

    /// What happened with the customer at a place, by month.
    pub fn events(&self, place: usize) -> &[BaseEvent] {
        of(self.events, &self.first_event, place)
    }

    /// The units of a range's customers.
    pub fn units(&self, range: Range) -> &[UnitIndex] {
        &self.units[range.from..range.to]
    }

    /// The base in pieces of nearly one size, at least two, so that a second core helps with a small base too.
    pub fn ranges(&self, customers_at_once: usize) -> Vec<Range> {
        let pieces = self.len().div_ceil(customers_at_once.max(1)).max(2);
        let size = self.len().div_ceil(pieces).max(1);
        (0..self.len()).step_by(size).map(|from| Range { from, to: (from + size).min(self.len()) }).collect()
    }

    /// What the records say of a range's customers at the end of a month; nothing later than that shows.
    pub fn month(&self, range: Range, month: Month) -> Result<RecordBatch, ArrowError> {
        let end = month.last_day();
        let customers = &self.customers[range.from..range.to];
        let seen: Vec<Served> = (range.from..range.to)
            .map(|place| Served::at(of(self.services, &self.first_service, place), end, &self.families))
            .collect();
        let circumstances = (range.from..range.to).map(|place| {
            let contracts = of(self.contracts, &self.first_contract, place);
            let events = of(self.events, &self.first_event, place);
            Circumstances::at(month, contracts, events).to_bytes()
        });
        let leanings =
            (range.from..range.to).zip(&seen).map(|(place, served)| self.leaning(month, place, served));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(self.ids(range).to_vec())),
            Arc::new(UInt16Array::from(self.rules_of[range.from..range.to].to_vec())),
            Arc::new(UInt8Array::from_iter_values(customers.iter().map(|customer| customer.industry))),
            Arc::new(BooleanArray::from_iter(
                customers.iter().map(|customer| Some(customer.created_on <= end)),
            )),
            Arc::new(UInt16Array::from_iter_values(seen.iter().map(|served| served.paid))),
            Arc::new(UInt16Array::from_iter_values(seen.iter().map(|served| served.trials))),
            Arc::new(Int32Array::from_iter(seen.iter().map(|served| served.first.map(month_number)))),
            Arc::new(Int32Array::from_iter(seen.iter().map(|served| served.last_end.map(month_number)))),
            Arc::new(FixedSizeBinaryArray::try_from_iter(circumstances)?),
            Arc::new(FixedSizeBinaryArray::try_from_iter(leanings)?),
        ];
        RecordBatch::try_new(SCHEMA.clone(), columns)
    }

    /// Buying factor and need of the customer at a place; nothing where the outlook is left out.
    fn leaning(&self, month: Month, place: usize, served: &Served) -> [u8; Leaning::SIZE] {
        if !self.rules[0].components.outlook {
            return [0; Leaning::SIZE];
        }
        let recorded = Recorded {
            month,
            customer: &self.customers[place],
            held: served.families,
            first_service: served.first,
            discount: served.discount(),
            contracts: of(self.contracts, &self.first_contract, place),
            events: of(self.events, &self.first_event, place),
            opportunities: of(self.opportunities, &self.first_opportunity, place),
            sayings: of(self.sayings, &self.first_saying, place),
            knows_competitors: self.knows_competitors,
        };
        Leaning::from_records(&recorded).to_bytes()
    }
}

fn month_number(date: Date) -> i32 {
    Month::of(date).number()
}

/// A customer's services at the end of a month.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Served {
    paid: u16,
    trials: u16,
    first: Option<Date>,
    last_end: Option<Date>,
    /// Families of what runs.
    families: Families,
    /// Sum, in percent, and number of the discounts known of what runs and is paid for.
    discounts: (u32, u16),
}

impl Served {
    /// A service that ends on the last day of the month no longer runs at its end.
    fn at(services: &[BaseService], end: Date, families: &HashMap<ProductId, ProductFamily>) -> Self {
        let mut served = Self::default();
        for service in services.iter().filter(|service| service.started_on <= end) {
            served.first =
                Some(served.first.map_or(service.started_on, |first| first.min(service.started_on)));
            if let Some(ended) = service.ended_on.filter(|&ended| ended <= end) {
                served.last_end = served.last_end.max(Some(ended));
                continue;
            }
            let running = if service.trial { &mut served.trials } else { &mut served.paid };
            *running = running.saturating_add(1);
            families.get(&service.product).into_iter().for_each(|&family| served.families.insert(family));
            if let Some(percent) = service.discount.filter(|_| !service.trial) {
                served.discounts.0 += u32::from(percent);
                served.discounts.1 = served.discounts.1.saturating_add(1);
            }
        }
        served
    }

    /// Mean discount, 0 to 1.
    fn discount(&self) -> Option<f64> {
        let (percent, count) = self.discounts;
        (count > 0).then(|| f64::from(percent) / f64::from(count) / 100.0)
    }
}

/// Where each customer's items begin, and one more for the end.
fn firsts<T>(customers: &[BaseCustomer], items: &[T], customer_of: fn(&T) -> CustomerId) -> Vec<u32> {
    let mut firsts = Vec::with_capacity(customers.len() + 1);
    let mut at = 0;
    for customer in customers {
        while items.get(at).is_some_and(|item| customer_of(item) < customer.id) {
            at += 1;
        }
        firsts.push(at as u32);
    }
    let last = customers.last().map(|customer| customer.id);
    while last.is_some_and(|last| items.get(at).is_some_and(|item| customer_of(item) <= last)) {
        at += 1;
    }
    firsts.push(at as u32);
    firsts
}

/// The items of the customer at a place.
fn of<'a, T>(items: &'a [T], firsts: &[u32], place: usize) -> &'a [T] {
    &items[firsts[place] as usize..firsts[place + 1] as usize]
}

impl Organisation {
    fn new(base: &Base) -> Result<Self, Problem> {
        let ids: Vec<OrgUnitId> = base.units.iter().map(|unit| unit.id).collect();
        let place: HashMap<OrgUnitId, UnitIndex> = places(&ids);
        let parents: Vec<Option<UnitIndex>> = base
            .units
            .iter()
            .map(|unit| unit.parent.and_then(|parent| place.get(&parent).copied()))
            .collect();
        let mut depths = Vec::with_capacity(ids.len());
        for start in 0..ids.len() {
            let mut depth = 0_usize;
            let mut at = parents[start];
            while let Some(above) = at {
                depth += 1;
                if depth > ids.len() {
                    return Err(Problem::internal("the units of the base go in a circle"));
                }
                at = parents[above as usize];
            }
            depths.push(depth);
        }
        let mut downwards: Vec<UnitIndex> = (0..ids.len() as UnitIndex).collect();
        downwards.sort_by_key(|&unit| depths[unit as usize]);
        let mut has_below = vec![false; ids.len()];
        parents.iter().flatten().for_each(|&parent| has_below[parent as usize] = true);
        let gathering = (0..ids.len() as UnitIndex)
            .map(|unit| match parents[unit as usize] {
                Some(parent) if !has_below[unit as usize] => parent,
                _ => unit,
            })
            .collect();
        Ok(Self { ids, parents, downwards, gathering })
    }

    fn places(&self) -> HashMap<OrgUnitId, UnitIndex> {
        places(&self.ids)
    }

    /// Number of units.
    pub fn len(&self) -> usize {
        self.ids.len()
    }
}

fn places(ids: &[OrgUnitId]) -> HashMap<OrgUnitId, UnitIndex> {
    ids.iter().zip(0..).map(|(&id, place)| (id, place)).collect()
}

/// All distinct rules, the default first, and the place of each unit's: those of its province if it has its own.
fn rules_by_unit(base: &Base, book: &RuleBook, organisation: &Organisation) -> (Vec<Rules>, Vec<u16>) {
    let mut rules = vec![book.default.clone()];
    let mut of_unit = vec![0_u16; organisation.len()];
    for &unit in &organisation.downwards {
        let unit = unit as usize;
        of_unit[unit] = organisation.parents[unit].map_or(0, |parent| of_unit[parent as usize]);
        let described = &base.units[unit];
        if described.level != OrgLevel::Province {
            continue;
        }
        if let Some(own) = book.provinces.get(&described.code) {
            of_unit[unit] = rules.len() as u16;
            rules.push(own.clone());
        }
    }
    (rules, of_unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn service(from: &str, to: Option<&str>, trial: bool) -> BaseService {
        BaseService {
            customer: CustomerId::new(1),
            product: ProductId::new(1),
            started_on: date(from),
            ended_on: to.map(date),
            trial,
            discount: Some(if trial { 100 } else { 20 }),
        }
    }

    #[test]
    fn what_begins_or_ends_later_does_not_show() {
        let services = [
            service("2025-01-10", Some("2025-03-31"), true),
            service("2025-03-05", Some("2025-06-15"), false),
            service("2025-04-01", None, false),
        ];
        let families = HashMap::from([(ProductId::new(1), ProductFamily::Broadband)]);
        let broadband: Families = [ProductFamily::Broadband].into_iter().collect();
        let discounts = (20, 1);
        let at = |day: &str| Served::at(&services, date(day), &families);
        assert_eq!(at("2024-12-31"), Served::default());
        let first = Some(date("2025-01-10"));
        assert_eq!(
            at("2025-01-31"),
            Served { paid: 0, trials: 1, first, last_end: None, families: broadband, discounts: (0, 0) }
        );
        assert_eq!(
            at("2025-03-31"),
            Served {
                paid: 1,
                trials: 0,
                first,
                last_end: Some(date("2025-03-31")),
                families: broadband,
                discounts
            }
        );
        assert_eq!(
            at("2025-06-30"),
            Served {
                paid: 1,
                trials: 0,
                first,
                last_end: Some(date("2025-06-15")),
                families: broadband,
                discounts
            }
        );
    }
}
