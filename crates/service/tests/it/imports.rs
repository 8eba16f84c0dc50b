use std::sync::Arc;

use domain::extract::Table;
use domain::progress::Silent;
use domain::{Lang, ProblemKind};
use service::cycle::CycleOptions;
use service::data::RunState;
use service::import::ImportOptions;

use crate::world::{
    Operator, World, at, bad_row, broken, first_month, options, rows, simple, staged, text, usage,
};

fn operator() -> Operator {
    simple(vec![None], vec![0], &[(0, Some(0)), (0, None)], 3)
}

#[tokio::test]
async fn an_import_is_stored_and_reported() {
    let world = World::new(operator()).await;
    let report = world.import(false).await.expect("an import");
    assert_eq!((report.state, report.rows_added(), report.rows_changed()), (RunState::Done, 9, 0));
    let usage = report.tables.iter().find(|table| table.table == Table::Usage).expect("usage");
    assert_eq!(usage.months.len(), 3);
    let again = world.import(false).await.expect("an import");
    assert_eq!(again.tables.iter().map(|table| table.changed).sum::<u64>(), 0);
    let shown = world.data().await.imports;
    assert_eq!(shown.iter().map(|import| import.state).collect::<Vec<_>>(), [RunState::Done, RunState::Done]);
    assert_eq!(*world.engine.runs.lock().expect("lock"), ["import-1", "import-2"]);
}

