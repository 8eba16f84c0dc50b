//! Members in the monthly cycle: who is told of, what it says of their customer, and nothing from later months.

use std::collections::{BTreeMap, BTreeSet};

use domain::Month;
use domain::assessment::ReasonKind;
use domain::engine::Engine;
use domain::extract::Table;
use domain::id::{CustomerId, MemberId};
use domain::satisfaction::{MemberMonth, SatisfactionLabel};

use crate::cycle_operator::Operator;

fn members(operator: &Operator, month: Month) -> Vec<MemberMonth> {
    let mut all = Vec::new();
    let file = &operator.manifest.members[&month];
    operator.lake.each_member(file, &mut |member| all.push(member)).expect("members");
    all
}

fn satisfaction(operator: &Operator, month: Month) -> BTreeMap<CustomerId, f64> {
    let mut told = BTreeMap::new();
    let file = &operator.manifest.assessments[&month];
    let mut note = |one: domain::engine::CustomerMonth| {
        if let Some(satisfaction) = one.assessment.satisfaction {
            told.insert(one.assessment.customer, f64::from(satisfaction.score));
        }
    };
    operator.lake.customer_months(file, &mut note).expect("assessments");
    told
}

/// The first month that tells of satisfaction.
fn first_told(operator: &Operator) -> Option<Month> {
    operator.months().into_iter().find(|&month| !satisfaction(operator, month).is_empty())
}

#[test]
fn those_present_are_told_of_and_their_customer_by_their_value() {
    let mut operator = Operator::simulated(250, 12, 21);
    operator.full_cycle();
    let last = operator.last();
    let told = members(&operator, last);
    let end = last.last_day();
    let present: Vec<MemberId> = operator
        .base
        .members
        .members
        .iter()
        .filter(|member| member.joined_on <= end && member.left_on.is_none_or(|left| left > end))
        .map(|member| member.id)
        .collect();
    assert_eq!(told.iter().map(|member| member.member).collect::<Vec<_>>(), present);
    let charged: i64 = operator
        .members
        .values()
        .flatten()
        .filter(|row| row.member == present[0])
        .map(|row| row.charge.fen())
        .sum();
    assert_eq!(told[0].value.fen(), charged);

    // The mean of the members' scores, each as often as it is worth fen.
    let mut sums: BTreeMap<CustomerId, (f64, f64)> = BTreeMap::new();
    for member in &told {
        let satisfaction = member.satisfaction.as_ref().expect("learnt by now");
        let sum = sums.entry(member.customer).or_default();
        let weight = member.value.fen().max(1) as f64;
        sum.0 += weight * f64::from(satisfaction.score);
        sum.1 += weight;
        let is_explained =
            matches!(satisfaction.label, SatisfactionLabel::Dissatisfied | SatisfactionLabel::VerySatisfied);
        assert!(is_explained || satisfaction.reasons.is_empty());
    }
    let of_customers = satisfaction(&operator, last);
    assert_eq!(of_customers.len(), sums.len());
    for (customer, (sum, weight)) in sums {
        assert!((of_customers[&customer] - sum / weight).abs() < 1e-5, "{customer}");
    }
    let labels =
        |label| told.iter().filter(|m| m.satisfaction.as_ref().is_some_and(|s| s.label == label)).count();
    assert!(SatisfactionLabel::ALL.iter().all(|&label| labels(label) > 0), "every label is given");

    // The pleased say what pleases, the others what does not.
    let kinds = |label| -> BTreeSet<ReasonKind> {
        let told = told.iter().filter_map(|member| member.satisfaction.as_ref());
        told.filter(|told| told.label == label)
            .flat_map(|told| &told.reasons)
            .map(|reason| reason.kind)
            .collect()
    };
    let (pleased, displeased) =
        (kinds(SatisfactionLabel::VerySatisfied), kinds(SatisfactionLabel::Dissatisfied));
    assert!(displeased.contains(&ReasonKind::MemberComplaints), "{displeased:?}");
    let is_told = |member: &&MemberMonth| {
        let told = member.satisfaction.as_ref();
        told.is_some_and(|told| told.label == SatisfactionLabel::VerySatisfied && !told.reasons.is_empty())
    };
    let told_of = told.iter().filter(is_told).count();
    assert!(2 * told_of > labels(SatisfactionLabel::VerySatisfied), "{told_of} {pleased:?}");
    assert!(pleased.is_disjoint(&displeased), "{pleased:?} {displeased:?}");
}

