//! The made-up operator as others see it: its files, and the world they tell of.

mod files;
mod naive;
mod world;
