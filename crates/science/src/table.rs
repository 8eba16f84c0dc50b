//! Columns that a model asks a table for.

use domain::{Message, Problem, ProblemKind};

use crate::frame::{Column, Frame};

/// The column of that name.
///
/// # Errors
/// If there is none: a problem that says which there are.
pub fn column<'a>(frame: &'a Frame, name: &str) -> Result<&'a Column, Problem> {
    frame.column(name).ok_or_else(|| {
        let names: Vec<&str> = frame.columns().iter().map(|column| column.name.as_str()).collect();
        Problem::new(ProblemKind::BadInput, Message::new("problem-table-column").with("column", name))
            .hint(Message::new("hint-table-column").with("columns", names.join(", ")))
    })
}

/// A column of numbers.
///
/// # Errors
/// If there is none of that name, or it holds words.
pub fn numbers<'a>(frame: &'a Frame, name: &str) -> Result<&'a [f64], Problem> {
    column(frame, name)?.numbers().ok_or_else(|| {
        Problem::new(ProblemKind::BadInput, Message::new("problem-table-numbers").with("column", name))
            .hint(Message::new("hint-table-numbers"))
    })
}
