//! The nouns and rules of the business: one file per noun.
//!
//! Nothing here waits, reads a clock, opens a file or knows a database; time, ids and
//! randomness come in as parameters.

mod code;

pub mod archive;
pub mod assessment;
pub mod assignment;
pub mod cell;
pub mod company_name;
pub mod contact;
pub mod contract;
pub mod credit_code;
pub mod customer;
pub mod cycle;
pub mod date;
pub mod engine;
pub mod extract;
pub mod field;
pub mod id;
pub mod import;
pub mod indicator;
pub mod instant;
pub mod interaction;
pub mod lang;
pub mod lifecycle;
pub mod message;
pub mod money;
pub mod month;
pub mod opportunity;
pub mod org;
pub mod outlook;
pub mod policy;
pub mod problem;
pub mod product;
pub mod progress;
pub mod rules;
pub mod satisfaction;
pub mod segment;
pub mod service;
pub mod sheet_import;
pub mod sign_in;
pub mod staff;
pub mod star;
pub mod tactic;
pub mod ticket;
pub mod timeline;
pub mod visit;

pub use code::UnknownCode;
pub use credit_code::CreditCode;
pub use instant::Instant;
pub use lang::Lang;
pub use lifecycle::LifecycleStage;
pub use message::{Arg, Message};
pub use money::Money;
pub use month::Month;
pub use problem::{Problem, ProblemKind};

/// A civil date, `YYYY-MM-DD`, without time zone.
pub use jiff::civil::Date;
