//! Texts that pages ask for, and addresses.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::Lang;
use web::address;

/// Every text key that the sources of this crate name in a call.
fn keys_in_sources() -> BTreeSet<String> {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let mut keys = BTreeSet::new();
    for file in found {
        let source = std::fs::read_to_string(file).expect("a source");
        for call in ["ui.t(\"", "ui.with(\"", "Arg::Key(\""] {
            keys.extend(
                source.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
            );
        }
    }
    keys
}

#[test]
fn every_key_named_has_a_text() {
    let keys = keys_in_sources();
    assert!(keys.len() > 100, "{} keys found", keys.len());
    for key in keys {
        for lang in Lang::ALL {
            assert!(text::has(lang, &key), "{key} has no text in {lang}");
        }
    }
}

#[test]
fn only_addresses_of_this_site_are_gone_on_to() {
    assert_eq!(address::local("/customers?stage=decline"), Some("/customers?stage=decline"));
    for astray in ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/login", "/a\r\nb"] {
        assert_eq!(address::local(astray), None, "{astray}");
    }
}

#[test]
fn what_is_not_understood_is_left_out() {
    let pairs = [("stage", "nonsense"), ("star", "9"), ("unit", "x"), ("sort", "?"), ("q", "  ")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    assert_eq!(service::customer::CustomerQuery::parse(&pairs), service::customer::CustomerQuery::first());
}

mod addresses {
    use domain::LifecycleStage;
    use domain::id::{CustomerId, OrgUnitId, SegmentId, StaffId, ViewId};
    use proptest::prelude::*;
    use proptest::sample::subsequence;
    use service::customer::{
        Chosen, Column, Columns, CustomerQuery, CustomerSort, Facet, FieldCondition, Measure, MeasureKind,
        Ranges,
    };
    use web::address;

    fn bound() -> impl Strategy<Value = Option<i64>> {
        prop::option::of(-1_000_000_000_000_i64..1_000_000_000_000)
    }

    /// A measure with bounds that can be written.
    fn bounded() -> impl Strategy<Value = (Measure, Option<i64>, Option<i64>)> {
        (0..Measure::COUNT, bound(), bound()).prop_map(|(measure, from, to)| {
            let measure = Measure::ALL[measure];
            let within = |bound: i64| match measure.kind() {
                MeasureKind::Figure => bound,
                MeasureKind::Month => 12 * 1970 + bound.rem_euclid(1_000),
                MeasureKind::Day => bound.rem_euclid(50_000),
            };
            (measure, from.map(within), to.map(within))
        })
    }

    fn own(code: &'static str) -> impl Strategy<Value = FieldCondition> {
        let bound = || prop::option::of("[0-9]{1,6}|2026-1[0-2]-1[0-9]");
        let among = subsequence(vec!["a".to_owned(), "b_2".to_owned(), "yes".to_owned()], 0..=3);
        let has = prop::option::of("[&=%+?#示例a.]{1,6}");
        (among, bound(), bound(), has, prop::option::of(any::<bool>()))
            .prop_map(move |(among, from, to, has, filled)| FieldCondition {
                code: code.to_owned(),
                among,
                from,
                to,
                has,
                filled,
            })
            .prop_filter("asks something", |condition| !condition.is_empty())
    }

    fn queries() -> impl Strategy<Value = CustomerQuery> {
        let lists = (
            subsequence(LifecycleStage::ALL.to_vec(), 0..=LifecycleStage::COUNT),
            subsequence((1..=5_u8).collect::<Vec<_>>(), 0..=5),
            proptest::collection::vec((0..Facet::COUNT, any::<prop::sample::Index>()), 0..6),
            proptest::collection::vec(bounded(), 0..4),
            subsequence(vec!["area", "grade_2", "since"], 0..=3)
                .prop_flat_map(|codes| codes.into_iter().map(own).collect::<Vec<_>>()),
        );
        let texts =
            (prop::option::of("[^\\s]([^\\r\\n]{0,8}[^\\s])?"), prop::option::of("[&=%+?#示例a]{1,6}"));
        let ids = (
            prop::option::of(1_i64..1000),
            prop::option::of(1_i64..1000),
            prop::option::of(1_i64..1000),
            prop::option::of(1_i64..1000),
            proptest::collection::btree_set(1_i64..1000, 0..4),
        );
        let columns = proptest::collection::vec(0..Column::ALL.len(), 0..5)
            .prop_map(|places| Columns::new(places.into_iter().map(|place| Column::ALL[place])));
        let view = prop::option::of(1_i64..1000);
        let order = (0..CustomerSort::ALL.len(), any::<bool>(), any::<bool>(), columns, view);
        (lists, texts, ids, order).prop_map(
            |(
                (stages, stars, codes, bounds, fields),
                (text, industry),
                (unit, manager, after, segment, only),
                (sort, descending, changed, columns, view),
            )| {
                CustomerQuery {
                    text: text.filter(|text: &String| text.trim() == text && !text.is_empty()),
                    stages,
                    stars: stars.into_iter().filter_map(|star| star.try_into().ok()).collect(),
                    chosen: codes.into_iter().fold(Chosen::default(), |chosen, (facet, place)| {
                        let facet = Facet::ALL[facet];
                        chosen.with(facet, place.index(facet.codes().len()))
                    }),
                    ranges: bounds.into_iter().fold(Ranges::default(), |mut ranges, (measure, from, to)| {
                        ranges.set(measure, (from, to));
                        ranges
                    }),
                    fields,
                    industry,
                    unit: unit.map(OrgUnitId::new),
                    manager: manager.map(StaffId::new),
                    only: only.into_iter().map(CustomerId::new).collect(),
                    changed,
                    segment: segment.map(SegmentId::new),
                    sort: CustomerSort::ALL[sort].0,
                    descending,
                    columns,
                    view: view.map(ViewId::new),
                    after: after.map(CustomerId::new),
                }
            },
        )
    }

    fn decode(text: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                let digits = std::str::from_utf8(&digits).expect("digits").to_owned();
                bytes.push(u8::from_str_radix(&digits, 16).expect("hexadecimal"));
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).expect("text")
    }

    proptest! {
        #[test]
        fn a_list_is_the_same_when_its_address_is_opened_again(query in queries()) {
            let address = address::customers(&query);
            let pairs: service::customer::Pairs = match address.split_once('?') {
                Some((_, pairs)) => pairs
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(name, value)| (decode(name), decode(value)))
                    .collect(),
                None => Vec::new(),
            };
            prop_assert_eq!(CustomerQuery::parse(&pairs), query);
        }

        #[test]
        fn groups_of_a_segment_are_the_same_when_their_address_is_opened_again(
            groups in proptest::collection::vec(queries(), 1..4),
        ) {
            let bare = |query: CustomerQuery| CustomerQuery {
                segment: None, after: None, view: None, columns: Columns::default(),
                sort: CustomerSort::default(), descending: true, ..query
            };
            let groups: Vec<_> = groups.into_iter().map(bare).collect();
            prop_assert_eq!(address::parse_groups(&address::group_pairs(&groups)), groups);
        }
    }
}
