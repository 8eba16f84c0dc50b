//! Value × key buying factor × ICT need of a customer, from what the cycle knows of it.

use domain::outlook::{EventKind, LifetimeValue};
use domain::rules::Value;
use domain::segment::Segment;

use super::features::Circumstances;
use crate::lifecycle::State;
use crate::segments::dimensions::{
    self, BuyingEvidence, Inferred, NeedEvidence, ValueEvidence, buying_factor, ict_need,
};
use crate::uplift::Estimate;

/// The segment; events count as far back as [`Circumstances`] do.
#[must_use]
pub fn segment(
    value: Option<&LifetimeValue>,
    state: &State,
    circumstances: &Circumstances,
    rules: &Value,
) -> Segment {
    let count = |kind| u32::from(circumstances.count(kind));
    let holding = circumstances.holding();
    let solutions = holding.held().filter(|&family| dimensions::is_solution(family)).count();
    let buying = buying_factor(&BuyingEvidence {
        category: Some(holding.category),
        price_complaints: count(EventKind::PriceNamed),
        network_complaints: count(EventKind::Fault),
        service_complaints: count(EventKind::ServiceNamed).max(count(EventKind::LowScore)),
        delay_complaints: count(EventKind::Late),
        solutions: u32::try_from(solutions).unwrap_or_default(),
        visits: count(EventKind::Contact),
        years: u32::from(state.seen().age_months / 12),
        ..BuyingEvidence::default()
    });
    let need = ict_need(&NeedEvidence {
        category: Some(holding.category),
        held: holding.held().collect(),
        ..NeedEvidence::default()
    });
    let band = value.map(|value| {
        dimensions::value(&ValueEvidence {
            value: Estimate { value: value.amount.yuan(), low: value.low.yuan(), high: value.high.yuan() },
            thresholds: rules.bands_yuan.map(|yuan| yuan as f64),
        })
    });
    Segment { value: band.map(told), buying_factor: told(buying), ict_need: told(need) }
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
    use domain::segment::{BuyingFactor, IctNeed};
    use domain::{Month, cycle::BaseEvent, id::CustomerId};

    fn of(category: CustomerCategory, held: &[ProductFamily], said: &[EventKind]) -> Segment {
        let month = Month::new(2025, 5).expect("a month");
        let families = held.iter().fold(0, |bits, family| bits | 1 << family.index());
        let events: Vec<BaseEvent> =
            said.iter().map(|&kind| BaseEvent { customer: CustomerId::new(1), month, kind }).collect();
        let circumstances = Circumstances::at(month, &[], &events, Holding { category, families });
        let rules = domain::rules::RuleBook::parse(None).expect("rules").default.value;
        segment(None, &State::default(), &circumstances, &rules)
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
