-- Who may sign in, who is signed in, and who did what.

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    created_at INTEGER NOT NULL
) STRICT;

-- Tokens are kept as SHA-256 only: who reads this table cannot sign in with it.
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Failed attempts by name, whether there is such a user or not, so that a lock-out tells nothing.
CREATE TABLE sign_in_failures (
    username_hash BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id INTEGER REFERENCES users (id),
    import_id INTEGER REFERENCES imports (id),
    cycle_id INTEGER REFERENCES cycles (id),
    -- What was done, e.g. `record.change`, `customers.export`, `month.correct`.
    action TEXT NOT NULL,
    -- To which row of which table, if to one.
    noun TEXT NOT NULL,
    record_id INTEGER,
    -- JSON: for changes the values before, else what describes the act.
    details TEXT
) STRICT;
CREATE INDEX audit_record ON audit (noun, record_id);
