//! Names and codes as they may be spelt, laid out so that a search looks through a million of them at once.
//!
//! A name is kept as the places of its characters in a list of all that occur: a few thousand, however many names
//! there are. What a character answers to (itself, its readings in pinyin, the first letter of one) is worked out once
//! per character and search. A name is then one pass over its places, in which each bit of a number says how much of
//! the words typed is found so far (the bit-parallel automaton of Baeza-Yates and Gonnet, with steps of several
//! letters). Initials, pinyin in full, characters and any mixture of them are one and the same search.

use std::ops::Range;
use std::thread;

use hashbrown::HashMap;
use pinyin::ToPinyinMulti;

use super::words::{MOST, Words, fold, folded};

/// The place of a character.
type Place = u16;

/// Stands between name and code, and for characters beyond those that have a place: no search holds it.
const NONE: Place = 0;

/// How well a text fits: the more the better.
pub type Fit = u8;
/// Not at all.
pub const NOT: Fit = 0;
/// Somewhere inside, or at the beginning of another number.
pub const INSIDE: Fit = 1;
/// At the beginning of the name, by how it is read.
pub const READ: Fit = 2;
/// At the beginning of the name or the code, as it stands there.
pub const BEGINS: Fit = 3;
/// Name, code or another number as a whole.
pub const WHOLE: Fit = 4;

/// Rows looked through by one thread at least: less is not worth starting one.
const ALONE: usize = 32_768;
/// Threads of one search at most.
const THREADS: usize = 4;

/// Texts by row: a name, a code and perhaps another number each.
#[derive(Debug)]
pub struct Spelt {
    /// The character at each place; the first is none.
    characters: Vec<Character>,
    /// The place of each character met; nothing for one that does not show.
    places: HashMap<char, Option<Place>>,
    names: Lines,
    codes: Lines,
    /// Numbers in lower case, one after the other, and where each ends.
    numbers: (String, Vec<usize>),
    /// What numbers begin with.
    number_initials: Vec<char>,
}

/// A character that occurs.
#[derive(Debug)]
struct Character {
    is: char,
    readings: Vec<Vec<char>>,
    is_in_codes: bool,
}

/// Texts as places of characters, one after the other, each with [`NONE`] after it.
#[derive(Debug, Default)]
struct Lines {
    text: Vec<Place>,
    /// Where each begins, and where the last one ends.
    bounds: Vec<usize>,
}

impl Lines {
    fn get(&self, row: usize) -> &[Place] {
        &self.text[self.bounds[row]..self.bounds[row + 1] - 1]
    }

    fn end(&mut self) {
        self.text.push(NONE);
        self.bounds.push(self.text.len());
    }

    /// Hands over each row in which a word may begin, and how far from its beginning. All rows are looked at as one
    /// text: most of it is left behind without asking which row it belongs to.
    fn each_candidate(&self, asked: &Asked, rows: Range<usize>, mut each: impl FnMut(usize, usize)) {
        let (mut row, mut at, end) = (rows.start, self.bounds[rows.start], self.bounds[rows.end]);
        while let Some(skipped) = asked.next(&self.text[at..end]) {
            at += skipped;
            while self.bounds[row + 1] <= at {
                row += 1;
            }
            each(row, at - self.bounds[row]);
            at = self.bounds[row + 1];
        }
    }
}

impl Default for Spelt {
    fn default() -> Self {
        let lines = || Lines { text: Vec::new(), bounds: vec![0] };
        Self {
            characters: vec![Character { is: '\0', readings: Vec::new(), is_in_codes: false }],
            places: HashMap::new(),
            names: lines(),
            codes: lines(),
            numbers: (String::new(), vec![0]),
            number_initials: Vec::new(),
        }
    }
}

