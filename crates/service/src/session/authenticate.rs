//! From a session token to the actor behind it.
