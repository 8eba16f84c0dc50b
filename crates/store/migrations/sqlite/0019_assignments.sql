-- Customers that came to another manager, or to the pool, in one step: who did it and what for, so that it can be undone.
CREATE TABLE assignments (
    id INTEGER PRIMARY KEY,
    -- `hand_over`: a list with all open work; `reassign`: chosen customers; `claim`: from the pool.
    kind TEXT NOT NULL,
    -- Whose they are now; none for the pool.
    to_staff INTEGER REFERENCES staff (id),
    reason TEXT NOT NULL,
    done_by INTEGER NOT NULL REFERENCES users (id),
    done_at INTEGER NOT NULL,
    undone_by INTEGER REFERENCES users (id),
    undone_at INTEGER
) STRICT;
CREATE INDEX assignments_to ON assignments (to_staff, done_at);

-- The rows that moved, with whose they were.
CREATE TABLE assigned (
    assignment_id INTEGER NOT NULL REFERENCES assignments (id),
    noun TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    from_staff INTEGER,
    PRIMARY KEY (assignment_id, noun, record_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX opportunities_open ON opportunities (manager_id) WHERE closed_on IS NULL;
CREATE INDEX tickets_open ON tickets (first_responder_id) WHERE closed_at IS NULL;
