-- Customers that may stand in the records more than once, what was decided of them, and which stand for one.

CREATE TABLE duplicate_runs (
    id INTEGER PRIMARY KEY,
    -- Nobody: from the command line.
    started_by INTEGER REFERENCES users (id),
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    state TEXT NOT NULL,
    customers INTEGER,
    pairs INTEGER,
    failure TEXT
) STRICT;

-- What the last run found and nobody has decided yet.
CREATE TABLE duplicate_pairs (
    first_id INTEGER NOT NULL REFERENCES customers (id),
    second_id INTEGER NOT NULL REFERENCES customers (id),
    probability REAL NOT NULL,
    -- Bits for and against.
    name_bits REAL NOT NULL,
    branch_bits REAL NOT NULL,
    code_bits REAL NOT NULL,
    contact_bits REAL NOT NULL,
    PRIMARY KEY (first_id, second_id),
    CHECK (first_id < second_id)
) STRICT, WITHOUT ROWID;

-- Pairs that are two customers. It holds while nothing changes in what was compared.
CREATE TABLE duplicate_decisions (
    first_id INTEGER NOT NULL REFERENCES customers (id),
    second_id INTEGER NOT NULL REFERENCES customers (id),
    compared BLOB NOT NULL,
    reason TEXT NOT NULL,
    decided_by INTEGER NOT NULL REFERENCES users (id),
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (first_id, second_id),
    CHECK (first_id < second_id)
) STRICT, WITHOUT ROWID;

-- A customer that another one stands for. Nothing that belongs to it moves.
CREATE TABLE merges (
    id INTEGER PRIMARY KEY,
    merged_id INTEGER NOT NULL REFERENCES customers (id),
    into_id INTEGER NOT NULL REFERENCES customers (id),
    reason TEXT NOT NULL,
    merged_by INTEGER NOT NULL REFERENCES users (id),
    merged_at INTEGER NOT NULL,
    ended_by INTEGER REFERENCES users (id),
    ended_at INTEGER,
    CHECK (merged_id <> into_id),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX merges_open ON merges (merged_id) WHERE ended_at IS NULL;

-- Who stands for a customer in the end, worked out of the merges that hold with each change of them.
CREATE TABLE survivors (
    customer_id INTEGER PRIMARY KEY REFERENCES customers (id),
    survivor_id INTEGER NOT NULL REFERENCES customers (id)
) STRICT;
CREATE INDEX survivors_survivor ON survivors (survivor_id);
