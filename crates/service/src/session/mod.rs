//! Signing in and out.

pub mod authenticate;
pub mod sign_in;
pub mod sign_out;

use crate::password;

/// A session lasts a working day, however long it is.
const LASTS_SECONDS: i64 = 14 * 60 * 60;

/// What is kept of a token.
fn kept(token: &str) -> [u8; 32] {
    password::digest(token.as_bytes())
}
