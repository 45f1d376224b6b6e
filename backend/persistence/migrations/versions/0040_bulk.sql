-- Orders for many cases at once, kept as long as they can be undone; what they tell people waits until then. Frozen.
CREATE TABLE bulk_steps (
    order_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    officer TEXT NOT NULL,
    move TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    before BYTEA,
    left_out TEXT,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT bulk_steps_pkey PRIMARY KEY (order_id, case_id),
    CONSTRAINT bulk_steps_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX bulk_steps_officer_until_idx ON bulk_steps (officer, until);

CREATE INDEX bulk_steps_case_id_idx ON bulk_steps (case_id);

ALTER TABLE errands ADD COLUMN batch TEXT;

ALTER TABLE errands ADD COLUMN ready_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE errands DROP CONSTRAINT errands_kind_check;

ALTER TABLE errands ADD CONSTRAINT errands_kind_check CHECK (kind IN ('notice', 'review', 'message'));

CREATE INDEX errands_case_id_idx ON errands (case_id) WHERE batch IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON bulk_steps TO teman_lapor_app;

GRANT SELECT, INSERT, UPDATE (version, undone_at), DELETE ON bulk_steps TO teman_lapor_desk;

GRANT SELECT (id, case_id, batch, ready_at), UPDATE (batch, ready_at), DELETE ON errands TO teman_lapor_desk;

ALTER TABLE bulk_steps ENABLE ROW LEVEL SECURITY;

ALTER TABLE bulk_steps FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON bulk_steps TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON bulk_steps TO teman_lapor_app USING (true) WITH CHECK (true);

CREATE POLICY desk_own ON bulk_steps TO teman_lapor_desk USING (officer = (SELECT desk_scope('officer')))
  WITH CHECK (officer = (SELECT desk_scope('officer')) AND desk_could_see(case_id));

-- The desk sees that something waits, never what: the body is not granted, and sealed besides.
CREATE POLICY desk_waits ON errands FOR SELECT TO teman_lapor_desk USING (desk_could_see(case_id));

CREATE POLICY desk_releases ON errands FOR UPDATE TO teman_lapor_desk
  USING (batch IS NOT NULL AND desk_could_see(case_id)) WITH CHECK (batch IS NULL AND desk_could_see(case_id));

CREATE POLICY desk_withdraws ON errands FOR DELETE TO teman_lapor_desk USING (batch IS NOT NULL AND desk_could_see(case_id));
