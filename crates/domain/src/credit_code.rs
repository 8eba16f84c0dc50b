//! The unified social credit code (统一社会信用代码) of an organisation, as GB 32100-2015 defines it: one character
//! for the registering authority, one for the kind of organisation, six digits for the place, nine characters
//! for the organisation, and a check character.

use std::fmt;
use std::str::FromStr;

use crate::Message;

/// A code whose check character holds: 18 characters, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode([u8; LENGTH]);

const LENGTH: usize = 18;
/// The characters by value: digits and letters without I, O, S, V and Z, which are mistaken for 1, 0, 5, U and 2.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const MODULUS: u32 = ALPHABET.len() as u32;

/// Why a text is no credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Not 18 characters.
    #[error("{found} characters instead of 18")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that no code holds.
    #[error("`{character}` at place {place} stands in no credit code")]
    Character {
        /// The character, as it was given.
        character: char,
        /// Its place, 1 to 18.
        place: usize,
    },
    /// The last character does not fit the others: one of them was mistyped, or two were swapped.
    #[error("the check character does not fit")]
    CheckCharacter,
}

impl CreditCodeError {
    /// What is said to the person who gave the text.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Length { found } => Message::new("credit-code-length").with("found", found),
            Self::Character { character, place } => Message::new("credit-code-character")
                .with("character", character.to_string())
                .with("place", place),
            Self::CheckCharacter => Message::new("credit-code-check"),
        }
    }
}

impl CreditCode {
    /// The code as 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The code that begins with 17 characters, its check character worked out.
    ///
    /// # Errors
    /// When there are not 17, or one of them stands in no code.
    pub fn complete(first: &str) -> Result<Self, CreditCodeError> {
        let (mut characters, found) = read(first)?;
        if found != LENGTH - 1 {
            return Err(CreditCodeError::Length { found });
        }
        characters[LENGTH - 1] = check_character(&characters);
        Ok(Self(characters))
    }
}

/// The check character of the first 17: with weights 3⁰, 3¹ … 3¹⁶ mod 31 the sum of all, the check
/// character counted once, is a multiple of 31 (GB 32100-2015). As 31 is a prime and
/// neighbouring weights differ, any one wrong character and any two swapped neighbours are noticed.
fn check_character(characters: &[u8; LENGTH]) -> u8 {
    let mut weight = 1;
    let mut sum = 0;
    for &character in &characters[..LENGTH - 1] {
        sum += weight * value(character).unwrap_or_default();
        weight = weight * 3 % MODULUS;
    }
    ALPHABET[((MODULUS - sum % MODULUS) % MODULUS) as usize]
}

fn value(character: u8) -> Option<u32> {
    ALPHABET.iter().position(|&other| other == character).map(|place| place as u32)
}

/// Up to 18 characters of a text without white space, full width and lower case folded, and how many there are.
fn read(text: &str) -> Result<([u8; LENGTH], usize), CreditCodeError> {
    let mut characters = [0; LENGTH];
    let found = text.chars().filter(|character| is_written(*character)).count();
    if found > LENGTH {
        return Err(CreditCodeError::Length { found });
    }
    for (place, character) in text.chars().filter(|character| is_written(*character)).enumerate() {
        let folded = u8::try_from(narrow(character)).unwrap_or_default().to_ascii_uppercase();
        if value(folded).is_none() {
            return Err(CreditCodeError::Character { character, place: place + 1 });
        }
        characters[place] = folded;
    }
    Ok((characters, found))
}

