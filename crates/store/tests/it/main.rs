//! The records, through what the rest of the house sees of them.
#![expect(clippy::expect_used, reason = "a test ends where something is missing")]

mod audit;
mod contact;
mod cycle;
mod evidence;
mod import;
mod member;
mod read;
mod rows;
mod search;
mod session;
