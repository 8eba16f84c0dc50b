//! What the cycle reads of the records.

use std::collections::HashMap;

use domain::customer;
use domain::cycle::{
    Base, BaseContract, BaseCustomer, BaseEvent, BaseMembers, BaseOpportunity, BaseProduct, BaseSaying,
    BaseService, BaseUnit, Said,
};
use domain::id::{CustomerId, OrgUnitId, ProductId};
use domain::opportunity::OpportunityOutcome;
use domain::outlook::{EventKind, ExitCause};
use domain::product::ProductFamily;
use domain::rules::{Rules, Segments, first_named};
use domain::segment::{BuyingFactor, IctNeed};
use domain::ticket::TicketKind;
use domain::{Instant, Month, date};
use sqlx::SqliteConnection;

use crate::error::Result;
use crate::member;
use crate::row::{RowExt, date_from_days};
use crate::{Store, packed};

/// Months before the first that is computed whose events of members may count, …
const HALF_YEAR: i32 = 6;
/// … and of customers.
const YEAR: i32 = 12;
/// A ticket's score of at most so much of 5 is a low one.
const LOW_SCORE: i64 = 2;

/// The month on the wall.
pub(crate) fn month_of(micros: i64) -> Month {
    Month::of(Instant::from_micros(micros).date())
}

/// A little before a month begins anywhere.
pub(crate) fn micros(month: Month) -> i64 {
    (date::days(month.first_day()) - 1) * 86_400_000_000
}

/// What a ticket says of how its customer, or its member, is served; instants in microseconds.
pub(crate) struct Ticket {
    pub kind: Option<TicketKind>,
    pub opened: i64,
    pub due: Option<i64>,
    pub closed: Option<i64>,
    pub score: Option<i64>,
}

impl Ticket {
    /// A complaint, a fault or a request when it is opened; that it was late or scored low when it is closed.
    pub fn events(&self) -> impl Iterator<Item = (i64, EventKind)> {
        let opened = match self.kind {
            Some(TicketKind::Complaint) => Some(EventKind::Complaint),
            Some(TicketKind::Fault) => Some(EventKind::Fault),
            Some(TicketKind::Request) => Some(EventKind::Request),
            _ => None,
        };
        let is_late = self.closed.zip(self.due).is_some_and(|(closed, due)| closed > due);
        let is_low = self.score.is_some_and(|score| score <= LOW_SCORE);
        let closed = [is_late.then_some(EventKind::Late), is_low.then_some(EventKind::LowScore)];
        let at_end = closed.into_iter().flatten().filter_map(|kind| Some((self.closed?, kind)));
        opened.map(|kind| (self.opened, kind)).into_iter().chain(at_end)
    }
}

/// What happened and what was said.
#[derive(Default)]
struct Happened {
    events: Vec<BaseEvent>,
    opportunities: Vec<BaseOpportunity>,
    sayings: Vec<BaseSaying>,
}

impl Happened {
    fn note(&mut self, customer: CustomerId, month: Month, kind: EventKind) {
        self.events.push(BaseEvent { customer, month, kind });
    }

    fn say(&mut self, customer: CustomerId, month: Month, said: impl IntoIterator<Item = Said>) {
        self.sayings.extend(said.into_iter().map(|said| BaseSaying { customer, month, said }));
    }
}

/// What a text tells.
#[derive(Clone, Copy)]
struct Told {
    cause: Option<ExitCause>,
    /// The buying factor it is about.
    about: Option<BuyingFactor>,
    /// What decides, in so many words, as the answer to nothing or to the purpose it was read with.
    factor: Option<BuyingFactor>,
    need: Option<IctNeed>,
}

/// Reads texts by the words of the rules. Most texts are one of few, and are read once.
struct Reader<'a> {
    rules: &'a Rules,
    /// By purpose and text.
    read: HashMap<String, HashMap<String, Told>>,
}

/// Texts remembered for one purpose, and purposes remembered.
const REMEMBERED: usize = 1_024;