impl Spelt {
    /// Adds a row at the end; its number may be empty.
    pub fn push(&mut self, name: &str, code: &str, number: &str) {
        for character in name.chars() {
            let place = self.place(character);
            self.names.text.extend(place);
        }
        self.names.end();
        for character in code.chars() {
            let place = self.place(character);
            self.codes.text.extend(place);
            if let Some(place) = place {
                self.characters[usize::from(place)].is_in_codes = true;
            }
        }
        self.codes.end();
        let (numbers, bounds) = &mut self.numbers;
        let start = numbers.len();
        numbers.extend(folded(number));
        bounds.push(numbers.len());
        if let Some(initial) = numbers[start..].chars().next().filter(|c| !self.number_initials.contains(c)) {
            self.number_initials.push(initial);
        }
    }

    fn place(&mut self, character: char) -> Option<Place> {
        match self.places.get(&character) {
            Some(&place) => place,
            None => self.give_place(character),
        }
    }

    fn give_place(&mut self, character: char) -> Option<Place> {
        let place = fold(character).map(|lower| match self.places.get(&lower) {
            Some(&place) => place.unwrap_or(NONE),
            None => {
                let place = Place::try_from(self.characters.len()).unwrap_or(NONE);
                if place != NONE {
                    let readings = readings(lower);
                    self.characters.push(Character { is: lower, readings, is_in_codes: false });
                }
                self.places.insert(lower, Some(place));
                place
            }
        });
        self.places.insert(character, place);
        place
    }

    fn number(&self, row: usize) -> &str {
        let (numbers, bounds) = &self.numbers;
        &numbers[bounds[row]..bounds[row + 1]]
    }

    /// How well each of some rows fits what was typed.
    pub fn fits(&self, words: &Words, rows: Range<usize>) -> Vec<Fit> {
        let asked = &Asked::new(self, words);
        let mut fits = vec![NOT; rows.len()];
        let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
        let share = rows.len().div_ceil(threads).max(ALONE);
        if share >= rows.len() {
            self.look(asked, rows.start, &mut fits);
        } else {
            thread::scope(|scope| {
                for (part, fits) in fits.chunks_mut(share).enumerate() {
                    scope.spawn(move || self.look(asked, rows.start + part * share, fits));
                }
            });
        }
        fits
    }

    /// Looks at rows from `first` on.
    fn look(&self, asked: &Asked, first: usize, fits: &mut [Fit]) {
        let rows = first..first + fits.len();
        let mut note = |row: usize, fit: Fit| {
            let best = &mut fits[row - first];
            *best = fit.max(*best);
        };
        self.names
            .each_candidate(asked, rows.clone(), |row, from| note(row, self.fit_name(asked, row, from)));
        if asked.is_in_codes {
            self.codes
                .each_candidate(asked, rows.clone(), |row, from| note(row, self.fit_code(asked, row, from)));
        }
        if !asked.of_numbers.is_empty() {
            for row in rows {
                note(row, self.fit_number(asked, row));
            }
        }
    }

    /// How well a row fits in whose name a word may begin, none before `from`.
    fn fit_name(&self, asked: &Asked, row: usize, from: usize) -> Fit {
        let name = self.names.get(row);
        let at_beginning = from == 0 && asked.begins(name);
        let mut found = if at_beginning { asked.first.1 } else { 0 };
        found = asked.find(&name[from..], found);
        if found != asked.ends && !asked.is_one_word {
            found = self.find_elsewhere(asked, row, found);
        }
        match &asked.literal {
            _ if found != asked.ends => NOT,
            Some(word) if at_beginning && name == word.as_slice() && asked.is_one_word => WHOLE,
            Some(word) if at_beginning && name.starts_with(word) => BEGINS,
            _ if at_beginning => READ,
            _ => INSIDE,
        }
    }

    fn fit_code(&self, asked: &Asked, row: usize, from: usize) -> Fit {
        let code = self.codes.get(row);
        let mut found = asked.find(&code[from..], 0);
        if found != asked.ends && !asked.is_one_word {
            found = asked.find(self.names.get(row), self.find_elsewhere(asked, row, found));
        }
        match &asked.literal {
            _ if found != asked.ends => NOT,
            Some(word) if asked.is_one_word && code == word.as_slice() => WHOLE,
            Some(word) if code.starts_with(word) => BEGINS,
            _ => INSIDE,
        }
    }

