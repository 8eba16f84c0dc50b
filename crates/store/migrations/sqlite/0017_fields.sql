-- Fields of customers that the operator defines, and what was filled in.

CREATE TABLE fields (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    hint_zh TEXT NOT NULL,
    hint_en TEXT NOT NULL,
    unit_zh TEXT NOT NULL,
    unit_en TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Characters of a text.
    longest INTEGER,
    -- Whose field it is: everyone's, a category's, or an industry's within a category.
    category TEXT,
    industry TEXT,
    required INTEGER NOT NULL,
    place INTEGER NOT NULL,
    retired_at INTEGER,
    -- Counts changes.
    revision INTEGER NOT NULL,
    CHECK (industry IS NULL OR category IS NOT NULL),
    CHECK ((kind = 'text') = (longest IS NOT NULL))
) STRICT;

CREATE TABLE field_options (
    field_id INTEGER NOT NULL REFERENCES fields (id),
    -- What stands in values; never given to another option.
    number INTEGER NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    place INTEGER NOT NULL,
    retired INTEGER NOT NULL,
    PRIMARY KEY (field_id, number),
    UNIQUE (field_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE field_values (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    field_id INTEGER NOT NULL REFERENCES fields (id),
    -- A number, fen, days, 1 or 0, or the number of an option; or a text. Neither where a person emptied it: of a customer
    -- that stands for another, the other's value is then not shown either.
    whole INTEGER,
    text TEXT,
    UNIQUE (customer_id, field_id),
    CHECK (whole IS NULL OR text IS NULL)
) STRICT;
CREATE INDEX field_values_field ON field_values (field_id, whole);
