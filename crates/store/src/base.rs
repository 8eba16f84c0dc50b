//! What the cycle reads of the records.

use domain::customer;
use domain::cycle::{
    Base, BaseContract, BaseCustomer, BaseEvent, BaseMembers, BaseProduct, BaseService, BaseUnit,
};
use domain::id::{CustomerId, OrgUnitId, ProductId};
use domain::outlook::{EventKind, ExitCause};
use domain::rules::{CauseWords, Rules};
use domain::ticket::TicketKind;
use domain::{Instant, Month, date};

use crate::error::Result;
use crate::member;
use crate::row::{RowExt, date_from_days};
use crate::{Store, packed};

/// Months before the first that is computed whose events may count.
const HALF_YEAR: i32 = 6;
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
    /// A complaint or a fault when it is opened; that it was late or scored low when it is closed.
    pub fn events(&self) -> impl Iterator<Item = (i64, EventKind)> {
        let opened = match self.kind {
            Some(TicketKind::Complaint) => Some(EventKind::Complaint),
            Some(TicketKind::Fault) => Some(EventKind::Fault),
            _ => None,
        };
        let is_late = self.closed.zip(self.due).is_some_and(|(closed, due)| closed > due);
        let is_low = self.score.is_some_and(|score| score <= LOW_SCORE);
        let closed = [is_late.then_some(EventKind::Late), is_low.then_some(EventKind::LowScore)];
        let at_end = closed.into_iter().flatten().filter_map(|kind| Some((self.closed?, kind)));
        opened.map(|kind| (self.opened, kind)).into_iter().chain(at_end)
    }
}