    fn fit_number(&self, asked: &Asked, row: usize) -> Fit {
        let number = self.number(row);
        let Some((_, word)) = asked.of_numbers.iter().find(|(_, word)| number.starts_with(word.as_str()))
        else {
            return NOT;
        };
        let fits = || asked.find(self.names.get(row), self.find_elsewhere(asked, row, 0)) == asked.ends;
        match asked.is_one_word {
            true if number.len() == word.len() => WHOLE,
            false if !fits() => NOT,
            _ => INSIDE,
        }
    }

    /// What is found in code and number besides what is found already.
    fn find_elsewhere(&self, asked: &Asked, row: usize, found: Found) -> Found {
        let found = if asked.is_in_codes { asked.find(self.codes.get(row), found) } else { found };
        let begun = asked.of_numbers.iter().filter(|(_, word)| self.number(row).starts_with(word.as_str()));
        begun.fold(found, |found, (end, _)| found | end)
    }
}

/// Which letters of the words are found so far: a bit for each, and one more at the end of each word.
type Found = u64;

/// Letters of the longest reading.
const LONGEST: usize = 6;

/// What a character answers to: where so many letters typed, one or more, stand for it.
type Step = [Found; LONGEST];

/// How much is found after a character.
fn go(on: Found, step: &Step) -> Found {
    step.iter().enumerate().fold(0, |next, (more, from)| next | (on & from) << (more + 1))
}

/// Where any letters typed stand for a character.
fn answers(step: &Step) -> Found {
    step.iter().fold(0, |all, from| all | from)
}

/// Which letters typed a character stands for.
fn letters_of(step: &Step) -> Found {
    let of = |(more, from): (usize, &Found)| (0..=more).fold(0, |all, letter| all | from << letter);
    step.iter().enumerate().map(of).fold(0, |all, of| all | of)
}

/// A word can begin with the character.
const BEGINS_WORD: u8 = 1;
/// It can be the second of a word.
const GOES_ON: u8 = 2;
/// It is a word by itself.
const IS_WORD: u8 = 4;

/// A search over the characters of some texts.
struct Asked {
    /// For each place the place of its step; 0 for none.
    steps_of: Box<[u16; 1 << Place::BITS]>,
    /// Each with where it answers at all.
    steps: Vec<(Found, Step)>,
    /// For each place what its step can do: enough to leave most of a text behind.
    hints: Box<[u8; 1 << Place::BITS]>,
    starts: Found,
    ends: Found,
    /// Beginning and end of the first word …
    first: (Found, Found),
    /// … which stands in the texts like this, if it can.
    literal: Option<Vec<Place>>,
    /// Words that a number may begin with, with their ends.
    of_numbers: Vec<(Found, String)>,
    /// Whether a word may stand in a code.
    is_in_codes: bool,
    is_one_word: bool,
}

