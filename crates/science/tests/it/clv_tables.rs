//! The models by name on tables of one's own.

use domain::Lang;
use proptest::prelude::*;
use science::clv::booking::{Booking, Convention};
use science::clv::{self, Model, Options};
use science::frame::Frame;
use serde_json::json;

use crate::clv_purchases::file;

fn table(names: &str, rows: &[&str]) -> Frame {
    let names = names.split(',').enumerate();
    let column = |(at, name): (usize, &str)| {
        let cell = |row: &&str| row.split(',').nth(at).unwrap_or_default().to_owned();
        (name.trim().to_owned(), rows.iter().map(cell).collect())
    };
    Frame::from_text(names.map(column).collect())
}

fn value(model: &str, names: &str, row: &str) -> String {
    let model: Model = model.parse().expect("a model");
    let report = clv::score(model, &table(names, &[row]), &Options::default()).expect("a value");
    format!("{:.4}", report.scores[0].value)
}

#[test]
fn formulas_are_called_by_name_with_their_symbols_as_columns() {
    assert_eq!(value("retention", "m,r,d", "100,.8,.1"), "266.6667");
    assert_eq!(value("berger-nasr-1", "GC,M,r,d,n", "260,50,.75,.2,10"), "568.7831");
    assert_eq!(value("dwyer-retention", "GC,M,r,d,n", "260,50,.75,.2,10"), "568.7831");
    assert_eq!(value("berger-nasr-2a", "GC,M,r,d,n,p", "125,25,.8,.2,4,2"), "354.6884");
    assert_eq!(value("berger-nasr-2b", "GC,M,r,d,n,q", "7000,95,.3,.2,12,3"), "8273.2869");
    assert_eq!(value("berger-nasr-3", "h,v,g,N,r,d,n", "4,55,5,20,.9,.2,8"), "322.2679");
    assert_eq!(value("berger-nasr-4", "h,v,g,N,r,d,n", "4,55,5,20,.9,.2,8"), "284.7518");
    let chain = "p1,p2,p3,p4,NC,M,d";
    assert_eq!(value("pfeifer-carraway", chain, ".3,.2,.15,.05,40,4,.2"), "52.3196");
    assert_eq!(
        value("pfeifer-carraway", &format!("{chain},n,recency"), ".3,.2,.15,.05,40,4,.2,4,2"),
        "4.2199"
    );
    assert_eq!(value("dwyer-migration", "P1,P2,P3,P4,GC,M,d,n", ".3,.2,.15,.05,40,4,.2,4"), "50.1150");
}

#[test]
fn what_is_known_of_the_retention_gives_an_interval() {
    let frame = table("name,m,r,d,observed", &["a,100,.8,.1,50", "b,100,.8,.1,5000", "c,100,.8,.1,"]);
    let report = clv::score(Model::Retention, &frame, &Options::default()).expect("values");
    let width = |row: usize| report.scores[row].interval.map(|interval| interval.high - interval.low);
    assert!(width(0) > width(1) && width(2).is_none(), "{report:?}");
    assert_eq!(serde_json::to_value(&report).expect("json")["rows"][0]["name"], "a");
}

#[test]
fn what_a_table_lacks_or_holds_wrongly_is_named() {
    let problem = |model: Model, names: &str, row: &str| {
        clv::score(model, &table(names, &[row]), &Options::default())
            .expect_err("a problem")
            .cause
            .to_string()
    };
    assert_eq!(problem(Model::Retention, "m", "1"), "clv-problem-columns columns=r, d model=retention");
    assert_eq!(
        problem(Model::PfeiferCarraway, "NC,M,d", "1,1,.1"),
        "clv-problem-columns columns=p1 model=pfeifer-carraway"
    );
    assert_eq!(problem(Model::Retention, "m,r,d", "1,1.2,.1"), "clv-problem-range row=1 column=r value=1.2");
    assert_eq!(problem(Model::Retention, "m,r,d", "1,,.1"), "clv-problem-numbers column=r");
    assert_eq!(problem(Model::Retention, "m,r,d", "1,1,0"), "clv-problem-endless row=1");
    assert_eq!(
        problem(Model::BgNbd, "frequency,x", "1,2"),
        "clv-problem-columns columns=recency, T model=bg-nbd"
    );
    assert_eq!(problem(Model::Sbg, "year", "1"), "clv-problem-columns columns=survivors model=sbg");
}

