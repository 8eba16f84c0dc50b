//! List, page, total, export, search, worklist, the one view and sums agree on what a user may see: each against a
//! search through everything, over random operators, users and queries.

use std::cmp::Reverse;

use domain::customer::{CustomerCategory, Visited};
use domain::id::{CustomerId, OrgUnitId, StaffId};
use domain::outlook::RiskBand;
use domain::policy::{Granted, Home, Scope};
use domain::staff::Role;
use domain::star::StarRating;
use domain::{LifecycleStage, Money};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use service::customer::{Chosen, Columns, CustomerQuery, CustomerSort, Facet, Measure, Ranges};
use service::search::{Found, RecordKind};
use service::today::{Occasion, OccasionKind, Stake, Today};
use service::{Actor, customer, insight, member, search, today};

use crate::world::{Customer, CustomerState, INDUSTRIES, Operator, Unit, World, at, first_month, simple};

const MONTHS: usize = 2;

fn states() -> impl Strategy<Value = Option<CustomerState>> {
    let state = (0..LifecycleStage::COUNT, 0_i64..50, 0_u8..6).prop_map(|(stage, revenue, stars)| {
        CustomerState { stage: LifecycleStage::ALL[stage], revenue: revenue * 1200, stars }
    });
    proptest::option::weighted(0.85, state)
}

fn customers(units: usize, staff: usize) -> impl Strategy<Value = Customer> {
    (
        "[ab李雷]{1,4}",
        0..units,
        proptest::option::of(0..staff),
        0..CustomerCategory::ALL.len(),
        proptest::option::of(0..INDUSTRIES.len()),
        proptest::option::of(-10_i64..120),
        proptest::collection::vec(states(), MONTHS),
    )
        .prop_map(|(name, unit, manager, category, industry, contract_ends, months)| Customer {
            name,
            unit,
            manager,
            above: None,
            category,
            industry,
            contract_ends,
            months,
        })
}

fn operators() -> impl Strategy<Value = Operator> {
    (1_usize..9, 1_usize..5).prop_flat_map(|(units, staff)| {
        let parents: Vec<BoxedStrategy<Unit>> = (0..units)
            .map(|place| if place == 0 { Just(None).boxed() } else { (0..place).prop_map(Some).boxed() })
            .collect();
        let staff_units = proptest::collection::vec(0..units, staff);
        let above = proptest::option::weighted(0.6, any::<prop::sample::Index>());
        let customers = proptest::collection::vec((customers(units, staff), above), 0..90);
        (parents, staff_units, customers).prop_map(|(units, staff, customers)| Operator {
            units,
            staff,
            customers: customers
                .into_iter()
                .enumerate()
                .map(|(place, (customer, above))| Customer {
                    above: above.filter(|_| place > 0).map(|above| above.index(place)),
                    ..customer
                })
                .collect(),
            months: MONTHS,
        })
    })
}

/// Bounds that divide the figures of a made-up operator: fen, millionths, months, lines.
fn bounds() -> impl Strategy<Value = Option<i64>> {
    let second_month = i64::from(first_month().number()) + 1;
    proptest::option::of(prop::sample::select(vec![-30_000, 0, 5, 300, second_month, 30_000, 300_000]))
}

/// In which of the two months the stage of a customer began.
fn since(customer: &Customer) -> i64 {
    match (customer.months[MONTHS - 2], customer.months[MONTHS - 1]) {
        (Some(before), Some(now)) if before.stage == now.stage => 0,
        _ => 1,
    }
}

/// The code that a customer has of a facet.
fn code(customer: &Customer, facet: Facet) -> Option<usize> {
    let state = customer.months[MONTHS - 1];
    let stars = state.map(|state| usize::from(state.stars));
    let at_risk = state.filter(|state| state.stage != LifecycleStage::Potential);
    let segmented = stars.filter(|&stars| stars != 1);
    match facet {
        Facet::Category => Some(customer.category),
        // The bands begin at 5 % and 20 %; ten per cent a star.
        Facet::Risk => at_risk.map(|state| match state.stars {
            0 => RiskBand::Low as usize,
            1 => RiskBand::Medium as usize,
            _ => RiskBand::High as usize,
        }),
        Facet::Cause => at_risk.map(|state| usize::from(state.stars)),
        Facet::Satisfaction => stars.filter(|&stars| stars > 0).map(|stars| stars % 4),
        Facet::Value | Facet::BuyingFactor => segmented,
        Facet::IctNeed => segmented.map(|stars| stars % 5),
        Facet::Managed => Some(usize::from(customer.manager.is_none())),
        // Nobody was visited in this world.
        Facet::Visited => Some(Visited::Never as usize),
    }
    .filter(|&place| place < facet.codes().len())
}

