-- Who took which figures or lists away, why, and how far the sending has come. The words themselves are never kept. Frozen.
CREATE TABLE exports (
    id TEXT NOT NULL,
    officer_id TEXT NOT NULL,
    desk TEXT NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    first DATE NOT NULL,
    last DATE NOT NULL,
    reason TEXT NOT NULL,
    status TEXT NOT NULL,
    n_total INTEGER NOT NULL,
    n_done INTEGER DEFAULT '0' NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT exports_pkey PRIMARY KEY (id),
    CONSTRAINT exports_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officers (id),
    CONSTRAINT exports_status_check CHECK (status IN ('asked', 'sending', 'done', 'broken'))
);

CREATE INDEX exports_officer_id_made_at_idx ON exports (officer_id, made_at);

GRANT SELECT, INSERT, UPDATE ON exports TO teman_lapor_app;

ALTER TABLE exports ENABLE ROW LEVEL SECURITY;

ALTER TABLE exports FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON exports TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON exports TO teman_lapor_app USING (true) WITH CHECK (true);