#[test]
fn a_convention_is_followed_or_refused_and_always_stated() {
    let frame = table("GC,M,r,d,n", &["260,50,.75,.2,10"]);
    let asked = |booking| Options { booking, ..Options::default() };
    let stated = |model, frame: &Frame, booking| {
        let fitted =
            clv::fit(model, frame, &asked(booking)).map(|report| serde_json::to_value(report).expect("json"));
        fitted.map(|json| json["booking"].as_str().expect("a convention").to_owned()).ok()
    };
    for model in [Model::BergerNasr1, Model::DwyerRetention] {
        assert_eq!(stated(model, &frame, None).as_deref(), Some("first_included"));
        assert_eq!(stated(model, &frame, Some(Booking::FirstIncluded)).as_deref(), Some("first_included"));
        for other in [Booking::FirstExcluded, Booking::AtPeriodEnd] {
            let refused = clv::score(model, &frame, &asked(Some(other))).expect_err("a problem");
            assert_eq!(refused.cause.key, "clv-problem-booking");
        }
    }
    let cohort = table("year,survivors", &["0,1000", "1,869", "2,743", "3,653"]);
    assert_eq!(stated(Model::Sbg, &cohort, None).as_deref(), Some("renewal_due"));
    assert!(stated(Model::Sbg, &cohort, Some(Booking::FirstIncluded)).is_none());
    // A convention that a model takes changes its value and not only what is said.
    let rates = table("m,r,d", &["100,.8,.1"]);
    for (booking, value) in [(Booking::FirstIncluded, "366.6667"), (Booking::AtPeriodEnd, "333.3333")] {
        let scored = clv::score(Model::Retention, &rates, &asked(Some(booking))).expect("a value");
        assert_eq!(format!("{:.4}", scored.scores[0].value), value);
        assert_eq!(scored.booking, Convention::Asked(booking));
    }
    for model in Model::ALL {
        let states_its_own = model.card().assumptions.contains(&"clv-assumes-booking");
        assert_eq!(model.convention(Some(Booking::AtPeriodEnd)).is_ok(), states_its_own, "{model:?}");
    }
}

#[test]
fn a_formula_says_why_it_has_no_interval() {
    let notes = |frame: &Frame| clv::score(Model::Retention, frame, &Options::default()).expect("values");
    let without = notes(&table("m,r,d", &["100,.8,.1"]));
    assert_eq!((without.notes.as_slice(), without.scores[0].interval), (&["clv-note-no-observed"][..], None));
    let with = notes(&table("m,r,d,observed", &["100,.8,.1,200"]));
    assert!(
        with.notes.is_empty()
            && with.scores[0].interval.is_some_and(|range| range.holds(with.scores[0].value))
    );
    let dynamic = table("m,eta,k,d,n,observed", &["100,4,1.2,.1,10,200"]);
    let dynamic = clv::score(Model::DynamicRetention, &dynamic, &Options::default()).expect("values");
    assert_eq!(dynamic.notes, ["clv-note-nothing-left-open"], "no chance to draw: {dynamic:?}");
}

/// Months of three sorts of customers; one has a gap.
fn months() -> Vec<String> {
    let lives = [
        ("potential,development,growth,growth,growth,maturity,maturity,maturity", 100),
        ("maturity,maturity,decline,decline,termination,termination,termination,termination", 60),
        ("growth,growth,maturity,maturity,,maturity,decline,growth", 300),
    ];
    let mut rows = Vec::new();
    for copy in 0..20 {
        for (sort, (stages, revenue)) in lives.iter().enumerate() {
            for (month, stage) in stages.split(',').enumerate().filter(|(_, stage)| !stage.is_empty()) {
                let revenue = if ["potential", "termination"].contains(&stage) { 0 } else { *revenue };
                rows.push(format!(
                    "K{sort}{copy:03},2024-{:02},{stage},{revenue},{}",
                    month + 1,
                    revenue / 4 + 5
                ));
            }
        }
    }
    rows
}

#[test]
fn the_chain_of_stages_is_learnt_from_customer_months() {
    let rows = months();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let frame = table("id,month,stage,revenue,cost", &rows);
    let fitted = clv::fit(Model::StageChain, &frame, &Options::default()).expect("a chain");
    assert_eq!((fitted.n, fitted.stages.len()), (60, 6));
    let of = |stage: &str| fitted.stages.iter().find(|row| row.stage.code() == stage).expect("a stage");
    assert_eq!(of("growth").months, 20.0 * 6.0);
    assert!((of("termination").profit + 5.0).abs() < 1e-9, "costs and brings nothing");
    assert!(of("maturity").value > of("decline").value && of("decline").value > of("termination").value);
    assert!(of("maturity").interval.is_some_and(|range| range.holds(of("maturity").value)));
    assert!(fitted.stages.iter().all(|row| (row.chances.iter().sum::<f64>() - 1.0).abs() < 1e-9));
    // A gap is no move: maturity to maturity across it would be seen once more in each of 20 customers.
    let scored = clv::score(Model::StageChain, &frame, &Options::default()).expect("values");
    assert_eq!(scored.scores.len(), 60);
    assert_eq!(
        (scored.carried[0].text(1).as_str(), scored.carried[1].text(1).as_str()),
        ("K1000", "termination")
    );
    assert!(
        scored.scores[2].value > scored.scores[0].value,
        "whoever earns more in a like stage is worth more"
    );
    let later = Options { booking: Some(Booking::FirstIncluded), ..Options::default() };
    let included = clv::fit(Model::StageChain, &frame, &later).expect("a chain");
    let maturity = |fitted: &clv::FitReport| fitted.stages[3].value;
    assert!(maturity(&included) > maturity(&fitted));
    let key = |names: &str, row: &str| {
        clv::fit(Model::StageChain, &table(names, &[row]), &Options::default())
            .expect_err("a problem")
            .cause
            .to_string()
    };
    assert_eq!(key("id,month", "1,2024-01"), "clv-problem-columns columns=stage model=stage-chain");
    assert_eq!(key("id,month,stage,profit", "1,2024-01,ripe,3"), "clv-problem-no-stage row=1 stage=ripe");
    assert_eq!(key("id,month,stage,profit", "1,soon,growth,3"), "clv-problem-no-month row=1");
}