/// Not white space, nor a mark without width that comes along when a code is copied from a page.
fn is_written(character: char) -> bool {
    !character.is_whitespace()
        && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The half-width form of a full-width letter or digit (Ａ, １), others as they are.
fn narrow(character: char) -> char {
    match character {
        '！'..='～' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        _ => character,
    }
}

/// White space and marks without width are left out, lower case and full width are folded.
impl FromStr for CreditCode {
    type Err = CreditCodeError;

    fn from_str(text: &str) -> Result<Self, CreditCodeError> {
        let (characters, found) = read(text)?;
        if found != LENGTH {
            return Err(CreditCodeError::Length { found });
        }
        if check_character(&characters) != characters[LENGTH - 1] {
            return Err(CreditCodeError::CheckCharacter);
        }
        Ok(Self(characters))
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreditCode({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<CreditCode, CreditCodeError> {
        text.parse()
    }

    /// No place has the number 000000, so this is nobody's code.
    const MADE_UP: &str = "91000000MADEUP001M";

    #[test]
    fn the_check_character_worked_by_hand() {
        // 9 1 0 0 0 0 0 0  M  A  D  E  U  P  0 0 1 by value, each under its weight:
        let values = [9, 1, 0, 0, 0, 0, 0, 0, 21, 10, 13, 14, 27, 23, 0, 0, 1];
        let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        let sum: u32 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        assert_eq!(sum, 2025);
        // 2025 = 65 · 31 + 10, and 31 − 10 = 21, which is M.
        assert_eq!((31 - sum % 31, ALPHABET[21]), (21, b'M'));
        assert_eq!(parse(MADE_UP).map(|code| code.to_string()), Ok(MADE_UP.to_owned()));
        // A sum that 31 divides has 0 for its check character: 9 · 1 + 1 · 3 + 19 · 1 = 31.
        assert_eq!(CreditCode::complete("91001000000000000").expect("a code").as_str(), "910010000000000000");
    }

    #[test]
    fn width_case_and_space_do_not_matter() {
        let code = parse(MADE_UP);
        assert!(code.is_ok());
        assert_eq!(parse("９１００００００ＭＡＤＥＵＰ００１Ｍ"), code);
        assert_eq!(parse(" 91000000 madeup001m\u{3000}\u{200b}"), code);
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(parse(""), Err(CreditCodeError::Length { found: 0 }));
        assert_eq!(parse("91000000MADEUP001"), Err(CreditCodeError::Length { found: 17 }));
        assert_eq!(parse(&"9".repeat(10_000)), Err(CreditCodeError::Length { found: 10_000 }));
        let wrong = |character, place| Err(CreditCodeError::Character { character, place });
        assert_eq!(parse("91000000MADEUPO01M"), wrong('O', 15));
        assert_eq!(parse("91SAMPLE0000000001"), wrong('S', 3));
        assert_eq!(parse("9100000示例ADEUP001M"), wrong('示', 8));
        assert_eq!(parse("91000000MADEUP0010"), Err(CreditCodeError::CheckCharacter));
        assert_eq!(CreditCode::complete(MADE_UP), Err(CreditCodeError::Length { found: 18 }));
        let message = CreditCodeError::Character { character: 'O', place: 15 }.message();
        assert_eq!(message.to_string(), "credit-code-character character=O place=15");
    }

    fn codes() -> impl Strategy<Value = CreditCode> {
        prop::collection::vec(0..ALPHABET.len(), LENGTH - 1).prop_map(|places| {
            let first: String = places.into_iter().map(|place| char::from(ALPHABET[place])).collect();
            CreditCode::complete(&first).expect("17 characters of the alphabet")
        })
    }

    fn changed(code: CreditCode, change: impl FnOnce(&mut [u8])) -> Result<CreditCode, CreditCodeError> {
        let mut bytes = code.0;
        change(&mut bytes);
        parse(str::from_utf8(&bytes).expect("ASCII"))
    }

    proptest! {
        #[test]
        fn what_is_completed_holds(code in codes()) {
            prop_assert_eq!(parse(code.as_str()), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_noticed(code in codes(), place in 0..LENGTH, by in 0..ALPHABET.len()) {
            prop_assume!(code.0[place] != ALPHABET[by]);
            let mistyped = changed(code, |bytes| bytes[place] = ALPHABET[by]);
            prop_assert_eq!(mistyped, Err(CreditCodeError::CheckCharacter));
        }

        #[test]
        fn swapped_neighbours_are_noticed(code in codes(), place in 1..LENGTH) {
            prop_assume!(code.0[place] != code.0[place - 1]);
            let swapped = changed(code, |bytes| bytes.swap(place, place - 1));
            prop_assert_eq!(swapped, Err(CreditCodeError::CheckCharacter));
        }

        #[test]
        fn any_text_is_taken_or_refused(text in ".{0,40}") {
            if let Ok(code) = parse(&text) {
                prop_assert_eq!(code.as_str().len(), LENGTH);
            }
        }
    }
}
