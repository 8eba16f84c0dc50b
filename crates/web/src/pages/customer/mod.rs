//! 客户: the list, its export, and the one view.

pub mod cells;
mod columns;
pub mod export;
pub(crate) mod filters;
pub mod known;
pub mod list;
pub mod show;
pub(crate) mod views;
