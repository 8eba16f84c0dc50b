//! Segments that are kept: who sees them, what they amount to, and what stays of those that go.

use domain::LifecycleStage;
use domain::id::OrgUnitId;
use domain::staff::Role;
use service::customer::{self, Chosen, CustomerQuery, Facet};
use service::segment::certify::{Dimension, Fault, SegmentOutcome};
use service::segment::save::Draft;
use service::segment::{certify, delete, save, show};

use crate::world::{Operator, World, at, simple};

/// Headquarters, two provinces, and a city in the first; three customers in the city, one in the other province.
fn operator() -> Operator {
    let customers = [(3, None), (3, None), (3, None), (2, None)];
    let mut operator = simple(vec![None, Some(0), Some(0), Some(1)], vec![0, 1, 2, 3], &customers, 1);
    let stages =
        [LifecycleStage::Decline, LifecycleStage::Growth, LifecycleStage::Decline, LifecycleStage::Decline];
    for (place, (customer, stage)) in operator.customers.iter_mut().zip(stages).enumerate() {
        customer.months[0] = customer.months[0].map(|mut state| {
            state.stage = stage;
            state.revenue = 12_000 * (place as i64 + 1);
            state
        });
    }
    operator
}

fn declining() -> CustomerQuery {
    CustomerQuery { stages: vec![LifecycleStage::Decline], ..CustomerQuery::first() }
}

fn draft(name: &str, groups: Vec<CustomerQuery>) -> Draft {
    Draft { name: name.to_owned(), goal: "hold revenue".to_owned(), play: String::new(), groups }
}

#[tokio::test]
async fn a_segment_is_all_of_a_group_and_any_of_the_groups() {
    let operator = operator();
    let world = World::published(operator.clone()).await;
    let head = operator.actor(Role::UnitHead, 0);
    let mut rich = CustomerQuery::first();
    rich.ranges.set(customer::Measure::Revenue, (Some(24_000), None));
    let both = CustomerQuery { ranges: rich.ranges, ..declining() };
    let size = async |groups: Vec<CustomerQuery>| {
        let builder = show::run(&world.services, &head, groups).await.expect("a builder");
        (builder.figures.customers, builder.figures.revenue_12m.fen())
    };
    assert_eq!(size(vec![both]).await, (2, 36_000 + 48_000));
    assert_eq!(size(vec![declining(), rich.clone()]).await, (4, 120_000));
    assert_eq!(
        size(vec![CustomerQuery { unit: Some(OrgUnitId::new(3)), ..declining() }, rich]).await,
        (3, 108_000)
    );
    assert_eq!(size(vec![CustomerQuery::first()]).await, (4, 120_000));
    // A group that is still being filled in does not count.
    assert_eq!(size(vec![declining(), CustomerQuery::first()]).await.0, 3);
    let builder = show::run(&world.services, &head, vec![declining()]).await.expect("a builder");
    assert_eq!(builder.figures.by_stage[LifecycleStage::Decline as usize], 3);
    assert_eq!(builder.figures.risk.map(|risk| (risk * 100.0).round()), Some(30.0));
    assert_eq!(builder.figures.expected_loss.fen(), 3 * (12_000 + 36_000 + 48_000));
}

#[tokio::test]
async fn a_kept_segment_is_seen_by_its_unit_and_those_below_and_narrows_their_lists() {
    let operator = operator();
    let world = World::published(operator.clone()).await;
    let [hq, province, other, city] = [0, 1, 2, 3].map(|person| operator.actor(Role::UnitHead, person));
    let id = save::run(&world.services, &province, draft(" declining ", vec![declining()]), at(5))
        .await
        .expect("kept");
    for (actor, sees) in [(&hq, false), (&province, true), (&other, false), (&city, true)] {
        let builder =
            show::run(&world.services, actor, vec![CustomerQuery::first()]).await.expect("a builder");
        assert_eq!(builder.saved.len(), usize::from(sees));
        let query = CustomerQuery { segment: Some(id), ..CustomerQuery::first() };
        let list = customer::list::run(&world.services, actor, &query).await;
        let export = customer::export::run(&world.services, actor, &query, at(6)).await;
        if sees {
            let list = list.expect("a list");
            assert_eq!((list.total, list.segment.as_deref()), (2, Some("declining")));
            assert_eq!(export.expect("a file").len(), 2);
            assert_eq!((builder.saved[0].figures.customers, builder.saved[0].overlap), (2, 1.0));
            let growing = CustomerQuery { stages: vec![LifecycleStage::Growth], ..query };
            assert_eq!(customer::list::run(&world.services, actor, &growing).await.expect("a list").total, 0);
        } else {
            assert_eq!(list.expect_err("another unit's").cause.key, "problem-not-found");
            assert_eq!(export.map(drop).expect_err("another unit's").cause.key, "problem-not-found");
        }
    }
    let taken = save::run(&world.services, &province, draft("declining", vec![declining()]), at(7)).await;
    assert_eq!(taken.expect_err("taken").cause.key, "problem-segment-taken");
    let everyone = save::run(
        &world.services,
        &province,
        draft("all", vec![CustomerQuery::first(), CustomerQuery::first()]),
        at(7),
    )
    .await;
    assert_eq!(everyone.expect_err("everyone").cause.key, "problem-segment-everyone");
    let nameless = save::run(&world.services, &province, draft("  ", vec![declining()]), at(7)).await;
    assert_eq!(nameless.expect_err("nameless").cause.key, "problem-segment-name");
}

