//! The monthly cycle: exact sums, no look-ahead, new months as cheap as they are right, and nothing half done.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use domain::assessment::Assessment;
use domain::cycle::{BaseCustomer, BaseSaying, Said};
use domain::engine::{CycleRequest, Engine};
use domain::extract::Table;
use domain::id::{CustomerId, OrgUnitId};
use domain::org::OrgLevel;
use domain::rules::RuleBook;
use domain::segment::{BuyingFactor, IctNeed, SegmentReason};
use domain::{LifecycleStage, Message, Money, Month, Problem, ProblemKind};
use lake::{Lake, Limits};

use crate::cycle_operator::Operator;

fn assessments(operator: &Operator, month: Month) -> Vec<Assessment> {
    let mut all = Vec::new();
    operator
        .lake
        .customer_months(&operator.manifest.assessments[&month], &mut |one| all.push(one.assessment))
        .expect("assessments");
    all
}

/// Equal, or the first difference is shown.
fn assert_same(some: &[Assessment], others: &[Assessment]) {
    for (one, other) in some.iter().zip(others) {
        assert_eq!(one, other);
    }
    assert_eq!(some.len(), others.len());
}

/// Every unit with all units above it, itself included.
fn lines_of_command(operator: &Operator) -> BTreeMap<OrgUnitId, Vec<OrgUnitId>> {
    let parents: BTreeMap<_, _> = operator.base.units.iter().map(|unit| (unit.id, unit.parent)).collect();
    parents
        .keys()
        .map(|&unit| {
            let line = std::iter::successors(Some(unit), |unit| parents[unit]).collect();
            (unit, line)
        })
        .collect()
}

