-- Segments that people keep: a name for conditions on customers.

CREATE TABLE segments (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- What it is for, and what is done with it.
    goal TEXT,
    play TEXT,
    -- JSON: groups of which one must fit, each a list of name and value pairs as in the address of a list.
    conditions TEXT NOT NULL,
    -- Seen by this unit and those below it.
    unit_id INTEGER NOT NULL REFERENCES org_units (id),
    owner_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    UNIQUE (unit_id, name)
) STRICT;
