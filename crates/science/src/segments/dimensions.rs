//! Value × key buying factor × ICT need of a customer, inferred from what it does where nobody has said it.
//!
//! A small scoring model of our own: each piece of evidence adds to the score of what it speaks for; scores become
//! confidences as in a logistic choice. What was stated outweighs what is inferred but does not silence it.

use domain::contract::Sla;
use domain::customer::CustomerCategory;
use domain::product::ProductFamily;
use domain::segment::{BuyingFactor, IctNeed, SegmentValue};

use crate::uplift::Estimate;

/// What was inferred.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inferred<T> {
    /// The answer.
    pub code: T,
    /// 0 to 1.
    pub confidence: f64,
    /// The key of the weightiest reason in the locale files.
    pub reason: &'static str,
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
    let reason = if narrow { "segments-reason-value-clear" } else { "segments-reason-value-near" };
    Inferred { code: best.0, confidence: best.1.clamp(0.0, 1.0), reason }
}

/// What speaks for a key buying factor; counts of the last twelve months.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BuyingEvidence {
    /// What the customer or its manager said.
    pub stated: Option<BuyingFactor>,
    /// How it is handled.
    pub category: Option<CustomerCategory>,
    /// The service level of its contract.
    pub sla: Option<Sla>,
    /// Complaints about bills and prices.
    pub price_complaints: u32,
    /// Complaints about the network, and faults reported.
    pub network_complaints: u32,
    /// Complaints about people and handling.
    pub service_complaints: u32,
    /// Complaints about waiting for delivery or repair, and requests to hurry.
    pub delay_complaints: u32,
    /// Opportunities lost for the price.
    pub lost_on_price: u32,
    /// Mean discount on the list price, 0 to 1.
    pub discount: Option<f64>,
    /// Services of IDC, IoT and ICT held or under negotiation.
    pub solutions: u32,
    /// Visits and talks with its people.
    pub visits: u32,
    /// Whole years as a customer.
    pub years: u32,
    /// Whether anything was bought from competitors at the same time.
    pub uses_competitor: Option<bool>,
}

/// Score of what was stated: about nine in ten against no other evidence.
const STATED: f64 = 4.0;

/// The key buying factor with its confidence.
#[must_use]
pub fn buying_factor(evidence: &BuyingEvidence) -> Inferred<BuyingFactor> {
    let mut scores = Scores::<{ BuyingFactor::ALL.len() }>::new();
    let mut add = |factor: BuyingFactor, score: f64, reason| scores.add(factor.index(), score, reason);
    if let Some(factor) = evidence.stated {
        add(factor, STATED, "segments-reason-stated");
    }
    // Repeated complaints say more, each less than the one before.
    let often = |count: u32| f64::from(count).ln_1p();
    add(BuyingFactor::Price, 1.2 * often(evidence.price_complaints), "segments-reason-price_complaints");
    add(BuyingFactor::Price, 1.5 * often(evidence.lost_on_price), "segments-reason-lost_on_price");
    let discount = evidence.discount.filter(|share| share.is_finite()).unwrap_or(0.0).clamp(0.0, 1.0);
    add(BuyingFactor::Price, 5.0 * discount, "segments-reason-discount");
    add(
        BuyingFactor::NetworkQuality,
        1.0 * often(evidence.network_complaints),
        "segments-reason-network_complaints",
    );
    if matches!(evidence.sla, Some(Sla::Gold | Sla::Silver)) {
        add(BuyingFactor::NetworkQuality, 1.0, "segments-reason-sla");
    }
    add(
        BuyingFactor::Service,
        1.2 * often(evidence.service_complaints),
        "segments-reason-service_complaints",
    );
    add(
        BuyingFactor::DeliverySpeed,
        1.2 * often(evidence.delay_complaints),
        "segments-reason-delay_complaints",
    );
    add(BuyingFactor::IndustrySolution, 1.0 * often(evidence.solutions), "segments-reason-solutions");
    add(BuyingFactor::Relationship, 0.4 * often(evidence.visits), "segments-reason-visits");
    if evidence.uses_competitor == Some(false) {
        add(BuyingFactor::Brand, 0.1 * f64::from(evidence.years.min(10)), "segments-reason-loyal_years");
    }
    // The traits each category starts with (`S1d`).
    match evidence.category {
        Some(CustomerCategory::KeyAccount) => {
            add(BuyingFactor::Service, 0.6, "segments-reason-category");
            add(BuyingFactor::Relationship, 0.6, "segments-reason-category");
        }
        Some(CustomerCategory::PrivateNetwork) => {
            add(BuyingFactor::NetworkQuality, 0.8, "segments-reason-category")
        }
        Some(CustomerCategory::Industry) => {
            add(BuyingFactor::NetworkQuality, 0.6, "segments-reason-category");
            add(BuyingFactor::IndustrySolution, 0.6, "segments-reason-category");
        }
        Some(CustomerCategory::Sme) => add(BuyingFactor::Price, 0.8, "segments-reason-category"),
        Some(CustomerCategory::Public) => add(BuyingFactor::Price, 1.2, "segments-reason-category"),
        None => {}
    }
    scores.best(BuyingFactor::ALL)
}

