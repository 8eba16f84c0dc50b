//! Value × key buying factor × ICT need of a customer, from what the cycle knows of it.

use domain::contract::Sla;
use domain::cycle::{BaseContract, BaseCustomer, BaseEvent, BaseOpportunity, BaseSaying, Said};
use domain::outlook::{EventKind, LifetimeValue};
use domain::product::Families;
use domain::rules::Value;
use domain::segment::{BuyingFactor, IctNeed, Segment, SegmentReason};
use domain::{Date, Month};

use crate::segments::dimensions::{
    self, BuyingEvidence, Inferred, NeedEvidence, ValueEvidence, buying_factor, ict_need,
};
use crate::uplift::Estimate;

/// Months of what happened and was said that count.
const YEAR: i32 = 12;

/// What the records know of a customer at a month's end. Events and sayings are sorted by month; what is later than
/// the month may be among everything, and does not show.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    /// The month.
    pub month: Month,
    /// The customer.
    pub customer: &'a BaseCustomer,
    /// Families of the running services.
    pub held: Families,
    /// When the first service started.
    pub first_service: Option<Date>,
    /// Mean discount on the list price of the services paid for, 0 to 1.
    pub discount: Option<f64>,
    /// Its contracts.
    pub contracts: &'a [BaseContract],
    /// What happened with it.
    pub events: &'a [BaseEvent],
    /// Its opportunities.
    pub opportunities: &'a [BaseOpportunity],
    /// What was said.
    pub sayings: &'a [BaseSaying],
    /// Whether the operator writes down at all who buys from a competitor as well.
    pub knows_competitors: bool,
}

/// Buying factor and need of a customer at a month's end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaning {
    /// What decides whether it buys, how sure that is (0 to 1), and why.
    pub buying_factor: (BuyingFactor, f32, SegmentReason),
    /// What it needs, likewise.
    pub ict_need: (IctNeed, f32, SegmentReason),
}

impl Leaning {
    /// Length of [`Self::to_bytes`].
    pub const SIZE: usize = 12;

    /// What follows from the records.
    #[must_use]
    pub fn from_records(recorded: &Recorded<'_>) -> Self {
        let Recorded { month, customer, .. } = *recorded;
        let lately = |at: Month| (0..YEAR).contains(&(month - at));
        let mut buying = BuyingEvidence {
            category: Some(customer.category),
            industry: customer.industry_factor,
            sla: level(month, recorded.contracts),
            discount: recorded.discount,
            years: recorded.first_service.map_or(0, |first| years(Month::of(first), month)),
            uses_competitor: recorded.knows_competitors.then_some(customer.has_competitor),
            ..BuyingEvidence::default()
        };
        let mut need = NeedEvidence {
            category: Some(customer.category),
            industry: customer.industry_need,
            held: recorded.held,
            employees: customer.employees,
            ..NeedEvidence::default()
        };
        for event in recorded.events.iter().filter(|event| lately(event.month)) {
            match event.kind {
                EventKind::Fault => buying.faults += 1,
                EventKind::Late => buying.late += 1,
                EventKind::LowScore => buying.low_scores += 1,
                EventKind::Contact => buying.visits += 1,
                EventKind::Request => need.requests += 1,
                _ => {}
            }
        }
        for saying in recorded.sayings.iter().filter(|saying| lately(saying.month)) {
            match saying.said {
                Said::Named(factor) => buying.named[factor.index()] += 1,
                // The last word counts.
                Said::Factor(factor) => buying.stated = Some(factor),
                Said::Need(stated) => need.stated = Some(stated),
            }
        }
        for opportunity in recorded.opportunities.iter().filter(|one| one.opened <= month) {
            let closed = opportunity.closed.filter(|&closed| closed <= month);
            if !closed.map_or_else(|| lately(opportunity.opened), lately) {
                continue;
            }
            if let (Some(_), Some(factor)) = (closed, opportunity.decided) {
                buying.decided[factor.index()] += 1;
            }
            // What was won is held; what was lost is still wanted.
            if closed.is_none() || !opportunity.won {
                opportunity.family.into_iter().for_each(|family| need.wanted.insert(family));
            }
        }
        let solutions = need.held.and(need.wanted).iter().filter(|&family| dimensions::is_solution(family));
        buying.solutions = solutions.fold(0, |count, _| count + 1);
        Self { buying_factor: told(buying_factor(&buying)), ict_need: told(ict_need(&need)) }
    }

