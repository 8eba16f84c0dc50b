-- What models learn from, and what each model in use rests on.

CREATE TABLE lake_files_with_samples (
    kind TEXT NOT NULL CHECK (kind IN ('facts', 'assessments', 'state', 'sample')),
    -- The table of the extract for facts, else empty.
    table_code TEXT NOT NULL,
    month INTEGER NOT NULL,
    path TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (kind, table_code, month)
) STRICT, WITHOUT ROWID;
INSERT INTO lake_files_with_samples SELECT kind, table_code, month, path, rows FROM lake_files;
DROP TABLE lake_files;
ALTER TABLE lake_files_with_samples RENAME TO lake_files;

CREATE TABLE model_cards (
    month INTEGER NOT NULL,
    model TEXT NOT NULL,
    -- A JSON object.
    figures TEXT NOT NULL,
    PRIMARY KEY (month, model)
) STRICT, WITHOUT ROWID;
