//! Pages: one file per noun, each a pure function from what a use case shows to markup.

pub mod access;
pub mod account;
pub mod archive;
pub mod assignment;
pub mod audit;
pub mod collaboration;
pub mod contact;
pub mod customer;
pub mod data;
pub mod duplicates;
pub mod edit;
pub mod insight;
pub mod members;
pub mod models;
pub mod problem;
pub mod programme;
pub mod search;
pub mod segment;
pub mod session;
mod sign_ins;
pub mod timeline;
pub mod today;
pub mod users;
mod value_test;
pub mod view;
pub mod visits;
mod worth;
