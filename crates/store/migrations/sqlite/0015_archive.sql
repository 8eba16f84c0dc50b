-- What people keep by hand of customers, beside what extracts bring. Columns follow `domain::archive`.

ALTER TABLE contacts ADD COLUMN prefers TEXT;
ALTER TABLE contacts ADD COLUMN left_on INTEGER;
-- Rows that people took out stay, so that they can be put back.
ALTER TABLE contacts ADD COLUMN removed_at INTEGER;

CREATE TABLE competitor_presences (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    operator TEXT NOT NULL,
    family TEXT,
    share INTEGER,
    monthly_fen INTEGER,
    since_on INTEGER,
    contract_ends_on INTEGER,
    note TEXT,
    removed_at INTEGER
) STRICT;
CREATE INDEX competitor_presences_customer ON competitor_presences (customer_id);

CREATE TABLE purchases (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    item TEXT NOT NULL,
    yearly_fen INTEGER,
    since_on INTEGER,
    until_on INTEGER,
    note TEXT,
    removed_at INTEGER
) STRICT;
CREATE INDEX purchases_customer ON purchases (customer_id);

CREATE TABLE relationship_moves (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    done_on INTEGER NOT NULL,
    step TEXT NOT NULL,
    contact_id INTEGER REFERENCES contacts (id),
    what TEXT NOT NULL,
    outcome TEXT,
    next_on INTEGER,
    removed_at INTEGER
) STRICT;
CREATE INDEX relationship_moves_customer ON relationship_moves (customer_id, done_on);

CREATE TABLE relationship_reviews (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    reviewed_on INTEGER NOT NULL,
    closeness INTEGER NOT NULL,
    trust INTEGER NOT NULL,
    favour INTEGER NOT NULL,
    strengths TEXT,
    risks TEXT,
    next_step TEXT,
    removed_at INTEGER
) STRICT;
CREATE INDEX relationship_reviews_customer ON relationship_reviews (customer_id, reviewed_on);

-- Columns of imported rows that a person's word holds: imports leave them alone, and what they would have brought is kept
-- beside as JSON.
CREATE TABLE held (
    noun TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    extract_value TEXT,
    PRIMARY KEY (noun, record_id, column_name)
) STRICT, WITHOUT ROWID;

-- Which customers a version of the records touched, where it were few: who holds the version before reads those anew.
CREATE TABLE touched_customers (
    version INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    PRIMARY KEY (version, customer_id)
) STRICT, WITHOUT ROWID;
