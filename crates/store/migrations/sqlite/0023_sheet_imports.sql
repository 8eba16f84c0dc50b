-- Sheets of customers that people import on a page, each until it is given up, and for good once it was brought in.
CREATE TABLE sheet_imports (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users (id),
    file_name TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    -- JSON: the names of its columns.
    header TEXT NOT NULL,
    rows_read INTEGER NOT NULL,
    -- JSON: how its columns are taken, once that was said.
    mapping TEXT,
    -- JSON: what the last check found.
    found TEXT,
    rows_created INTEGER NOT NULL DEFAULT 0,
    rows_changed INTEGER NOT NULL DEFAULT 0,
    rows_unchanged INTEGER NOT NULL DEFAULT 0,
    rows_refused INTEGER NOT NULL DEFAULT 0,
    done_at INTEGER,
    reverted_by INTEGER REFERENCES users (id),
    reverted_at INTEGER
) STRICT;
CREATE INDEX sheet_imports_owner ON sheet_imports (owner_id);

-- What was uploaded, for a day.
CREATE TABLE sheet_files (
    import_id INTEGER PRIMARY KEY REFERENCES sheet_imports (id),
    content BLOB NOT NULL
) STRICT;

-- Why the last check refused rows, for as long.
CREATE TABLE sheet_refused (
    import_id INTEGER NOT NULL REFERENCES sheet_imports (id),
    line INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    -- Of which column of customers, if of one.
    column_name TEXT,
    -- JSON: a message.
    reason TEXT NOT NULL,
    PRIMARY KEY (import_id, line, ordinal)
) STRICT, WITHOUT ROWID;

-- How a person took the columns of a sheet with this header last.
CREATE TABLE sheet_mappings (
    user_id INTEGER NOT NULL REFERENCES users (id),
    header TEXT NOT NULL,
    mapping TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, header)
) STRICT, WITHOUT ROWID;
CREATE INDEX sheet_mappings_header ON sheet_mappings (header, used_at);

-- Customers that an import brought. Rows stay when they are taken away again: no other customer gets their number.
CREATE TABLE sheet_created (
    import_id INTEGER NOT NULL REFERENCES sheet_imports (id),
    customer_id INTEGER NOT NULL,
    -- JSON: what it was created with.
    created TEXT NOT NULL,
    -- Of an import that was reverted, why this one was left.
    left_for TEXT,
    PRIMARY KEY (import_id, customer_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sheet_created_customer ON sheet_created (customer_id);

-- Values that it overwrote.
CREATE TABLE sheet_values (
    import_id INTEGER NOT NULL REFERENCES sheet_imports (id),
    customer_id INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    -- JSON: what stood there, and what stood there afterwards.
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    -- Whether a person's word held before, and against what: JSON, as in `held`.
    was_held INTEGER NOT NULL,
    extract_value TEXT,
    -- Once it is reverted: 1 put back, 2 put back where the word held no more, 0 left as it was changed since.
    is_restored INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (import_id, customer_id, column_name)
) STRICT, WITHOUT ROWID;
