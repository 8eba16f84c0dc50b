//! Signing in with name and password.