/// What speaks for an ICT need.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NeedEvidence {
    /// What the customer or its manager said.
    pub stated: Option<IctNeed>,
    /// How it is handled.
    pub category: Option<CustomerCategory>,
    /// Families of the services held.
    pub held: Vec<ProductFamily>,
    /// Families under negotiation.
    pub wanted: Vec<ProductFamily>,
    /// Requests and consultations about products further up, in twelve months.
    pub requests: u32,
    /// Employees.
    pub employees: Option<u32>,
}

/// The ICT need with its confidence.
#[must_use]
pub fn ict_need(evidence: &NeedEvidence) -> Inferred<IctNeed> {
    let mut scores = Scores::<{ IctNeed::ALL.len() }>::new();
    let mut add = |need: IctNeed, score: f64, reason| scores.add(need.index(), score, reason);
    if let Some(need) = evidence.stated {
        add(need, STATED, "segments-reason-stated");
    }
    let mut held = [false; IctNeed::ALL.len()];
    for &family in &evidence.held {
        held[rung(family).index()] = true;
    }
    let mut wanted = [false; IctNeed::ALL.len()];
    for &family in &evidence.wanted {
        wanted[rung(family).index()] = true;
    }
    // A higher rung takes the lower ones for granted: it counts more.
    for &need in IctNeed::ALL {
        let height = need.index() as f64;
        if held[need.index()] {
            add(need, 1.5 + 0.5 * height, "segments-reason-held");
        }
        if wanted[need.index()] {
            add(need, 1.0 + 0.5 * height, "segments-reason-wanted");
        }
    }
    if let Some(next) = held.iter().rposition(|&held| held).and_then(|top| IctNeed::from_index(top + 1)) {
        add(next, 0.5 * f64::from(evidence.requests).ln_1p(), "segments-reason-requests");
    }
    match evidence.employees {
        Some(0..20) => add(IctNeed::BasicVoice, 0.5, "segments-reason-employees"),
        Some(20..200) => add(IctNeed::Connectivity, 0.5, "segments-reason-employees"),
        Some(200..1_000) => add(IctNeed::Office, 0.5, "segments-reason-employees"),
        Some(_) => add(IctNeed::IntegratedIct, 0.5, "segments-reason-employees"),
        None => {}
    }
    match evidence.category {
        Some(CustomerCategory::Industry) => {
            add(IctNeed::IndustryApplication, 0.6, "segments-reason-category")
        }
        Some(CustomerCategory::PrivateNetwork) => add(IctNeed::Connectivity, 0.6, "segments-reason-category"),
        Some(CustomerCategory::Public) => add(IctNeed::BasicVoice, 0.6, "segments-reason-category"),
        _ => {}
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
    reasons: [(f64, &'static str); CODES],
}

impl<const CODES: usize> Scores<CODES> {
    const fn new() -> Self {
        Self { scores: [0.0; CODES], reasons: [(0.0, "segments-reason-none"); CODES] }
    }

    fn add(&mut self, at: usize, score: f64, reason: &'static str) {
        self.scores[at] += score;
        if score > self.reasons[at].0 {
            self.reasons[at] = (score, reason);
        }
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

    #[test]
    fn nothing_known_says_so_by_its_confidence() {
        let found = buying_factor(&BuyingEvidence::default());
        assert!((found.confidence - 1.0 / 7.0).abs() < 1e-12);
        assert_eq!(found.reason, "segments-reason-none");
    }

    #[test]
    fn complaints_and_lost_offers_show_what_decides() {
        let found = buying_factor(&BuyingEvidence {
            category: Some(CustomerCategory::KeyAccount),
            lost_on_price: 3,
            discount: Some(0.2),
            ..BuyingEvidence::default()
        });
        assert_eq!((found.code, found.reason), (BuyingFactor::Price, "segments-reason-lost_on_price"));
        let slow = BuyingEvidence { delay_complaints: 5, ..BuyingEvidence::default() };
        assert_eq!(buying_factor(&slow).code, BuyingFactor::DeliverySpeed);
        let more = BuyingEvidence { delay_complaints: 9, ..slow };
        assert!(buying_factor(&more).confidence > buying_factor(&slow).confidence);
    }

    #[test]
    fn what_was_stated_outweighs_a_little_evidence() {
        let stated = BuyingEvidence {
            stated: Some(BuyingFactor::Relationship),
            network_complaints: 2,
            discount: Some(f64::NAN),
            ..BuyingEvidence::default()
        };
        let found = buying_factor(&stated);
        assert_eq!((found.code, found.reason), (BuyingFactor::Relationship, "segments-reason-stated"));
        assert!(found.confidence > 0.7 && found.confidence < 1.0);
    }

    #[test]
    fn the_ladder_is_read_from_the_top_rung_reached() {
        let held = vec![ProductFamily::Mobile, ProductFamily::LeasedLine, ProductFamily::Idc];
        let found = ict_need(&NeedEvidence { held, ..NeedEvidence::default() });
        assert_eq!((found.code, found.reason), (IctNeed::IntegratedIct, "segments-reason-held"));
        let small =
            NeedEvidence { held: vec![ProductFamily::Mobile], employees: Some(8), ..NeedEvidence::default() };
        assert_eq!(ict_need(&small).code, IctNeed::BasicVoice);
        let asking = NeedEvidence { wanted: vec![ProductFamily::Iot], ..small };
        assert_eq!(ict_need(&asking).code, IctNeed::IndustryApplication);
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