impl<'a> Reader<'a> {
    fn new(rules: &'a Rules) -> Self {
        Self { rules, read: HashMap::new() }
    }

    fn read(&mut self, purpose: &str, text: &str) -> Told {
        if let Some(&told) = self.read.get(purpose).and_then(|texts| texts.get(text)) {
            return told;
        }
        let segments = &self.rules.segments;
        let told = Told {
            cause: self.rules.risk.words.cause_in(text),
            about: first_named(&segments.factors, text),
            factor: segments.factor_stated(purpose, text),
            need: segments.need_stated(purpose, text),
        };
        if self.read.len() >= REMEMBERED && !self.read.contains_key(purpose) {
            return told;
        }
        let texts = self.read.entry(purpose.to_owned()).or_default();
        if texts.len() < REMEMBERED {
            texts.insert(text.to_owned(), told);
        }
        told
    }
}

/// After an import: the first month in which something may have been stated in the answers after `last_answer`.
pub(crate) async fn stated_from(
    connection: &mut SqliteConnection,
    last_answer: i64,
) -> Result<Option<Month>> {
    let at: Option<i64> = sqlx::query_scalar(
        "SELECT min(at) FROM surveys WHERE id > $1 AND member_id IS NULL AND answer IS NOT NULL",
    )
    .bind(last_answer)
    .fetch_one(connection)
    .await?;
    Ok(at.map(month_of))
}

