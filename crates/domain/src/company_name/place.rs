//! Places in names: provinces and cities from a list, others by how their names end.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::written;

/// A place of a name, without 省, 市 or 县.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// How wide it is.
    pub level: PlaceLevel,
    /// Its name.
    pub name: String,
}

/// How wide a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceLevel {
    /// 省, 自治区, 直辖市.
    Province,
    /// 市, 州, 盟.
    City,
    /// 县, 区, 旗.
    County,
}

/// What the places of two names say about each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// The same place to the same depth.
    Same,
    /// One lies in the other.
    Within,
    /// One says none, or they cannot be compared.
    Unsaid,
    /// Two places.
    Different,
}

impl Whereabouts {
    /// Compares the places of two names, the widest first in both.
    #[must_use]
    pub fn of(one: &[Place], other: &[Place]) -> Self {
        let (Some(last), Some(other_last)) = (one.last(), other.last()) else { return Self::Unsaid };
        let conflict = one.iter().any(|place| {
            let mut same_level = other.iter().filter(|other| other.level == place.level).peekable();
            same_level.peek().is_some() && same_level.all(|other| other.name != place.name)
        });
        match () {
            () if conflict => Self::Different,
            () if last == other_last => Self::Same,
            () if one.contains(other_last) || other.contains(last) => Self::Within,
            () => Self::Unsaid,
        }
    }
}

/// A place of the list: its name, its level, and the province it lies in.
struct Known {
    name: String,
    level: PlaceLevel,
    province: Option<String>,
}

/// Places of the list by first character, longer ones first.
static KNOWN: LazyLock<HashMap<char, Vec<Known>>> = LazyLock::new(|| {
    let mut known: HashMap<char, Vec<Known>> = HashMap::new();
    for line in include_str!("places.txt").lines() {
        let mut names = line.split_whitespace().map(written);
        let Some(province) = names.next() else { continue };
        let cities: Vec<Known> = names
            .filter(|city| *city != province)
            .map(|name| Known { name, level: PlaceLevel::City, province: Some(province.clone()) })
            .collect();
        let province = Known { name: province, level: PlaceLevel::Province, province: None };
        for place in cities.into_iter().chain([province]) {
            if let Some(first) = place.name.chars().next() {
                known.entry(first).or_default().push(place);
            }
        }
    }
    for places in known.values_mut() {
        places.sort_by_key(|place| std::cmp::Reverse(place.name.len()));
    }
    known
});

/// What may follow a name of the list, longer ones before those that begin like them.
const KINDS: [&str; 11] = [
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "特别行政区",
    "自治区",
    "自治州",
    "地区",
    "省",
    "市",
    "州",
    "盟",
];
/// Words whose end looks like a place: 超市, 都市, 城市 … and 小区, 园区, 社区 …
const NO_CITY: [char; 14] =
    ['超', '城', '都', '夜', '菜', '门', '上', '集', '早', '股', '楼', '房', '花', '鱼'];
const NO_COUNTY: [char; 12] = ['小', '园', '社', '景', '厂', '校', '库', '牧', '地', '特', '发', '术'];

/// The places that a name begins with, and the rest, which is never empty unless all is places.
pub(super) fn leading(name: &str) -> (Vec<Place>, String) {
    let (places, rest) = leading_all(name);
    (places, rest.to_owned())
}

/// The places that a text begins with, at most three, and the rest.
pub(super) fn leading_all(text: &str) -> (Vec<Place>, &str) {
    let mut places: Vec<Place> = Vec::new();
    let mut rest = text;
    while places.len() < 3 && !rest.is_empty() {
        if let Some((known, after)) = of_list(rest) {
            let province = known.province.iter().map(|name| (PlaceLevel::Province, name.clone()));
            for (level, name) in province.chain([(known.level, known.name.clone())]) {
                let place = Place { level, name };
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            rest = after;
        } else if let Some((place, after)) = by_ending(rest, !places.is_empty()) {
            places.push(place);
            rest = after;
        } else {
            break;
        }
    }
    (places, rest)
}

fn of_list(text: &str) -> Option<(&'static Known, &str)> {
    let first = text.chars().next()?;
    let (known, after) =
        KNOWN.get(&first)?.iter().find_map(|known| Some((known, text.strip_prefix(known.name.as_str())?)))?;
    let after = KINDS.iter().find_map(|kind| after.strip_prefix(kind)).unwrap_or(after);
    Some((known, after))
}

/// One to four characters and 市, 县 or 旗, or, where a wider place stands before, up to three and 区.
fn by_ending(text: &str, within: bool) -> Option<(Place, &str)> {
    let mut before = None;
    for (count, (at, character)) in text.char_indices().enumerate().take(5) {
        let level = match (character, before) {
            (_, None) => None,
            ('市', Some(before)) if !NO_CITY.contains(&before) => Some(PlaceLevel::City),
            ('县', Some(_)) => Some(PlaceLevel::County),
            ('区' | '旗', Some(before)) if within && count <= 3 && !NO_COUNTY.contains(&before) => {
                Some(PlaceLevel::County)
            }
            _ => None,
        };
        if let Some(level) = level {
            let place = Place { level, name: text[..at].to_owned() };
            return Some((place, &text[at + character.len_utf8()..]));
        }
        before = Some(character);
    }
    None
}

/// Where the place begins that a text ends with, if it ends with one.
pub(super) fn trailing(text: &str) -> Option<usize> {
    let starts = text.char_indices().rev().take(12).map(|(at, _)| at);
    starts.filter(|&at| matches!(leading_all(&text[at..]), (places, "") if !places.is_empty())).last()
}

/// Places in order of width, each once.
pub(super) fn ordered(mut places: Vec<Place>) -> Vec<Place> {
    places.sort();
    places.dedup();
    places
}
