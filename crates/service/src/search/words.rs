//! What a person typed, brought to the form in which it is compared.

/// Words of a search: each of them must be found. What is typed in other widths and cases is the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(pub(super) Vec<Vec<char>>);

/// Characters of all words, each word counted one longer: what is typed beyond is left aside.
pub(super) const MOST: usize = 64;

impl Words {
    /// The words of a text; none if nothing is left of it.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut words: Vec<Vec<char>> = Vec::new();
        let mut left = MOST;
        for word in text.split(char::is_whitespace) {
            let letters: Vec<char> = folded(word).take(left.saturating_sub(1)).collect();
            if letters.is_empty() || words.contains(&letters) {
                continue;
            }
            left -= letters.len() + 1;
            words.push(letters);
        }
        (!words.is_empty()).then_some(Self(words))
    }
}

/// A text as it is compared: in lower case and half width, without spaces and without what does not show.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(fold)
}

/// A line as the records are looked up by it: in half width, without what does not show.
pub(super) fn folded_line(text: &str) -> String {
    let shown = text.chars().filter_map(|c| if c.is_whitespace() { Some(' ') } else { shown(c) });
    shown.collect::<String>().trim().to_owned()
}

/// A character in half width, if it shows.
fn shown(character: char) -> Option<char> {
    let half = match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0)?,
        other => other,
    };
    (!is_unseen(half)).then_some(half)
}

/// A character as it is compared, if it shows.
pub(super) fn fold(character: char) -> Option<char> {
    match shown(character)?.to_lowercase().next() {
        // As it is typed where there is no ü.
        Some('ü') => Some('v'),
        lower => lower,
    }
}

/// Spaces, control characters and marks that say how text is laid out.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Words::new(text).map_or(Vec::new(), |words| words.0.into_iter().map(String::from_iter).collect())
    }

    #[test]
    fn width_case_and_what_does_not_show_make_no_difference() {
        assert_eq!(
            words(" ＡＢｃ\u{3000}株洲\u{200f}\u{202e}\u{feff}同\u{0}创\t（一） "),
            ["abc", "株洲同创", "(一)"]
        );
        assert_eq!(words("Lü LV lv"), ["lv"]);
        for nothing in ["", "  ", "\u{0}\u{7}", "\u{202e}\u{200b}"] {
            assert_eq!(Words::new(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut() {
        assert_eq!(words(&"长".repeat(10_000)), ["长".repeat(MOST - 1)]);
        let many: Vec<String> = (0..10_000).map(|n| format!("w{n}")).collect();
        let kept = words(&many.join(" "));
        let whole = kept.len() - 1;
        assert_eq!(kept[..whole], many[..whole]);
        assert!(many[whole].starts_with(&kept[whole]));
        assert!(kept.iter().map(|word| word.len() + 1).sum::<usize>() <= MOST);
    }
}
