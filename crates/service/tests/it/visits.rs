//! What happened with customers, and what is planned: the timeline against a search through everything, contacts written down,
//! visits by rhythm, tasks.

use domain::archive::Sheet;
use domain::extract::{Cell, Table};
use domain::id::{CustomerId, TaskId};
use domain::staff::Role;
use domain::timeline::TimelineKind;
use domain::{Date, Instant, ProblemKind, date};
use proptest::prelude::*;
use service::archive::{Target, remove, save};
use service::assignment::{Draft, plan, reassign};
use service::timeline::{Happening, TimelineEvent, TimelinePlace, TimelineQuery, list};
use service::today::OccasionKind;
use service::visit::{show, task};
use service::{Actor, customer, today};

use crate::world::{Operator, World, at, rows, simple, staged, text};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 86_400_000_000;

/// A head of all, two managers; a customer of the first manager with one of theirs and one of the other below it.
fn operator() -> Operator {
    let customers = [(1, Some(1)), (1, Some(1)), (2, Some(2))];
    let mut operator = simple(vec![None, Some(0), Some(0)], vec![0, 1, 2], &customers, 1);
    operator.customers[1].above = Some(0);
    operator.customers[2].above = Some(0);
    operator
}

/// Contacts by moment and channel, tickets by opened and closed, services by first and last day; each of a customer.
#[derive(Debug, Clone)]
struct Happened {
    contacts: Vec<(i64, i64, usize)>,
    tickets: Vec<(i64, i64, Option<i64>)>,
    services: Vec<(i64, i64, Option<i64>)>,
}

const CHANNELS: [&str; 4] = ["visit", "phone", "sms", "app"];

fn happened() -> impl Strategy<Value = Happened> {
    // Few moments, so that many things happen at once.
    let customer = || 1_i64..=3;
    let moment =
        || (20_000_i64..20_006, 0_i64..3).prop_map(|(day, third)| day * DAY - DAY / 3 + third * DAY / 3);
    (
        prop::collection::vec((customer(), moment(), 0..CHANNELS.len()), 0..120),
        prop::collection::vec((customer(), moment(), prop::option::of(moment())), 0..40),
        prop::collection::vec((customer(), 20_000_i64..20_006, prop::option::of(20_000_i64..20_006)), 0..40),
    )
        .prop_map(|(contacts, tickets, services)| Happened { contacts, tickets, services })
}

impl Happened {
    async fn world(&self) -> (World, Operator) {
        let operator = operator();
        let world = World::published(operator.clone()).await;
        let whole = |value: i64| Cell::Whole(value);
        let maybe = |value: Option<i64>| value.map_or(Cell::Null, Cell::Whole);
        let contacts = self.contacts.iter().enumerate().map(|(place, &(customer, at, channel))| {
            vec![text(format!("I{place}")), whole(at), whole(customer), text(CHANNELS[channel]), text("out")]
        });
        let tickets = self.tickets.iter().enumerate().map(|(place, &(customer, opened, closed))| {
            let (code, kind) = (text(format!("T{place}")), text("fault"));
            vec![code, whole(customer), kind, text("phone"), whole(opened), maybe(closed)]
        });
        let services = self.services.iter().enumerate().map(|(place, &(customer, first, last))| {
            vec![
                text(format!("S{place}")),
                whole(customer),
                whole(1),
                Cell::Real(1.0),
                whole(first),
                maybe(last),
            ]
        });
        let product = vec![text("P0"), text("专线"), text("leased_line")];
        let of_contact = ["code", "at", "customer_code", "channel", "direction"];
        let of_ticket = ["code", "customer_code", "kind", "channel", "opened_at", "closed_at"];
        let of_service = ["code", "customer_code", "product_code", "quantity", "started_on", "ended_on"];
        let more = vec![
            rows(Table::Products, &["code", "name", "family"], vec![product]),
            rows(Table::Services, &of_service, services.collect()),
            rows(Table::Tickets, &of_ticket, tickets.collect()),
            rows(Table::Interactions, &of_contact, contacts.collect()),
        ];
        world.stage(Ok(staged(more, Vec::new())));
        world.import(false).await.expect("imported");
        (world, operator)
    }