/// Whether a customer's network is short of what was agreed, in [`measure`].
fn is_badly_served(customer: CustomerId) -> bool {
    customer.get() % 3 == 0
}

/// Hands over readings of every month, bad ones where the network is.
fn measure(operator: &mut Operator) {
    let mut ids: Vec<CustomerId> = operator.base.customers.iter().map(|customer| customer.id).collect();
    ids.sort_unstable();
    let readings: Vec<(CustomerId, f64)> =
        ids.into_iter().map(|id| (id, if is_badly_served(id) { 99.2 } else { 99.95 })).collect();
    for month in operator.months() {
        operator.measure(month, &readings, 99.9);
    }
}

#[test]
fn a_network_short_of_what_was_agreed_is_told_of() {
    let mut operator = Operator::simulated(250, 6, 21);
    measure(&mut operator);
    let first = operator.first();
    let before = operator.base.members.members.iter().filter(|member| member.joined_on < first.first_day());
    let answers = before.enumerate().map(|(place, member)| domain::cycle::BaseAnswer {
        member: member.id,
        month: first + (place % 3) as i32,
        // A network that gave every answer away would be refused.
        score: (place % 7) as f32 + if is_badly_served(member.customer) { 1.0 } else { 4.0 },
    });
    operator.base.members.answers = answers.collect();
    operator.full_cycle();
    let told = members(&operator, operator.last());
    let score = |bad: bool| {
        let of = told.iter().filter(|member| is_badly_served(member.customer) == bad);
        let scores: Vec<f64> = of.filter_map(|m| Some(f64::from(m.satisfaction.as_ref()?.score))).collect();
        scores.iter().sum::<f64>() / scores.len() as f64
    };
    assert!(score(true) + 0.15 < score(false), "{} {}", score(true), score(false));
    let kinds = |member: &MemberMonth| {
        let reasons = member.satisfaction.iter().flat_map(|told| &told.reasons);
        reasons.map(|reason| (reason.kind, reason.value)).collect::<Vec<_>>()
    };
    let named = told.iter().filter(|member| kinds(member).contains(&(ReasonKind::ReadingsMissed, 3.0)));
    let named: Vec<&MemberMonth> = named.collect();
    assert!(!named.is_empty() && named.iter().all(|member| is_badly_served(member.customer)));
}

#[test]
fn with_too_few_answers_nothing_is_said() {
    let mut operator = Operator::simulated(250, 12, 21);
    let first = operator.first();
    // Nobody is asked before the first month; one answer too few in it.
    let mut ids = operator.base.members.members.iter().filter(|member| member.joined_on < first.first_day());
    let answers = &mut operator.base.members.answers;
    *answers = ids
        .by_ref()
        .take(operator.rules.default.members.least_answers as usize - 1)
        .enumerate()
        .map(|(place, member)| domain::cycle::BaseAnswer {
            member: member.id,
            month: first,
            score: 1.0 + (place % 10) as f32,
        })
        .collect();
    operator.cycle(first, first + 2);
    assert_eq!(satisfaction(&operator, first + 2), BTreeMap::new());
    assert!(members(&operator, first + 2).iter().all(|member| member.satisfaction.is_none()));
}

#[test]
fn without_use_of_members_no_file_is_written_and_nothing_said() {
    let mut operator = Operator::simulated(100, 4, 22);
    operator.manifest.facts.remove(&Table::MemberUsage);
    operator.full_cycle();
    assert!(operator.manifest.members.is_empty());
    assert!(
        operator
            .files()
            .iter()
            .all(|file| !file.starts_with("members") && !file.starts_with("member_samples"))
    );
    assert_eq!(first_told(&operator), None);
}

