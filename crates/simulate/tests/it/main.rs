//! The made-up operator as others see it: its files, and the world they tell of.
#![expect(clippy::expect_used, reason = "a test ends where something is missing")]

mod files;
mod naive;
mod world;
