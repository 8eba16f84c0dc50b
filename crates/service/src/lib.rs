//! Use cases: one folder per noun, one file per verb. Each authorises, applies the rule, reads or writes the
//! records, and leaves audit and jobs behind. This is the only place that authorises.

pub mod actor;
pub mod customer;
pub mod cycle;
pub mod data;
pub mod import;
pub mod insight;
pub mod session;
pub mod today;
pub mod user;

mod services;

pub use actor::Actor;
pub use services::Services;