#[test]
fn what_comes_later_changes_nothing_and_months_one_by_one_say_the_same() {
    // Long enough that a month of charges is more than a year ago.
    let mut whole = Operator::simulated(450, 14, 23);
    let cut_at = whole.first() + 12;
    let (mut cut, mut at_once) = (whole.cut(cut_at), whole.cut(cut_at));
    for operator in [&mut whole, &mut cut, &mut at_once] {
        measure(operator);
    }
    whole.full_cycle();
    at_once.full_cycle();
    for month in cut.months() {
        cut.cycle(month, month);
    }
    let cards = |operator: &Operator, month: Month| -> Vec<(&'static str, String)> {
        operator.published[&month].models.iter().map(|card| (card.model, card.figures.clone())).collect()
    };
    let named: Vec<&str> = cards(&cut, cut_at - 1).iter().map(|(model, _)| *model).collect();
    assert_eq!(named, ["segments", "risk", "value", "satisfaction", "member_risk", "stages"]);
    // That of the stages is a card of a run's last month.
    assert_eq!(cards(&at_once, cut_at), cards(&cut, cut_at));
    let of_each_month = |operator: &Operator, month: Month| {
        cards(operator, month).into_iter().filter(|(model, _)| *model != "stages").collect::<Vec<_>>()
    };
    let told = first_told(&cut).expect("enough answered");
    assert!(told > cut.first() && told < cut_at, "{told}");
    for month in cut.months() {
        assert_eq!(members(&whole, month), members(&cut, month), "{month}");
        assert_eq!(satisfaction(&whole, month), satisfaction(&cut, month), "{month}");
        assert_eq!(of_each_month(&whole, month), of_each_month(&cut, month), "{month}");
    }
}

/// Scores told in a month, turned round, against answers of the month after: whether they are dissatisfied.
fn told_and_answered_later(operator: &Operator) -> (Vec<f64>, Vec<bool>) {
    let (mut said, mut dissatisfied) = (Vec::new(), Vec::new());
    for month in operator.months().into_iter().take_while(|&month| month < operator.last()) {
        let told: BTreeMap<MemberId, f64> = members(operator, month)
            .into_iter()
            .filter_map(|member| Some((member.member, f64::from(member.satisfaction?.score))))
            .collect();
        for answer in operator.base.members.answers.iter().filter(|answer| answer.month == month + 1) {
            if let Some(score) = told.get(&answer.member) {
                said.push(-score);
                dissatisfied
                    .push(SatisfactionLabel::of(f64::from(answer.score)) == SatisfactionLabel::Dissatisfied);
            }
        }
    }
    (said, dissatisfied)
}

#[test]
fn what_is_told_agrees_with_answers_given_later() {
    let (mut said, mut dissatisfied) = (Vec::new(), Vec::new());
    for seed in [101, 102] {
        let mut operator = Operator::simulated(1_500, 14, seed);
        operator.full_cycle();
        let (scores, answers) = told_and_answered_later(&operator);
        let auc = science::learn::metrics::auc(&scores, &answers).expect("both kinds of answers");
        println!("seed {seed}: AUC {auc:.3} on {} answers of the month after", answers.len());
        said.extend(scores);
        dissatisfied.extend(answers);
    }
    let auc = science::learn::metrics::auc(&said, &dissatisfied).expect("both kinds of answers");
    // Single answers are mostly mood: it must be told from chance beyond doubt, by three standard errors of chance.
    let of = |kind: bool| dissatisfied.iter().filter(|&&is| is == kind).count() as f64;
    let error = ((of(true).recip() + of(false).recip()) / 12.0).sqrt();
    assert!(auc > 0.5 + 3.0 * error, "{auc} with a standard error of {error}");
}

#[test]
fn some_members_are_found_again() {
    let mut operator = Operator::simulated(150, 4, 24);
    operator.full_cycle();
    let all = members(&operator, operator.last());
    let some: Vec<MemberId> = all.iter().step_by(37).map(|member| member.member).collect();
    let file = &operator.manifest.members[&operator.last()];
    let found = operator.lake.members(file, &some).expect("members");
    assert_eq!(found, all.iter().step_by(37).cloned().collect::<Vec<_>>());
}
