//! What the lake promises, from files to files and on made-up operators.

mod cycle;
mod cycle_operator;
mod import;
