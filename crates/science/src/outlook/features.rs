//! What the risk to leave is learnt from: the carried state and what happened lately, as numbers.

use domain::LifecycleStage;
use domain::cycle::{BaseContract, BaseEvent};
use domain::outlook::EventKind;
use domain::{Month, date};

use crate::frame::{Column, Frame, Values};
use crate::lifecycle::State;

/// Months of events that count.
pub(super) const LATELY: i32 = 3;
/// Months without contact that are told apart.
const CONTACT: i32 = 6;

/// What the records say of a customer at a month's end beyond its services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// Events of the last [`LATELY`] months, by kind.
    counts: [u8; EventKind::COUNT],
    /// Months since the last contact, at most [`CONTACT`].
    silent_months: u8,
    contract: Contract,
}

/// How far a customer is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contract {
    /// No contract runs.
    None,
    /// The last one ends in so many months, at most [`LATELY`].
    EndsIn(u8),
    /// One runs on.
    RunsOn,
}

impl Circumstances {
    /// Length of [`Self::to_bytes`].
    pub const SIZE: usize = EventKind::COUNT + 2;

    /// At the end of a month, from a customer's contracts and events sorted by month; nothing later shows.
    #[must_use]
    pub fn at(month: Month, contracts: &[BaseContract], events: &[BaseEvent]) -> Self {
        let mut counts = [0_u8; EventKind::COUNT];
        let mut silent_months = CONTACT;
        for event in events.iter().take_while(|event| event.month <= month) {
            let ago = month - event.month;
            if ago < LATELY {
                counts[event.kind.index()] = counts[event.kind.index()].saturating_add(1);
            }
            if event.kind == EventKind::Contact {
                silent_months = silent_months.min(ago);
            }
        }
        let contract = Contract::at(month, contracts);
        Self { counts, silent_months: silent_months as u8, contract }
    }

    /// Events of a kind within the last [`LATELY`] months.
    #[must_use]
    pub const fn count(&self, kind: EventKind) -> u8 {
        self.counts[kind.index()]
    }

    /// How far the customer is bound.
    #[must_use]
    pub const fn contract(&self) -> Contract {
        self.contract
    }

    /// Months since the last contact, at most half a year.
    #[must_use]
    pub const fn silent_months(&self) -> u8 {
        self.silent_months
    }

    /// As bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[..EventKind::COUNT].copy_from_slice(&self.counts);
        bytes[EventKind::COUNT] = self.silent_months;
        bytes[EventKind::COUNT + 1] = match self.contract {
            Contract::None => 0,
            Contract::EndsIn(months) => months,
            Contract::RunsOn => u8::MAX,
        };
        bytes
    }

    /// From [`Self::to_bytes`]; none if these are not its bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (counts, rest) = bytes.split_first_chunk::<{ EventKind::COUNT }>()?;
        let &[silent_months, contract] = rest else { return None };
        let contract = match contract {
            0 => Contract::None,
            u8::MAX => Contract::RunsOn,
            months => Contract::EndsIn(months),
        };
        Some(Self { counts: *counts, silent_months, contract })
    }
}

impl Contract {
    fn at(month: Month, contracts: &[BaseContract]) -> Self {
        let end = month.last_day();
        let running = contracts.iter().filter(|contract| contract.starts_on <= end);
        let running = running.filter(|contract| contract.ends_on.is_none_or(|ends_on| ends_on > end));
        let Some(last) = running.map(|contract| contract.ends_on.map_or(i64::MAX, date::days)).max() else {
            return Self::None;
        };
        if last > date::days((month + LATELY).last_day()) {
            return Self::RunsOn;
        }
        let months = (last - date::days(end) + 30) / 31;
        Self::EndsIn(months.clamp(1, i64::from(LATELY)) as u8)
    }
}

/// Names of the features; a key of the locale files each, `risk-feature-…`.
pub const FEATURES: [&str; 33] = [
    "stage",
    "stage_months",
    "sure",
    "age",
    "usage_2",
    "usage_3",
    "usage_6",
    "usage_year",
    "usage_change",
    "revenue_3",
    "revenue_level",
    "revenue_spread",
    "margin",
    "lines_half_year",
    "products",
    "services",
    "services_half_year",
    "silent",
    "recency",
    "frequency",
    "complaints",
    "faults",
    "late",
    "low_scores",
    "contacts",
    "silent_contact",
    "service_named",
    "competition_named",
    "price_named",
    "special_named",
    "lines_lost",
    "opportunities",
    "contract",
];

/// Place of the stage among them.
pub(super) const STAGE: usize = 0;

/// One number per feature; not a number where unknown.
pub type Features = [f32; FEATURES.len()];