    /// The segment of a customer of this value.
    #[must_use]
    pub fn segment(&self, value: Option<&LifetimeValue>, rules: &Value) -> Segment {
        let band = value.map(|value| {
            dimensions::value(&ValueEvidence {
                value: Estimate {
                    value: value.amount.yuan(),
                    low: value.low.yuan(),
                    high: value.high.yuan(),
                },
                thresholds: rules.bands_yuan.map(|yuan| yuan as f64),
            })
        });
        let (factor, factor_sure, factor_reason) = self.buying_factor;
        let (need, need_sure, need_reason) = self.ict_need;
        Segment {
            value: band.map(|band| (band.code, band.confidence as f32)),
            buying_factor: (factor, factor_sure),
            factor_reason,
            ict_need: (need, need_sure),
            need_reason,
        }
    }

    /// As bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::SIZE] {
        let (factor, factor_sure, factor_reason) = self.buying_factor;
        let (need, need_sure, need_reason) = self.ict_need;
        let ([a, b, c, d], [e, f, g, h]) = (factor_sure.to_le_bytes(), need_sure.to_le_bytes());
        [factor as u8, factor_reason as u8, a, b, c, d, need as u8, need_reason as u8, e, f, g, h]
    }

    /// From [`Self::to_bytes`]; none if these are not its bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let &[factor, factor_reason, a, b, c, d, need, need_reason, e, f, g, h] = bytes else { return None };
        let reason = |place: u8| SegmentReason::from_index(usize::from(place));
        Some(Self {
            buying_factor: (
                BuyingFactor::from_index(usize::from(factor))?,
                f32::from_le_bytes([a, b, c, d]),
                reason(factor_reason)?,
            ),
            ict_need: (
                IctNeed::from_index(usize::from(need))?,
                f32::from_le_bytes([e, f, g, h]),
                reason(need_reason)?,
            ),
        })
    }
}

/// The highest service level of the contracts that run at a month's end.
fn level(month: Month, contracts: &[BaseContract]) -> Option<Sla> {
    let end = month.last_day();
    let running = contracts.iter().filter(|contract| contract.starts_on <= end);
    let running = running.filter(|contract| contract.ends_on.is_none_or(|ends_on| ends_on > end));
    // Gold comes first in the list.
    running.filter_map(|contract| contract.sla).min()
}

/// Whole years from one month to another.
fn years(from: Month, to: Month) -> u32 {
    u32::try_from((to - from) / YEAR).unwrap_or_default()
}

