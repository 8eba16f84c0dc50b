//! 服务策略: what is done about members who may be dissatisfied, by the customer's stars and the member's value (S3).

use crate::segment::SegmentValue;
use crate::star::StarRating;

/// Where a member stands: stars of the customer, or none, and its own band of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TacticCell {
    star: Option<StarRating>,
    value: SegmentValue,
}

/// The default texts: five stars first, high value first.
const TEXTS: [&str; TacticCell::COUNT] = [
    "tactic-5-high",
    "tactic-5-medium",
    "tactic-5-low",
    "tactic-4-high",
    "tactic-4-medium",
    "tactic-4-low",
    "tactic-3-high",
    "tactic-3-medium",
    "tactic-3-low",
    "tactic-2-high",
    "tactic-2-medium",
    "tactic-2-low",
    "tactic-1-high",
    "tactic-1-medium",
    "tactic-1-low",
    "tactic-0-high",
    "tactic-0-medium",
    "tactic-0-low",
];

impl TacticCell {
    /// How many there are.
    pub const COUNT: usize = 6 * SegmentValue::ALL.len();

    /// The cell of these stars and this value.
    #[must_use]
    pub const fn new(star: Option<StarRating>, value: SegmentValue) -> Self {
        Self { star, value }
    }

    /// All of them, five stars first, high value first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=5_u8).rev().flat_map(|stars| {
            SegmentValue::ALL.iter().map(move |&value| Self::new(StarRating::try_from(stars).ok(), value))
        })
    }

    /// The stars of the customer.
    #[must_use]
    pub const fn star(self) -> Option<StarRating> {
        self.star
    }

    /// The band of the member's value.
    #[must_use]
    pub const fn value(self) -> SegmentValue {
        self.value
    }

    /// The number of stars, 0 without any.
    #[must_use]
    pub fn stars(self) -> u8 {
        self.star.map_or(0, StarRating::get)
    }

    /// Its place in [`Self::all`].
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(5 - self.stars()) * SegmentValue::ALL.len() + self.value.index()
    }

    /// How soon it is its turn: stars times three, two, one for high, medium, low value; the most comes first.
    #[must_use]
    pub fn weight(self) -> usize {
        usize::from(self.stars()) * (SegmentValue::ALL.len() - self.value.index())
    }

    /// The key of what is done where nobody says otherwise.
    #[must_use]
    pub fn text_key(self) -> &'static str {
        TEXTS[self.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_has_its_place_and_its_text() {
        let cells: Vec<TacticCell> = TacticCell::all().collect();
        assert_eq!(cells.len(), TacticCell::COUNT);
        for (place, cell) in cells.into_iter().enumerate() {
            assert_eq!(cell.index(), place);
            assert_eq!(cell.text_key(), format!("tactic-{}-{}", cell.stars(), cell.value().code()));
        }
    }

    #[test]
    fn stars_and_value_both_bring_forward() {
        let weight = |stars: u8, value| TacticCell::new(stars.try_into().ok(), value).weight();
        assert!(weight(5, SegmentValue::High) > weight(5, SegmentValue::Medium));
        assert!(weight(4, SegmentValue::Medium) > weight(2, SegmentValue::High));
        assert_eq!(weight(0, SegmentValue::High), 0);
    }
}
