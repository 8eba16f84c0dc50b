//! One's own account: password, second step, sessions, tokens.

pub mod password;
pub mod show;
