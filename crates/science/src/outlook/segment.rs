//! Value × key buying factor × ICT need of a customer, from what the cycle knows of it.

use std::collections::HashMap;

use domain::outlook::{EventKind, LifetimeValue};
use domain::rules::Value;
use domain::segment::{BuyingFactor, IctNeed, Segment};

use super::features::{Circumstances, Holding};
use crate::segments::dimensions::{
    self, BuyingEvidence, Inferred, NeedEvidence, ValueEvidence, buying_factor, ict_need,
};
use crate::uplift::Estimate;

/// How often each of [`EVENTS`] happened.
type Events = [u8; EVENTS.len()];
/// Buying factor and need, each with its confidence.
type Told = ((BuyingFactor, f32), (IctNeed, f32));

/// Tells segments. Most customers hold and say the same as others: what follows from that is worked out once.
#[derive(Debug, Default)]
pub struct Segments {
    known: HashMap<(Holding, Events), Told>,
}

/// The events that speak for a buying factor.
const EVENTS: [EventKind; 6] = [
    EventKind::PriceNamed,
    EventKind::Fault,
    EventKind::ServiceNamed,
    EventKind::LowScore,
    EventKind::Late,
    EventKind::Contact,
];

impl Segments {
    /// The segment of a customer; events count as far back as [`Circumstances`] do.
    #[must_use]
    pub fn segment(
        &mut self,
        value: Option<&LifetimeValue>,
        circumstances: &Circumstances,
        rules: &Value,
    ) -> Segment {
        let (holding, events) = (circumstances.holding(), EVENTS.map(|kind| circumstances.count(kind)));
        let (buying_factor, ict_need) =
            *self.known.entry((holding, events)).or_insert_with(|| inferred(holding, events));
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
        Segment { value: band.map(told), buying_factor, ict_need }
    }
}

/// What follows from what is held and what happened.
fn inferred(holding: Holding, events: Events) -> Told {
    let [price, network, service, low_scores, late, visits] = events.map(u32::from);
    let solutions = holding.held().filter(|&family| dimensions::is_solution(family)).count();
    let buying = buying_factor(&BuyingEvidence {
        category: Some(holding.category),
        price_complaints: price,
        network_complaints: network,
        service_complaints: service.max(low_scores),
        delay_complaints: late,
        solutions: u32::try_from(solutions).unwrap_or_default(),
        visits,
        ..BuyingEvidence::default()
    });
    let need = ict_need(&NeedEvidence {
        category: Some(holding.category),
        held: holding.held().collect(),
        ..NeedEvidence::default()
    });
    (told(buying), told(need))
}

fn told<T>(inferred: Inferred<T>) -> (T, f32) {
    (inferred.code, inferred.confidence as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::Holding;
    use domain::customer::CustomerCategory;
    use domain::product::ProductFamily;
    use domain::{Month, cycle::BaseEvent, id::CustomerId};

    fn of(category: CustomerCategory, held: &[ProductFamily], said: &[EventKind]) -> Segment {
        let month = Month::new(2025, 5).expect("a month");
        let families = held.iter().fold(0, |bits, family| bits | 1 << family.index());
        let events: Vec<BaseEvent> =
            said.iter().map(|&kind| BaseEvent { customer: CustomerId::new(1), month, kind }).collect();
        let circumstances = Circumstances::at(month, &[], &events, Holding { category, families });
        let rules = domain::rules::RuleBook::parse(None).expect("rules").default.value;
        Segments::default().segment(None, &circumstances, &rules)
    }

    #[test]
    fn what_is_held_and_said_places_the_customer() {
        let shop = of(CustomerCategory::Sme, &[ProductFamily::Mobile], &[EventKind::PriceNamed; 3]);
        assert_eq!((shop.buying_factor.0, shop.ict_need.0), (BuyingFactor::Price, IctNeed::BasicVoice));
        let factory = of(
            CustomerCategory::Industry,
            &[ProductFamily::LeasedLine, ProductFamily::Iot, ProductFamily::Idc],
            &[EventKind::Fault; 4],
        );
        assert_eq!(factory.buying_factor.0, BuyingFactor::NetworkQuality);
        assert!(factory.ict_need.0 >= IctNeed::IndustryApplication, "{factory:?}");
        assert_eq!(shop.value, None);
    }
}
