-- Work on a customer tree by units that do not see each other's customers.

CREATE TABLE collaborations (
    id INTEGER PRIMARY KEY,
    -- On which customer, with all below it in its tree …
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    -- … and what is to be done.
    subject TEXT NOT NULL,
    opened_by INTEGER NOT NULL REFERENCES users (id),
    opened_at INTEGER NOT NULL,
    -- Over, and what came of it.
    closed_by INTEGER REFERENCES users (id),
    closed_at INTEGER,
    outcome TEXT,
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT;

CREATE INDEX collaborations_open ON collaborations (customer_id) WHERE closed_at IS NULL;

CREATE TABLE collaboration_parties (
    collaboration_id INTEGER NOT NULL REFERENCES collaborations (id),
    unit_id INTEGER NOT NULL REFERENCES org_units (id),
    -- One leads, the others assist; each has its own last day.
    is_lead INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    -- Since then the other parties see this unit's customers of the tree, up to the day that was agreed to.
    joined_by INTEGER REFERENCES users (id),
    joined_at INTEGER,
    open_until INTEGER,
    -- Since then this unit's part of the work is done.
    done_by INTEGER REFERENCES users (id),
    done_at INTEGER,
    PRIMARY KEY (collaboration_id, unit_id),
    CHECK ((joined_at IS NULL) = (open_until IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX collaboration_leads ON collaboration_parties (collaboration_id) WHERE is_lead = 1;
CREATE INDEX collaboration_parties_by_unit ON collaboration_parties (unit_id);