/// The figure that a customer has.
fn measured(customer: &Customer, measure: Measure) -> Option<i64> {
    let state = customer.months[MONTHS - 1];
    let at_risk = state.filter(|state| state.stage != LifecycleStage::Potential);
    match measure {
        Measure::Revenue => state.map(|state| state.revenue),
        Measure::Profit => state.map(|state| -state.revenue),
        Measure::Value => state.filter(|state| state.stars > 0).map(|state| 2 * state.revenue),
        Measure::Risk => at_risk.map(|state| i64::from(state.stars) * 100_000),
        Measure::Loss => at_risk.map(|state| 3 * state.revenue),
        // Known since January 1970.
        Measure::Age => Some(i64::from(first_month().number() + MONTHS as i32 - 1 - 1970 * 12)),
        Measure::Lines => state.map(|_| 1),
        Measure::Satisfaction => state
            .filter(|state| state.stars > 0)
            .map(|state| (f64::from(f32::from(state.stars) / 6.0) * 1e6).round() as i64),
        Measure::StageSince => state.map(|_| i64::from(first_month().number()) + since(customer)),
        Measure::KnownSince => Some(0),
        Measure::LastVisit => None,
    }
}

/// Whether a customer fits the lists and figures of a query, one facet perhaps left aside.
fn fits(customer: &Customer, query: &CustomerQuery, aside: Option<Facet>) -> bool {
    Facet::ALL.iter().filter(|facet| Some(**facet) != aside).all(|&facet| {
        query.chosen.of(facet).next().is_none()
            || code(customer, facet).is_some_and(|place| query.chosen.contains(facet, place))
    }) && query.ranges.iter().all(|(measure, from, to)| {
        measured(customer, measure)
            .is_some_and(|figure| from.is_none_or(|from| figure >= from) && to.is_none_or(|to| figure <= to))
    })
}

/// A query whose choices may or may not exist.
fn queries() -> impl Strategy<Value = CustomerQuery> {
    // Some of the operator's customers and some that are not there, one of them twice.
    let chosen = proptest::collection::vec((1_i64..100).prop_map(CustomerId::new), 1..30);
    let sorts = (0..CustomerSort::ALL.len()).prop_map(|place| CustomerSort::ALL[place].0);
    (
        proptest::option::of("[aBb李雷leiC1 ]{0,3}"),
        proptest::collection::vec((0..LifecycleStage::COUNT).prop_map(|at| LifecycleStage::ALL[at]), 0..3),
        proptest::collection::vec(
            (1_u8..=5).prop_filter_map("stars", |stars| StarRating::try_from(stars).ok()),
            0..2,
        ),
        (
            proptest::collection::vec((0..Facet::COUNT, any::<prop::sample::Index>()), 0..3),
            proptest::option::weighted(0.3, (0..Measure::COUNT, bounds(), bounds())),
        ),
        proptest::option::weighted(0.2, (0..INDUSTRIES.len()).prop_map(|at| INDUSTRIES[at].to_owned())),
        proptest::option::weighted(0.3, (1_i64..10).prop_map(OrgUnitId::new)),
        proptest::option::weighted(0.2, (1_i64..6).prop_map(StaffId::new)),
        (proptest::bool::weighted(0.2), proptest::option::weighted(0.2, chosen)),
        (sorts, any::<bool>()),
    )
        .prop_map(
            |(
                text,
                stages,
                stars,
                (codes, range),
                industry,
                unit,
                manager,
                (changed, only),
                (sort, descending),
            )| {
                CustomerQuery {
                    text,
                    stages,
                    stars,
                    chosen: codes.into_iter().fold(Chosen::default(), |chosen, (facet, place)| {
                        let facet = Facet::ALL[facet];
                        chosen.with(facet, place.index(facet.codes().len()))
                    }),
                    ranges: range.into_iter().fold(Ranges::default(), |mut ranges, (measure, from, to)| {
                        ranges.set(Measure::ALL[measure], (from, to));
                        ranges
                    }),
                    segment: None,
                    fields: Vec::new(),
                    industry,
                    unit,
                    manager,
                    only: only.unwrap_or_default(),
                    changed,
                    sort,
                    descending,
                    columns: Columns::default(),
                    view: None,
                    after: None,
                }
            },
        )
}

/// Role, person, and what was granted to it: units, branches of trees, and of branches what belongs to a unit.
type Asker = (Role, prop::sample::Index, Vec<(u8, prop::sample::Index, prop::sample::Index)>);