/// The features of a customer after its month was judged, `confidence` of the stage among them.
#[must_use]
pub fn features(state: &State, confidence: f32, circumstances: &Circumstances) -> Features {
    let unknown = |value: Option<f32>| value.unwrap_or(f32::NAN);
    let stage = state.stage_months_ago(0).unwrap_or(LifecycleStage::Potential);
    let count = |kind| f32::from(circumstances.count(kind));
    let contract = match circumstances.contract {
        Contract::None => 0.0,
        Contract::EndsIn(months) => f32::from(months),
        Contract::RunsOn => 12.0,
    };
    let seen = state.seen();
    [
        // In the order of how far gone they are, so that one threshold can tell.
        match stage {
            LifecycleStage::Decline => 3.0,
            LifecycleStage::Development => 2.0,
            LifecycleStage::Growth => 1.0,
            _ => 0.0,
        },
        f32::from(seen.stage_months.min(24)),
        confidence,
        f32::from(seen.age_months.min(120)),
        unknown(state.slope(2)),
        unknown(state.slope(3)),
        unknown(state.slope(6)),
        unknown(state.against_last_year()),
        unknown(state.usage_change().map(|found| found.map_or(0.0, |found| found.change))),
        unknown(state.revenue_ratio().map(f32::ln)).clamp(-3.0, 3.0),
        unknown(state.revenue_level().map(|level| level.yuan().max(1.0).ln() as f32)),
        state.level_error() as f32,
        unknown(state.margin()),
        unknown(state.lines_change().map(|(change, _)| change)),
        f32::from(seen.products),
        f32::from(seen.services),
        seen.services_change,
        f32::from(seen.silent),
        unknown(state.recency_months().map(|months| f32::from(months.min(24)))),
        f32::from(state.frequency_12m()),
        count(EventKind::Complaint),
        count(EventKind::Fault),
        count(EventKind::Late),
        count(EventKind::LowScore),
        count(EventKind::Contact),
        f32::from(circumstances.silent_months),
        count(EventKind::ServiceNamed),
        count(EventKind::CompetitionNamed),
        count(EventKind::PriceNamed),
        count(EventKind::SpecialNamed),
        count(EventKind::LineLost),
        count(EventKind::Opportunity),
        contract,
    ]
}

/// Rows of features as a table.
pub(super) fn frame<'a>(rows: impl Iterator<Item = &'a Features> + Clone) -> Frame {
    let columns = FEATURES.iter().enumerate().map(|(place, &name)| Column {
        name: name.to_owned(),
        values: Values::Numbers(rows.clone().map(|row| f64::from(row[place])).collect()),
        misfits: 0,
    });
    Frame::from_columns(columns.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::CustomerId;

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    fn event(at: &str, kind: EventKind) -> BaseEvent {
        BaseEvent { customer: CustomerId::new(1), month: month(at), kind }
    }

    fn contract(from: &str, to: Option<&str>) -> BaseContract {
        let day = |text: &str| text.parse().expect("a date");
        BaseContract { customer: CustomerId::new(1), starts_on: day(from), ends_on: to.map(day), sla: None }
    }

    #[test]
    fn only_the_last_quarter_counts_and_nothing_later() {
        let events = [
            event("2025-01", EventKind::Complaint),
            event("2025-02", EventKind::Contact),
            event("2025-04", EventKind::Complaint),
            event("2025-05", EventKind::Complaint),
            event("2025-06", EventKind::Complaint),
        ];
        let at = Circumstances::at(month("2025-05"), &[], &events);
        assert_eq!((at.count(EventKind::Complaint), at.silent_months()), (2, 3));
    }

    #[test]
    fn a_contract_ends_soon_only_if_no_other_runs_on() {
        let at = |contracts: &[BaseContract]| Circumstances::at(month("2025-05"), contracts, &[]).contract();
        let ending = contract("2024-01-01", Some("2025-07-15"));
        assert_eq!(at(&[ending]), Contract::EndsIn(2));
        assert_eq!(at(&[ending, contract("2025-01-01", None)]), Contract::RunsOn);
        assert_eq!(at(&[ending, contract("2025-06-01", None)]), Contract::EndsIn(2));
        assert_eq!(at(&[contract("2024-01-01", Some("2025-05-31"))]), Contract::None);
    }

    #[test]
    fn circumstances_survive_being_packed() {
        let events = [event("2025-04", EventKind::Complaint), event("2025-05", EventKind::Fault)];
        let contracts = [contract("2024-01-01", Some("2025-07-15"))];
        for contracts in [&contracts[..], &[]] {
            let at = Circumstances::at(month("2025-05"), contracts, &events);
            assert_eq!(Circumstances::from_bytes(&at.to_bytes()), Some(at));
        }
        assert_eq!(Circumstances::from_bytes(&[0; 3]), None);
    }
}
