//! The read model of the customer list.
