//! What the models of this folder count with.

pub(crate) mod draws;
pub(crate) mod hypergeometric;
pub(crate) mod least_squares;
pub(crate) mod linear;
pub(crate) mod optimise;
pub(crate) mod quadrature;
