-- A month of a large operator has a quarter of a million sums by unit and stage. They are written together and read
-- unit by unit: a row per unit costs a tenth of a row per sum.

CREATE TABLE unit_stages (
    month INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    -- JSON array of [stage, customers, revenue, cost, revenue of twelve months, profit of twelve months], in fen.
    sums TEXT NOT NULL,
    PRIMARY KEY (month, unit_id)
) STRICT, WITHOUT ROWID;

INSERT INTO unit_stages (month, unit_id, sums)
SELECT month, unit_id,
       json_group_array(json_array(stage, customers, revenue_fen, cost_fen, revenue_12m_fen, profit_12m_fen))
FROM unit_months
GROUP BY month, unit_id;

DROP TABLE unit_months;

CREATE TABLE unit_moves (
    month INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    -- JSON array of [stage a quarter ago, stage now, customers, revenue of twelve months in fen].
    sums TEXT NOT NULL,
    PRIMARY KEY (month, unit_id)
) STRICT, WITHOUT ROWID;

INSERT INTO unit_moves (month, unit_id, sums)
SELECT month, unit_id, json_group_array(json_array(from_stage, to_stage, customers, revenue_12m_fen))
FROM unit_flows
GROUP BY month, unit_id;

DROP TABLE unit_flows;