impl Store {
    /// Units, products, customers, services and contracts, as they are now, and what happened since half a year
    /// before `first`. The rules tell which cause a text points to, and which question asks for satisfaction.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn base(&self, first: Month, rules: &Rules) -> Result<Base> {
        let words = &rules.risk.words;
        loop {
            let version = self.versions().await?.base;
            let (units, products) = (self.base_units().await?, self.base_products().await?);
            let (customers, services, contracts, events) = futures::future::try_join4(
                self.base_customers(),
                self.base_services(),
                self.base_contracts(),
                self.base_events(first - HALF_YEAR, words),
            )
            .await?;
            let members = match member::is_used(self.database.readers()).await? {
                true => self.base_members(first - HALF_YEAR, &rules.members).await?,
                false => BaseMembers::default(),
            };
            if self.versions().await?.base == version {
                return Ok(Base {
                    version,
                    units,
                    products,
                    customers,
                    services,
                    contracts,
                    events,
                    members,
                });
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

    async fn base_customers(&self) -> Result<Vec<BaseCustomer>> {
        let columns = &["id", "org_id", "created_on", "industry", "category"];
        packed::all(self.database.readers(), "customers", columns, |chunk| {
            let (ids, units, days) = (chunk.wholes(0)?, chunk.wholes(1)?, chunk.wholes(2)?);
            let (industries, categories) = (chunk.texts(3)?, chunk.texts(4)?);
            let customer = |row: usize| {
                let category = categories[row].as_deref().unwrap_or_default();
                Ok(BaseCustomer {
                    id: CustomerId::new(ids[row]),
                    unit: OrgUnitId::new(units[row]),
                    created_on: date_from_days("customers.created_on", days[row])?,
                    industry: customer::industry_group(industries[row].as_deref()),
                    category: category.parse().map_err(|_| chunk.unreadable(4, category))?,
                })
            };
            (0..ids.len()).map(customer).collect()
        })
        .await
    }

    async fn base_services(&self) -> Result<Vec<BaseService>> {
        let columns = &["customer_id", "product_id", "started_on", "ended_on", "trial"];
        let mut services = packed::all(self.database.readers(), "services", columns, |chunk| {
            let (customers, products, starts) = (chunk.wholes(0)?, chunk.wholes(1)?, chunk.wholes(2)?);
            let (ends, trials) = (chunk.optional_wholes(3)?, chunk.optional_wholes(4)?);
            let service = |row: usize| {
                Ok(BaseService {
                    customer: CustomerId::new(customers[row]),
                    product: ProductId::new(products[row]),
                    started_on: date_from_days("services.started_on", starts[row])?,
                    ended_on: ends[row].map(|days| date_from_days("services.ended_on", days)).transpose()?,
                    trial: trials[row] == Some(1),
                })
            };
            (0..customers.len()).map(service).collect()
        })
        .await?;
        services.sort_by_key(|service| service.customer);
        Ok(services)
    }

    async fn base_contracts(&self) -> Result<Vec<BaseContract>> {
        let columns = &["customer_id", "starts_on", "ends_on"];
        let mut contracts = packed::all(self.database.readers(), "contracts", columns, |chunk| {
            let (customers, starts) = (chunk.wholes(0)?, chunk.wholes(1)?);
            let ends = chunk.optional_wholes(2)?;
            let contract = |row: usize| {
                Ok(BaseContract {
                    customer: CustomerId::new(customers[row]),
                    starts_on: date_from_days("contracts.starts_on", starts[row])?,
                    ends_on: ends[row].map(|days| date_from_days("contracts.ends_on", days)).transpose()?,
                })
            };
            (0..customers.len()).map(contract).collect()
        })
        .await?;
        contracts.sort_by_key(|contract| contract.customer);
        Ok(contracts)
    }

    async fn base_events(&self, since: Month, words: &CauseWords) -> Result<Vec<BaseEvent>> {
        let mut events = self.ticket_events(since, words).await?;
        events.extend(self.contact_events(since, words).await?);
        events.extend(self.opportunity_events(since, words).await?);
        events.sort_unstable_by_key(|event| (event.customer, event.month, event.kind));
        Ok(events)
    }

    /// Complaints and faults when they are opened, what is late or scored low when it is closed.
    async fn ticket_events(&self, since: Month, words: &CauseWords) -> Result<Vec<BaseEvent>> {
        let columns = &["customer_id", "kind", "opened_at", "due_at", "closed_at", "cause", "score"];
        let mut events = Vec::new();
        let since = Some(("coalesce(closed_at, opened_at)", micros(since)));
        packed::scan_since(self.database.readers(), "tickets", columns, since, &mut |chunk| {
            let (customers, kinds, opened) = (chunk.wholes(0)?, chunk.texts(1)?, chunk.wholes(2)?);
            let (due, closed) = (chunk.optional_wholes(3)?, chunk.optional_wholes(4)?);
            let (causes, scores) = (chunk.texts(5)?, chunk.optional_wholes(6)?);
            for (row, &customer) in customers.iter().enumerate() {
                let mut note = |at: i64, kind| {
                    let (customer, month) = (CustomerId::new(customer), month_of(at));
                    events.push(BaseEvent { customer, month, kind });
                };
                let kind = kinds[row].as_deref().and_then(|kind| kind.parse::<TicketKind>().ok());
                // A fault names no cause of leaving: what is broken says nothing of what the customer thinks.
                let said = causes[row].as_deref().filter(|_| kind != Some(TicketKind::Fault));
                if let Some(cause) = said.and_then(|text| words.cause_in(text)) {
                    note(opened[row], EventKind::named(cause));
                }
                let ticket = Ticket {
                    kind,
                    opened: opened[row],
                    due: due[row],
                    closed: closed[row],
                    score: scores[row],
                };
                ticket.events().for_each(|(at, kind)| note(at, kind));
            }
            Ok(())
        })
        .await?;
        Ok(events)
    }

    async fn contact_events(&self, since: Month, words: &CauseWords) -> Result<Vec<BaseEvent>> {
        let columns = &["customer_id", "at", "outcome"];
        let mut events = Vec::new();
        let since = Some(("at", micros(since)));
        packed::scan_since(self.database.readers(), "interactions", columns, since, &mut |chunk| {
            let (instants, outcomes) = (chunk.wholes(1)?, chunk.texts(2)?);
            for (row, customer) in chunk.wholes(0)?.into_iter().enumerate() {
                let (customer, month) = (CustomerId::new(customer), month_of(instants[row]));
                events.push(BaseEvent { customer, month, kind: EventKind::Contact });
                if let Some(cause) = outcomes[row].as_deref().and_then(|text| words.cause_in(text)) {
                    events.push(BaseEvent { customer, month, kind: EventKind::named(cause) });
                }
            }
            Ok(())
        })
        .await?;
        Ok(events)
    }

    /// An opportunity when it is opened; a competitor and the reason when it is closed, since who wrote them down
    /// earlier is not known.
    async fn opportunity_events(&self, since: Month, words: &CauseWords) -> Result<Vec<BaseEvent>> {
        let columns = &["customer_id", "opened_on", "closed_on", "reason", "competitor"];
        let mut events = Vec::new();
        let since = Some(("coalesce(closed_on, opened_on)", date::days(since.first_day())));
        packed::scan_since(self.database.readers(), "opportunities", columns, since, &mut |chunk| {
            let (opened, closed) = (chunk.wholes(1)?, chunk.optional_wholes(2)?);
            let (reasons, competitors) = (chunk.texts(3)?, chunk.texts(4)?);
            for (row, customer) in chunk.wholes(0)?.into_iter().enumerate() {
                let customer = CustomerId::new(customer);
                let month = Month::of(date_from_days("opportunities.opened_on", opened[row])?);
                events.push(BaseEvent { customer, month, kind: EventKind::Opportunity });
                let Some(closed) = closed[row] else { continue };
                let month = Month::of(date_from_days("opportunities.closed_on", closed)?);
                let said = match &competitors[row] {
                    Some(_) => Some(ExitCause::Competition),
                    None => reasons[row].as_deref().and_then(|text| words.cause_in(text)),
                };
                events.extend(said.map(|cause| BaseEvent { customer, month, kind: EventKind::named(cause) }));
            }
            Ok(())
        })
        .await?;
        Ok(events)
    }
}
