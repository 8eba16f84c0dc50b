-- What the cycle says of members, and which of them it learns from.

CREATE TABLE lake_files_with_members (
    kind TEXT NOT NULL CHECK (kind IN ('facts', 'assessments', 'state', 'sample', 'members', 'member_sample')),
    -- The table of the extract for facts, else empty.
    table_code TEXT NOT NULL,
    month INTEGER NOT NULL,
    path TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (kind, table_code, month)
) STRICT, WITHOUT ROWID;
INSERT INTO lake_files_with_members SELECT kind, table_code, month, path, rows FROM lake_files;
DROP TABLE lake_files;
ALTER TABLE lake_files_with_members RENAME TO lake_files;

-- The month up to which usage was known when the score was handed over: nobody says when it was given.
ALTER TABLE members ADD COLUMN survey_since INTEGER;
CREATE INDEX members_survey_since ON members (id) WHERE survey_score IS NOT NULL AND survey_since IS NULL;
CREATE TRIGGER members_survey_score AFTER UPDATE OF survey_score ON members
WHEN old.survey_score IS NOT new.survey_score
BEGIN
    UPDATE members SET survey_since = NULL WHERE id = new.id;
END;
