//! What agreement and disagreement weigh, in bits: log₂ of how much more often duplicates show it than strangers.

use domain::company_name::{Form, Whereabouts};

use super::Evidence;
use super::record::{Code, Kind, Prepared};

/// How many records of the same customer a record has beside itself, before anything is known of it.
const EXPECTED: f64 = 0.03;
/// A base of fewer records says little about how common something is: it is taken for part of so many.
const SMALL: usize = 10_000;

/// Something that duplicates share: how often they do, and how many strangers share it beside those seen.
/// What two records of a customer share is no accident, so both are taken off the count.
#[derive(Debug, Clone, Copy)]
struct Shared {
    /// Part of the duplicates.
    duplicates: f64,
    /// Strangers to be expected where none is seen.
    strangers: f64,
}

const CODE: Shared = Shared { duplicates: 0.6, strangers: 0.000_5 };
/// A code that does not hold: 无, a registration number of old.
const WRONG_CODE: Shared = Shared { duplicates: 0.1, strangers: 0.01 };
const PHONE: Shared = Shared { duplicates: 0.65, strangers: 0.1 };
const NAME: Shared = Shared { duplicates: 0.3, strangers: 0.01 };
const CORE: Shared = Shared { duplicates: 0.8, strangers: 0.05 };
const JUMBLED: Shared = Shared { duplicates: 0.1, strangers: 0.2 };
const NEAR: Shared = Shared { duplicates: 0.08, strangers: 0.3 };
/// The core, and after it the characters of trade and form in another order: their words cannot be told.
const GARBLED: Shared = Shared { duplicates: 0.1, strangers: 0.3 };
/// The characters of the whole name in another order, other than within the core.
const SWAPPED: Shared = Shared { duplicates: 0.12, strangers: 0.05 };
/// The whole name but for one character.
const EDITED: Shared = Shared { duplicates: 0.05, strangers: 0.5 };
const ADDRESS: Shared = Shared { duplicates: 0.45, strangers: 0.1 };
const HOUSE: Shared = Shared { duplicates: 0.3, strangers: 0.3 };

/// Two names that share none of this: hardly ever a duplicate.
const OTHER_NAME: f64 = -8.0;
/// Two codes that hold and differ: one of the two was copied from the wrong licence.
const OTHER_CODE: f64 = -10.0;
/// A code that does not hold beside one that it is not mistyped from.
const OTHER_WRONG_CODE: f64 = -2.0;
/// One character or two swapped neighbours away from a code that holds, and not holding itself.
const MISTYPED_CODE: f64 = 9.0;
const OTHER_PHONE: f64 = -1.5;
const OTHER_ADDRESS: f64 = -1.5;
/// A branch or a number that differs makes another customer, whatever else they share.
const OTHER_BRANCH: f64 = -60.0;
/// A branch beside what may be its head office.
const ONE_BRANCH: f64 = -60.0;
/// A number that only one name has: left out, or one of several.
const ONE_NUMBER: f64 = -8.0;
const OTHER_PLACE: f64 = -6.0;
const OTHER_TRADE: f64 = -5.0;
const SHORTER_TRADE: f64 = 1.0;
const NO_TRADE: f64 = -1.0;
const OTHER_FORM: f64 = -3.0;
/// Place and trade are common words: no more than so much for them.
const MOST_FOR_COMMON: f64 = 5.0;
/// What the weaker of telephone and address counts beside the stronger: who shares an office shares both.
const SECOND_CONTACT: f64 = 0.3;

#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Records, as a power of two.
    records: f64,
}

impl Scale {
    pub fn new(records: usize) -> Self {
        Self { records: (records.max(SMALL) as f64).log2() }
    }

    pub fn probability(self, evidence: &Evidence) -> f64 {
        let Evidence { name, branch, credit_code, contact } = *evidence;
        let odds = EXPECTED.log2() - self.records + name + branch + credit_code + contact;
        1.0 / (1.0 + (-odds).exp2())
    }

    pub fn weigh(self, one: &Prepared, other: &Prepared) -> Evidence {
        let credit_code = self.credit_code(one, other);
        let swapped = one.numbers == other.numbers && one.letters == other.letters;
        let branch = if swapped { 0.0 } else { branch(one, other) };
        if one.whole.is_empty() || other.whole.is_empty() {
            // A name that was not given is no other name.
            let contact = self.contact(one, other);
            return Evidence { name: 0.0, branch: 0.0, credit_code, contact };
        }
        let name = self.parts(one, other);
        let name = match one.shares(other, Kind::Name) {
            Some(count) => name.max(self.shared(NAME, count)),
            None if one.shares(other, Kind::Jumbled).is_some() => name,
            None if swapped => name.max(self.shared(SWAPPED, 2)),
            None if one.numbers == other.numbers && one_edit(&one.whole, &other.whole) => {
                name.max(self.shared(EDITED, 2))
            }
            None => name,
        };
        Evidence { name, branch, credit_code, contact: self.contact(one, other) }
    }

    /// Bits for something that so many records have.
    fn shared(self, what: Shared, count: u32) -> f64 {
        let strangers = f64::from(count.saturating_sub(2)) + what.strangers;
        what.duplicates.log2() + self.records - strangers.log2()
    }

