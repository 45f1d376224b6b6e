-- What was handed on to LAPOR!, by whom, under which number of theirs; an officer sees the lines of cases in view. Frozen.
CREATE TABLE handovers_lapor (
    case_id TEXT NOT NULL,
    way TEXT NOT NULL,
    progress TEXT NOT NULL,
    by TEXT NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    their_number TEXT,
    their_state TEXT,
    state_at TIMESTAMP WITH TIME ZONE,
    handed_on_at TIMESTAMP WITH TIME ZONE,
    differences TEXT[] DEFAULT '{}' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    last_error TEXT,
    tried_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT handovers_lapor_pkey PRIMARY KEY (case_id),
    CONSTRAINT handovers_lapor_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT handovers_lapor_their_number_key UNIQUE (their_number),
    CONSTRAINT handovers_lapor_way_check CHECK (way IN ('manual', 'api')),
    CONSTRAINT handovers_lapor_progress_check CHECK (progress IN ('sending', 'waiting', 'handed_on', 'refused')),
    CONSTRAINT handovers_lapor_numbered_check CHECK ((progress = 'handed_on') = (their_number IS NOT NULL))
);

CREATE INDEX handovers_lapor_progress_state_at_idx ON handovers_lapor (progress, state_at);

ALTER TABLE cases ADD CONSTRAINT cases_lapor_tracking_id_key UNIQUE (lapor_tracking_id);

GRANT SELECT, INSERT, UPDATE ON handovers_lapor TO teman_lapor_app, teman_lapor_desk;

ALTER TABLE handovers_lapor ENABLE ROW LEVEL SECURITY;

ALTER TABLE handovers_lapor FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON handovers_lapor TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON handovers_lapor TO teman_lapor_app USING (true) WITH CHECK (true);

CREATE POLICY of_desk ON handovers_lapor TO teman_lapor_desk USING (desk_could_see(case_id)) WITH CHECK (desk_could_see(case_id));
