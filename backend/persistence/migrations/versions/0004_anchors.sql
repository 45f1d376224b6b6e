-- Heads of the audit's chains are anchored in a file outside the database; here stands how many lines it has and its last link. Frozen.
ALTER TABLE audit ADD COLUMN stored_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL;

CREATE INDEX audit_stored_at_idx ON audit (stored_at);

CREATE INDEX audit_at_idx ON audit (at, chain, seq);

CREATE TABLE audit_anchor (
    one BOOLEAN NOT NULL CONSTRAINT audit_anchor_one_check CHECK (one),
    n BIGINT NOT NULL,
    link BYTEA NOT NULL,
    upto TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT audit_anchor_pkey PRIMARY KEY (one)
);

GRANT SELECT, INSERT, UPDATE ON audit_anchor TO teman_lapor_app;

ALTER TABLE audit_anchor ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit_anchor FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON audit_anchor TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON audit_anchor TO teman_lapor_app USING (true) WITH CHECK (true);