#[tokio::test]
async fn bad_rows_refuse_the_run_unless_they_may_be_left_out() {
    let world = World::new(operator()).await;
    let with_bad_row = || {
        let mut staged = staged(operator().records(), operator().facts("x"));
        (staged.bad_rows, staged.problems) = (1, vec![bad_row()]);
        Ok(staged)
    };
    world.stage(with_bad_row());
    let refused = world.import(false).await.expect("a report");
    assert_eq!((refused.state, refused.rows_bad, refused.rows_added()), (RunState::Refused, 1, 0));
    assert_eq!(world.services.customer_codes().await.expect("codes"), []);
    assert_eq!(*world.engine.leftovers.lock().expect("lock"), 0);
    world.stage(with_bad_row());
    let taken = world.import(true).await.expect("a report");
    assert_eq!((taken.state, taken.rows_bad, taken.rows_added()), (RunState::Done, 1, 9));
    let shown = world.data().await.imports;
    assert_eq!(shown[0].problems, [bad_row()]);
    assert_eq!(shown[1].state, RunState::Refused);
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_refuses_the_run_whatever_was_asked() {
    let world = World::new(operator()).await;
    let mut staged = staged(operator().records(), Vec::new());
    (staged.bad_files, staged.bad_rows, staged.problems) = (1, 1, vec![bad_row()]);
    world.stage(Ok(staged));
    assert_eq!(world.import(true).await.expect("a report").state, RunState::Refused);
    assert_eq!(world.services.customer_codes().await.expect("codes"), []);
}

#[tokio::test]
async fn a_check_stores_nothing() {
    let world = World::new(operator()).await;
    let report = world.import_with(ImportOptions { dry_run: true, ..options() }).await.expect("a report");
    assert_eq!((report.import, report.state, report.rows_read), (None, RunState::Done, 6));
    assert_eq!(world.services.customer_codes().await.expect("codes"), []);
    assert_eq!(world.data().await.imports, []);
    assert_eq!(*world.engine.leftovers.lock().expect("lock"), 0);
}

#[tokio::test]
async fn an_import_that_fails_leaves_nothing_but_its_record() {
    let world = World::new(operator()).await;
    world.import(false).await.expect("an import");
    let manifest = world.services.manifest().await.expect("manifest");
    // A contact of a customer that is not there: the records refuse it after the first rows went in.
    let mut records = vec![rows(
        Table::Products,
        &["code", "name", "family"],
        vec![vec![text("P"), text("line"), text("mobile")]],
    )];
    records.push(rows(
        Table::Contacts,
        &["code", "customer_code", "name"],
        vec![vec![text("X"), domain::extract::Cell::Whole(99), text("nobody")]],
    ));
    world.stage(Ok(staged(records, vec![usage(first_month() + 9, "x")])));
    world.import(false).await.expect_err("a failure");
    assert_eq!(world.services.manifest().await.expect("manifest"), manifest);
    assert_eq!(world.services.base(first_month()).await.expect("base").products, []);
    assert_eq!(*world.engine.leftovers.lock().expect("lock"), 0);

    world.stage(Err(broken()));
    assert_eq!(world.import(false).await.expect_err("a failure").cause.key, "problem-file-missing");
    let shown = world.data().await.imports;
    assert_eq!(shown[0].failure.as_deref(), Some("usage.csv is not there"));
    assert_eq!(shown[1].state, RunState::Failed);
}

#[tokio::test]
async fn two_runs_at_once_are_refused() {
    let world = World::new(operator()).await;
    let lock = std::fs::File::create(world.folder.path().join("tenure.lock")).expect("a file");
    lock.try_lock().expect("the lock");
    for problem in [world.import(false).await.expect_err("taken"), world.cycle().await.expect_err("taken")] {
        assert_eq!((problem.kind, problem.cause.key), (ProblemKind::Conflict, "problem-run-at-work"));
        assert!(problem.hint.is_some_and(|hint| text::has(Lang::ZhCn, hint.key)));
    }
    drop(lock);
    world.import(false).await.expect("an import");
}

#[tokio::test]
async fn a_cycle_publishes_month_by_month_and_goes_on_where_it_broke_off() {
    let world = World::new(operator()).await;
    let nothing = world.cycle().await.expect_err("no data");
    assert_eq!(nothing.cause.key, "problem-cycle-no-usage");
    world.import(false).await.expect("an import");
    *world.engine.fails_after.lock().expect("lock") = Some(2);
    world.cycle().await.expect_err("a failure");
    let published: Vec<_> =
        world.services.manifest().await.expect("manifest").assessments.into_keys().collect();
    assert_eq!(published, [first_month(), first_month().next()]);
    *world.engine.fails_after.lock().expect("lock") = None;
    let report = world.cycle().await.expect("a cycle");
    assert_eq!(report.months.iter().map(|month| month.month).collect::<Vec<_>>(), [first_month() + 2]);
    let idle = world.cycle().await.expect("nothing to do");
    assert_eq!((idle.cycle, idle.months.len()), (None, 0));
    let shown: Vec<_> =
        world.data().await.cycles.into_iter().map(|cycle| (cycle.state, cycle.months_done)).collect();
    assert_eq!(shown, [(RunState::Done, 1), (RunState::Failed, 2)]);
}

#[tokio::test]
async fn a_correction_is_computed_again_from_its_month_on() {
    let world = World::published(operator()).await;
    world.stage(Ok(staged(vec![], vec![usage(first_month() + 1, "late")])));
    let report = world.import(false).await.expect("an import");
    assert_eq!(report.stale, [first_month() + 1, first_month() + 2]);
    assert_eq!(world.data().await.stale, report.stale);
    let only_last = CycleOptions { month: Some(first_month() + 2), all: false, lang: Lang::En };
    let refused = service::cycle::run(&world.services, only_last, at(2), &|| at(3), Arc::new(Silent)).await;
    assert_eq!(refused.expect_err("out of order").cause.key, "problem-cycle-out-of-order");
    let report = world.cycle().await.expect("a cycle");
    let months: Vec<_> = report.months.iter().map(|month| (month.month, month.corrected)).collect();
    assert_eq!(months, [(first_month() + 1, true), (first_month() + 2, true)]);
    assert_eq!((report.stale, world.data().await.stale), (vec![], vec![]));
}

#[tokio::test]
async fn months_of_another_version_are_computed_again_unasked() {
    let world = World::published(operator()).await;
    *world.engine.outdated.lock().expect("lock") = vec![first_month() + 1, first_month() + 2];
    assert_eq!(world.data().await.stale, [first_month() + 1, first_month() + 2]);
    let report = world.cycle().await.expect("a cycle");
    let months: Vec<_> = report.months.iter().map(|month| (month.month, month.corrected)).collect();
    assert_eq!(months, [(first_month() + 1, true), (first_month() + 2, true)]);
    assert_eq!((report.stale, world.data().await.stale), (vec![], vec![]));
}

#[tokio::test]
async fn the_last_month_of_a_cycle_carries_the_back_test_of_values() {
    let world = World::published(operator()).await;
    let actor = operator().actor(domain::staff::Role::UnitHead, 0);
    let shown = service::models::show::run(&world.services, &actor).await.expect("the page");
    let test = shown.value_test.expect("a back-test");
    assert_eq!((test.months, test.held_out), ([3, 9], None), "three months are too few, and it says so");
    let asked = service::models::value_test::run(&world.services).await.expect("a back-test");
    assert_eq!(asked, test);
}

#[tokio::test]
async fn the_reasoning_is_asked_for_by_code() {
    let world = World::published(operator()).await;
    let (customer, _) = service::cycle::explain(&world.services, "C1", None).await.expect("reasoning");
    assert_eq!(customer.get(), 2);
    let nobody = service::cycle::explain(&world.services, "C9", None).await.expect_err("nobody");
    assert_eq!(nobody.cause.key, "problem-no-customer");
}