#[test]
fn sums_of_every_unit_are_those_of_the_extract_to_the_fen() {
    let mut operator = Operator::simulated(300, 14, 7);
    operator.full_cycle();
    let above = lines_of_command(&operator);
    let unit_of: BTreeMap<CustomerId, OrgUnitId> =
        operator.base.customers.iter().map(|customer| (customer.id, customer.unit)).collect();
    let mut by_month: BTreeMap<(Month, OrgUnitId), (i64, i64)> = BTreeMap::new();
    let mut add = |month, customer, revenue: Money, cost: Money| {
        for &unit in &above[&unit_of[&customer]] {
            let sum = by_month.entry((month, unit)).or_default();
            sum.0 += revenue.fen();
            sum.1 += cost.fen();
        }
    };
    for (&month, rows) in &operator.usage {
        for row in rows {
            add(month, row.customer, row.revenue.unwrap_or_default(), row.cost.unwrap_or_default());
        }
    }
    for (&month, rows) in &operator.costs {
        for row in rows {
            add(month, row.customer, Money::ZERO, row.amount);
        }
    }
    let year = |month: Month, unit| {
        (month - 11)
            .to(month)
            .filter_map(|m| by_month.get(&(m, unit)))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    for (&month, done) in &operator.published {
        for unit in above.keys() {
            let of_unit = || done.units.iter().filter(|sum| sum.unit == *unit);
            let revenue: Money = of_unit().map(|sum| sum.revenue).sum();
            let cost: Money = of_unit().map(|sum| sum.cost).sum();
            let (expected_revenue, expected_cost) =
                by_month.get(&(month, *unit)).copied().unwrap_or_default();
            assert_eq!((revenue.fen(), cost.fen()), (expected_revenue, expected_cost), "{month} {unit}");
            let revenue_12m: Money = of_unit().map(|sum| sum.revenue_12m).sum();
            let profit_12m: Money = of_unit().map(|sum| sum.profit_12m).sum();
            let (expected_revenue, expected_cost) = year(month, *unit);
            assert_eq!(revenue_12m.fen(), expected_revenue, "{month} {unit}");
            assert_eq!(profit_12m.fen(), expected_revenue - expected_cost, "{month} {unit}");
        }
    }
}

#[test]
fn counts_and_moves_of_units_are_those_of_their_customers() {
    let mut operator = Operator::simulated(300, 8, 8);
    operator.full_cycle();
    let above = lines_of_command(&operator);
    let unit_of: BTreeMap<CustomerId, OrgUnitId> =
        operator.base.customers.iter().map(|customer| (customer.id, customer.unit)).collect();
    for (&month, done) in &operator.published {
        let now = assessments(&operator, month);
        let before: BTreeMap<CustomerId, LifecycleStage> =
            match operator.manifest.assessments.get(&(month - 3)) {
                Some(_) => {
                    assessments(&operator, month - 3).iter().map(|one| (one.customer, one.stage)).collect()
                }
                None => BTreeMap::new(),
            };
        let mut customers: BTreeMap<(OrgUnitId, LifecycleStage), i64> = BTreeMap::new();
        let mut moves: BTreeMap<(OrgUnitId, LifecycleStage, LifecycleStage), i64> = BTreeMap::new();
        for one in &now {
            for &unit in &above[&unit_of[&one.customer]] {
                *customers.entry((unit, one.stage)).or_default() += 1;
                if let Some(&from) = before.get(&one.customer) {
                    *moves.entry((unit, from, one.stage)).or_default() += 1;
                }
            }
        }
        let summed: BTreeMap<_, _> =
            done.units.iter().map(|sum| ((sum.unit, sum.stage), sum.customers)).collect();
        assert_eq!(summed, customers, "{month}");
        let flows: BTreeMap<_, _> =
            done.flows.iter().map(|flow| ((flow.unit, flow.from, flow.to), flow.customers)).collect();
        assert_eq!(flows, moves, "{month}");
        assert!(!done.cohorts.is_empty());
        for cohorts in &done.cohorts {
            for stage in LifecycleStage::ALL.iter().filter(|stage| stage.is_served()) {
                let by_year = cohorts.sums.iter().filter(|sum| sum.stage == *stage);
                let (customers, money) = by_year.fold((0, Money::ZERO), |(customers, money), sum| {
                    (customers + sum.customers, money + sum.revenue - sum.cost)
                });
                let whole = done.units.iter().find(|sum| (sum.unit, sum.stage) == (cohorts.unit, *stage));
                let expected = whole.map_or((0, Money::ZERO), |sum| (sum.customers, sum.revenue - sum.cost));
                assert_eq!((customers, money), expected, "{month} {stage:?}");
            }
        }
    }
}

#[test]
fn what_comes_later_changes_nothing() {
    let mut whole = Operator::simulated(250, 12, 9);
    let cut_at = whole.first() + 7;
    let mut cut = whole.cut(cut_at);
    whole.full_cycle();
    cut.full_cycle();
    for month in cut.months() {
        assert_same(&assessments(&whole, month), &assessments(&cut, month));
    }
}

#[test]
fn month_by_month_is_the_same_as_all_at_once() {
    let mut whole = Operator::simulated(250, 9, 10);
    let mut stepwise = whole.cut(whole.last());
    whole.full_cycle();
    for month in stepwise.months() {
        stepwise.cycle(month, month);
    }
    for month in whole.months() {
        assert!(whole.assessments_file(month) == stepwise.assessments_file(month), "{month}");
        let (all, one) = (&whole.published[&month], &stepwise.published[&month]);
        assert_eq!((&all.units, &all.flows), (&one.units, &one.flows), "{month}");
        assert_eq!((&all.concentrations, &all.cohorts), (&one.concentrations, &one.cohorts), "{month}");
    }
    let last = whole.last();
    assert!(whole.bytes(&whole.manifest.states[&last]) == stepwise.bytes(&stepwise.manifest.states[&last]));
}

#[test]
fn a_corrected_month_and_those_after_it_are_as_if_run_anew() {
    let mut operator = Operator::simulated(200, 10, 11);
    operator.full_cycle();
    let corrected = operator.first() + 4;
    let untouched = operator.assessments_file(corrected - 1);
    for row in operator.usage.get_mut(&corrected).expect("usage").iter_mut().step_by(3) {
        row.revenue = row.revenue.map(|revenue| Money::from_fen(revenue.fen() / 3));
        row.volume = row.volume.map(|volume| volume / 3.0);
    }
    operator.store(corrected);
    let stale = operator.assessments_file(corrected);
    // The states of the month before were not kept by the full run: they are computed again on the way.
    operator.cycle(corrected, operator.last());
    let mut anew = operator.cut(operator.last());
    anew.full_cycle();
    assert!(operator.assessments_file(corrected) != stale);
    assert!(operator.assessments_file(corrected - 1) == untouched);
    for month in operator.months() {
        assert!(operator.assessments_file(month) == anew.assessments_file(month), "{month}");
    }
}

fn refused() -> Problem {
    Problem::new(ProblemKind::Environment, Message::new("refused"))
}

#[test]
fn a_cycle_that_stops_midway_leaves_what_is_published_and_starts_again() {
    let mut operator = Operator::simulated(150, 8, 12);
    let (first, last) = (operator.first(), operator.last());
    let stops_at = first + 4;
    let stopped =
        operator.try_cycle(first, last, |month| if month == stops_at { Err(refused()) } else { Ok(()) });
    assert_eq!(stopped.expect_err("refused").cause.key, "refused");
    assert_eq!(operator.manifest.assessments.keys().next_back(), Some(&(stops_at - 1)));
    let kept = operator.assessments_file(stops_at - 1);
    // What a process killed while writing leaves behind.
    let orphan = operator.folder.path().join(format!("assessments/{stops_at}/cycle-9.parquet.unfinished"));
    std::fs::write(&orphan, b"half a file").expect("written");

    operator.lake.sweep(&operator.manifest).expect("swept");
    let named = operator.manifest.facts.values().flat_map(|months| months.values());
    let mut named: Vec<_> = named
        .chain(operator.manifest.assessments.values())
        .chain(operator.manifest.states.values())
        .chain(operator.manifest.samples.values())
        .chain(operator.manifest.members.values())
        .chain(operator.manifest.member_samples.values())
        .map(|file| file.path.clone())
        .collect();
    named.sort();
    assert_eq!(operator.files(), named);
    assert!(operator.assessments_file(stops_at - 1) == kept);

    operator.cycle(stops_at, last);
    let mut undisturbed = operator.cut(last);
    undisturbed.full_cycle();
    for month in operator.months() {
        assert!(operator.assessments_file(month) == undisturbed.assessments_file(month), "{month}");
    }
}

#[test]
fn a_province_has_its_own_rules() {
    let mut operator = Operator::simulated(200, 6, 13);
    // So small an operator has one province: one of its counties becomes another.
    let county = operator.base.units.iter_mut().rfind(|unit| unit.level == OrgLevel::County);
    let province = county.expect("a county");
    province.level = OrgLevel::Province;
    let province = province.clone();
    let mut changed = operator.cut(operator.last());
    let own = format!(
        "[province.{}.star]\nrevenue_12m_yuan = [0, 0, 0, 0, 0]\nprofit_12m_yuan_for_4_and_5 = [-1_000_000_000, -1_000_000_000]\n",
        province.code
    );
    changed.rules = RuleBook::parse(Some(&own)).expect("rules");
    operator.full_cycle();
    changed.full_cycle();
    let above = lines_of_command(&operator);
    let last = operator.last();
    let (mut inside, mut outside) = (0, 0);
    for ((before, after), customer) in
        assessments(&operator, last).iter().zip(&assessments(&changed, last)).zip(&operator.base.customers)
    {
        if above[&customer.unit].contains(&province.id) {
            assert_eq!(after.star.map(|star| star.get()), before.star.map(|_| 5));
            inside += 1;
        } else {
            assert_eq!(after, before);
            outside += 1;
        }
    }
    assert!(inside > 0 && outside > 0, "{inside} {outside}");
}

#[test]
fn left_alone_the_stages_are_the_same() {
    let mut told = Operator::simulated(200, 8, 16);
    let mut alone = told.cut(told.last());
    alone.rules = RuleBook::parse(Some("[components]\noutlook = false\n")).expect("rules");
    told.full_cycle();
    alone.full_cycle();
    for month in told.months() {
        let (told, alone) = (assessments(&told, month), assessments(&alone, month));
        assert!(told.iter().any(|row| row.segment.is_some()));
        let untold = |row: &Assessment| Assessment {
            value: None,
            risk: None,
            segment: None,
            satisfaction: None,
            ..row.clone()
        };
        assert_eq!(alone, told.iter().map(untold).collect::<Vec<_>>());
    }
    assert!(
        alone.published[&told.last()].models.is_empty() && alone.published[&told.last()].members.is_none()
    );
}

#[test]
fn what_a_customer_says_places_it_from_then_on() {
    let mut operator = Operator::simulated(60, 5, 31);
    let (first, said_in) = (operator.first(), operator.first() + 2);
    let known = |customer: &&BaseCustomer| customer.created_on <= first.last_day();
    let who = operator.base.customers.iter().find(known).expect("a customer").id;
    let say = |said| BaseSaying { customer: who, month: said_in, said };
    operator.base.sayings = vec![say(Said::Factor(BuyingFactor::Brand)), say(Said::Need(IctNeed::Office))];
    operator.full_cycle();
    for month in operator.months() {
        let rows = assessments(&operator, month);
        let segment = rows.iter().find(|row| row.customer == who).and_then(|row| row.segment);
        let segment = segment.expect("a segment");
        let told = (segment.buying_factor.0, segment.factor_reason, segment.ict_need.0, segment.need_reason);
        let stated = (BuyingFactor::Brand, SegmentReason::Stated, IctNeed::Office, SegmentReason::Stated);
        assert_eq!(told == stated, month >= said_in, "{month}: {segment:?}");
        if month >= said_in {
            assert!(segment.buying_factor.1 > 0.6 && segment.ict_need.1 > 0.6, "{segment:?}");
        } else {
            assert!(![segment.factor_reason, segment.need_reason].contains(&SegmentReason::Stated));
        }
    }
}

#[test]
fn explaining_a_customer_gives_what_is_published() {
    let mut operator = Operator::simulated(120, 10, 14);
    operator.full_cycle();
    let (first, last) = (operator.first() + 3, operator.last());
    for customer in operator.base.customers.iter().step_by(17).map(|customer| customer.id) {
        let request = CycleRequest {
            first,
            last,
            manifest: &operator.manifest,
            base: &operator.base,
            rules: &operator.rules,
            run: "none",
        };
        let explained = operator.lake.explain(request, customer).expect("explained");
        let published = |file| operator.lake.customer_month(file, customer).expect("a month");
        let history: Vec<_> =
            operator.manifest.assessments.range(first..).filter_map(|(_, file)| published(file)).collect();
        assert_eq!(explained.len(), history.len());
        for (explanation, mut published) in explained.into_iter().zip(history) {
            published.assessment.rfm = None;
            // Kept reasons have three decimals.
            let reasons = |assessment: &Assessment| {
                assessment.stage_reasons.iter().map(ToString::to_string).collect::<Vec<_>>()
            };
            assert_eq!(reasons(&explanation.month.assessment), reasons(&published.assessment));
            published.assessment.stage_reasons = explanation.month.assessment.stage_reasons.clone();
            assert_eq!(explanation.month, published);
            let sum: f64 = explanation.posterior.iter().sum();
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        }
    }
}

#[test]
fn neither_cores_nor_pieces_show_in_a_result() {
    let mut one = Operator::simulated(150, 6, 15);
    let mut other = one.cut(one.last());
    let limits = Limits { customers_at_once: 17, cores: NonZeroUsize::new(3), ..Limits::default() };
    other.lake = Lake::open(other.folder.path()).with_limits(limits);
    one.full_cycle();
    other.full_cycle();
    for month in one.months() {
        assert_same(&assessments(&one, month), &assessments(&other, month));
        let (one, other) = (&one.published[&month], &other.published[&month]);
        assert_eq!((&one.units, &one.flows), (&other.units, &other.flows), "{month}");
        assert_eq!(one.concentrations, other.concentrations, "{month}");
    }
}

#[test]
fn damaged_and_missing_facts_are_named_and_nothing_is_published() {
    let mut operator = Operator::simulated(60, 4, 16);
    let month = operator.first() + 2;
    let usage = operator.manifest.facts[&Table::Usage][&month].path.clone();
    let path = operator.folder.path().join(&usage);
    let whole = std::fs::read(&path).expect("the file");
    std::fs::write(&path, &whole[..whole.len() / 2]).expect("written");
    let (first, last) = (operator.first(), operator.last());
    for (key, damage) in [("problem-lake-damaged", true), ("problem-file-missing", false)] {
        if !damage {
            std::fs::remove_file(&path).expect("removed");
        }
        let problem = operator.try_cycle(first, last, |_| Ok(())).expect_err("a file that is not whole");
        assert_eq!(problem.cause.key, key, "{problem}");
        assert!(problem.cause.to_string().contains(&*usage.to_string_lossy()), "{problem}");
        assert_eq!(operator.manifest.assessments.keys().next_back(), Some(&(month - 1)));
    }
}

#[test]
fn too_little_memory_is_said_to_be_that() {
    let mut operator = Operator::simulated(60, 2, 17);
    let limits = Limits { memory: 1_000, ..Limits::default() };
    operator.lake = Lake::open(operator.folder.path()).with_limits(limits);
    let (first, last) = (operator.first(), operator.last());
    let problem = operator.try_cycle(first, last, |_| Ok(())).expect_err("no memory");
    assert_eq!(problem.cause.key, "problem-cycle-memory", "{problem}");
}

#[test]
fn a_month_not_yet_computed_cannot_be_explained() {
    let mut operator = Operator::simulated(20, 4, 18);
    let (first, last) = (operator.first(), operator.last());
    operator.cycle(first, last - 1);
    let request = CycleRequest {
        first,
        last,
        manifest: &operator.manifest,
        base: &operator.base,
        rules: &operator.rules,
        run: "none",
    };
    let problem = operator.lake.explain(request, CustomerId::new(1)).expect_err("not computed");
    assert_eq!(problem.cause.key, "problem-month-unpublished");
}

#[test]
fn customers_are_met_when_they_are_created_or_first_bill() {
    let mut operator = Operator::simulated(120, 8, 19);
    let (first, last) = (operator.first(), operator.last());
    // Billed before the records say that it existed.
    let early = operator.usage[&first][0].customer;
    let place = operator.base.customers.iter().position(|customer| customer.id == early).expect("known");
    operator.base.customers[place].created_on = last.first_day();
    operator.cycle(first, last);
    for month in operator.months() {
        let met: Vec<CustomerId> = assessments(&operator, month).iter().map(|one| one.customer).collect();
        let known = operator.base.customers.iter().filter(|customer| customer.created_on <= month.last_day());
        let mut expected: Vec<CustomerId> = known.map(|customer| customer.id).collect();
        if !expected.contains(&early) {
            expected.push(early);
            expected.sort();
        }
        assert_eq!(met, expected, "{month}");
    }
}

/// The operator as if whatever was one customer's had always been another's.
fn rewritten(operator: &Operator, pairs: &[(CustomerId, CustomerId)]) -> Operator {
    let stand = |id: &mut CustomerId| {
        if let Some((_, into)) = pairs.iter().find(|(merged, _)| merged == id) {
            *id = *into;
        }
    };
    let mut base = operator.base.clone();
    base.merge(pairs.iter().copied());
    base.merged.clear();
    let (mut usage, mut costs) = (operator.usage.clone(), operator.costs.clone());
    usage.values_mut().flatten().for_each(|row| stand(&mut row.customer));
    costs.values_mut().flatten().for_each(|row| stand(&mut row.customer));
    Operator::new(base, usage, costs, operator.members.clone())
}

#[test]
fn a_merged_customer_counts_as_the_one_that_stands_for_it_and_taken_apart_as_itself() {
    let mut operator = Operator::simulated(300, 14, 11);
    operator.full_cycle();
    let before: Vec<Vec<u8>> = operator.months().iter().map(|&m| operator.assessments_file(m)).collect();
    let sums = |operator: &Operator| -> Vec<(Money, Money, Money, Money, i64)> {
        let sums = operator.published.values().map(|done| {
            let all = || done.units.iter().filter(|sum| sum.unit == OrgUnitId::new(1));
            let sum = |of: fn(&domain::cycle::UnitMonth) -> Money| all().map(of).sum();
            let customers = all().map(|sum| sum.customers).sum();
            (sum(|s| s.revenue), sum(|s| s.cost), sum(|s| s.revenue_12m), sum(|s| s.profit_12m), customers)
        });
        sums.collect()
    };
    let sums_before = sums(&operator);
    // Upwards and downwards in the base, near and far, and two into one.
    let pairs = [(3, 250), (120, 4), (7, 8), (200, 8), (299, 1)]
        .map(|(merged, into)| (CustomerId::new(merged), CustomerId::new(into)));
    let apart = operator.base.clone();
    operator.base.merge(pairs);
    operator.full_cycle();
    let sums_merged = sums(&operator);
    for (before, merged) in sums_before.iter().zip(&sums_merged) {
        assert_eq!((before.0, before.1, before.2, before.3), (merged.0, merged.1, merged.2, merged.3));
        assert!(before.4 - merged.4 <= pairs.len() as i64);
    }
    assert_eq!(sums_before.last().map(|sums| sums.4 - 5), sums_merged.last().map(|sums| sums.4));
    // It is as if all had always been of the one.
    let mut always = rewritten(&operator, &pairs);
    always.full_cycle();
    for month in operator.months() {
        let (some, others) = (assessments(&operator, month), assessments(&always, month));
        assert_eq!(some.len(), others.len());
        for (one, other) in some.iter().zip(&others) {
            assert_eq!(
                (one.customer, one.stage, one.revenue_12m, one.profit_12m),
                (other.customer, other.stage, other.revenue_12m, other.profit_12m),
                "{month}"
            );
        }
        assert!(pairs.iter().all(|(merged, _)| some.iter().all(|one| one.customer != *merged)));
    }
    // Explained alone, it is what was published.
    let last = operator.last();
    let published = assessments(&operator, last);
    let one = published.iter().find(|one| one.customer == CustomerId::new(8)).expect("assessed");
    let request = CycleRequest {
        first: last,
        last,
        manifest: &operator.manifest,
        base: &operator.base,
        rules: &operator.rules,
        run: "explain",
    };
    let explained = operator.lake.explain(request, CustomerId::new(8)).expect("a reasoning");
    assert_eq!(explained[0].month.assessment.revenue_12m, one.revenue_12m);
    assert_eq!(explained[0].month.assessment.stage, one.stage);
    // Taken apart, every file is what it was.
    operator.base = apart;
    operator.full_cycle();
    let after: Vec<Vec<u8>> = operator.months().iter().map(|&m| operator.assessments_file(m)).collect();
    assert!(before == after);
}
