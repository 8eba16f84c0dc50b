//! Running an import.