    fn credit_code(self, one: &Prepared, other: &Prepared) -> f64 {
        let count = one.shares(other, Kind::Code);
        match (&one.code, &other.code) {
            (Code::Unsaid, _) | (_, Code::Unsaid) => 0.0,
            (Code::Holds(_), Code::Holds(_)) => count.map_or(OTHER_CODE, |count| self.shared(CODE, count)),
            (Code::Wrong(wrong), Code::Holds(code)) | (Code::Holds(code), Code::Wrong(wrong)) => {
                let code: Vec<char> = code.as_str().to_lowercase().chars().collect();
                if one_edit(wrong, &code) { MISTYPED_CODE } else { OTHER_WRONG_CODE }
            }
            (Code::Wrong(_), Code::Wrong(_)) => {
                count.map_or(OTHER_WRONG_CODE, |count| self.shared(WRONG_CODE, count))
            }
        }
    }

    /// Core, trade, place and form.
    fn parts(self, one: &Prepared, other: &Prepared) -> f64 {
        let core = [(Kind::Core, CORE), (Kind::Jumbled, JUMBLED), (Kind::Near, NEAR)]
            .into_iter()
            .find_map(|(kind, what)| Some(self.shared(what, one.shares(other, kind)?)));
        let Some((core, in_core)) =
            core.map(|core| (core, true)).or_else(|| Some((self.garbled(one, other)?, false)))
        else {
            return OTHER_NAME;
        };
        let trade = match (one.name.trade.as_str(), other.name.trade.as_str()) {
            _ if !in_core => 0.0,
            ("", "") => 0.0,
            ("", _) | (_, "") => NO_TRADE,
            (a, b) if a == b => self.common(one, other, Kind::Trade),
            (a, b) if a.starts_with(b) || b.starts_with(a) || one_edit_text(a, b) => SHORTER_TRADE,
            _ => OTHER_TRADE,
        };
        let place = match Whereabouts::of(&one.name.places, &other.name.places) {
            Whereabouts::Same => self.common(one, other, Kind::Place),
            Whereabouts::Within => 1.0,
            Whereabouts::Unsaid => 0.0,
            Whereabouts::Different => OTHER_PLACE,
        };
        let forms = (one.name.form, other.name.form);
        let said = forms.0 != Form::Unsaid && forms.1 != Form::Unsaid;
        let form = if said && forms.0 != forms.1 { OTHER_FORM } else { 0.0 };
        core + trade + place + form
    }

    /// Bits for a core that the other name begins with, if what follows is the same but for the order.
    fn garbled(self, one: &Prepared, other: &Prepared) -> Option<f64> {
        let (short, long) =
            if one.name.core.len() <= other.name.core.len() { (one, other) } else { (other, one) };
        let count = short.of(Kind::Core).first()?.count + 1;
        let said = short.name.proper.strip_prefix(short.name.core.as_str())?;
        let garbled = long.name.proper.strip_prefix(short.name.core.as_str())?;
        let same = |said: &str, garbled: &str| {
            let mut said: Vec<char> = said.chars().collect();
            let mut garbled: Vec<char> = garbled.chars().take(said.len()).collect();
            said.sort_unstable();
            garbled.sort_unstable();
            said.len() > 1 && said == garbled
        };
        let found = same(said, garbled) || same(garbled, said) || same(&short.name.trade, garbled);
        found.then(|| self.shared(GARBLED, count))
    }

    /// Bits for a word that many records have.
    fn common(self, one: &Prepared, other: &Prepared, kind: Kind) -> f64 {
        let count = one.shares(other, kind).unwrap_or(2);
        (self.records - f64::from(count).log2()).clamp(0.0, MOST_FOR_COMMON)
    }

    fn contact(self, one: &Prepared, other: &Prepared) -> f64 {
        let phone = match one.shares(other, Kind::Phone) {
            Some(count) => self.shared(PHONE, count),
            None if one.has_phone && other.has_phone => OTHER_PHONE,
            None => 0.0,
        };
        let address = match (one.shares(other, Kind::Address), one.shares(other, Kind::House)) {
            (Some(count), _) => self.shared(ADDRESS, count),
            (None, Some(count)) => self.shared(HOUSE, count),
            (None, None) if one.has_address && other.has_address => OTHER_ADDRESS,
            (None, None) => 0.0,
        };
        let (strong, weak) = (phone.max(address), phone.min(address));
        if weak > 0.0 { strong + SECOND_CONTACT * weak } else { strong + weak }
    }
}

fn branch(one: &Prepared, other: &Prepared) -> f64 {
    match (one.name.branch.as_str(), other.name.branch.as_str()) {
        (a, b) if a == b => numbers(one, other),
        ("", _) | (_, "") => ONE_BRANCH,
        _ => OTHER_BRANCH,
    }
}

/// Numbers in the names that differ, or that only one has.
fn numbers(one: &Prepared, other: &Prepared) -> f64 {
    let (ours, theirs): (Vec<&str>, Vec<&str>) =
        (one.name.numbers().collect(), other.name.numbers().collect());
    match (ours.is_empty(), theirs.is_empty()) {
        _ if ours == theirs => 0.0,
        (false, false) => OTHER_BRANCH,
        _ => ONE_NUMBER,
    }
}

fn one_edit_text(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    one_edit(&one, &other)
}

/// Whether one character more, less or other, or two swapped neighbours, make one text of the other: a distance of
/// Damerau and Levenshtein of at most 1. Linear.
pub(super) fn one_edit(one: &[char], other: &[char]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let (short, long) = (&short[same..], &long[same..]);
    match (short, long) {
        (_, []) => true,
        (short, [_, rest @ ..]) if short == rest => true,
        ([_, short @ ..], [_, long @ ..]) if short == long => true,
        ([a, b, short @ ..], [c, d, long @ ..]) => a == d && b == c && short == long,
        _ => false,
    }
}
