//! Value × key buying factor × ICT need of a customer, inferred from what it does where nobody has said it.
//!
//! A small scoring model of our own: each piece of evidence adds to the score of what it speaks for; scores become
//! confidences as in a logistic choice. What was stated wins over what is inferred, which only makes it less sure.

use domain::contract::Sla;
use domain::customer::CustomerCategory;
use domain::product::{Families, ProductFamily};
use domain::segment::{BuyingFactor, IctNeed, SegmentReason, SegmentValue};

use crate::uplift::Estimate;

/// What was inferred.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inferred<T> {
    /// The answer.
    pub code: T,
    /// 0 to 1.
    pub confidence: f64,
    /// The weightiest evidence.
    pub reason: SegmentReason,
}

/// What the value band follows from; yuan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueEvidence {
    /// Lifetime value, or profit of twelve months, with its interval.
    pub value: Estimate,
    /// From here on medium, and from here on high.
    pub thresholds: [f64; 2],
}

/// The likeliest band when the true value lies about the figure as the interval says.
#[must_use]
pub fn value(evidence: &ValueEvidence) -> Inferred<SegmentValue> {
    let spread = (evidence.value.high - evidence.value.low).max(0.0) / (2.0 * 1.96);
    let above = |limit: f64| {
        let distance = evidence.value.value - limit;
        if spread > 0.0 {
            0.5 * statrs::function::erf::erfc(-distance / spread / std::f64::consts::SQRT_2)
        } else {
            f64::from(u8::from(distance >= 0.0))
        }
    };
    let [medium, high] = evidence.thresholds.map(above);
    let bands = [
        (SegmentValue::High, high),
        (SegmentValue::Medium, medium - high),
        (SegmentValue::Low, 1.0 - medium),
    ];
    let best = bands.into_iter().fold(bands[0], |best, band| if band.1 > best.1 { band } else { best });
    let narrow = best.1 >= 0.9;
    let reason = if narrow { SegmentReason::ValueClear } else { SegmentReason::ValueNear };
    Inferred { code: best.0, confidence: best.1.clamp(0.0, 1.0), reason }
}

/// What speaks for a key buying factor; counts of the last twelve months.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BuyingEvidence {
    /// What the customer or its manager said decides.
    pub stated: Option<BuyingFactor>,
    /// How it is handled.
    pub category: Option<CustomerCategory>,
    /// What customers of its industry mostly buy for.
    pub industry: Option<BuyingFactor>,
    /// The service level of its contract.
    pub sla: Option<Sla>,
    /// Complaints and talks about each factor, by [`BuyingFactor::index`].
    pub named: [u32; BuyingFactor::ALL.len()],
    /// Opportunities won or lost for each.
    pub decided: [u32; BuyingFactor::ALL.len()],
    /// Faults reported.
    pub faults: u32,
    /// Tickets closed after their time.
    pub late: u32,
    /// Tickets that the customer rated poorly.
    pub low_scores: u32,
    /// Mean discount on the list price, 0 to 1.
    pub discount: Option<f64>,
    /// Kinds of services beyond connecting (IDC, IoT, ICT) held or under negotiation.
    pub solutions: u32,
    /// Visits and talks with its people.
    pub visits: u32,
    /// Whole years as a customer.
    pub years: u32,
    /// Whether anything was bought from competitors at the same time.
    pub uses_competitor: Option<bool>,
}

/// Score of what was stated: about nine in ten against no other evidence, …
const STATED: f64 = 4.0;
/// … and so far ahead of whatever else has the most evidence: five in six against that alone.
const STATED_LEAD: f64 = 1.6;
/// Score of what is usual in an industry.
const INDUSTRY: f64 = 0.5;

