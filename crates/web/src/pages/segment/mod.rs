//! 细分: the builder, the segments that are kept, and whether a division holds.

pub mod build;
mod certificate;
mod saved;

pub use certificate::{Examined, parse};
