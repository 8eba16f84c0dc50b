use super::score::one_edit;
use super::*;
use proptest::prelude::*;

fn record<'a>(name: &'a str, code: Option<&'a str>, phones: &'a [&'a str], address: &'a str) -> Record<'a> {
    Record { name, credit_code: code, phones, address: Some(address) }
}

fn probability(one: Record<'_>, other: Record<'_>) -> f64 {
    Base::new(&[one, other]).compare(0, 1).probability
}

const CODE: Option<&str> = Some("91000000MADEUP001M");
const STREET: &str = "示例市示例路12号";

#[test]
fn a_record_and_itself_are_one() {
    for name in ["北京示例恒辰科技有限公司", "示例恒辰集团甲一市分公司三", "甲一市第二中学", "示例店"]
    {
        let one = record(name, CODE, &["10000000001"], STREET);
        assert!(probability(one, one) > 0.999, "{name}");
        let bare = Record { name, credit_code: None, phones: &[], address: None };
        let named = probability(bare, bare);
        assert!(named > 0.3 && named < 0.999, "a name alone is not all: {name} {named}");
    }
}

#[test]
fn branches_and_numbers_keep_apart_whatever_else_is_shared() {
    let pairs = [
        ("示例恒辰科技有限公司北京分公司", "示例恒辰科技有限公司上海分公司"),
        ("示例恒辰科技有限公司一分公司", "示例恒辰科技有限公司二分公司"),
        ("示例恒辰科技有限公司", "示例恒辰科技有限公司北京分公司"),
        ("甲一市第一中学", "甲一市第二中学"),
        ("甲一市第十二中学", "甲一市第二十一中学"),
    ];
    for (one, other) in pairs {
        let phones = ["10000000001"];
        let (one, other) = (record(one, CODE, &phones, STREET), record(other, CODE, &phones, STREET));
        assert!(probability(one, other) < 0.01, "{} {}", one.name, other.name);
    }
}

#[test]
fn two_codes_that_hold_and_differ_are_two_customers() {
    let other = domain::CreditCode::complete("91000000MADEUP002").expect("a code").to_string();
    let one = record("甲一市恒辰商贸有限公司", CODE, &["10000000001"], STREET);
    let namesake = record("甲二市恒辰商贸有限公司", Some(&other), &["10000000002"], "示例市他路3号");
    assert!(probability(one, namesake) < 0.001);
    // One that does not hold is a mistyped one.
    let mistyped = record("甲一市恒辰商贸公司", Some("91000000MADEUP01OM"), &["10000000001"], STREET);
    assert!(probability(one, mistyped) > 0.9);
}

#[test]
fn many_with_one_telephone_are_an_agent() {
    let names: Vec<String> = (0..300).map(|number| format!("示例{number}号商行")).collect();
    let shared = ["10000000001"];
    let records: Vec<Record<'_>> = names
        .iter()
        .map(|name| Record { name, credit_code: None, phones: &shared, address: Some(STREET) })
        .collect();
    assert_eq!(Base::new(&records).pairs(QUEUE), []);
}

#[test]
fn very_long_and_empty_names_are_compared_too() {
    let long = "示例恒辰".repeat(2_500);
    let longer = long.clone() + "有限公司";
    let records: Vec<Record<'_>> =
        ["", "", " ", "()", &long, &longer, &long].map(|name| record(name, None, &[], "")).to_vec();
    let base = Base::new(&records);
    assert!(base.pairs(QUEUE).iter().all(|pair| pair.first > 3), "{:?}", base.pairs(QUEUE));
    assert!(Base::new(&[]).pairs(0.0).is_empty());
}