fn actors() -> impl Strategy<Value = Asker> {
    let roles = [Role::AccountManager, Role::UnitHead, Role::Admin];
    let grants = proptest::collection::vec(
        (0_u8..3, any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        0..3,
    );
    ((0..roles.len()).prop_map(move |at| roles[at]), any::<prop::sample::Index>(), grants)
}

fn actor(operator: &Operator, (role, person, grants): &Asker) -> Actor {
    let actor = operator.actor(*role, person.index(operator.staff.len()));
    let granted = grants.iter().filter_map(|(kind, of_unit, of_customer)| {
        let unit = unit(of_unit.index(operator.units.len()));
        match (kind, operator.customers.len()) {
            (0, _) => Some(Granted::Subtree(unit)),
            (_, 0) => None,
            (1, count) => Some(Granted::Tree(id(of_customer.index(count)))),
            (_, count) => Some(Granted::Part(id(of_customer.index(count)), unit)),
        }
    });
    Actor { scope: Scope::new(actor.scope.home(), granted), ..actor }
}

fn unit(place: usize) -> OrgUnitId {
    OrgUnitId::new(place as i64 + 1)
}

/// Whether each word typed can be laid over characters of one of some texts, one by one: over a character itself, its
/// pinyin, the beginning of it if the word ends there, or its initial.
fn is_found(typed: &str, texts: &[&str]) -> bool {
    fn covers(word: &str, text: &str) -> bool {
        let Some(first) = text.chars().next() else { return word.is_empty() };
        let reading = match first {
            '李' => "li",
            '雷' => "lei",
            _ => "",
        };
        let itself = first.to_lowercase().to_string();
        let mut taken: Vec<&str> = (1..=reading.len()).map(|letters| &reading[..letters]).collect();
        taken.retain(|part| part.len() == 1 || *part == reading || *part == word);
        taken.push(&itself);
        let rest = &text[first.len_utf8()..];
        word.is_empty()
            || taken.iter().any(|part| word.strip_prefix(part).is_some_and(|word| covers(word, rest)))
    }
    typed.to_lowercase().split_whitespace().all(|word| {
        let inside = |text: &&str| text.char_indices().any(|(from, _)| covers(word, &text[from..]));
        texts.iter().any(inside)
    })
}

/// Which customers fit a query within a scope, the stage left aside, in the order of the query.
fn expected(operator: &Operator, scope: &Scope, query: &CustomerQuery) -> Vec<usize> {
    let last = MONTHS - 1;
    let mut fitting: Vec<usize> = (0..operator.customers.len())
        .filter(|&place| {
            let customer = &operator.customers[place];
            let state = customer.months[last];
            let before = customer.months[last - 1];
            let unit_fits = query.unit.is_none_or(|unit| {
                let top = unit.get() as usize - 1;
                top < operator.units.len() && operator.is_below(top, customer.unit)
            });
            operator.sees(scope, place)
                && (query.only.is_empty() || query.only.contains(&id(place)))
                && unit_fits
                && query.manager.is_none_or(|manager| customer.manager == Some(manager.get() as usize - 1))
                && query
                    .industry
                    .as_deref()
                    .is_none_or(|industry| customer.industry.map(|at| INDUSTRIES[at]) == Some(industry))
                && (query.stars.is_empty()
                    || state.is_some_and(|s| query.stars.iter().any(|star| star.get() == s.stars)))
                && (!query.changed || matches!((before, state), (Some(b), Some(s)) if b.stage != s.stage))
                && is_found(
                    query.text.as_deref().unwrap_or_default(),
                    &[&customer.name, &format!("C{place}")],
                )
        })
        .collect();
    // What is unknown comes last, ties by id.
    let known = |place: &usize, key: &dyn Fn(&CustomerState) -> i64| {
        let key = operator.customers[*place].months[last].as_ref().map(key).filter(|&key| key != i64::MIN);
        (key.is_none(), key.map(|key| if query.descending { -key } else { key }), *place)
    };
    let at_risk = |state: &CustomerState| state.stage != LifecycleStage::Potential;
    match query.sort {
        CustomerSort::Revenue => fitting.sort_by_key(|place| known(place, &|state| state.revenue)),
        CustomerSort::Profit => fitting.sort_by_key(|place| known(place, &|state| -state.revenue)),
        CustomerSort::Value => fitting.sort_by_key(|place| {
            known(place, &|state| if state.stars == 0 { i64::MIN } else { state.revenue })
        }),
        CustomerSort::Risk => fitting.sort_by_key(|place| {
            known(place, &|state| if at_risk(state) { i64::from(state.stars) } else { i64::MIN })
        }),
        CustomerSort::ExpectedLoss => fitting.sort_by_key(|place| {
            known(place, &|state| if at_risk(state) { state.revenue } else { i64::MIN })
        }),
        CustomerSort::Stage => fitting.sort_by_key(|place| known(place, &|state| state.stage as i64)),
        // In this world more stars are more satisfied.
        CustomerSort::Star | CustomerSort::Satisfaction => fitting.sort_by_key(|place| {
            known(place, &|state| if state.stars == 0 { i64::MIN } else { i64::from(state.stars) })
        }),
        // In this world the stars are the place in each list; who has one is in no segment.
        CustomerSort::Band => fitting.sort_by_key(|place| {
            let has_band = |state: &CustomerState| state.stars != 1 && state.stars < 3;
            known(place, &|state| if has_band(state) { i64::from(state.stars) } else { i64::MIN })
        }),
        CustomerSort::BuyingFactor => fitting.sort_by_key(|place| {
            known(place, &|state| if state.stars == 1 { i64::MIN } else { i64::from(state.stars) })
        }),
        CustomerSort::IctNeed => fitting.sort_by_key(|place| {
            known(place, &|state| if state.stars == 1 { i64::MIN } else { i64::from(state.stars % 5) })
        }),
        CustomerSort::Lines => fitting.sort_by_key(|place| known(place, &|_| 1)),
        // In this world all are known since one day, and nobody was visited.
        CustomerSort::KnownSince | CustomerSort::LastVisit => {}
        CustomerSort::StageSince => {
            fitting.sort_by_key(|place| known(place, &|_| since(&operator.customers[*place])))
        }
        CustomerSort::Name | CustomerSort::Code => {
            let text = |place: &usize| match query.sort {
                CustomerSort::Name => operator.customers[*place].name.clone(),
                _ => format!("C{place}"),
            };
            match query.descending {
                true => fitting.sort_by_key(|place| (Reverse(text(place)), *place)),
                false => fitting.sort_by_key(|place| (text(place), *place)),
            }
        }
    }
    fitting
}

fn stage(operator: &Operator, place: usize) -> Option<LifecycleStage> {
    operator.customers[place].months[MONTHS - 1].map(|state| state.stage)
}

fn id(place: usize) -> CustomerId {
    CustomerId::new(place as i64 + 1)
}

async fn lists_agree(
    world: &World,
    operator: &Operator,
    actor: &Actor,
    query: &CustomerQuery,
) -> TestCaseResult {
    let without_lists = expected(operator, &actor.scope, query);
    let in_stages = |place: &usize| {
        query.stages.is_empty() || stage(operator, *place).is_some_and(|stage| query.stages.contains(&stage))
    };
    let fitting = |place: usize, aside| fits(&operator.customers[place], query, aside);
    let without_stages: Vec<usize> =
        without_lists.iter().copied().filter(|&place| fitting(place, None)).collect();
    let expected: Vec<CustomerId> =
        without_stages.iter().filter(|place| in_stages(place)).map(|&at| id(at)).collect();
    let of_code = |facet: Facet, code_place: usize| {
        let mut counted: Vec<usize> = without_lists.clone();
        counted.retain(|place| in_stages(place) && fitting(*place, Some(facet)));
        counted.retain(|&place| code(&operator.customers[place], facet) == Some(code_place));
        counted.len() as u64
    };
    let by_code: Vec<Vec<u64>> = Facet::ALL
        .iter()
        .map(|&facet| (0..facet.codes().len()).map(|place| of_code(facet, place)).collect())
        .collect();

    let mut listed = Vec::new();
    let mut query = query.clone();
    loop {
        let page = customer::list::run(&world.services, actor, &query).await.expect("a page");
        prop_assert_eq!(page.total, expected.len() as u64);
        prop_assert_eq!(page.by_code.as_slice(), by_code.as_slice());
        for &of in LifecycleStage::ALL {
            let count = without_stages.iter().filter(|&&place| stage(operator, place) == Some(of)).count();
            prop_assert_eq!(page.by_stage[of.index()], count as u64);
        }
        listed.extend(page.rows.iter().map(|row| row.id));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    prop_assert_eq!(&listed, &expected);

    let export = customer::export::run(&world.services, actor, &query, at(9)).await.expect("an export");
    prop_assert_eq!(export.len(), expected.len());
    prop_assert_eq!(export.map(|row| row.id).collect::<Vec<_>>(), expected);
    Ok(())
}

/// Search finds what the list shows, and of contracts and members those of customers in sight.
async fn search_agrees(
    world: &World,
    operator: &Operator,
    actor: &Actor,
    query: &CustomerQuery,
) -> TestCaseResult {
    let typed = query.text.clone().unwrap_or_default();
    let found = search::find::run(&world.services, actor, &typed).await.expect("an answer");
    if typed.trim().is_empty() {
        prop_assert!(found.is_empty());
        return Ok(());
    }
    let only_text = CustomerQuery { text: query.text.clone(), ..CustomerQuery::default() };
    let listed = expected(operator, &actor.scope, &only_text);
    prop_assert_eq!(found.total, listed.len() as u64);
    prop_assert_eq!(found.customers.len(), listed.len().min(Found::ROWS));
    prop_assert!(found.customers.iter().all(|row| listed.iter().any(|&place| id(place) == row.id)));
    let sees = |customer: CustomerId| operator.sees(&actor.scope, customer.get() as usize - 1);
    prop_assert!(found.records.iter().flat_map(|of| &of.found.rows).all(|hit| sees(hit.customer)));
    // Each customer has the member M of its own number, and a contract K of it if one ends.
    for (kind, letter) in [(RecordKind::Members, 'M'), (RecordKind::Contracts, 'K')] {
        let typed = format!("{letter}1");
        let found = search::find::run(&world.services, actor, &typed).await.expect("an answer");
        let rows =
            found.records.into_iter().find(|of| of.kind == kind).map(|of| of.found).unwrap_or_default();
        let mut codes: Vec<String> = (0..operator.customers.len())
            .filter(|&place| kind == RecordKind::Members || operator.customers[place].contract_ends.is_some())
            .filter(|&place| operator.sees(&actor.scope, place))
            .map(|place| format!("{letter}{place}"))
            .filter(|code| code.starts_with(&typed))
            .collect();
        codes.sort_unstable();
        prop_assert_eq!(rows.more, codes.len() > Found::ROWS);
        codes.truncate(Found::ROWS);
        prop_assert_eq!(rows.rows.into_iter().map(|hit| hit.name).collect::<Vec<_>>(), codes);
    }
    // Units are those seen whole, managers those of a customer in sight; neither is told to who sees only their own.
    let is_told = !actor.scope.is_own_only();
    let tops = actor.scope.granted().iter().filter_map(|granted| match granted {
        Granted::Subtree(unit) => Some(*unit),
        Granted::Tree(_) | Granted::Part(..) => None,
    });
    let home = match actor.scope.home() {
        Home::Subtree(unit) => Some(unit),
        Home::Own(_) => None,
    };
    let tops: Vec<OrgUnitId> = tops.chain(home).collect();
    for place in 0..operator.units.len() {
        let found = search::find::run(&world.services, actor, &format!("U{place}")).await.expect("an answer");
        let seen = is_told && tops.iter().any(|top| operator.is_below(top.get() as usize - 1, place));
        prop_assert_eq!(found.units.rows.iter().any(|found| found.id == unit(place)), seen);
    }
    for place in 0..operator.staff.len() {
        let found = search::find::run(&world.services, actor, &format!("S{place}")).await.expect("an answer");
        let answers =
            |at: usize| operator.customers[at].manager == Some(place) && operator.sees(&actor.scope, at);
        let seen = is_told && (0..operator.customers.len()).any(answers);
        prop_assert_eq!(found.people.rows.iter().any(|(of, _)| *of == StaffId::new(place as i64 + 1)), seen);
    }
    Ok(())
}

async fn views_agree(world: &World, operator: &Operator, actor: &Actor) -> TestCaseResult {
    for place in (0..operator.customers.len()).step_by(7) {
        let view = customer::show::run(&world.services, actor, id(place), at(1_800_000_000))
            .await
            .expect("an answer");
        prop_assert_eq!(view.is_some(), operator.sees(&actor.scope, place), "customer {}", place);
        if let Some(view) = view {
            let mut open: Vec<CustomerId> = view.tree.iter().filter_map(|node| node.open).collect();
            open.sort_unstable();
            let root = operator.path(place).last().copied();
            let mut seen: Vec<usize> = (0..operator.customers.len()).collect();
            seen.retain(|&at| operator.path(at).last().copied() == root);
            prop_assert_eq!(view.tree.len(), seen.len());
            seen.retain(|&at| operator.sees(&actor.scope, at));
            prop_assert_eq!(open, seen.into_iter().map(id).collect::<Vec<_>>());
            prop_assert_eq!(view.row.assessment.map(|assessment| assessment.stage), stage(operator, place));
        }
    }
    Ok(())
}

async fn today_agrees(world: &World, operator: &Operator, actor: &Actor) -> TestCaseResult {
    let today = today::show::run(&world.services, actor, None, at(0)).await.expect("a page");
    let seen: Vec<usize> =
        (0..operator.customers.len()).filter(|&at| operator.sees(&actor.scope, at)).collect();
    prop_assert_eq!(today.customers, seen.len() as u64);
    let state = |place: usize, month: usize| operator.customers[place].months[month];
    let count = |fits: &dyn Fn(usize) -> bool| seen.iter().filter(|&&place| fits(place)).count() as u64;
    let declines = |place, month| state(place, month).is_some_and(|s| s.stage == LifecycleStage::Decline);
    prop_assert_eq!(
        today.declining,
        (count(&|place| declines(place, 1)), count(&|place| declines(place, 0)))
    );
    let revenue =
        |month| seen.iter().filter_map(|&place| state(place, month)).map(|s| s.revenue / 12).sum::<i64>();
    prop_assert_eq!(today.revenue, (Money::from_fen(revenue(1)), Money::from_fen(revenue(0))));
    let changed =
        |place| matches!((state(place, 0), state(place, 1)), (Some(b), Some(s)) if b.stage != s.stage);
    prop_assert_eq!(today.changed, count(&changed));
    let ends = |place: usize| {
        operator.customers[place].contract_ends.is_some_and(|days| (1..=90).contains(&days))
            && state(place, 1).is_none_or(|s| s.stage != LifecycleStage::Termination)
    };
    prop_assert_eq!(today.ending, count(&ends));
    for kind in OccasionKind::ALL {
        let narrowed = today::show::run(&world.services, actor, Some(kind), at(0)).await.expect("a page");
        prop_assert_eq!(narrowed.by_kind, today.by_kind);
        prop_assert_eq!(narrowed.lines.len() as u64, today.by_kind[kind as usize].min(Today::LINES as u64));
        prop_assert!(narrowed.lines.iter().all(|line| OccasionKind::of(&line.occasion) == kind));
    }
    let loss = |place: usize| {
        state(place, 1).filter(|s| s.stage.is_served()).map(|s| 3 * s.revenue).filter(|&loss| loss > 0)
    };
    let list = |place: usize| {
        let customer = &operator.customers[place];
        (customer.manager, customer.manager.is_none().then_some(customer.unit))
    };
    // Among the five of its list that leaving would cost most; of equals those known first.
    let warned = |place: usize| {
        let Some(own) = loss(place) else { return false };
        let costlier = |&other: &usize| {
            list(other) == list(place) && loss(other).is_some_and(|loss| (-loss, other) < (-own, place))
        };
        (0..operator.customers.len()).filter(costlier).count() < 5
    };
    let stands = |place: usize| {
        state(place, 1).is_some_and(|s| {
            changed(place) || warned(place) || ends(place) || s.stage == LifecycleStage::Decline
        })
    };
    let mut lines: Vec<i64> = today.lines.iter().map(|line| line.customer.get()).collect();
    lines.sort_unstable();
    let expected: Vec<i64> =
        seen.iter().filter(|&&place| stands(place)).map(|&place| id(place).get()).collect();
    prop_assert_eq!(lines, expected);
    let urgent = today.lines.iter().filter(|line| !matches!(line.occasion, Occasion::Improved { .. }));
    let stakes: Vec<Stake> = urgent.map(|line| line.at_stake).collect();
    let in_order = stakes.is_sorted_by(|one, other| match (one, other) {
        (Stake::Revenue(one), Stake::Revenue(other)) => one >= other,
        (Stake::Revenue(_), _) => false,
        (_, Stake::Revenue(_)) => true,
        (one, other) => one.amount() >= other.amount(),
    });
    prop_assert!(in_order, "{:?}", stakes);
    for line in &today.lines {
        let state = state(line.customer.get() as usize - 1, 1).expect("a state");
        let stake = match state.stage {
            LifecycleStage::Termination => Stake::Lost(Money::from_fen(state.revenue)),
            LifecycleStage::Potential => Stake::Revenue(Money::from_fen(state.revenue)),
            _ => Stake::Expected(Money::from_fen(3 * state.revenue)),
        };
        prop_assert_eq!(line.at_stake, stake);
    }
    Ok(())
}

async fn sums_agree(world: &World, operator: &Operator, actor: &Actor) -> TestCaseResult {
    let Home::Subtree(home) = actor.scope.home() else {
        return Ok(());
    };
    let granted = actor.scope.granted().iter().filter_map(|granted| match granted {
        Granted::Subtree(unit) => Some(*unit),
        Granted::Tree(_) | Granted::Part(..) => None,
    });
    let tops: Vec<OrgUnitId> = granted.chain([home]).collect();
    for unit in 0..operator.units.len() {
        let asked = OrgUnitId::new(unit as i64 + 1);
        let page = insight::show::run(&world.services, actor, Some(asked)).await.expect("an answer");
        let is_below = |top: &&OrgUnitId| operator.is_below(top.get() as usize - 1, unit);
        prop_assert_eq!(page.is_some(), tops.iter().any(|top| is_below(&top)));
        let Some(page) = page else { continue };
        let mut revenue = Money::ZERO;
        let mut customers = [0; LifecycleStage::COUNT];
        let mut worth = [(0, Money::ZERO); LifecycleStage::COUNT];
        for customer in operator.customers.iter().filter(|customer| operator.is_below(unit, customer.unit)) {
            if let Some(state) = customer.months[MONTHS - 1] {
                customers[state.stage.index()] += 1;
                revenue += Money::from_fen(state.revenue);
                if state.stars > 0 {
                    let (count, total) = &mut worth[state.stage.index()];
                    *count += 1;
                    *total += Money::from_fen(2 * state.revenue);
                }
            }
        }
        prop_assert_eq!(page.worth.map(|worth| (worth.customers, worth.total)), worth);
        prop_assert_eq!((page.now.customers, page.now.revenue_12m), (customers, revenue));
        let below: Money = page.below.iter().map(|line| line.now.revenue_12m).sum();
        let below_customers: i64 = page.below.iter().map(|line| line.now.total_customers()).sum();
        prop_assert_eq!(below_customers, page.now.total_customers());
        prop_assert_eq!(below, page.now.revenue_12m);
        let highest = tops.iter().filter(is_below).min_by_key(|top| {
            std::iter::successors(operator.units[top.get() as usize - 1], |&at| operator.units[at]).count()
        });
        prop_assert_eq!(page.path.first().map(|unit| unit.id), highest.copied());
        // From every top one comes to the others.
        let is_top = |top: &&OrgUnitId| {
            let place = top.get() as usize - 1;
            tops.iter().all(|&other| other == **top || !operator.is_below(other.get() as usize - 1, place))
        };
        let mut all: Vec<OrgUnitId> =
            page.elsewhere.iter().map(|unit| unit.id).chain(highest.copied()).collect();
        all.sort_unstable();
        let mut expected: Vec<OrgUnitId> = tops.iter().filter(is_top).copied().collect();
        expected.sort_unstable();
        expected.dedup();
        prop_assert_eq!(all, expected);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn everyone_sees_the_same_everywhere(
        operator in operators(),
        asked in proptest::collection::vec((actors(), queries()), 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::published(operator.clone()).await;
            for (asker, query) in asked {
                let actor = actor(&operator, &asker);
                lists_agree(&world, &operator, &actor, &query).await?;
                search_agrees(&world, &operator, &actor, &query).await?;
                views_agree(&world, &operator, &actor).await?;
                today_agrees(&world, &operator, &actor).await?;
                sums_agree(&world, &operator, &actor).await?;
            }
            TestCaseResult::Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_province_looks_as_far_ahead_as_its_own_rules_say() {
    // Headquarters and two provinces; in each a customer whose contract ends in 50 days.
    let mut operator = simple(vec![None, Some(0), Some(0)], vec![0], &[(1, None), (2, None)], 1);
    for customer in &mut operator.customers {
        customer.contract_ends = Some(50);
    }
    let own = "[today]\nwarnings_per_manager = 0\n[province.U2.today]\ncontract_ends_within_days = 30\n";
    let world = World::with_rules(operator.clone(), Some(own)).await;
    world.import(false).await.expect("an import");
    world.cycle().await.expect("a cycle");
    let today = today::show::run(&world.services, &operator.actor(Role::UnitHead, 0), None, at(0)).await;
    let lines: Vec<i64> = today.expect("a page").lines.iter().map(|line| line.customer.get()).collect();
    assert_eq!(lines, [1]);
}

#[tokio::test]
async fn of_each_list_as_many_are_warned_of_as_can_be_handled() {
    // Two lists and a pool in one unit; the second province can handle one warning a list.
    let owned = [(1, Some(0)), (1, Some(0)), (1, None), (1, None), (2, Some(1)), (2, Some(1)), (2, None)];
    let mut operator = simple(vec![None, Some(0), Some(0)], vec![1, 2, 0], &owned, 1);
    for (customer, yuan) in operator.customers.iter_mut().zip([10, 20, 30, 40, 50, 60, 0]) {
        let state = CustomerState { stage: LifecycleStage::Maturity, revenue: yuan * 100, stars: 1 };
        customer.months = vec![Some(state)];
    }
    let own = "[province.U2.today]\nwarnings_per_manager = 1\n[today]\nwarnings_per_manager = 2\n";
    let world = World::with_rules(operator.clone(), Some(own)).await;
    world.import(false).await.expect("an import");
    world.cycle().await.expect("a cycle");
    let head = operator.actor(Role::UnitHead, 2);
    let today = today::show::run(&world.services, &head, Some(OccasionKind::Warned), at(0)).await;
    let lines: Vec<i64> = today.expect("a page").lines.iter().map(|line| line.customer.get()).collect();
    assert_eq!(lines, [6, 4, 3, 2, 1]);
}

#[tokio::test]
async fn the_queue_of_members_is_that_of_ones_own_customers_the_most_pressing_first() {
    let owned = [(1, Some(0)), (1, Some(0)), (2, Some(1)), (1, Some(0))];
    let mut operator = simple(vec![None, Some(0), Some(0)], vec![1, 2], &owned, 1);
    for (customer, (stars, yuan)) in
        operator.customers.iter_mut().zip([(2, 5_000), (4, 900), (5, 9_000), (0, 9_000)])
    {
        let state = CustomerState { stage: LifecycleStage::Maturity, revenue: yuan * 100, stars };
        customer.months = vec![Some(state)];
    }
    let world = World::published(operator.clone()).await;
    let members = async |role, staff| {
        let actor = operator.actor(role, staff);
        let queue = member::queue::run(&world.services, &actor, None).await.expect("a page");
        let codes: Vec<String> = queue.lines.iter().map(|line| line.code.clone()).collect();
        (queue.total(), codes)
    };
    // Four stars and medium value come before two stars and high value; no stars is not dissatisfied here.
    assert_eq!(members(Role::AccountManager, 0).await, (2, vec!["M1".to_owned(), "M0".to_owned()]));
    assert_eq!(members(Role::AccountManager, 1).await, (1, vec!["M2".to_owned()]));
    assert_eq!(members(Role::UnitHead, 0).await, (2, vec!["M1".to_owned(), "M0".to_owned()]));
    let own = today::show::run(&world.services, &operator.actor(Role::AccountManager, 1), None, at(0)).await;
    assert_eq!(own.expect("a page").uneasy_members, 1);
}

#[tokio::test]
async fn satisfaction_by_stars_counts_the_customers_of_the_unit() {
    let mut operator = simple(vec![None, Some(0), Some(0)], vec![0], &[(1, None), (1, None), (2, None)], 1);
    for (customer, stars) in operator.customers.iter_mut().zip([4, 0, 5]) {
        let state = CustomerState { stage: LifecycleStage::Maturity, revenue: 1_200, stars };
        customer.months = vec![Some(state)];
    }
    let world = World::published(operator.clone()).await;
    let head = operator.actor(Role::UnitHead, 0);
    let page = insight::show::run(&world.services, &head, Some(OrgUnitId::new(2))).await.expect("an answer");
    let matrix = page.expect("a page").satisfaction.expect("told");
    let counted: i64 = matrix.iter().flatten().map(|cell| cell.customers).sum();
    assert_eq!(counted, 2);
    // Four stars are dissatisfied in this world, no stars say nothing.
    assert_eq!((matrix[1][0].customers, matrix[1][0].revenue_12m), (1, Money::from_fen(1_200)));
    assert_eq!(matrix[5][4].customers, 1);
}

#[tokio::test]
async fn a_cursor_outside_the_scope_tells_nothing() {
    let operator = simple(vec![None], vec![0, 0], &[(0, Some(0)), (0, Some(1)), (0, Some(0))], 1);
    let world = World::published(operator.clone()).await;
    let actor = operator.actor(Role::AccountManager, 0);
    let query = CustomerQuery { sort: CustomerSort::Code, after: Some(id(1)), ..CustomerQuery::default() };
    let page = customer::list::run(&world.services, &actor, &query).await.expect("a page");
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [id(0), id(2)]);
}

#[tokio::test]
async fn what_is_taken_out_is_on_record() {
    let operator = simple(vec![None], vec![0], &[(0, Some(0)), (0, None)], 1);
    let world = World::published(operator.clone()).await;
    let query = CustomerQuery { text: Some("Customer".to_owned()), ..CustomerQuery::default() };
    let actor = operator.actor(Role::AccountManager, 0);
    customer::export::run(&world.services, &actor, &query, at(9)).await.expect("an export");
    let records = store::Store::open(world.folder.path()).await.expect("records");
    let audit = &records.audit("customers", None, 1).await.expect("audit")[0];
    assert_eq!((audit.action.as_str(), audit.at, audit.user), ("customers.export", at(9), Some(actor.user)));
    assert_eq!(audit.details["rows"], 1);
}

#[tokio::test]
async fn choices_stay_within_the_scope() {
    let mut operator =
        simple(vec![None, Some(0), Some(0), Some(1)], vec![1, 2], &[(3, Some(0)), (2, Some(1))], 1);
    operator.customers[0].industry = Some(0);
    operator.customers[1].industry = Some(1);
    let world = World::published(operator.clone()).await;
    let head = operator.actor(Role::UnitHead, 0);
    let page = customer::list::run(&world.services, &head, &CustomerQuery::default()).await.expect("a page");
    assert_eq!(page.choices.industries, [INDUSTRIES[0]]);
    assert_eq!(page.choices.managers, [(StaffId::new(1), "person 0".to_owned())]);
    assert_eq!(page.choices.path.iter().map(|unit| unit.id.get()).collect::<Vec<_>>(), [2]);
    assert_eq!(page.choices.below.iter().map(|(unit, _)| unit.id.get()).collect::<Vec<_>>(), [4]);
    let own = operator.actor(Role::AccountManager, 0);
    let page = customer::list::run(&world.services, &own, &CustomerQuery::default()).await.expect("a page");
    assert_eq!((page.choices.managers, page.choices.path, page.choices.below), (vec![], vec![], vec![]));
}

#[tokio::test]
async fn what_changes_shows_at_once() {
    let operator = simple(vec![None], vec![0, 0], &[(0, Some(0))], 1);
    let world = World::published(operator.clone()).await;
    let (before, after) = (operator.actor(Role::AccountManager, 0), operator.actor(Role::AccountManager, 1));
    let query = CustomerQuery::default();
    assert_eq!(customer::list::run(&world.services, &before, &query).await.expect("a page").total, 1);
    world.engine.operator.lock().expect("lock").customers[0].manager = Some(1);
    world.import(false).await.expect("an import");
    assert_eq!(customer::list::run(&world.services, &before, &query).await.expect("a page").total, 0);
    assert_eq!(customer::list::run(&world.services, &after, &query).await.expect("a page").total, 1);
}