/// The key buying factor with its confidence.
#[must_use]
pub fn buying_factor(evidence: &BuyingEvidence) -> Inferred<BuyingFactor> {
    use BuyingFactor::{
        Brand, DeliverySpeed, IndustrySolution, NetworkQuality, Price, Relationship, Service,
    };
    use SegmentReason as Reason;
    let mut scores = Scores::<{ BuyingFactor::ALL.len() }>::new();
    let mut add = |factor: BuyingFactor, score: f64, reason| scores.add(factor.index(), score, reason);
    // Repeated complaints say more, each less than the one before.
    // Mostly there were none, and a logarithm for each would be half the work.
    let often = |count: u32| if count == 0 { 0.0 } else { f64::from(count).ln_1p() };
    for &factor in BuyingFactor::ALL {
        let named = evidence.named[factor.index()];
        // What happened tells the same as the complaint about it.
        let (count, weight, reason) = match factor {
            NetworkQuality => (named + evidence.faults, 1.0, Reason::Faults),
            DeliverySpeed => (named + evidence.late, 1.2, Reason::Late),
            Service => (named.max(evidence.low_scores), 1.2, Reason::LowScores),
            _ => (named, 1.2, Reason::Named),
        };
        let reason = if count == named { Reason::Named } else { reason };
        add(factor, weight * often(count), reason);
        add(factor, 1.5 * often(evidence.decided[factor.index()]), Reason::Decided);
    }
    let discount = evidence.discount.filter(|share| share.is_finite()).unwrap_or(0.0).clamp(0.0, 1.0);
    add(Price, 5.0 * discount, Reason::Discount);
    if matches!(evidence.sla, Some(Sla::Gold | Sla::Silver)) {
        add(NetworkQuality, 1.0, Reason::Sla);
    }
    add(IndustrySolution, often(evidence.solutions), Reason::Solutions);
    add(Relationship, 0.4 * often(evidence.visits), Reason::Visits);
    if evidence.uses_competitor == Some(false) {
        add(Brand, 0.1 * f64::from(evidence.years.min(10)), Reason::LoyalYears);
    }
    if let Some(factor) = evidence.industry {
        add(factor, INDUSTRY, Reason::Industry);
    }
    // The traits each category starts with (`S1d`).
    let traits: &[(BuyingFactor, f64)] = match evidence.category {
        Some(CustomerCategory::KeyAccount) => &[(Service, 0.6), (Relationship, 0.6)],
        Some(CustomerCategory::PrivateNetwork) => &[(NetworkQuality, 0.8)],
        Some(CustomerCategory::Industry) => &[(NetworkQuality, 0.6), (IndustrySolution, 0.6)],
        Some(CustomerCategory::Sme) => &[(Price, 0.8)],
        Some(CustomerCategory::Public) => &[(Price, 1.2)],
        None => &[],
    };
    traits.iter().for_each(|&(factor, score)| add(factor, score, Reason::Category));
    if let Some(factor) = evidence.stated {
        scores.state(factor.index());
    }
    scores.best(BuyingFactor::ALL)
}

/// What speaks for an ICT need.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NeedEvidence {
    /// What the customer or its manager said.
    pub stated: Option<IctNeed>,
    /// How it is handled.
    pub category: Option<CustomerCategory>,
    /// What customers of its industry mostly need.
    pub industry: Option<IctNeed>,
    /// Families of the services held.
    pub held: Families,
    /// Families under negotiation.
    pub wanted: Families,
    /// Requests in twelve months.
    pub requests: u32,
    /// Employees.
    pub employees: Option<u32>,
}

/// The ICT need with its confidence.
#[must_use]
pub fn ict_need(evidence: &NeedEvidence) -> Inferred<IctNeed> {
    use SegmentReason as Reason;
    let mut scores = Scores::<{ IctNeed::ALL.len() }>::new();
    let mut add = |need: IctNeed, score: f64, reason| scores.add(need.index(), score, reason);
    let reached = |families: Families| {
        families.iter().fold([false; IctNeed::ALL.len()], |mut rungs, family| {
            rungs[rung(family).index()] = true;
            rungs
        })
    };
    let (held, wanted) = (reached(evidence.held), reached(evidence.wanted));
    // A higher rung takes the lower ones for granted: it counts more.
    for &need in IctNeed::ALL {
        let height = need.index() as f64;
        if held[need.index()] {
            add(need, 1.5 + 0.5 * height, Reason::Held);
        }
        if wanted[need.index()] {
            add(need, 1.0 + 0.5 * height, Reason::Wanted);
        }
    }
    if let Some(next) = held.iter().rposition(|&held| held).and_then(|top| IctNeed::from_index(top + 1)) {
        add(next, 0.5 * f64::from(evidence.requests).ln_1p(), Reason::Requests);
    }
    match evidence.employees {
        Some(0..20) => add(IctNeed::BasicVoice, 0.5, Reason::Employees),
        Some(20..200) => add(IctNeed::Connectivity, 0.5, Reason::Employees),
        Some(200..1_000) => add(IctNeed::Office, 0.5, Reason::Employees),
        Some(_) => add(IctNeed::IntegratedIct, 0.5, Reason::Employees),
        None => {}
    }
    if let Some(need) = evidence.industry {
        add(need, INDUSTRY, Reason::Industry);
    }
    match evidence.category {
        Some(CustomerCategory::Industry) => add(IctNeed::IndustryApplication, 0.6, Reason::Category),
        Some(CustomerCategory::PrivateNetwork) => add(IctNeed::Connectivity, 0.6, Reason::Category),
        Some(CustomerCategory::Public) => add(IctNeed::BasicVoice, 0.6, Reason::Category),
        _ => {}
    }
    if let Some(need) = evidence.stated {
        scores.state(need.index());
    }
    scores.best(IctNeed::ALL)
}

