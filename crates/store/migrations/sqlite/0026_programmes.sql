-- 专班: programmes of executive engagement at a customer, who works in them and what they did. Columns follow
-- `domain::archive`.

CREATE TABLE engagement_programmes (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    programme_state TEXT NOT NULL,
    sponsor TEXT NOT NULL,
    begins_on INTEGER NOT NULL,
    ends_on INTEGER,
    goal TEXT NOT NULL,
    agreement TEXT,
    signed_on INTEGER,
    result TEXT,
    removed_at INTEGER
) STRICT;
CREATE INDEX engagement_programmes_customer ON engagement_programmes (customer_id);

CREATE TABLE programme_members (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    person TEXT NOT NULL,
    programme_id INTEGER NOT NULL REFERENCES engagement_programmes (id),
    department TEXT,
    duty TEXT,
    left_on INTEGER,
    removed_at INTEGER
) STRICT;
CREATE INDEX programme_members_customer ON programme_members (customer_id);

CREATE TABLE programme_activities (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    done_on INTEGER NOT NULL,
    programme_id INTEGER NOT NULL REFERENCES engagement_programmes (id),
    activity TEXT NOT NULL,
    what TEXT NOT NULL,
    contact_id INTEGER REFERENCES contacts (id),
    outcome TEXT,
    next_step TEXT,
    next_on INTEGER,
    removed_at INTEGER
) STRICT;
CREATE INDEX programme_activities_customer ON programme_activities (customer_id, done_on);