/// Damerau and Levenshtein with swapped neighbours, by the book.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            table[i][j] = if i.min(j) == 0 {
                i.max(j)
            } else {
                let other_here = usize::from(one[i - 1] != other[j - 1]);
                let mut least =
                    (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(table[i - 1][j - 1] + other_here);
                if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                    least = least.min(table[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    table[one.len()][other.len()]
}

type Row = (String, Option<String>, Vec<String>, Option<String>);

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    let name = prop_oneof![
        "[甲乙]?[一二]?市?[恒辰达]{1,3}(商贸|科技)?(有限公司|集团|店)?([一二]分公司)?",
        "[\u{200b}\u{202e}АΑA（）()國国第一二中学]{0,12}",
        ".{0,20}",
    ];
    let row = (
        name,
        prop::option::of(prop_oneof![Just("91000000MADEUP001M".to_owned()), ".{0,20}"]),
        prop::collection::vec("1000000[0-3]{4}|.{0,6}", 0..3),
        prop::option::of("[甲乙]路[1-3]号|.{0,12}"),
    );
    prop::collection::vec(row, 0..most)
}

fn base(rows: &[Row]) -> Base {
    let phones: Vec<Vec<&str>> = rows.iter().map(|row| row.2.iter().map(String::as_str).collect()).collect();
    let records: Vec<Record<'_>> = rows
        .iter()
        .zip(&phones)
        .map(|((name, code, _, address), phones)| Record {
            name,
            credit_code: code.as_deref(),
            phones,
            address: address.as_deref(),
        })
        .collect();
    Base::new(&records)
}

proptest! {
    #[test]
    fn one_edit_is_a_distance_of_one(one in "[恒辰达]{0,6}", other in "[恒辰达]{0,6}") {
        let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
        prop_assert_eq!(one_edit(&one, &other), distance(&one, &other) <= 1);
    }

    #[test]
    fn whoever_stands_first_does_not_matter(rows in rows(12)) {
        let base = base(&rows);
        for first in 0..rows.len() {
            for second in 0..rows.len() {
                let (one, other) = (base.compare(first, second), base.compare(second, first));
                prop_assert_eq!(one.evidence, other.evidence);
                prop_assert!((0.0..=1.0).contains(&one.probability), "{:?}", one);
            }
        }
    }

    #[test]
    fn the_order_of_records_does_not_matter(rows in rows(40)) {
        let forward = base(&rows).pairs(0.2);
        let last = rows.len().saturating_sub(1);
        let reversed: Vec<Row> = rows.iter().rev().cloned().collect();
        let mut backward: Vec<(usize, usize, f64)> = base(&reversed)
            .pairs(0.2)
            .iter()
            .map(|pair| (last - pair.second, last - pair.first, pair.probability))
            .collect();
        backward.sort_by_key(|pair| (pair.0, pair.1));
        let forward: Vec<_> = forward.iter().map(|pair| (pair.first, pair.second, pair.probability)).collect();
        prop_assert_eq!(forward, backward);
    }
}

fn read<'a>(rows: &'a [Row], phones: &'a [Vec<&'a str>]) -> Vec<Record<'a>> {
    let record = |(row, phones): (&'a Row, &'a Vec<&'a str>)| Record {
        name: &row.0,
        credit_code: row.1.as_deref(),
        phones,
        address: row.3.as_deref(),
    };
    rows.iter().zip(phones).map(record).collect()
}

proptest! {
    /// Looking for one record finds it like exactly those that it pairs with when all are compared.
    #[test]
    fn who_is_sought_is_like_those_it_pairs_with(rows in rows(40), at in 0_usize..40) {
        let phones: Vec<Vec<&str>> =
            rows.iter().map(|row| row.2.iter().map(String::as_str).collect()).collect();
        let records = read(&rows, &phones);
        prop_assume!(at < rows.len());
        let (base, lookup) = (Base::new(&records), Lookup::new(&records));
        let sought = lookup.seek(&records[at], Some(at));
        prop_assert!(!sought.candidates.contains(&at));
        for &candidate in &sought.candidates {
            let (told, evidence) = sought.compare(&records[candidate]);
            let pair = base.compare(at, candidate);
            prop_assert!((told - pair.probability).abs() < 1e-9, "{evidence:?} {:?}", pair.evidence);
        }
        for pair in base.pairs(QUEUE) {
            let other = if pair.first == at { pair.second } else { pair.first };
            if pair.first == at || pair.second == at {
                prop_assert!(sought.candidates.contains(&other), "{:?} {:?}", rows[at], rows[other]);
            }
        }
    }

    /// What was taken out, or came one by one, is as if it had never been there, or always.
    #[test]
    fn records_come_and_go(rows in rows(12), more in rows(12)) {
        let all: Vec<Row> = rows.iter().chain(&more).cloned().collect();
        let phones: Vec<Vec<&str>> =
            all.iter().map(|row| row.2.iter().map(String::as_str).collect()).collect();
        let records = read(&all, &phones);
        let mut lookup = Lookup::new(&records[..rows.len()]);
        records[rows.len()..].iter().for_each(|record| lookup.push(record));
        for (place, record) in records.iter().enumerate() {
            let is_named = record.name.chars().any(char::is_alphanumeric);
            prop_assert!(!is_named || lookup.seek(record, None).candidates.contains(&place), "{record:?}");
        }
        (0..rows.len()).for_each(|place| lookup.remove(place));
        for record in &records {
            prop_assert!(lookup.seek(record, None).candidates.iter().all(|&place| place >= rows.len()));
        }
    }
}
