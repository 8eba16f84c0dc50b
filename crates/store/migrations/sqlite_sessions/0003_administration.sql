-- Sessions that can be named and ended one by one, and what is known of attempts to sign in.

CREATE TABLE named_sessions (
    id INTEGER PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- The last request, to the minute.
    seen_at INTEGER NOT NULL,
    -- From where and with what, as the browser and the proxy before us say.
    address TEXT,
    agent TEXT
) STRICT;
INSERT INTO named_sessions (token_hash, user_id, created_at, expires_at, seen_at)
SELECT token_hash, user_id, created_at, expires_at, created_at FROM sessions;
DROP TABLE sessions;
ALTER TABLE named_sessions RENAME TO sessions;
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Who gave the right password and has yet to give a code. Good for nothing else.
CREATE TABLE half_sessions (
    token_hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL,
    username_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The last step of the clock whose code was taken: none is taken twice.
CREATE TABLE used_steps (
    user_id INTEGER PRIMARY KEY,
    step INTEGER NOT NULL
) STRICT;
CREATE TABLE used_recovery_codes (
    user_id INTEGER NOT NULL,
    code_hash BLOB NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Attempts with the names of users; what else was typed as a name may be a password and is not kept.
CREATE TABLE sign_ins (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    address TEXT,
    agent TEXT
) STRICT;
CREATE INDEX sign_ins_by_user ON sign_ins (user_id, at);
CREATE INDEX sign_ins_at ON sign_ins (at);

-- When a program last came with a token, to the minute.
CREATE TABLE used_tokens (
    token_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
