//! A record in the form in which it is compared.

use std::collections::HashMap;

use domain::CreditCode;
use domain::company_name::{CompanyName, Place, PlaceLevel, Places, written};

use crate::random::mixed;

/// What is known of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its credit code, as it was entered.
    pub credit_code: Option<&'a str>,
    /// Telephone numbers of it and its people.
    pub phones: &'a [&'a str],
    /// Its address.
    pub address: Option<&'a str>,
}

/// What two records may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A credit code, whether it holds or not.
    Code,
    /// A telephone number.
    Phone,
    /// The whole name as it is written.
    Name,
    /// The core of the name.
    Core,
    /// The characters of the core in any order.
    Jumbled,
    /// The core with at most one character left out: two that share it lie one mistyping apart.
    Near,
    /// The whole address.
    Address,
    /// Street and house number.
    House,
    /// What the company does. Only counted.
    Trade,
    /// Where its name says it is. Only counted.
    Place,
}

impl Kind {
    /// Whether records are looked up by it, rather than only counted.
    pub fn leads(self) -> bool {
        !matches!(self, Self::Trade | Self::Place)
    }
}

/// A thing that records may share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub kind: Kind,
    pub hash: u64,
    /// How many records have it, this one included.
    pub count: u32,
}

/// A credit code as it was entered.
#[derive(Debug, Clone)]
pub(super) enum Code {
    Unsaid,
    Holds(CreditCode),
    /// Its characters.
    Wrong(Vec<char>),
}

#[derive(Debug)]
pub(super) struct Prepared {
    pub name: CompanyName,
    /// The whole name in one way of writing, without brackets.
    pub whole: Vec<char>,
    /// The characters of the whole name, sorted.
    pub letters: Vec<char>,
    /// The digits of the name in their order, with what is no digit as a space.
    pub numbers: String,
    pub code: Code,
    pub has_phone: bool,
    pub has_address: bool,
    /// By kind.
    pub keys: Vec<Key>,
}

/// Longer cores are compared whole only: their number of neighbours would grow with the square of the length.
const NEAR_LENGTH: usize = 16;
/// Fewer characters say nothing.
const CODE_LENGTH: usize = 8;
const PHONE_LENGTH: usize = 7;
/// A number as it is dialled from abroad or with a prefix ends with the number itself.
const PHONE_END: usize = 11;
/// Characters before the house number that name the street.
const STREET: usize = 4;

/// A place that so many names say in full is known where they leave 市 or 县 out.
const KNOWN: usize = 3;

/// How often names speak of each place in full.
#[derive(Debug, Default)]
pub(super) struct PlaceCounts(HashMap<Place, usize>);

impl PlaceCounts {
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut counts = HashMap::new();
        for place in names.into_iter().flat_map(|name| CompanyName::parse(name).places) {
            *counts.entry(place).or_default() += 1;
        }
        Self(counts)
    }

    pub fn add(&mut self, other: Self) {
        for (place, count) in other.0 {
            *self.0.entry(place).or_default() += count;
        }
    }

    /// The places that are known where a name leaves 市 or 县 out.
    pub fn places(self) -> Places {
        let often = self.0.into_iter();
        let often = often.filter(|(place, count)| *count >= KNOWN && place.level != PlaceLevel::Province);
        often.map(|(place, _)| place).collect()
    }
}

