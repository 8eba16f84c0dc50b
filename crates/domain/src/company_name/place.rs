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

/// Places beside those of the list, as they are met in the names of a base: who reads 「甲一市示例恒辰」 in many
/// names knows 「示例恒辰（甲一）」 too.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// By first character, longer ones first.
    by_first: HashMap<char, Vec<Place>>,
}

impl FromIterator<Place> for Places {
    fn from_iter<I: IntoIterator<Item = Place>>(places: I) -> Self {
        let mut by_first: HashMap<char, Vec<Place>> = HashMap::new();
        for place in places {
            // One character alone stands in too many names that mean no place.
            let mut characters = place.name.chars();
            if let (Some(first), Some(_)) = (characters.next(), characters.next()) {
                by_first.entry(first).or_default().push(place);
            }
        }
        for places in by_first.values_mut() {
            places.sort_by(|one, other| other.name.len().cmp(&one.name.len()).then_with(|| one.cmp(other)));
            places.dedup();
        }
        Self { by_first }
    }
}

impl Places {
    fn at_start<'t>(&self, text: &'t str) -> Option<(&Place, &'t str)> {
        let first = text.chars().next()?;
        let (place, after) = self
            .by_first
            .get(&first)?
            .iter()
            .find_map(|place| Some((place, text.strip_prefix(place.name.as_str())?)))?;
        let kinds: &[char] = if place.level == PlaceLevel::City { &['市'] } else { &['县', '区', '旗'] };
        Some((place, after.strip_prefix(kinds).unwrap_or(after)))
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

/// The places that a text begins with, at most three, and the rest.
pub(super) fn leading<'t>(text: &'t str, more: &Places) -> (Vec<Place>, &'t str) {
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
        } else if let Some((place, after)) = more.at_start(rest) {
            places.push(place.clone());
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

/// Where the place begins that a text ends with, if it ends with one: as far back as places are known, or else as
/// near as a word of two characters.
pub(super) fn trailing(text: &str, more: &Places) -> Option<usize> {
    let starts: Vec<usize> = text.char_indices().rev().take(12).map(|(at, _)| at).collect();
    let known = |&at: &usize| {
        let rest = &text[at..];
        (of_list(rest).is_some() || more.at_start(rest).is_some()) && leading(rest, more).1.is_empty()
    };
    let guessed =
        |&at: &usize| text[at..].chars().nth(2).is_some() && leading(&text[at..], more).1.is_empty();
    starts
        .iter()
        .rev()
        .copied()
        .find(|at| known(at))
        .or_else(|| starts.iter().copied().find(|at| guessed(at)))
}

/// Places in order of width, each once.
pub(super) fn ordered(mut places: Vec<Place>) -> Vec<Place> {
    places.sort();
    places.dedup();
    places
}
