-- What imports and cycles did, which files of the lake hold good, and the sums that pages show.

-- Counters that tell a reader whether what it holds is still right; the one row has id 1.
CREATE TABLE versions (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    -- Any row of `lake_files`.
    manifest INTEGER NOT NULL,
    -- Anything the cycle reads of the records.
    base INTEGER NOT NULL,
    -- Any record.
    records INTEGER NOT NULL
) STRICT;
INSERT INTO versions (id, manifest, base, records) VALUES (1, 0, 0, 0);

CREATE TABLE lake_files (
    kind TEXT NOT NULL CHECK (kind IN ('facts', 'assessments', 'state')),
    -- The table of the extract for facts, else empty.
    table_code TEXT NOT NULL,
    month INTEGER NOT NULL,
    path TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (kind, table_code, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    mapping TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'refused', 'failed')),
    rows_read INTEGER NOT NULL DEFAULT 0,
    rows_added INTEGER NOT NULL DEFAULT 0,
    rows_changed INTEGER NOT NULL DEFAULT 0,
    rows_bad INTEGER NOT NULL DEFAULT 0,
    failure TEXT
) STRICT;

CREATE TABLE import_problems (
    import_id INTEGER NOT NULL REFERENCES imports (id),
    ordinal INTEGER NOT NULL,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    -- The message with its arguments as JSON, so that it can be said in either language.
    reason TEXT NOT NULL,
    PRIMARY KEY (import_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE cycles (
    id INTEGER PRIMARY KEY,
    first_month INTEGER NOT NULL,
    last_month INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'refused', 'failed')),
    months_done INTEGER NOT NULL DEFAULT 0,
    customers INTEGER NOT NULL DEFAULT 0,
    failure TEXT
) STRICT;

-- Published months whose facts or services changed since they were computed.
CREATE TABLE stale_months (
    month INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE unit_months (
    month INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    stage TEXT NOT NULL,
    customers INTEGER NOT NULL,
    revenue_fen INTEGER NOT NULL,
    cost_fen INTEGER NOT NULL,
    revenue_12m_fen INTEGER NOT NULL,
    profit_12m_fen INTEGER NOT NULL,
    PRIMARY KEY (month, unit_id, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit_flows (
    month INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    from_stage TEXT NOT NULL,
    to_stage TEXT NOT NULL,
    customers INTEGER NOT NULL,
    revenue_12m_fen INTEGER NOT NULL,
    PRIMARY KEY (month, unit_id, from_stage, to_stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit_concentrations (
    month INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    customers INTEGER NOT NULL,
    top_fifth REAL NOT NULL,
    gini REAL NOT NULL,
    -- JSON array of shares.
    curve TEXT NOT NULL,
    PRIMARY KEY (month, unit_id)
) STRICT, WITHOUT ROWID;
