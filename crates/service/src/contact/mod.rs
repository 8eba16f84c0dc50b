//! People at customers. Everywhere else most of their phone and e-mail is hidden.

pub mod reveal;

pub use store::contact::ContactRow;
