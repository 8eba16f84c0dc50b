//! Use cases: one folder per noun, one file per verb. Each authorises, applies the rule, reads or writes the
//! records, and leaves audit and jobs behind. This is the only place that authorises.

pub mod account;
pub mod actor;
pub mod archive;
pub mod assignment;
pub mod audit;
pub mod collaboration;
pub mod contact;
pub mod customer;
pub mod cycle;
pub mod data;
pub mod duplicate;
pub mod edit;
pub mod field;
pub mod grant;
pub mod import;
pub mod insight;
pub mod member;
pub mod models;
pub mod programme;
pub mod search;
pub mod segment;
pub mod session;
pub mod sheet_import;
pub mod tactic;
pub mod timeline;
pub mod today;
pub mod token;
pub mod two_factor;
pub mod user;
pub mod view;
pub mod visit;

mod lock;
mod password;
mod problem;
mod run;
mod services;
mod units;

pub use actor::Actor;
pub use services::{LONGEST_REASON, LONGEST_TERM, Services, hex};
