//! Search: one question to everything that a person may see.

mod spelt;
mod words;

pub use spelt::{Fit, Spelt, WHOLE};
pub use words::Words;
