//! Pages, drawn from made-up views.

mod fixtures;
mod pages;
mod texts;
