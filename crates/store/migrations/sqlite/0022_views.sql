-- Views of the customer list that people keep: conditions, order and columns under a name.
CREATE TABLE views (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- JSON: name and value pairs as in the address of the list.
    query TEXT NOT NULL,
    -- Seen by this unit and those below it; none for its owner alone.
    unit_id INTEGER REFERENCES org_units (id),
    owner_id INTEGER NOT NULL REFERENCES users (id),
    -- Counts on with each change, so that who is second is told.
    revision INTEGER NOT NULL DEFAULT 1,
    changed_by INTEGER NOT NULL REFERENCES users (id),
    changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX views_own ON views (owner_id, name) WHERE unit_id IS NULL;
CREATE UNIQUE INDEX views_of_units ON views (unit_id, name) WHERE unit_id IS NOT NULL;

-- Views that a user has at hand above the list.
CREATE TABLE view_pins (
    user_id INTEGER NOT NULL REFERENCES users (id),
    view_id INTEGER NOT NULL REFERENCES views (id),
    pinned_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, view_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_pins_of ON view_pins (view_id);

-- A column that was given one value at many customers in one step, so that it can be undone.
CREATE TABLE edits (
    id INTEGER PRIMARY KEY,
    column_name TEXT NOT NULL,
    -- JSON.
    value TEXT NOT NULL,
    done_by INTEGER NOT NULL REFERENCES users (id),
    done_at INTEGER NOT NULL,
    undone_by INTEGER REFERENCES users (id),
    undone_at INTEGER
) STRICT;

-- The customers that it changed, with what they had before.
CREATE TABLE edited (
    edit_id INTEGER NOT NULL REFERENCES edits (id),
    customer_id INTEGER NOT NULL,
    -- JSON.
    before TEXT NOT NULL,
    is_restored INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (edit_id, customer_id)
) STRICT, WITHOUT ROWID;
