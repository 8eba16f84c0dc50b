-- Records of the operator, as extracts hand them over. Columns follow the format (`domain::extract`):
-- `x_code` that refers to a row is kept as `x_id`, amounts as whole fen `…_fen`, dates as days since 1970,
-- instants as microseconds since 1970 UTC, closed lists as their codes. Ids are given out by import.

CREATE TABLE org_units (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    parent_id INTEGER REFERENCES org_units (id) DEFERRABLE INITIALLY DEFERRED,
    -- Places in a walk through the tree: the unit and all below it are `position..=last_position`.
    position INTEGER NOT NULL DEFAULT 0,
    last_position INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE staff (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    org_id INTEGER NOT NULL REFERENCES org_units (id),
    email TEXT,
    phone TEXT
) STRICT;

CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    parent_id INTEGER REFERENCES customers (id) DEFERRABLE INITIALLY DEFERRED,
    org_id INTEGER NOT NULL REFERENCES org_units (id),
    manager_id INTEGER REFERENCES staff (id),
    category TEXT NOT NULL,
    industry TEXT,
    employees INTEGER,
    credit_code TEXT,
    address TEXT,
    created_on INTEGER NOT NULL,
    competitor TEXT,
    wallet_fen INTEGER
) STRICT;
CREATE INDEX customers_parent ON customers (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    title TEXT,
    phone TEXT,
    email TEXT,
    cute_role TEXT,
    style TEXT,
    closeness INTEGER,
    trust INTEGER,
    favour INTEGER
) STRICT;
CREATE INDEX contacts_customer ON contacts (customer_id);

CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    family TEXT NOT NULL,
    unit TEXT,
    list_price_fen INTEGER,
    unit_cost_fen INTEGER
) STRICT;

CREATE TABLE contracts (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    signed_on INTEGER NOT NULL,
    starts_on INTEGER NOT NULL,
    ends_on INTEGER,
    prepaid_fen INTEGER,
    sla TEXT
) STRICT;
CREATE INDEX contracts_customer ON contracts (customer_id);

CREATE TABLE services (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    product_id INTEGER NOT NULL REFERENCES products (id),
    contract_id INTEGER REFERENCES contracts (id),
    quantity REAL NOT NULL,
    price_fen INTEGER,
    started_on INTEGER NOT NULL,
    ended_on INTEGER,
    trial INTEGER,
    end_reason TEXT
) STRICT;
CREATE INDEX services_customer ON services (customer_id);

CREATE TABLE members (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    plan TEXT,
    payer TEXT,
    joined_on INTEGER NOT NULL,
    left_on INTEGER,
    survey_score INTEGER
) STRICT;
CREATE INDEX members_customer ON members (customer_id);

CREATE TABLE tickets (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    member_id INTEGER REFERENCES members (id),
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    first_responder_id INTEGER REFERENCES staff (id),
    due_at INTEGER,
    closed_at INTEGER,
    cause TEXT,
    score INTEGER
) STRICT;
CREATE INDEX tickets_customer ON tickets (customer_id, opened_at);

CREATE TABLE interactions (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    at INTEGER NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    contact_id INTEGER REFERENCES contacts (id),
    staff_id INTEGER REFERENCES staff (id),
    channel TEXT NOT NULL,
    direction TEXT NOT NULL,
    purpose TEXT,
    outcome TEXT
) STRICT;
CREATE INDEX interactions_customer ON interactions (customer_id, at);

CREATE TABLE opportunities (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    manager_id INTEGER REFERENCES staff (id),
    product_id INTEGER REFERENCES products (id),
    stage TEXT NOT NULL,
    amount_fen INTEGER,
    opened_on INTEGER NOT NULL,
    closed_on INTEGER,
    outcome TEXT,
    reason TEXT,
    competitor TEXT
) STRICT;
CREATE INDEX opportunities_customer ON opportunities (customer_id);

CREATE TABLE surveys (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    at INTEGER NOT NULL,
    study TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    member_id INTEGER REFERENCES members (id),
    contact_id INTEGER REFERENCES contacts (id),
    question TEXT NOT NULL,
    answer TEXT,
    score REAL,
    scale REAL
) STRICT;
CREATE INDEX surveys_customer ON surveys (customer_id);