impl Asked {
    fn new(texts: &Spelt, words: &Words) -> Self {
        let mut letters: Vec<Option<char>> = Vec::with_capacity(MOST);
        let (mut starts, mut ends, mut of_numbers) = (0, 0, Vec::new());
        for word in &words.0 {
            starts |= bit(letters.len());
            letters.extend(word.iter().copied().map(Some));
            ends |= bit(letters.len());
            if texts.number_initials.contains(&word[0]) {
                of_numbers.push((bit(letters.len()), word.iter().collect()));
            }
            letters.push(None);
        }
        let reads = letters.iter().flatten().any(char::is_ascii_lowercase);
        let mut steps = vec![(0, [0; LONGEST])];
        let mut known: HashMap<Step, u16> = HashMap::new();
        let mut steps_of = Box::new([0; 1 << Place::BITS]);
        let mut in_codes = 0;
        for (of_place, character) in steps_of.iter_mut().zip(&texts.characters).skip(1) {
            let step = step(character.is, if reads { &character.readings } else { &[] }, &letters);
            if character.is_in_codes {
                in_codes |= letters_of(&step);
            }
            if step == [0; LONGEST] {
                continue;
            }
            // There are no more steps than sets of readings and letters typed: some thousands.
            *of_place = *known.entry(step).or_insert_with(|| {
                steps.push((answers(&step), step));
                u16::try_from(steps.len() - 1).unwrap_or(0)
            });
        }
        let seconds = steps.iter().fold(0, |all, (_, step)| all | go(starts, step));
        let mut hints = Box::new([0; 1 << Place::BITS]);
        for (hint, &of_place) in hints.iter_mut().zip(&*steps_of).take(texts.characters.len()) {
            let (answers, step) = &steps[usize::from(of_place)];
            if answers & starts != 0 {
                *hint |= BEGINS_WORD;
            }
            if answers & seconds != 0 {
                *hint |= GOES_ON;
            }
            if go(starts, step) & ends != 0 {
                *hint |= IS_WORD;
            }
        }
        let is_in_codes = words.0.iter().scan(0, |first, word| {
            let letters = (bit(word.len()) - 1) << *first;
            *first += word.len() + 1;
            Some(letters & !in_codes == 0)
        });
        let is_in_codes = is_in_codes.fold(false, |any, one| any | one);
        let word = words.0.first().map(Vec::as_slice).unwrap_or_default();
        Self {
            steps_of,
            steps,
            hints,
            starts,
            ends,
            first: (bit(0), bit(word.len())),
            literal: word.iter().map(|letter| texts.places.get(letter).copied().flatten()).collect(),
            of_numbers,
            is_in_codes,
            is_one_word: words.0.len() == 1,
        }
    }

    /// How far it is to where a word may begin; a text ends in a place where none does.
    fn next(&self, text: &[Place]) -> Option<usize> {
        /// Looked at without a branch between them.
        const TOGETHER: usize = 8;
        let hint = |place: &Place| self.hints[usize::from(*place)];
        for (chunk, places) in text.chunks(TOGETHER).enumerate() {
            if places.iter().fold(0, |all, place| all | hint(place)) & BEGINS_WORD == 0 {
                continue;
            }
            for (at, place) in (chunk * TOGETHER..).zip(places) {
                let hint_here = hint(place);
                if hint_here & BEGINS_WORD != 0
                    && (hint_here & IS_WORD != 0
                        || text.get(at + 1).is_some_and(|next| hint(next) & GOES_ON != 0))
                {
                    return Some(at);
                }
            }
        }
        None
    }

    /// What is found in a text besides what is found already.
    fn find(&self, text: &[Place], mut found: Found) -> Found {
        if found == self.ends {
            return found;
        }
        let mut on = 0;
        for &place in text {
            let (answers, step) = &self.steps[usize::from(self.steps_of[usize::from(place)])];
            on |= self.starts;
            // Most characters neither begin a word nor go on with one.
            if on & answers == 0 {
                on = 0;
                continue;
            }
            on = go(on, step);
            found |= on & self.ends;
            if found == self.ends {
                break;
            }
        }
        found
    }

    /// Whether the name begins with the first word.
    fn begins(&self, row: &[Place]) -> bool {
        let (mut on, end) = self.first;
        for &place in row {
            on = go(on, &self.steps[usize::from(self.steps_of[usize::from(place)])].1);
            if on == 0 || on & end != 0 {
                break;
            }
        }
        on & end != 0
    }
}

const fn bit(place: usize) -> Found {
    1 << place
}

