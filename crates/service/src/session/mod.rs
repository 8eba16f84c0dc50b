//! Signing in and out.

pub mod authenticate;
pub mod sign_in;
pub mod sign_out;
