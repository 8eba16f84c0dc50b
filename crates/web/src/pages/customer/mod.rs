//! 客户: the list, its export, and the one view.

pub mod export;
pub mod list;
pub mod show;
