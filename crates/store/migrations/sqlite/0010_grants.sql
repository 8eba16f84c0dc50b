-- What a person may see for a time beyond what role and unit give.

CREATE TABLE grants (
    id INTEGER PRIMARY KEY,
    -- Who may see …
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    -- … the customers of a unit and all below it, or a customer and all below it in its tree …
    unit_id INTEGER REFERENCES org_units (id),
    customer_id INTEGER REFERENCES customers (id),
    -- … from a day to a day, both included, and why.
    from_day INTEGER NOT NULL,
    until_day INTEGER NOT NULL,
    reason TEXT NOT NULL,
    given_by INTEGER NOT NULL REFERENCES users (id),
    given_at INTEGER NOT NULL,
    -- Ended before its time.
    ended_at INTEGER,
    CHECK ((unit_id IS NULL) <> (customer_id IS NULL)),
    CHECK (from_day <= until_day)
) STRICT;

CREATE INDEX grants_by_staff ON grants (staff_id, until_day);
