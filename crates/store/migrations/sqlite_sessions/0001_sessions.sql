-- Who is signed in, in a file of its own: see SESSIONS_FILE. Users are those of the records.

-- Tokens are kept as SHA-256 only: who reads this table cannot sign in with it.
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Failed attempts by name, whether there is such a user or not, so that a lock-out tells nothing.
CREATE TABLE sign_in_failures (
    username_hash BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- As the table of the records, for what is done to sessions.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id INTEGER,
    import_id INTEGER,
    cycle_id INTEGER,
    action TEXT NOT NULL,
    noun TEXT NOT NULL,
    record_id INTEGER,
    details TEXT
) STRICT;