#[test]
fn a_fit_is_stable_json() {
    let years = ["0,1000", "1,869", "2,743", "3,653", "4,593", "5,551", "6,517", "7,491"];
    let report = clv::fit(Model::Sbg, &table("year,survivors", &years), &Options::default()).expect("a fit");
    let json = serde_json::to_value(&report).expect("json");
    assert_eq!((&json["model"], &json["n"], &json["mark"]), (&json!("sbg"), &json!(1000), &json!("S")));
    assert_eq!(format!("{:.4}", json["params"]["alpha"].as_f64().expect("α")), "0.6681");
    assert_eq!(format!("{:.4}", json["log_likelihood"].as_f64().expect("LL")), "-1611.1581");
}

#[test]
fn purchases_are_valued_per_customer_and_the_ids_carried_through() {
    let Some(text) = file("cdnow_customers_summary_with_transactions.csv") else { return };
    let rows: Vec<&str> = text.lines().skip(1).take(300).collect();
    let frame = table("ID,frequency,recency,T,monetary_value", &rows);
    for model in [Model::BgNbd, Model::MbgNbd, Model::ParetoNbd] {
        let options = Options { horizon_years: Some(3.0), ..Options::default() };
        let report = clv::score(model, &frame, &options).expect("values");
        let json = serde_json::to_value(&report).expect("json");
        assert_eq!(json["rows"][0]["ID"], "1");
        for row in json["rows"].as_array().expect("rows") {
            let number = |name: &str| row[name].as_f64().expect("a number");
            assert!((0.0..=1.0).contains(&number("p_alive")), "{row}");
            assert!(number("low") <= number("value") && number("value") <= number("high"), "{row}");
            assert!(number("expected_purchases") >= 0.0 && number("expected_spend") > 0.0, "{row}");
        }
    }
}

#[test]
fn a_model_is_recommended_by_what_it_foretold() {
    let counts = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394];
    let rows: Vec<String> =
        counts.iter().enumerate().map(|(year, count)| format!("{year},{count}")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let chosen = clv::recommend(&table("year,survivors", &rows), &Options::default()).expect("a choice");
    assert_eq!(chosen.model, Model::Bdw);
    assert_eq!(chosen.reasons[0].key, "clv-because-contractual");
    assert!(chosen.back_tests[0].1 < chosen.back_tests[1].1);
}

#[test]
fn every_model_speaks_both_languages() {
    for model in Model::ALL {
        for key in model.card().assumptions.iter().copied().chain([model.text_key()]) {
            for lang in Lang::ALL {
                let texts = std::fs::read_to_string(format!(
                    "{}/../../locales/{}/clv.ftl",
                    env!("CARGO_MANIFEST_DIR"),
                    lang.tag()
                ));
                assert!(texts.expect("texts").contains(&format!("\n{key} =")), "{key} in {lang}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn whatever_stands_in_a_table_there_is_a_value_or_a_problem(
        cells in prop::collection::vec(prop::sample::select(vec!["0", "1", "2", "-1", "1e9", "", "x", "0.5", "3"]), 36),
    ) {
        let rows: Vec<String> = cells.chunks(3).map(|row| row.join(",")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        for (model, names) in [
            (Model::BgNbd, "frequency,recency,T"), (Model::ParetoNbd, "frequency,recency,T"),
            (Model::Sbg, "year,survivors,z"), (Model::RelationAge, "age,profit,z"),
            (Model::Bass, "period,newcomers,z"), (Model::Retention, "m,r,d"),
        ] {
            if let Ok(report) = clv::score(model, &table(names, &rows), &Options::default()) {
                prop_assert!(report.scores.iter().all(|score| !score.value.is_nan()), "{report:?}");
            }
        }
    }
}
