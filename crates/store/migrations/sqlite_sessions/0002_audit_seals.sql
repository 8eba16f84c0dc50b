-- As the table of the records, for what is done to sessions.
CREATE TABLE audit_seals (
    last_entry INTEGER PRIMARY KEY,
    hash BLOB NOT NULL
) STRICT;