impl Store {
    /// Units, products, customers, services and contracts, as they are now, and what happened and was said since a
    /// year before `first`. The rules tell what a text points to, and which question asks for satisfaction.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn base(&self, first: Month, rules: &Rules) -> Result<Base> {
        loop {
            let version = self.versions().await?.base;
            let survivors = self.survivors().await?;
            let (units, products) = (self.base_units().await?, self.base_products().await?);
            let (customers, services, contracts, happened) = futures::future::try_join4(
                self.base_customers(&rules.segments),
                self.base_services(&products),
                self.base_contracts(),
                self.happened(first - YEAR, rules, &products),
            )
            .await?;
            let members = match member::is_used(self.database.readers()).await? {
                true => self.base_members(first - HALF_YEAR, &rules.members).await?,
                false => BaseMembers::default(),
            };
            if self.versions().await?.base == version {
                let Happened { events, opportunities, sayings } = happened;
                let mut base = Base {
                    version,
                    knows_competitors: customers.iter().any(|customer| customer.has_competitor),
                    units,
                    products,
                    customers,
                    services,
                    contracts,
                    events,
                    opportunities,
                    sayings,
                    members,
                    merged: Vec::new(),
                };
                base.merge(survivors);
                return Ok(base);
            }
        }
    }

    async fn base_units(&self) -> Result<Vec<BaseUnit>> {
        let units = self.units().await?;
        let base = units.into_iter().map(|unit| BaseUnit {
            id: unit.id,
            code: unit.code,
            level: unit.level,
            parent: unit.parent,
        });
        Ok(base.collect())
    }

    async fn base_products(&self) -> Result<Vec<BaseProduct>> {
        let rows = sqlx::query("SELECT id, family, list_price_fen FROM products ORDER BY id")
            .fetch_all(self.database.readers())
            .await?;
        rows.iter()
            .map(|row| {
                let id = ProductId::new(row.value("id")?);
                Ok(BaseProduct {
                    id,
                    family: row.code("family")?,
                    list_price: row.optional_money("list_price_fen")?,
                })
            })
            .collect()
    }

    async fn base_customers(&self, rules: &Segments) -> Result<Vec<BaseCustomer>> {
        let rules = rules.clone();
        let columns = &["id", "org_id", "created_on", "industry", "category", "employees", "competitor"];
        packed::all(self.database.readers(), "customers", columns, move |chunk| {
            let (ids, units, days) = (chunk.wholes(0)?, chunk.wholes(1)?, chunk.wholes(2)?);
            let (industries, categories) = (chunk.texts(3)?, chunk.texts(4)?);
            let (employees, competitors) = (chunk.optional_wholes(5)?, chunk.texts(6)?);
            let mut known: HashMap<&str, (Option<BuyingFactor>, Option<IctNeed>)> = HashMap::new();
            let customer = |row: usize| {
                let category = categories[row].as_deref().unwrap_or_default();
                let industry = industries[row].as_deref();
                let (industry_factor, industry_need) = industry.map_or((None, None), |industry| {
                    *known.entry(industry).or_insert_with(|| {
                        let factor = first_named(&rules.industry_factors, industry);
                        (factor, first_named(&rules.industry_needs, industry))
                    })
                });
                Ok(BaseCustomer {
                    id: CustomerId::new(ids[row]),
                    unit: OrgUnitId::new(units[row]),
                    created_on: date_from_days("customers.created_on", days[row])?,
                    industry: customer::industry_group(industry),
                    category: category.parse().map_err(|_| chunk.unreadable(4, category))?,
                    employees: employees[row].and_then(|count| u32::try_from(count).ok()),
                    has_competitor: competitors[row].is_some(),
                    industry_factor,
                    industry_need,
                })
            };
            (0..ids.len()).map(customer).collect()
        })
        .await
    }

    async fn base_services(&self, products: &[BaseProduct]) -> Result<Vec<BaseService>> {
        let columns = &["customer_id", "product_id", "started_on", "ended_on", "trial", "price_fen"];
        let list_prices: HashMap<i64, i64> = products
            .iter()
            .filter_map(|product| Some((product.id.get(), product.list_price?.fen())))
            .collect();
        let mut services = packed::all(self.database.readers(), "services", columns, move |chunk| {
            let (customers, products, starts) = (chunk.wholes(0)?, chunk.wholes(1)?, chunk.wholes(2)?);
            let (ends, trials) = (chunk.optional_wholes(3)?, chunk.optional_wholes(4)?);
            let prices = chunk.optional_wholes(5)?;
            let service = |row: usize| {
                let list_price = list_prices.get(&products[row]).copied();
                Ok(BaseService {
                    customer: CustomerId::new(customers[row]),
                    product: ProductId::new(products[row]),
                    started_on: date_from_days("services.started_on", starts[row])?,
                    ended_on: ends[row].map(|days| date_from_days("services.ended_on", days)).transpose()?,
                    trial: trials[row] == Some(1),
                    discount: prices[row].zip(list_price).and_then(|(price, list)| discount(price, list)),
                })
            };
            (0..customers.len()).map(service).collect()
        })
        .await?;
        services.sort_by_key(|service| service.customer);
        Ok(services)
    }

    async fn base_contracts(&self) -> Result<Vec<BaseContract>> {
        let columns = &["customer_id", "starts_on", "ends_on", "sla"];
        let mut contracts = packed::all(self.database.readers(), "contracts", columns, |chunk| {
            let (customers, starts) = (chunk.wholes(0)?, chunk.wholes(1)?);
            let (ends, levels) = (chunk.optional_wholes(2)?, chunk.texts(3)?);
            let contract = |row: usize| {
                Ok(BaseContract {
                    customer: CustomerId::new(customers[row]),
                    starts_on: date_from_days("contracts.starts_on", starts[row])?,
                    ends_on: ends[row].map(|days| date_from_days("contracts.ends_on", days)).transpose()?,
                    sla: levels[row].as_deref().and_then(|level| level.parse().ok()),
                })
            };
            (0..customers.len()).map(contract).collect()
        })
        .await?;
        contracts.sort_by_key(|contract| contract.customer);
        Ok(contracts)
    }

    async fn happened(&self, since: Month, rules: &Rules, products: &[BaseProduct]) -> Result<Happened> {
        let (mut happened, mut reader) = (Happened::default(), Reader::new(rules));
        self.add_tickets(&mut happened, &mut reader, since).await?;
        self.add_lines_lost(&mut happened, since).await?;
        self.add_contacts(&mut happened, &mut reader, since).await?;
        self.add_opportunities(&mut happened, &mut reader, since, products).await?;
        self.add_answers_of_customers(&mut happened, &rules.segments, since).await?;
        happened.events.sort_unstable_by_key(|event| (event.customer, event.month, event.kind));
        happened.opportunities.sort_by_key(|opportunity| opportunity.customer);
        happened.sayings.sort_unstable_by_key(|saying| (saying.customer, saying.month, saying.said));
        Ok(happened)
    }

    async fn add_lines_lost(&self, happened: &mut Happened, since: Month) -> Result<()> {
        let lost: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT customer_id, ended_on FROM services WHERE end_reason = 'competitor' AND ended_on >= $1",
        )
        .bind(date::days(since.first_day()))
        .fetch_all(self.database.readers())
        .await?;
        for (customer, day) in lost {
            let month = Month::of(date_from_days("services.ended_on", day)?);
            happened.note(CustomerId::new(customer), month, EventKind::LineLost);
        }
        Ok(())
    }

    /// Complaints, faults and requests when they are opened, what is late or scored low when it is closed.
    async fn add_tickets(
        &self,
        happened: &mut Happened,
        reader: &mut Reader<'_>,
        since: Month,
    ) -> Result<()> {
        let columns = &["customer_id", "kind", "opened_at", "due_at", "closed_at", "cause", "score"];
        let since = Some(("coalesce(closed_at, opened_at)", micros(since)));
        packed::scan_since(self.database.readers(), "tickets", columns, since, &mut |chunk| {
            let (customers, kinds, opened) = (chunk.wholes(0)?, chunk.texts(1)?, chunk.wholes(2)?);
            let (due, closed) = (chunk.optional_wholes(3)?, chunk.optional_wholes(4)?);
            let (causes, scores) = (chunk.texts(5)?, chunk.optional_wholes(6)?);
            for (row, &customer) in customers.iter().enumerate() {
                let customer = CustomerId::new(customer);
                let kind = kinds[row].as_deref().and_then(|kind| kind.parse::<TicketKind>().ok());
                // A fault names no cause of leaving: what is broken says nothing of what the customer thinks.
                let said = causes[row].as_deref().filter(|_| kind != Some(TicketKind::Fault));
                if let Some(told) = said.map(|text| reader.read("", text)) {
                    let month = month_of(opened[row]);
                    if let Some(cause) = told.cause {
                        happened.note(customer, month, EventKind::named(cause));
                    }
                    let about = told.about.filter(|_| kind == Some(TicketKind::Complaint));
                    happened.say(customer, month, about.map(Said::Named));
                }
                let ticket = Ticket {
                    kind,
                    opened: opened[row],
                    due: due[row],
                    closed: closed[row],
                    score: scores[row],
                };
                ticket.events().for_each(|(at, kind)| happened.note(customer, month_of(at), kind));
            }
            Ok(())
        })
        .await
    }

    async fn add_contacts(
        &self,
        happened: &mut Happened,
        reader: &mut Reader<'_>,
        since: Month,
    ) -> Result<()> {
        let columns = &["customer_id", "at", "purpose", "outcome", "removed_at"];
        let since = Some(("at", micros(since)));
        packed::scan_since(self.database.readers(), "interactions", columns, since, &mut |chunk| {
            let (instants, purposes, outcomes) = (chunk.wholes(1)?, chunk.texts(2)?, chunk.texts(3)?);
            let removed = chunk.optional_wholes(4)?;
            for (row, customer) in chunk.wholes(0)?.into_iter().enumerate() {
                if removed[row].is_some() {
                    continue;
                }
                let (customer, month) = (CustomerId::new(customer), month_of(instants[row]));
                happened.note(customer, month, EventKind::Contact);
                let Some(outcome) = outcomes[row].as_deref() else { continue };
                let told = reader.read(purposes[row].as_deref().unwrap_or_default(), outcome);
                if let Some(cause) = told.cause {
                    happened.note(customer, month, EventKind::named(cause));
                }
                let factor = told.factor.map(Said::Factor).or(told.about.map(Said::Named));
                happened.say(customer, month, factor.into_iter().chain(told.need.map(Said::Need)));
            }
            Ok(())
        })
        .await
    }

    /// An opportunity when it is opened; a competitor and the reason when it is closed, since who wrote them down
    /// earlier is not known.
    async fn add_opportunities(
        &self,
        happened: &mut Happened,
        reader: &mut Reader<'_>,
        since: Month,
        products: &[BaseProduct],
    ) -> Result<()> {
        let families: HashMap<i64, ProductFamily> =
            products.iter().map(|product| (product.id.get(), product.family)).collect();
        let columns =
            &["customer_id", "opened_on", "closed_on", "reason", "competitor", "product_id", "outcome"];
        let since = Some(("coalesce(closed_on, opened_on)", date::days(since.first_day())));
        packed::scan_since(self.database.readers(), "opportunities", columns, since, &mut |chunk| {
            let (opened, closed) = (chunk.wholes(1)?, chunk.optional_wholes(2)?);
            let (reasons, competitors) = (chunk.texts(3)?, chunk.texts(4)?);
            let (wanted, outcomes) = (chunk.optional_wholes(5)?, chunk.texts(6)?);
            for (row, customer) in chunk.wholes(0)?.into_iter().enumerate() {
                let customer = CustomerId::new(customer);
                let month = |name, days| date_from_days(name, days).map(Month::of);
                let opened = month("opportunities.opened_on", opened[row])?;
                let closed = closed[row].map(|days| month("opportunities.closed_on", days)).transpose()?;
                let told = reasons[row].as_deref().map(|text| reader.read("", text));
                happened.opportunities.push(BaseOpportunity {
                    customer,
                    opened,
                    closed,
                    family: wanted[row].and_then(|product| families.get(&product).copied()),
                    won: outcomes[row].as_deref() == Some(OpportunityOutcome::Won.code()),
                    decided: told.and_then(|told| told.about),
                });
                happened.note(customer, opened, EventKind::Opportunity);
                let Some(closed) = closed else { continue };
                let said = match &competitors[row] {
                    Some(_) => Some(ExitCause::Competition),
                    None => told.and_then(|told| told.cause),
                };
                if let Some(cause) = said {
                    happened.note(customer, closed, EventKind::named(cause));
                }
            }
            Ok(())
        })
        .await
    }

    /// What contacts answered to studies in words; a member does not speak for its customer.
    async fn add_answers_of_customers(
        &self,
        happened: &mut Happened,
        rules: &Segments,
        since: Month,
    ) -> Result<()> {
        let columns = &["customer_id", "at", "question", "answer"];
        let since = Some(("answer IS NOT NULL AND member_id IS NULL AND at", micros(since)));
        packed::scan_since(self.database.readers(), "surveys", columns, since, &mut |chunk| {
            let (instants, questions, answers) = (chunk.wholes(1)?, chunk.texts(2)?, chunk.texts(3)?);
            for (row, customer) in chunk.wholes(0)?.into_iter().enumerate() {
                let (Some(question), Some(answer)) = (&questions[row], &answers[row]) else { continue };
                let factor = rules.factor_stated(question, answer).map(Said::Factor);
                let need = rules.need_stated(question, answer).map(Said::Need);
                let (customer, month) = (CustomerId::new(customer), month_of(instants[row]));
                happened.say(customer, month, factor.into_iter().chain(need));
            }
            Ok(())
        })
        .await
    }
}

/// Percent off the list price. A price above it is of another unit: of a line and month, say, not of a minute. What
/// is free says nothing either.
fn discount(price: i64, list: i64) -> Option<u8> {
    let is_comparable = 0 < price && price <= list;
    is_comparable.then(|| u8::try_from((list - price) * 100 / list).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::discount;

    #[test]
    fn prices_of_another_unit_say_nothing_of_a_discount() {
        assert_eq!([discount(850, 1_000), discount(1_000, 1_000)], [Some(15), Some(0)]);
        assert_eq!([discount(4_500, 15), discount(0, 1_000), discount(5, 0)], [None; 3]);
    }
}
