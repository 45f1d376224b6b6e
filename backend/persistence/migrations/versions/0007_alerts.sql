-- What was raised about a case because time passed, once for each promise; an officer sees those of cases in view. Frozen.
CREATE TABLE case_alerts (
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    due_on DATE NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT case_alerts_pkey PRIMARY KEY (case_id, kind, due_on),
    CONSTRAINT case_alerts_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX case_alerts_at_idx ON case_alerts (at);

CREATE INDEX cases_state_due_on_id_idx ON cases (state, due_on, id);

GRANT SELECT, INSERT ON case_alerts TO teman_lapor_app;

GRANT SELECT ON case_alerts TO teman_lapor_desk;

ALTER TABLE case_alerts ENABLE ROW LEVEL SECURITY;

ALTER TABLE case_alerts FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON case_alerts TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON case_alerts TO teman_lapor_app USING (true) WITH CHECK (true);

CREATE POLICY desk_reads ON case_alerts FOR SELECT TO teman_lapor_desk
  USING (EXISTS (SELECT FROM cases c WHERE c.id = case_alerts.case_id));