/// Where the letters typed stand for a character that is read in some ways.
fn step(character: char, readings: &[Vec<char>], letters: &[Option<char>]) -> Step {
    let mut step = [0; LONGEST];
    for (place, letter) in letters.iter().enumerate() {
        if *letter == Some(character) {
            step[0] |= bit(place);
        }
    }
    for reading in readings {
        for from in (0..letters.len()).filter(|&from| letters[from] == Some(reading[0])) {
            let typed = letters[from..].iter().zip(reading);
            let same = typed.take_while(|(typed, read)| **typed == Some(**read)).count();
            step[0] |= bit(from);
            // The last syllable may be unfinished: people see results as they type.
            if same == reading.len() || letters[from + same].is_none() {
                step[same - 1] |= bit(from);
            }
            // zh, ch and sh are initials too.
            if same >= 2 && reading[1] == 'h' {
                step[1] |= bit(from);
            }
        }
    }
    step
}

/// Every reading of a character without tones, ü both as v and as u.
fn readings(character: char) -> Vec<Vec<char>> {
    let mut readings: Vec<Vec<char>> = Vec::new();
    for reading in character.to_pinyin_multi().into_iter().flatten() {
        let as_v: Vec<char> = folded(reading.plain()).collect();
        let as_u = as_v.iter().map(|&letter| if letter == 'v' { 'u' } else { letter }).collect();
        for letters in [as_v, as_u] {
            let is_plain = !letters.is_empty() && letters.iter().all(char::is_ascii_lowercase);
            if is_plain && letters.len() <= LONGEST && !readings.contains(&letters) {
                readings.push(letters);
            }
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit(typed: &str, name: &str, code: &str, number: &str) -> Fit {
        let mut texts = Spelt::default();
        // Another row before and after, so that nothing reaches over.
        for (name, code) in [("株洲", "C1"), (name, code), ("同创", "C2")] {
            texts.push(name, code, number);
        }
        let words = Words::new(typed).expect("words");
        texts.fits(&words, 1..2)[0]
    }

    fn of_name(typed: &str, name: &str) -> Fit {
        fit(typed, name, "K7", "")
    }

    #[test]
    fn a_name_is_found_by_characters_pinyin_initials_and_mixtures() {
        let name = "株洲同创生物";
        for typed in ["株", "株洲同创生物", "株洲"] {
            assert!(of_name(typed, name) >= BEGINS, "{typed}");
        }
        let read = [
            "zhuzhou",
            "ZhuZhouTongChuangShengWu",
            "zztc",
            "zhzh",
            "zhuztchuang",
            "z",
            "株zhou",
            "zhu洲tc",
            "zhuzho",
        ];
        for typed in read {
            assert_eq!(of_name(typed, name), READ, "{typed}");
        }
        for typed in ["同创", "tongchuang", "tcsw", "tc生物", "chuangsh", "洲tong", "shengwu zhu", "株洲 wu"]
        {
            assert!(of_name(typed, name) > NOT, "{typed}");
        }
        for typed in ["huzhou", "zhuo", "tzc", "ongchuang", "株同", "同创 北京", "zhuzhoux", "chuangtong"]
        {
            assert_eq!(of_name(typed, name), NOT, "{typed}");
        }
    }

    #[test]
    fn every_reading_of_a_character_counts() {
        for typed in ["chongqing", "zhongqing", "cq", "zq"] {
            assert_eq!(of_name(typed, "重庆"), READ, "{typed}");
        }
        for typed in ["lvyou", "luyou", "LÜYOU", "ly"] {
            assert_eq!(of_name(typed, "旅游"), READ, "{typed}");
        }
        assert_eq!(of_name("shan", "单氏商行"), READ);
        assert_eq!(of_name("dan", "单氏商行"), READ);
    }

    #[test]
    fn width_case_and_marks_make_no_difference() {
        for (typed, name) in [
            ("ABC（中国）", "abc(中国)有限公司"),
            ("ａｂｃ", "ABC有限公司"),
            ("示例\u{200f}公司", "示例\u{202e}公司"),
            ("示例\u{0}公司", "示例\u{1}公司"),
            ("示例公司", "示例 公司"),
            ("acme co", "ACME Co Ltd"),
        ] {
            assert!(of_name(typed, name) > INSIDE, "{typed}");
        }
    }

    #[test]
    fn what_means_something_elsewhere_is_a_plain_character() {
        for plain in ["%", "_", "*", "?", ".*", "[a-z]", "\\", "'", "\"", "<b>", "&amp;"] {
            assert_eq!(of_name(plain, "示例公司"), NOT, "{plain}");
            assert_eq!(of_name(plain, &format!("示例{plain}公司")), INSIDE, "{plain}");
        }
    }

    #[test]
    fn the_better_it_fits_the_more() {
        let fits = |typed| fit(typed, "示例制造", "C0012", "91430200sample");
        assert_eq!(fits("c0012"), WHOLE);
        assert_eq!(fits("示例制造"), WHOLE);
        assert_eq!(fits("91430200SAMPLE"), WHOLE);
        assert_eq!(fits("示例"), BEGINS);
        assert_eq!(fits("C00"), BEGINS);
        assert_eq!(fits("slzz"), READ);
        assert_eq!(fits("制造"), INSIDE);
        assert_eq!(fits("zhizao"), INSIDE);
        assert_eq!(fits("012"), INSIDE);
        assert_eq!(fits("9143"), INSIDE);
        assert_eq!(fits("示例 c00 9143"), BEGINS);
        assert_eq!(fits("1430200"), NOT);
        assert_eq!(fits("造c0012"), NOT);
    }

    #[test]
    fn what_is_endless_is_cut() {
        let long = "长".repeat(10_000);
        assert_eq!(of_name(&long, "长长长"), NOT);
        assert_eq!(of_name(&long, &"长".repeat(200)), BEGINS);
        assert_eq!(of_name(&"chang".repeat(2_000), &"长".repeat(200)), READ);
    }

    #[test]
    fn more_characters_than_have_a_place_are_not_found_and_find_nothing() {
        let mut texts = Spelt::default();
        let every: Vec<char> = ('\u{20000}'..='\u{3ffff}').take(70_000).collect();
        for character in &every {
            texts.push(&character.to_string(), "", "");
        }
        let found = |character: char| {
            let fits = texts.fits(&Words::new(&character.to_string()).expect("a word"), 0..every.len());
            fits.iter().filter(|fit| **fit > NOT).count()
        };
        assert_eq!((found(every[0]), found(every[65_000]), found(every[69_000])), (1, 1, 0));
    }

    /// Whether a word can be laid over characters one by one.
    fn covers(word: &[char], characters: &[char]) -> bool {
        let Some((first, rest)) = characters.split_first() else { return word.is_empty() };
        if word.is_empty() {
            return true;
        }
        let mut takes = vec![usize::from(word[0] == *first)];
        for reading in readings(*first) {
            let same = word.iter().zip(&reading).take_while(|(one, other)| one == other).count();
            takes.push(usize::from(same > 0));
            takes.push(if same == reading.len() || same == word.len() { same } else { 0 });
            takes.push(if same >= 2 && reading[1] == 'h' { 2 } else { 0 });
        }
        takes.into_iter().any(|letters| letters > 0 && covers(&word[letters..], rest))
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_search_through_everything(
            rows in proptest::collection::vec(("[重庆单旅游子aZ1 ]{0,6}", "[Ca12]{0,3}", "[9a12]{0,3}"), 1..12),
            typed in "[重旅a-hln-ouyzqCZ129 ]{1,7}",
        ) {
            let mut texts = Spelt::default();
            for (name, code, number) in &rows {
                texts.push(name, code, number);
            }
            let Some(words) = Words::new(&typed) else { return Ok(()) };
            let fits = texts.fits(&words, 0..rows.len());
            for ((name, code, number), fit) in rows.iter().zip(fits) {
                let expected = words.0.iter().all(|word| {
                    let inside = |text: &str| {
                        let characters: Vec<char> = folded(text).collect();
                        (0..characters.len()).any(|from| covers(word, &characters[from..]))
                    };
                    inside(name) || inside(code) || number.starts_with(&String::from_iter(word))
                });
                prop_assert_eq!(fit > NOT, expected, "{:?} in {:?} {:?} {:?}", typed, name, code, number);
            }
        }
    }
}
