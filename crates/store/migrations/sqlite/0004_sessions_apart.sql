-- Sessions are kept in a file of their own, so that nobody waits for an import to sign in.

DROP TABLE sessions;
DROP TABLE sign_in_failures;
