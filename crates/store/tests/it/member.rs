//! Members as the cycle reads them: answers on two scales, with a date and without one.

use domain::extract::{Cell, Table};
use domain::import::StagedFacts;
use domain::progress::Silent;
use domain::{Instant, Month, date};
use store::Store;
use store::import::ImportOutcome;

use crate::rows::{at, commit, import, rows, rules, small_world, text};

fn january() -> Month {
    Month::new(2026, 1).expect("a month")
}

fn micros(text: &str) -> Cell {
    Cell::Whole(text.parse::<Instant>().expect("an instant").micros())
}

/// Hands over facts of a month, with these records.
async fn hand_over(
    store: &Store,
    month: Month,
    records: Vec<Box<dyn domain::import::RecordRows>>,
) -> ImportOutcome {
    let import = store.begin_import("folder".as_ref(), None, at(0)).await.expect("a run");
    let facts = [Table::Usage, Table::MemberUsage].map(|table| StagedFacts {
        table,
        month,
        path: format!("facts/{table}/{month}").into(),
        rows: 1,
        added: 1,
        changed: 0,
    });
    let mut commit = commit(import, records);
    commit.facts = facts.to_vec();
    store.commit_import(commit, at(1), &Silent).await.expect("an import")
}

fn members(scores: &[(i64, Option<i64>)]) -> Box<dyn domain::import::RecordRows> {
    let day = date::days(january().first_day()) - 100;
    let cell = |score: Option<i64>| score.map_or(Cell::Null, Cell::Whole);
    let rows_of = scores.iter().map(|&(id, score)| (id, vec![Cell::Whole(day), cell(score)])).collect();
    rows(Table::Members, &["joined_on", "survey_score"], rows_of)
}

fn answer(id: i64, member: i64, when: &str, question: &str, score: f64, scale: f64) -> (i64, Vec<Cell>) {
    let cells = vec![Cell::Whole(member), micros(when), text(question), Cell::Real(score), Cell::Real(scale)];
    (id, cells)
}

const ANSWER: [&str; 5] = ["member_code", "at", "question", "score", "scale"];

async fn answers(store: &Store) -> Vec<(i64, Month, f32)> {
    let base = store.base(january(), &rules()).await.expect("the base");
    base.members.answers.iter().map(|answer| (answer.member.get(), answer.month, answer.score)).collect()
}

#[tokio::test]
async fn without_use_of_members_the_cycle_reads_none() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    import(&store, vec![members(&[(1, Some(8))])]).await;
    assert_eq!(store.base(january(), &rules()).await.expect("the base").members, Default::default());
}

#[tokio::test]
async fn both_scales_become_one_and_other_questions_are_left_out() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let given = vec![
        answer(1, 1, "2026-01-05T10:00:00+08:00", "您满意吗?", 8.0, 10.0),
        answer(2, 2, "2026-01-31T23:00:00+08:00", "您满意吗?", 4.0, 5.0),
        answer(3, 2, "2026-01-31T23:00:00+08:00", "您会推荐我们吗?", 1.0, 10.0),
        answer(4, 3, "2026-01-05T10:00:00+08:00", "您满意吗?", 8.0, 7.0),
    ];
    let records = vec![members(&[(1, None), (2, None), (3, None)]), rows(Table::Surveys, &ANSWER, given)];
    hand_over(&store, january(), records).await;
    assert_eq!(answers(&store).await, [(1, january(), 8.0), (2, january(), 7.75)]);
}

#[tokio::test]
async fn a_score_without_a_date_counts_from_the_month_it_was_handed_over_in() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    hand_over(&store, january(), vec![members(&[(1, Some(8)), (2, None)])]).await;
    hand_over(&store, january() + 1, vec![members(&[(1, Some(8)), (2, Some(3))])]).await;
    assert_eq!(answers(&store).await, [(1, january(), 8.0), (2, january() + 1, 3.0)]);
    hand_over(&store, january() + 2, vec![members(&[(1, Some(5)), (2, Some(3))])]).await;
    assert_eq!(answers(&store).await, [(1, january() + 2, 5.0), (2, january() + 1, 3.0)]);
}

#[tokio::test]
async fn such_a_score_is_not_told_twice() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let given = vec![
        answer(1, 1, "2025-11-05T10:00:00+08:00", "您满意吗?", 8.0, 10.0),
        answer(2, 2, "2026-03-05T10:00:00+08:00", "您满意吗?", 9.0, 10.0),
    ];
    let records = vec![members(&[(1, Some(8)), (2, Some(4))]), rows(Table::Surveys, &ANSWER, given)];
    hand_over(&store, january(), records).await;
    let told = [(1, january() - 2, 8.0), (2, january(), 4.0), (2, january() + 2, 9.0)];
    assert_eq!(answers(&store).await, told);
}
