//! The star rating (星级), 1 to 5, from value.

use serde::{Deserialize, Serialize};

/// A star rating, 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct StarRating(u8);

/// A number that is no star rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a star rating, 1 to 5")]
pub struct StarError;

impl StarRating {
    /// The lowest.
    pub const ONE: Self = Self(1);
    /// The highest.
    pub const FIVE: Self = Self(5);

    /// The number of stars.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for StarRating {
    type Error = StarError;
    fn try_from(stars: u8) -> Result<Self, StarError> {
        if (1..=5).contains(&stars) { Ok(Self(stars)) } else { Err(StarError) }
    }
}

impl From<StarRating> for u8 {
    fn from(star: StarRating) -> Self {
        star.0
    }
}
