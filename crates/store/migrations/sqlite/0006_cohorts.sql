-- What relations bring as they grow older.

CREATE TABLE unit_cohorts (
    month INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    -- JSON array of [year of start, stage, customers, usage in fen, revenue in fen, cost in fen].
    sums TEXT NOT NULL,
    PRIMARY KEY (month, unit_id)
) STRICT, WITHOUT ROWID;
