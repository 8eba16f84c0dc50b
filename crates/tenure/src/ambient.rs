//! The only place that reads a clock or draws randomness; everything else takes them as parameters.

use domain::Instant;

/// The time now.
#[expect(clippy::disallowed_methods, reason = "the binary is where time enters")]
pub fn now() -> Instant {
    jiff::Timestamp::now().into()
}

/// Thirty-two bytes that nobody can guess.
pub fn random() -> [u8; 32] {
    rand::random()
}
