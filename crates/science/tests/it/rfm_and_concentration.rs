//! The published figures of the CDNOW panel (`models.md`, RFM and concentration).

use domain::{Date, Money};
use science::concentration::Concentration;
use science::rfm::{Purchases, score};

use crate::cdnow::buyers;

fn near(found: f64, published: f64) {
    assert!((found - published).abs() < 0.00005, "{found} is not {published}");
}

#[test]
fn rfm_reproduces_the_published_response() {
    let Some(buyers) = buyers() else { return };
    let until = Date::constant(1997, 9, 30);
    let mut base = Vec::new();
    let mut answered = Vec::new();
    for purchases in &buyers {
        let before: Vec<_> = purchases.iter().filter(|purchase| purchase.date <= until).collect();
        let Some(last) = before.last() else { continue };
        base.push(Purchases {
            recency: i64::from((until - last.date).get_days()),
            frequency: before.len() as i64,
            monetary: before.iter().map(|purchase| purchase.amount).sum(),
        });
        answered.push(before.len() < purchases.len());
    }
    let scores = score(&base);
    let response = |member: &dyn Fn(usize) -> bool| {
        let cell: Vec<usize> = (0..base.len()).filter(|&at| member(at)).collect();
        (cell.len(), cell.iter().filter(|&&at| answered[at]).count() as f64 / cell.len() as f64)
    };
    near(response(&|_| true).1, 0.2994);
    for (points, published) in (1..=5).zip([0.1356, 0.1555, 0.1748, 0.3485, 0.6829]) {
        near(response(&|at| scores[at].recency == points).1, published);
    }
    let all = |points: u8| {
        response(&|at| {
            [scores[at].recency, scores[at].frequency, scores[at].monetary].iter().all(|&p| p == points)
        })
    };
    assert_eq!((all(5).0, all(1).0), (2_406, 1_503));
    near(all(5).1, 0.7922);
    near(all(1).1, 0.1244);
    let sum = |at: usize| scores[at].recency + scores[at].frequency + scores[at].monetary;
    near(area_under_curve((0..base.len()).map(|at| (sum(at), answered[at]))), 0.7646);
}

/// Probability that one who answered scores above one who did not, equals counted half.
fn area_under_curve(scored: impl Iterator<Item = (u8, bool)>) -> f64 {
    let mut counts = [[0_u64; 2]; 256];
    for (score, answered) in scored {
        counts[usize::from(score)][usize::from(answered)] += 1;
    }
    let (mut below, mut wins) = (0, 0.0);
    for [no, yes] in counts {
        wins += yes as f64 * (below as f64 + no as f64 / 2.0);
        below += no;
    }
    let answered: u64 = counts.iter().map(|[_, yes]| yes).sum();
    wins / (answered as f64 * below as f64)
}

#[test]
fn concentration_reproduces_the_published_shares() {
    let Some(buyers) = buyers() else { return };
    let mut spend: Vec<i64> = buyers
        .iter()
        .map(|purchases| purchases.iter().map(|purchase| purchase.amount).sum::<Money>().fen())
        .collect();
    spend.sort_unstable_by(|a, b| b.cmp(a));
    let concentration = Concentration::of_descending(&spend).expect("spend");
    assert_eq!(concentration.customers, 23_570);
    near(concentration.top_fifth, 0.6778);
    near(concentration.gini, 0.6346);
    near(Concentration::customers_bringing(&spend, 0.8).expect("spend"), 0.3265);
    let (top, gini) = Concentration::intervals(&spend, 40, 1).expect("spend");
    assert!(top.low < 0.6778 && 0.6778 < top.high && top.high - top.low < 0.03, "{top:?}");
    assert!(gini.low < 0.6346 && 0.6346 < gini.high && gini.high - gini.low < 0.03, "{gini:?}");
}

#[test]
fn a_log_of_purchases_is_scored_and_measured_as_published() {
    let Some(frame) = crate::table::table("cdnow/cdnow_master.csv") else { return };
    let until = domain::date::days(Date::constant(1997, 9, 30));
    let scored = science::rfm::evaluate(&frame, 5, Some(until)).expect("scores");
    assert_eq!((scored.n, scored.customers.len()), (23_570, 23_570));
    let response = scored.response.expect("purchases after the day");
    near(response.base, 0.2994);
    for (found, published) in response.recency.iter().zip([0.1356, 0.1555, 0.1748, 0.3485, 0.6829]) {
        near(found.expect("customers"), published);
    }
    near(response.best_cell.expect("customers"), 0.7922);
    near(response.auc.expect("both"), 0.7646);
    let tenths = science::rfm::evaluate(&frame, 10, Some(until)).expect("scores");
    assert_eq!(tenths.customers.iter().map(|customer| customer.points.recency).max(), Some(10));
    let told = science::concentration::evaluate(&frame, None, 40, 1).expect("a report");
    near(told.top_fifth.value, 0.6778);
    near(told.gini.value, 0.6346);
    assert!(told.gini.low < told.gini.value && told.gini.value < told.gini.high, "{told:?}");
}

#[test]
fn a_table_of_customers_is_scored_by_its_columns() {
    let frame = crate::table::parse("id,recency,frequency,monetary\na,0.5,9,10\nb,3,1,-2\nc,8,2,0\nd,,1,1\n");
    let scored = science::rfm::evaluate(&frame, 3, None).expect("scores");
    assert_eq!((scored.n, scored.left_out), (3, 1));
    let of = |place: usize| {
        let points = scored.customers[place].points;
        (scored.customers[place].id.as_str(), points.recency, points.frequency, points.monetary)
    };
    assert_eq!([of(0), of(1), of(2)], [("a", 3, 3, 3), ("b", 2, 1, 1), ("c", 1, 2, 2)]);
    let values = crate::table::parse("value\n10\n0\n-5\nNA\n");
    let told = science::concentration::evaluate(&values, Some("value"), 20, 1).expect("a report");
    assert_eq!((told.n, told.left_out, told.below_zero), (3, 1, 1));
    assert!((told.gini.value - 2.0 / 3.0).abs() < 1e-9, "one of three brings all: {told:?}");
    let nothing = science::concentration::evaluate(&crate::table::parse("value\n0\n"), Some("value"), 20, 1);
    assert_eq!(nothing.expect_err("a problem").cause.key, "problem-concentration-nothing");
}