    /// Everything in order: its place, whose, of which kind.
    fn all(&self) -> Vec<(TimelinePlace, i64, TimelineKind)> {
        let place = |at: i64, rank: u8, id: usize| TimelinePlace {
            at: Instant::from_micros(at),
            rank,
            id: id as i64 + 1,
        };
        let of_day = |day: i64| day * DAY - DAY / 3;
        let kinds = [TimelineKind::Visit, TimelineKind::Call, TimelineKind::Mail, TimelineKind::Desk];
        let mut all = Vec::new();
        for (id, &(customer, at, channel)) in self.contacts.iter().enumerate() {
            all.push((place(at, 0, id), customer, kinds[channel]));
        }
        for (id, &(customer, opened, closed)) in self.tickets.iter().enumerate() {
            all.push((place(opened, 1, id), customer, TimelineKind::Ticket));
            all.extend(closed.map(|closed| (place(closed, 2, id), customer, TimelineKind::Ticket)));
        }
        for (id, &(customer, first, last)) in self.services.iter().enumerate() {
            all.push((place(of_day(first), 3, id), customer, TimelineKind::Order));
            all.extend(last.map(|last| (place(of_day(last), 4, id), customer, TimelineKind::Order)));
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.0));
        all
    }
}

/// Every page of a timeline, one after the other.
async fn paged(
    world: &World,
    actor: &Actor,
    query: TimelineQuery,
) -> Vec<(TimelinePlace, i64, TimelineKind)> {
    let mut all = Vec::new();
    let mut query = query;
    loop {
        let page = list::run(&world.services, actor, CustomerId::new(1), &query).await.expect("read");
        let page = page.expect("in sight");
        all.extend(page.entries.iter().map(|entry| (entry.place, entry.customer.0.get(), entry.kind())));
        query.after = page.next;
        if page.next.is_none() {
            return all;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_timeline_is_what_a_search_through_everything_finds(
        happened in happened(),
        kinds in prop::sample::subsequence(TimelineKind::ALL.to_vec(), 0..=4),
        from in prop::option::of(19_999_i64..20_006),
        until in prop::option::of(19_999_i64..20_006),
        tree in any::<bool>(),
        is_head in any::<bool>(),
    ) {
        let day = |days: Option<i64>| days.and_then(date::from_days);
        let query = TimelineQuery { kinds: kinds.clone(), from: day(from), until: day(until), tree, after: None };
        prop_assert_eq!(&TimelineQuery::parse(&query.pairs()), &query);
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let found = runtime.block_on(async {
            let (world, operator) = happened.world().await;
            let actor = match is_head {
                true => operator.actor(Role::UnitHead, 0),
                false => operator.actor(Role::AccountManager, 1),
            };
            paged(&world, &actor, query.clone()).await
        });
        let mut expected = happened.all();
        expected.retain(|(place, customer, kind)| {
            let on = place.at.date();
            (*customer == 1 || tree && (*customer == 2 || is_head))
                && (kinds.is_empty() || kinds.contains(kind))
                && query.from.is_none_or(|from| on >= from)
                && query.until.is_none_or(|until| on <= until)
        });
        prop_assert_eq!(found, expected);
    }
}

async fn sent(world: &World, actor: &Actor, target: Target, fields: &[(&str, &str)]) -> save::Outcome {
    let typed: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    save::run(&world.services, actor, target, &typed, at(NOW)).await.expect("an outcome")
}

async fn kept(world: &World, actor: &Actor, sheet: Sheet, fields: &[(&str, &str)]) -> i64 {
    match sent(world, actor, Target::Row(CustomerId::new(1), sheet, None), fields).await {
        save::Outcome::Kept(target) => target.row().expect("a row"),
        save::Outcome::Again(form) => {
            let wrong = form.fields.iter().filter(|field| field.wrong.is_some());
            panic!("{:?}", wrong.map(|field| field.column.name).collect::<Vec<_>>())
        }
    }
}

async fn wrong(world: &World, actor: &Actor, sheet: Sheet, fields: &[(&str, &str)]) -> Vec<&'static str> {
    match sent(world, actor, Target::Row(CustomerId::new(1), sheet, None), fields).await {
        save::Outcome::Kept(_) => Vec::new(),
        save::Outcome::Again(form) => {
            form.fields.iter().filter(|field| field.wrong.is_some()).map(|field| field.column.name).collect()
        }
    }
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

async fn overdue(world: &World, actor: &Actor) -> u64 {
    let page = today::show::run(&world.services, actor, None, at(NOW)).await.expect("a page");
    page.by_kind[OccasionKind::VisitOverdue as usize]
}

#[tokio::test]
async fn a_visit_is_planned_checked_in_taken_back_and_put_back() {
    // Nobody is warned of, so that who is overdue stands on Today for that.
    let world = World::with_rules(operator(), Some("[today]\nwarnings_per_manager = 0\n")).await;
    world.import(false).await.expect("an import");
    world.cycle().await.expect("a cycle");
    world.add_user().await;
    let operator = operator();
    let (manager, other) = (operator.actor(Role::AccountManager, 1), operator.actor(Role::AccountManager, 2));
    let customer = CustomerId::new(1);
    let id = kept(
        &world,
        &manager,
        Sheet::Visit,
        &[("planned_on", "2027-01-14"), ("planned_at", "09:30"), ("goal", "续约")],
    )
    .await;
    let month =
        show::run(&world.services, &manager, Some(day("2027-01-01")), "", at(NOW)).await.expect("a month");
    assert_eq!((month.planned.len(), month.overdue), (1, 2), "neither was ever visited");
    assert!(month.lines.iter().any(|line| line.customer == customer && line.last.is_none()));
    assert!(show::run(&world.services, &other, None, "", at(NOW)).await.expect("a month").planned.is_empty());
    assert_eq!(overdue(&world, &manager).await, 2);

    let fields = [
        ("at", "2027-01-14T09:40"),
        ("channel", "visit"),
        ("direction", "out"),
        ("place", "株洲 天元区"),
        ("note", "<script>alert(1)</script>"),
        ("visit", &id.to_string()),
    ];
    let contact = kept(&world, &manager, Sheet::Interaction, &fields).await;
    let page = list::run(&world.services, &manager, customer, &TimelineQuery::default()).await.expect("read");
    let page = page.expect("in sight");
    let told = page.entries.iter().find_map(|entry| match &entry.what {
        Happening::Event(TimelineEvent::Contact { staff, place, note, .. }) => Some((staff, place, note)),
        _ => None,
    });
    let (staff, place, note) = told.expect("the visit");
    assert_eq!(staff.as_deref(), Some("person 1"), "whoever writes it down had it");
    assert_eq!((place.as_deref(), note.as_deref()), (Some("株洲 天元区"), Some("<script>alert(1)</script>")));
    let month = show::run(&world.services, &manager, None, "", at(NOW)).await.expect("a month");
    assert!(month.planned[0].visit.is_done);
    assert_eq!((month.overdue, overdue(&world, &manager).await), (1, 1), "a visit puts off the next");
    // Three stars: a month later.
    let view =
        customer::show::run(&world.services, &manager, customer, at(NOW)).await.expect("read").expect("it");
    assert_eq!((view.visit_due_on, view.visits.len()), (Some(day("2027-02-13")), 0));
    assert_eq!(view.last_contact.map(Instant::date), Some(day("2027-01-14")), "silence is over");

    let row = (customer, Sheet::Interaction, contact);
    remove::run(&world.services, &manager, row, true, at(NOW)).await.expect("taken out");
    assert_eq!(overdue(&world, &manager).await, 2, "what was taken out was no visit");
    let view =
        customer::show::run(&world.services, &manager, customer, at(NOW)).await.expect("read").expect("it");
    assert_eq!(view.last_contact, None);
    remove::run(&world.services, &manager, row, false, at(NOW)).await.expect("put back");
    assert_eq!(overdue(&world, &manager).await, 1);
}

#[tokio::test]
async fn who_may_not_log_finds_nothing_and_bad_input_is_told_beside_the_field() {
    let world = World::published(operator()).await;
    let operator = operator();
    let service_desk = operator.actor(Role::ServiceAgent, 1);
    let fields = [("at", "2027-01-10T10:00"), ("channel", "phone"), ("direction", "in")];
    kept(&world, &service_desk, Sheet::Interaction, &fields).await;
    let target = Target::Row(CustomerId::new(1), Sheet::Interaction, None);
    let typed: Vec<(String, String)> =
        fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    for (role, staff) in [(Role::Analyst, 0), (Role::Pricing, 0), (Role::AccountManager, 2)] {
        let actor = operator.actor(role, staff);
        let refused = save::run(&world.services, &actor, target, &typed, at(NOW)).await.expect_err("refused");
        assert_eq!(refused.kind, ProblemKind::NotFound, "{role}");
    }
    let manager = operator.actor(Role::AccountManager, 1);
    let long = "长".repeat(10_000);
    let typed =
        [("at", "2027-02-01T10:00"), ("channel", "pigeon"), ("direction", "out"), ("note", long.as_str())];
    assert_eq!(wrong(&world, &manager, Sheet::Interaction, &typed).await, ["at", "channel", "note"]);
    let typed = [("planned_on", "2027-02-30"), ("planned_at", "25:00")];
    assert_eq!(wrong(&world, &manager, Sheet::Visit, &typed).await, ["planned_on", "planned_at"]);
    assert_eq!(wrong(&world, &manager, Sheet::Task, &[("title", " ")]).await, ["title", "due_on"]);
}

#[tokio::test]
async fn tasks_are_finished_opened_again_and_handed_over_with_planned_visits() {
    let world = World::published(operator()).await;
    let operator = operator();
    let (head, leaver) = (operator.actor(Role::UnitHead, 0), operator.actor(Role::AccountManager, 1));
    let receiver = operator.actor(Role::AccountManager, 2);
    let fields = [("title", "寄送方案"), ("due_on", "2027-01-12")];
    let first = TaskId::new(kept(&world, &leaver, Sheet::Task, &fields).await);
    // Who assigns says whose it is; nobody named means the customer's manager.
    kept(&world, &head, Sheet::Task, &[("title", "回访"), ("due_on", "2027-01-16"), ("staff_code", "S1")])
        .await;
    kept(&world, &leaver, Sheet::Visit, &[("planned_on", "2027-01-13")]).await;
    let own = async |actor: &Actor| {
        let today = today::show::run(&world.services, actor, None, at(NOW)).await.expect("a page");
        (today.tasks.len(), today.visits.len())
    };
    assert_eq!(own(&leaver).await, (2, 1));
    let turn = async |actor: &Actor, done: bool| {
        task::run(&world.services, actor, (CustomerId::new(1), first), done, at(NOW))
            .await
            .map_err(|error| error.kind)
    };
    assert_eq!(turn(&receiver, true).await, Err(ProblemKind::NotFound));
    assert_eq!(turn(&leaver, true).await, Ok(()));
    assert_eq!(turn(&leaver, true).await, Err(ProblemKind::NotFound), "it is done already");
    assert_eq!(own(&leaver).await, (1, 1));
    assert_eq!(turn(&leaver, false).await, Ok(()));

    let draft =
        Draft { from: "S1".to_owned(), to: "S2".to_owned(), reason: "换岗".to_owned(), ..Draft::default() };
    let planned = plan::run(&world.services, &head, &draft).await.expect("a plan");
    assert_eq!((planned.count, planned.work.tasks, planned.work.visits), (2, 2, 1));
    let draft = Draft { seen: planned.seen, ..draft };
    reassign::run(&world.services, &head, &draft, at(NOW)).await.expect("handed over");
    assert_eq!((own(&leaver).await, own(&receiver).await), ((0, 0), (2, 1)));
}

#[tokio::test]
async fn a_list_is_narrowed_and_sorted_by_the_last_visit_at_once() {
    let world = World::published(operator()).await;
    let head = operator().actor(Role::UnitHead, 0);
    let shown = async |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let query = customer::CustomerQuery::parse(&pairs);
        let page = customer::list::run(&world.services, &head, &query).await.expect("a list");
        page.rows.into_iter().map(|row| (row.id.get(), row.last_visit)).collect::<Vec<_>>()
    };
    let all = shown(&[]).await.len();
    assert_eq!(shown(&[("visits", "never")]).await.len(), all);
    let fields = [("at", "2027-01-10T10:00"), ("channel", "visit"), ("direction", "out")];
    kept(&world, &head, Sheet::Interaction, &fields).await;
    let visited = (1, Some(day("2027-01-10")));
    assert_eq!(shown(&[("visits", "once")]).await, [visited]);
    assert_eq!(shown(&[("visited-from", "2027-01-10"), ("visited-to", "2027-01-10")]).await, [visited]);
    assert_eq!(
        shown(&[("visited-to", "2027-01-09")]).await,
        [],
        "who was never visited was not before a day"
    );
    assert_eq!(shown(&[("visits", "never")]).await.len(), all - 1);
    for order in ["asc", "desc"] {
        let rows = shown(&[("sort", "visited"), ("order", order)]).await;
        assert_eq!((rows[0], rows.len()), (visited, all), "{order}: what is unknown comes last");
    }
}
