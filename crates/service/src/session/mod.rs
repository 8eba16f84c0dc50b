//! Signing in and out.

pub mod authenticate;
pub mod sign_in;
pub mod sign_out;

use std::fmt::Write;

use crate::password;

/// A session lasts a working day, however long it is.
const LASTS_SECONDS: i64 = 14 * 60 * 60;

/// The token as the cookie holds it.
fn to_text(token: &[u8; 32]) -> String {
    token.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Text in memory takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is kept of a token.
fn kept(token: &str) -> [u8; 32] {
    password::digest(token.as_bytes())
}
