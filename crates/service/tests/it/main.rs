//! Use cases, against a made-up engine and records in a temporary folder.
#![expect(clippy::expect_used, clippy::panic, reason = "a test ends where something is missing")]

mod archive;
mod assignments;
mod collaborations;
mod duplicates;
mod edits;
mod fields;
mod grants;
mod imports;
mod merges;
mod scope;
mod segments;
mod sessions;
mod sheets;
mod tactics;
mod users;
mod views;
mod visits;
mod world;
