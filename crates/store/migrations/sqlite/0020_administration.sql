-- What administration keeps of a user beside name and password.

ALTER TABLE users ADD COLUMN password_set_at INTEGER NOT NULL DEFAULT 0;
-- Handed out by someone else: to be changed before anything else.
ALTER TABLE users ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN suspended_at INTEGER;
UPDATE users SET password_set_at = created_at;
CREATE INDEX users_by_staff ON users (staff_id);

-- The second step of signing in. What codes are computed from is not here: it is worked out from the salt with a key that
-- lies in a file of its own, so that a copy of this database alone gives no codes.
CREATE TABLE second_factors (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    salt BLOB NOT NULL,
    begun_at INTEGER NOT NULL,
    -- Asked for since then; until then it is being set up.
    confirmed_at INTEGER
) STRICT;

-- Each good for one time in place of a code; kept as SHA-256 only. Those that were used stand with the sessions.
CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

-- What programs sign in with for a user; kept as SHA-256 only.
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    -- Codes of the actions it may take, apart by spaces.
    actions TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    -- Good up to this day, included.
    until_day INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX tokens_by_user ON tokens (user_id);