/// Whether a family is more than connecting: IDC, IoT, ICT.
pub(crate) const fn is_solution(family: ProductFamily) -> bool {
    matches!(family, ProductFamily::Idc | ProductFamily::Iot | ProductFamily::Ict)
}

const fn rung(family: ProductFamily) -> IctNeed {
    match family {
        ProductFamily::Mobile | ProductFamily::Fixed | ProductFamily::Sms | ProductFamily::Vas => {
            IctNeed::BasicVoice
        }
        ProductFamily::Broadband | ProductFamily::LeasedLine => IctNeed::Connectivity,
        ProductFamily::Switchboard | ProductFamily::Mailbox => IctNeed::Office,
        ProductFamily::Iot => IctNeed::IndustryApplication,
        ProductFamily::Idc | ProductFamily::Ict => IctNeed::IntegratedIct,
    }
}

/// Scores of the codes of a dimension, by place.
struct Scores<const CODES: usize> {
    scores: [f64; CODES],
    /// Weightiest evidence so far.
    reasons: [(f64, SegmentReason); CODES],
}

impl<const CODES: usize> Scores<CODES> {
    const fn new() -> Self {
        Self { scores: [0.0; CODES], reasons: [(0.0, SegmentReason::Nothing); CODES] }
    }

    fn add(&mut self, at: usize, score: f64, reason: SegmentReason) {
        self.scores[at] += score;
        if score > self.reasons[at].0 {
            self.reasons[at] = (score, reason);
        }
    }

    /// What was stated comes first, whatever else there is.
    fn state(&mut self, at: usize) {
        let others = (0..CODES).filter(|&other| other != at).map(|other| self.scores[other]);
        let most = others.fold(0.0, f64::max);
        self.scores[at] = (self.scores[at] + STATED).max(most + STATED_LEAD);
        self.reasons[at] = (f64::INFINITY, SegmentReason::Stated);
    }

