-- What the audit said up to an entry, as one hash over the seal before and every entry since: an entry that is changed or
-- taken away later no longer fits its seal.
CREATE TABLE audit_seals (
    last_entry INTEGER PRIMARY KEY,
    hash BLOB NOT NULL
) STRICT;

CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_action ON audit (action);
CREATE INDEX audit_user ON audit (user_id) WHERE user_id IS NOT NULL;
