-- What a unit does about members who may be dissatisfied, where it is not what the unit above does.
CREATE TABLE tactics (
    unit_id INTEGER NOT NULL REFERENCES org_units (id),
    -- Of the customer, 0 for none.
    stars INTEGER NOT NULL,
    -- Band of the member's value.
    value TEXT NOT NULL,
    -- None where it was taken back: as the unit above.
    text TEXT,
    -- Counts on with each change, so that who is second is told.
    revision INTEGER NOT NULL,
    changed_by INTEGER NOT NULL REFERENCES users (id),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (unit_id, stars, value)
) STRICT, WITHOUT ROWID;
