//! One file per command.

pub mod admin;
pub mod check;
pub mod cycle;
pub mod demo;
pub mod duplicates;
pub mod evaluate;
mod evaluate_duplicates;
mod evaluate_value;
pub mod export;
pub mod import;
pub mod lab;
pub mod serve;
pub mod simulate;
pub mod user;