#[tokio::test]
async fn a_segment_goes_by_its_owner_only_and_stays_on_record() {
    let operator = operator();
    let world = World::published(operator.clone()).await;
    let head = operator.actor(Role::UnitHead, 0);
    let id =
        save::run(&world.services, &head, draft("declining", vec![declining()]), at(5)).await.expect("kept");
    let mut another = operator.actor(Role::UnitHead, 0);
    another.user = domain::id::UserId::new(2);
    let refused = delete::run(&world.services, &another, id, at(6)).await.expect_err("another's");
    assert_eq!(refused.cause.key, "problem-not-found");
    delete::run(&world.services, &head, id, at(7)).await.expect("deleted");
    let builder = show::run(&world.services, &head, vec![declining()]).await.expect("a builder");
    assert_eq!(builder.saved, []);
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let audit = records.audit("segments", Some(id.get()), 5).await.expect("audit");
    let acts: Vec<_> = audit.iter().map(|entry| (entry.action.as_str(), entry.at, entry.user)).collect();
    assert_eq!(acts, [("segment.delete", at(7), Some(head.user)), ("segment.save", at(5), Some(head.user))]);
    assert_eq!(audit[0].details["goal"], "hold revenue");
    assert!(audit[0].details["conditions"].as_str().is_some_and(|kept| kept.contains("decline")));
}

/// Half are of high value and keep their revenue, half of low value and lose a third of it.
fn divided() -> Operator {
    let mut operator = simple(vec![None], vec![0], &[(0, None); 240], 4);
    for (place, customer) in operator.customers.iter_mut().enumerate() {
        let (stars, kept) = if place % 2 == 0 { (0, 12) } else { (2, 8) };
        for (month, state) in customer.months.iter_mut().flatten().enumerate() {
            state.stars = stars;
            let noise = (place * 7919 + month * 104_729) as i64 % 13 * 120;
            state.revenue = 120_000 * if month < 3 { 12 } else { kept } + noise;
        }
    }
    operator
}

#[tokio::test]
async fn a_division_is_judged_by_what_came_of_the_customers_since() {
    let operator = divided();
    let world = World::published(operator.clone()).await;
    let head = operator.actor(Role::UnitHead, 0);
    let judge = async |by: Dimension| {
        certify::run(&world.services, &head, vec![by], SegmentOutcome::Revenue, domain::Lang::En).await
    };
    let by_value = judge(Dimension::Of(Facet::Value)).await.expect("a certificate").expect("months enough");
    assert!(by_value.certified && by_value.explained > 0.9, "{by_value:?}");
    assert_eq!(by_value.segments.len(), 2);
    let high = by_value.segments.iter().find(|segment| segment.name.contains("igh")).expect("of high value");
    assert!(high.mean.abs() < 0.01, "{high:?}");
    // Nothing is kept yet; then a segment that has nothing to do with what came of its customers.
    assert_eq!(judge(Dimension::Saved).await.expect_err("none").cause.key, "problem-segments-none");
    let useless = CustomerQuery { text: Some("customer 1".to_owned()), ..CustomerQuery::first() };
    save::run(&world.services, &head, draft("useless", vec![useless]), at(5)).await.expect("kept");
    let saved = judge(Dimension::Saved).await.expect("a certificate").expect("months enough");
    assert!(!saved.certified);
    assert_eq!(saved.segments.len(), 2);
}

#[tokio::test]
async fn each_kept_segment_carries_its_own_certificate() {
    // One is a key account.
    let operator = divided();
    let world = World::published(operator.clone()).await;
    let head = operator.actor(Role::UnitHead, 0);
    let certificates = async || {
        let builder =
            show::run(&world.services, &head, vec![CustomerQuery::first()]).await.expect("a builder");
        let of = |name: &str| {
            let one = builder.saved.iter().find(|one| one.name == name).expect("kept");
            let found = one.certificate.findings.iter().filter(|finding| finding.found);
            (one.certificate.certified, one.certificate.is_tried, found.map(|f| f.fault).collect::<Vec<_>>())
        };
        ["good", "useless", "aimless"].map(of)
    };
    let keep = async |name: &str, query: CustomerQuery, play: &str| {
        let draft = Draft { play: play.to_owned(), ..draft(name, vec![query]) };
        save::run(&world.services, &head, draft, at(5)).await.expect("kept")
    };
    let text = |text: &str| CustomerQuery { text: Some(text.to_owned()), ..CustomerQuery::first() };
    let of_value =
        CustomerQuery { chosen: Chosen::default().with(Facet::Value, 0), ..CustomerQuery::first() };
    keep("good", of_value, "hold").await;
    keep("useless", text("customer 1"), "hold").await;
    keep("aimless", text("no such customer"), "").await;
    let [good, useless, aimless] = certificates().await;
    // It shares more than a fifth with the useless one.
    assert_eq!(good, (false, true, vec![Fault::Mixed]));
    assert!(!useless.0 && useless.1 && useless.2.contains(&Fault::Arbitrary), "{useless:?}");
    assert_eq!(aimless, (false, false, vec![Fault::Arbitrary]));
}

#[tokio::test]
async fn who_may_not_build_segments_finds_none() {
    let operator = operator();
    let world = World::published(operator.clone()).await;
    let manager = operator.actor(Role::AccountManager, 0);
    let query = CustomerQuery { chosen: Chosen::default().with(Facet::Category, 0), ..declining() };
    let refused = [
        show::run(&world.services, &manager, vec![query.clone()]).await.map(drop),
        save::run(&world.services, &manager, draft("mine", vec![query]), at(5)).await.map(drop),
        delete::run(&world.services, &manager, domain::id::SegmentId::new(1), at(5)).await,
    ];
    for outcome in refused {
        assert_eq!(outcome.expect_err("refused").cause.key, "problem-not-found");
    }
}
