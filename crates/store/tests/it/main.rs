//! The records, through what the rest of the house sees of them.

mod cycle;
mod import;
mod read;
mod rows;
mod session;