fn told<T>(inferred: Inferred<T>) -> (T, f32, SegmentReason) {
    (inferred.code, inferred.confidence as f32, inferred.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::customer::CustomerCategory;
    use domain::id::{CustomerId, OrgUnitId};
    use domain::product::ProductFamily;

    const WHO: CustomerId = CustomerId::new(1);

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    fn customer(category: CustomerCategory) -> BaseCustomer {
        BaseCustomer {
            id: WHO,
            unit: OrgUnitId::new(1),
            created_on: month("2020-01").first_day(),
            industry: 0,
            category,
            employees: None,
            has_competitor: false,
            industry_factor: None,
            industry_need: None,
        }
    }

    /// A customer in May 2025 of whom no more is known.
    fn of(customer: &BaseCustomer) -> Recorded<'_> {
        Recorded {
            month: month("2025-05"),
            customer,
            held: Families::default(),
            first_service: None,
            discount: None,
            contracts: &[],
            events: &[],
            opportunities: &[],
            sayings: &[],
            knows_competitors: false,
        }
    }

    fn say(at: &str, said: Said) -> BaseSaying {
        BaseSaying { customer: WHO, month: month(at), said }
    }

    fn factor(recorded: &Recorded<'_>) -> (BuyingFactor, SegmentReason) {
        let (factor, _, reason) = Leaning::from_records(recorded).buying_factor;
        (factor, reason)
    }

    fn need(recorded: &Recorded<'_>) -> (IctNeed, SegmentReason) {
        let (need, _, reason) = Leaning::from_records(recorded).ict_need;
        (need, reason)
    }

    #[test]
    fn what_is_held_and_said_places_the_customer() {
        let shop = customer(CustomerCategory::Sme);
        let complaints = [say("2025-03", Said::Named(BuyingFactor::Price)); 3];
        let held: Families = [ProductFamily::Mobile].into_iter().collect();
        let shop = Recorded { held, sayings: &complaints, ..of(&shop) };
        assert_eq!(factor(&shop), (BuyingFactor::Price, SegmentReason::Named));
        assert_eq!(need(&shop), (IctNeed::BasicVoice, SegmentReason::Held));
        let factory = customer(CustomerCategory::Industry);
        let faults = [BaseEvent { customer: WHO, month: month("2024-08"), kind: EventKind::Fault }; 4];
        let held = [ProductFamily::LeasedLine, ProductFamily::Iot, ProductFamily::Idc].into_iter().collect();
        let factory = Recorded { held, events: &faults, ..of(&factory) };
        assert_eq!(factor(&factory), (BuyingFactor::NetworkQuality, SegmentReason::Faults));
        assert!(need(&factory).0 >= IctNeed::IndustryApplication);
        let rules = domain::rules::RuleBook::parse(None).expect("rules").default.value;
        assert_eq!(Leaning::from_records(&factory).segment(None, &rules).value, None);
    }

    #[test]
    fn a_year_counts_and_nothing_later_than_the_month() {
        let shop = customer(CustomerCategory::KeyAccount);
        let plain = factor(&of(&shop));
        for at in ["2024-05", "2025-06"] {
            let said = [say(at, Said::Factor(BuyingFactor::Brand))];
            assert_eq!(factor(&Recorded { sayings: &said, ..of(&shop) }), plain, "{at}");
        }
        let said = [
            say("2024-06", Said::Factor(BuyingFactor::Brand)),
            say("2025-05", Said::Factor(BuyingFactor::DeliverySpeed)),
            say("2025-06", Said::Factor(BuyingFactor::Price)),
        ];
        let stated = SegmentReason::Stated;
        let told = factor(&Recorded { sayings: &said[..1], ..of(&shop) });
        assert_eq!(told, (BuyingFactor::Brand, stated));
        assert_eq!(factor(&Recorded { sayings: &said, ..of(&shop) }), (BuyingFactor::DeliverySpeed, stated));
    }

    #[test]
    fn an_opportunity_says_what_is_wanted_and_once_closed_what_decided() {
        let shop = customer(CustomerCategory::KeyAccount);
        let lost = |opened, closed: Option<&str>| BaseOpportunity {
            customer: WHO,
            opened: month(opened),
            closed: closed.map(month),
            family: Some(ProductFamily::Iot),
            won: false,
            decided: Some(BuyingFactor::DeliverySpeed),
        };
        let told = |opportunity: BaseOpportunity| {
            let opportunities = [opportunity; 2];
            let recorded = Recorded { opportunities: &opportunities, ..of(&shop) };
            (factor(&recorded).1, need(&recorded))
        };
        let wanted = (IctNeed::IndustryApplication, SegmentReason::Wanted);
        assert_eq!(told(lost("2025-02", Some("2025-05"))), (SegmentReason::Decided, wanted));
        let open = told(lost("2025-02", Some("2025-06")));
        assert!(open.0 != SegmentReason::Decided && open.1 == wanted, "{open:?}");
        let nothing = SegmentReason::Nothing;
        for gone in [lost("2024-01", Some("2024-05")), lost("2025-06", None), lost("2024-05", None)] {
            assert_eq!(told(gone).1.1, nothing, "{gone:?}");
        }
        let won = BaseOpportunity { won: true, ..lost("2025-02", Some("2025-05")) };
        assert_eq!(told(won).1.1, nothing);
    }

    #[test]
    fn contract_price_years_and_size_speak_too() {
        let mut large = customer(CustomerCategory::Industry);
        large.employees = Some(4_000);
        assert_eq!(need(&of(&large)).1, SegmentReason::Category);
        large.industry_need = Some(IctNeed::IntegratedIct);
        assert_eq!(need(&of(&large)).0, IctNeed::IntegratedIct);
        let contract = |from: &str, sla| BaseContract {
            customer: WHO,
            starts_on: from.parse().expect("a date"),
            ends_on: None,
            sla: Some(sla),
        };
        let contracts = [contract("2025-01-01", Sla::Bronze), contract("2025-05-31", Sla::Gold)];
        let agreed = Recorded { contracts: &contracts, ..of(&large) };
        assert_eq!(factor(&agreed), (BuyingFactor::NetworkQuality, SegmentReason::Sla));
        assert_ne!(factor(&Recorded { contracts: &contracts[..1], ..agreed }).1, SegmentReason::Sla);
        let cheap = Recorded { discount: Some(0.4), ..of(&large) };
        assert_eq!(factor(&cheap), (BuyingFactor::Price, SegmentReason::Discount));
        let first_service = Some("2014-03-01".parse().expect("a date"));
        let loyal = Recorded { first_service, knows_competitors: true, ..of(&large) };
        assert_eq!(factor(&loyal), (BuyingFactor::Brand, SegmentReason::LoyalYears));
        assert_ne!(factor(&Recorded { knows_competitors: false, ..loyal }).0, BuyingFactor::Brand);
    }

    #[test]
    fn a_leaning_survives_being_packed() {
        let factory = customer(CustomerCategory::Industry);
        let leaning = Leaning::from_records(&of(&factory));
        assert_eq!(Leaning::from_bytes(&leaning.to_bytes()), Some(leaning));
        assert_eq!(Leaning::from_bytes(&[u8::MAX; Leaning::SIZE]), None);
        assert_eq!(Leaning::from_bytes(&[0; 3]), None);
    }
}
