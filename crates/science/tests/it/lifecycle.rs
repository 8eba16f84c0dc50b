//! The lifecycle model: what always holds, and how good it is.

use crate::panel::{default_rules, run, simulated};

#[test]
fn every_month_is_judged() {
    let panel = simulated(50, 24, 1);
    let judged = run(&panel, &default_rules());
    for (customer, judged) in panel.iter().zip(&judged) {
        assert_eq!(customer.months.len(), judged.len());
        for judgement in judged {
            assert!((judgement.posterior.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
}