    fn best<T: Copy>(&self, codes: &[T]) -> Inferred<T> {
        let best = (1..CODES).fold(0, |best, at| if self.scores[at] > self.scores[best] { at } else { best });
        let total: f64 = self.scores.iter().map(|score| (score - self.scores[best]).exp()).sum();
        Inferred { code: codes[best], confidence: 1.0 / total, reason: self.reasons[best].1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use SegmentReason as Reason;

    /// So many for one factor.
    fn counts(factor: BuyingFactor, count: u32) -> [u32; BuyingFactor::ALL.len()] {
        let mut counts = [0; BuyingFactor::ALL.len()];
        counts[factor.index()] = count;
        counts
    }

    fn families(families: &[ProductFamily]) -> Families {
        families.iter().copied().collect()
    }

    #[test]
    fn nothing_known_says_so_by_its_confidence() {
        let found = buying_factor(&BuyingEvidence::default());
        assert!((found.confidence - 1.0 / 7.0).abs() < 1e-12);
        assert_eq!(found.reason, Reason::Nothing);
    }

    #[test]
    fn complaints_and_lost_offers_show_what_decides() {
        let found = buying_factor(&BuyingEvidence {
            category: Some(CustomerCategory::KeyAccount),
            decided: counts(BuyingFactor::Price, 3),
            discount: Some(0.2),
            ..BuyingEvidence::default()
        });
        assert_eq!((found.code, found.reason), (BuyingFactor::Price, Reason::Decided));
        let slow =
            BuyingEvidence { named: counts(BuyingFactor::DeliverySpeed, 5), ..BuyingEvidence::default() };
        assert_eq!(buying_factor(&slow).code, BuyingFactor::DeliverySpeed);
        let more = BuyingEvidence { late: 4, ..slow };
        assert!(buying_factor(&more).confidence > buying_factor(&slow).confidence);
    }

    #[test]
    fn each_piece_of_evidence_places_a_customer_of_whom_nothing_else_is_known() {
        let none = BuyingEvidence::default();
        let found = [
            BuyingEvidence { discount: Some(0.3), ..none },
            BuyingEvidence { sla: Some(Sla::Gold), ..none },
            BuyingEvidence { faults: 2, ..none },
            BuyingEvidence { low_scores: 2, ..none },
            BuyingEvidence { late: 2, ..none },
            BuyingEvidence { solutions: 2, ..none },
            BuyingEvidence { visits: 9, ..none },
            BuyingEvidence { years: 8, uses_competitor: Some(false), ..none },
            BuyingEvidence { industry: Some(BuyingFactor::IndustrySolution), ..none },
            BuyingEvidence { decided: counts(BuyingFactor::Relationship, 1), ..none },
        ]
        .map(|evidence| {
            let found = buying_factor(&evidence);
            (found.code, found.reason)
        });
        let expected = [
            (BuyingFactor::Price, Reason::Discount),
            (BuyingFactor::NetworkQuality, Reason::Sla),
            (BuyingFactor::NetworkQuality, Reason::Faults),
            (BuyingFactor::Service, Reason::LowScores),
            (BuyingFactor::DeliverySpeed, Reason::Late),
            (BuyingFactor::IndustrySolution, Reason::Solutions),
            (BuyingFactor::Relationship, Reason::Visits),
            (BuyingFactor::Brand, Reason::LoyalYears),
            (BuyingFactor::IndustrySolution, Reason::Industry),
            (BuyingFactor::Relationship, Reason::Decided),
        ];
        assert_eq!(found, expected);
        // Years prove nothing of one who buys elsewhere too, nor where nobody writes that down.
        for uses_competitor in [Some(true), None] {
            let found = buying_factor(&BuyingEvidence { years: 8, uses_competitor, ..none });
            assert_eq!(found.reason, Reason::Nothing);
        }
    }

    #[test]
    fn what_was_stated_wins_over_any_evidence_and_is_less_sure_for_it() {
        let stated = BuyingEvidence {
            stated: Some(BuyingFactor::Relationship),
            faults: 2,
            discount: Some(f64::NAN),
            ..BuyingEvidence::default()
        };
        let found = buying_factor(&stated);
        assert_eq!((found.code, found.reason), (BuyingFactor::Relationship, Reason::Stated));
        assert!(found.confidence > 0.7 && found.confidence < 1.0);
        let against = BuyingEvidence {
            named: counts(BuyingFactor::Price, 20),
            decided: counts(BuyingFactor::Price, 20),
            ..stated
        };
        let contested = buying_factor(&against);
        assert_eq!((contested.code, contested.reason), (BuyingFactor::Relationship, Reason::Stated));
        assert!(contested.confidence > 0.8 && contested.confidence < found.confidence, "{contested:?}");
    }

    #[test]
    fn the_ladder_is_read_from_the_top_rung_reached() {
        let held = families(&[ProductFamily::Mobile, ProductFamily::LeasedLine, ProductFamily::Idc]);
        let found = ict_need(&NeedEvidence { held, ..NeedEvidence::default() });
        assert_eq!((found.code, found.reason), (IctNeed::IntegratedIct, Reason::Held));
        let small = NeedEvidence {
            held: families(&[ProductFamily::Mobile]),
            employees: Some(8),
            ..NeedEvidence::default()
        };
        assert_eq!(ict_need(&small).code, IctNeed::BasicVoice);
        let asking = NeedEvidence { wanted: families(&[ProductFamily::Iot]), ..small };
        assert_eq!(ict_need(&asking).code, IctNeed::IndustryApplication);
        let told = NeedEvidence { stated: Some(IctNeed::Office), ..asking };
        assert_eq!((ict_need(&told).code, ict_need(&told).reason), (IctNeed::Office, Reason::Stated));
    }

    #[test]
    fn size_industry_and_requests_show_a_need_where_nothing_else_does() {
        let none = NeedEvidence::default();
        let large = ict_need(&NeedEvidence { employees: Some(3_000), ..none });
        assert_eq!((large.code, large.reason), (IctNeed::IntegratedIct, Reason::Employees));
        let factory = ict_need(&NeedEvidence { industry: Some(IctNeed::IndustryApplication), ..none });
        assert_eq!((factory.code, factory.reason), (IctNeed::IndustryApplication, Reason::Industry));
        let held = families(&[ProductFamily::Mobile]);
        let asking = |requests| ict_need(&NeedEvidence { held, requests, ..none }).confidence;
        assert!(asking(9) < asking(0), "who asks for more is less surely at the rung it holds");
    }

    #[test]
    fn a_value_far_from_the_thresholds_is_sure_of_its_band() {
        let thresholds = [1_000.0, 10_000.0];
        let at = |figure, error| value(&ValueEvidence { value: Estimate::around(figure, error), thresholds });
        assert_eq!(
            (at(20_000.0, 100.0).code, at(5_000.0, 100.0).code),
            (SegmentValue::High, SegmentValue::Medium)
        );
        assert!(at(20_000.0, 100.0).confidence > 0.999);
        assert!((at(1_000.0, 300.0).confidence - 0.5).abs() < 1e-6);
        assert_eq!(at(1_000.0, 0.0).code, SegmentValue::Medium);
    }
}
