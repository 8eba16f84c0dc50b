//! The binary as people use it: commands, bad input, and a browser on its pages.
#![expect(clippy::expect_used, clippy::panic, reason = "a test ends where something is missing")]

mod bad_input;
mod browser;
mod commands;
mod full_disk;
mod journey;
mod killed;
mod lab;
mod public_data;
mod warnings;
mod world;
