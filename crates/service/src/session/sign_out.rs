//! Signing out.