/// Cuts all names, knowing the places that the others speak of.
pub(super) fn names(records: &[Record<'_>]) -> Vec<CompanyName> {
    let places = PlaceCounts::new(records.iter().map(|record| record.name)).places();
    records.iter().map(|record| CompanyName::parse_with(record.name, &places)).collect()
}

impl Prepared {
    pub fn new(record: &Record<'_>, name: CompanyName) -> Self {
        let whole: Vec<char> =
            written(record.name).chars().filter(|character| !matches!(character, '(' | ')')).collect();
        let mut letters = whole.clone();
        letters.sort_unstable();
        let mut keys = Vec::with_capacity(16);
        let mut key = |kind: Kind, characters: &mut dyn Iterator<Item = char>| {
            keys.push(Key { kind, hash: hash(kind, characters), count: 1 });
        };
        let code = code(record.credit_code);
        match &code {
            Code::Holds(code) => key(Kind::Code, &mut code.as_str().chars()),
            Code::Wrong(code) if code.len() >= CODE_LENGTH => key(Kind::Code, &mut code.iter().copied()),
            Code::Wrong(_) | Code::Unsaid => {}
        }
        let phones: Vec<String> = record.phones.iter().filter_map(|phone| digits_of_phone(phone)).collect();
        for phone in &phones {
            key(Kind::Phone, &mut phone.chars());
        }
        if !whole.is_empty() {
            key(Kind::Name, &mut whole.iter().copied());
        }
        let core: Vec<char> = name.core.chars().collect();
        if core.len() > 1 {
            key(Kind::Core, &mut core.iter().copied());
            let mut jumbled = core.clone();
            jumbled.sort_unstable();
            key(Kind::Jumbled, &mut jumbled.into_iter());
        }
        if (3..=NEAR_LENGTH).contains(&core.len()) {
            key(Kind::Near, &mut core.iter().copied());
            for left_out in 0..core.len() {
                let rest = core.iter().enumerate().filter(|(place, _)| *place != left_out);
                key(Kind::Near, &mut rest.map(|(_, &character)| character));
            }
        } else if core.len() == 2 {
            key(Kind::Near, &mut core.iter().copied());
        }
        let address = record.address.map(written).unwrap_or_default();
        if !address.is_empty() {
            key(Kind::Address, &mut address.chars());
        }
        if let Some(house) = house(&address) {
            key(Kind::House, &mut house.chars());
        }
        if !name.trade.is_empty() {
            key(Kind::Trade, &mut name.trade.chars());
        }
        if let Some(place) = name.places.last() {
            key(Kind::Place, &mut place.name.chars());
        }
        keys.sort_unstable_by_key(|key| (key.kind, key.hash));
        keys.dedup_by_key(|key| (key.kind, key.hash));
        let numbers = numbers(&whole);
        let has_address = !address.is_empty();
        Self { name, whole, letters, numbers, code, has_phone: !phones.is_empty(), has_address, keys }
    }

    /// The keys of a kind.
    pub fn of(&self, kind: Kind) -> &[Key] {
        let from = self.keys.partition_point(|key| key.kind < kind);
        let count = self.keys[from..].iter().take_while(|key| key.kind == kind).count();
        &self.keys[from..from + count]
    }

    /// How many records have the rarest thing of a kind that these two share.
    pub fn shares(&self, other: &Self, kind: Kind) -> Option<u32> {
        let theirs = other.of(kind);
        let shared = self.of(kind).iter().filter(|key| theirs.iter().any(|their| their.hash == key.hash));
        shared.map(|key| key.count).min()
    }
}

/// FNV-1a over the characters, mixed: the same in every run.
pub(super) fn hash(kind: Kind, characters: &mut dyn Iterator<Item = char>) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ kind as u64;
    mixed(characters.fold(start, |hash, character| {
        (hash ^ u64::from(u32::from(character))).wrapping_mul(0x0000_0100_0000_01b3)
    }))
}

fn code(text: Option<&str>) -> Code {
    let Some(text) = text else { return Code::Unsaid };
    if let Ok(code) = text.parse() {
        return Code::Holds(code);
    }
    let characters: Vec<char> =
        written(text).chars().filter(|character| character.is_alphanumeric()).collect();
    if characters.is_empty() { Code::Unsaid } else { Code::Wrong(characters) }
}

fn digits_of_phone(text: &str) -> Option<String> {
    let digits: Vec<char> = written(text).chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= PHONE_LENGTH).then(|| digits[digits.len().saturating_sub(PHONE_END)..].iter().collect())
}

/// Street and house number: the first number that follows 路, 街 and their kin, or else the first, with the
/// characters before it.
fn house(address: &str) -> Option<String> {
    let characters: Vec<char> = address.chars().filter(|character| !matches!(character, '(' | ')')).collect();
    let begins = |&place: &usize| {
        characters[place].is_ascii_digit() && place > 0 && !characters[place - 1].is_ascii_digit()
    };
    let street =
        |&place: &usize| matches!(characters[place - 1], '路' | '街' | '道' | '巷' | '弄' | '村' | '里');
    let starts = (0..characters.len()).filter(begins);
    let start = starts.clone().find(street).or_else(|| starts.clone().next())?;
    let end = (start..characters.len()).find(|&place| !characters[place].is_ascii_digit());
    // Back to where the number before ends: 甲西第1网格示例路749 is another street than 甲西第2网格示例路749.
    let mut from = start.saturating_sub(STREET);
    while from > 0 && !characters[from].is_ascii_digit() && start - from < 3 * STREET {
        from -= 1;
    }
    Some(characters[from..end.unwrap_or(characters.len())].iter().collect())
}

fn numbers(whole: &[char]) -> String {
    let mut numbers = String::new();
    for &character in whole {
        if character.is_ascii_digit() {
            numbers.push(character);
        } else if !numbers.ends_with(' ') {
            numbers.push(' ');
        }
    }
    numbers.trim().to_owned()
}
