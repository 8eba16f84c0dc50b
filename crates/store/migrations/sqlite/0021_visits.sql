-- What people do with customers and mean to do: contacts written down by hand beside imported ones, visits planned, tasks, and
-- the order in which all that happened is read.

ALTER TABLE interactions ADD COLUMN place TEXT;
ALTER TABLE interactions ADD COLUMN note TEXT;
ALTER TABLE interactions ADD COLUMN removed_at INTEGER;

CREATE TABLE visits (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    -- Who goes; nobody yet where the customer is on nobody's list.
    staff_id INTEGER REFERENCES staff (id),
    planned_on INTEGER NOT NULL,
    -- `HH:MM`.
    planned_at TEXT,
    contact_id INTEGER REFERENCES contacts (id),
    goal TEXT,
    -- The visit that was made of it.
    interaction_id INTEGER REFERENCES interactions (id),
    removed_at INTEGER
) STRICT;
CREATE INDEX visits_customer ON visits (customer_id, planned_on);
CREATE INDEX visits_open ON visits (staff_id, planned_on) WHERE interaction_id IS NULL AND removed_at IS NULL;
CREATE INDEX visits_planned ON visits (planned_on) WHERE removed_at IS NULL;

CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    staff_id INTEGER REFERENCES staff (id),
    title TEXT NOT NULL,
    due_on INTEGER NOT NULL,
    note TEXT,
    done_at INTEGER,
    removed_at INTEGER
) STRICT;
CREATE INDEX tasks_customer ON tasks (customer_id, due_on);
CREATE INDEX tasks_open ON tasks (staff_id, due_on) WHERE done_at IS NULL AND removed_at IS NULL;

-- A timeline reads the newest of each kind: what a customer can have thousands of lies in that order.
CREATE INDEX tickets_closed ON tickets (customer_id, closed_at) WHERE closed_at IS NOT NULL;
DROP INDEX surveys_customer;
CREATE INDEX surveys_customer ON surveys (customer_id, at);
DROP INDEX services_customer;
CREATE INDEX services_customer ON services (customer_id, started_on);
CREATE INDEX services_ended ON services (customer_id, ended_on) WHERE ended_on IS NOT NULL;
-- When each customer was visited last is read from this alone.
CREATE INDEX interactions_visits ON interactions (customer_id, at) WHERE channel = 'visit' AND removed_at IS NULL;
