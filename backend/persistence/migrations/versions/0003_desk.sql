-- Positions and those who hold them, sessions, delays after failures, errands of the desk; who sees which case. Frozen.
CREATE TABLE officers (
    id TEXT NOT NULL,
    desk TEXT NOT NULL,
    title TEXT NOT NULL,
    role TEXT NOT NULL,
    agency TEXT,
    area TEXT,
    login TEXT NOT NULL,
    holder TEXT NOT NULL,
    sk_number TEXT NOT NULL,
    sk_until DATE NOT NULL,
    password_hash TEXT,
    key_version INTEGER,
    key_wrapped BYTEA,
    totp BYTEA,
    totp_step BIGINT DEFAULT '0' NOT NULL,
    recovery BYTEA[] DEFAULT '{}' NOT NULL,
    invite BYTEA,
    invite_until TIMESTAMP WITH TIME ZONE,
    active BOOLEAN DEFAULT false NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT officers_pkey PRIMARY KEY (id),
    CONSTRAINT officers_login_key UNIQUE (login),
    CONSTRAINT officers_invite_key UNIQUE (invite),
    CONSTRAINT officers_role_check CHECK (role IN ('admin_induk', 'verifikator', 'narahubung', 'pejabat_penghubung',
      'inspektorat', 'pimpinan', 'peninjau_bahasa', 'operator_desa', 'auditor'))
);

CREATE INDEX officers_desk_idx ON officers (desk);

CREATE TABLE officer_terms (
    officer_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    holder TEXT NOT NULL,
    sk_number TEXT NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT officer_terms_pkey PRIMARY KEY (officer_id, seq),
    CONSTRAINT officer_terms_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officers (id)
);

CREATE TABLE desk_sessions (
    token BYTEA NOT NULL,
    officer_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT desk_sessions_pkey PRIMARY KEY (token),
    CONSTRAINT desk_sessions_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officers (id) ON DELETE CASCADE,
    CONSTRAINT desk_sessions_stage_check CHECK (stage IN ('set_up', 'second', 'in'))
);

CREATE INDEX desk_sessions_officer_id_idx ON desk_sessions (officer_id);

CREATE INDEX desk_sessions_seen_at_idx ON desk_sessions (seen_at);

CREATE TABLE login_failures (
    key BYTEA NOT NULL,
    n INTEGER NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT login_failures_pkey PRIMARY KEY (key)
);

CREATE INDEX login_failures_next_at_idx ON login_failures (next_at);

CREATE TABLE errands (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT errands_pkey PRIMARY KEY (id),
    CONSTRAINT errands_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT errands_kind_check CHECK (kind IN ('notice', 'review'))
);

CREATE INDEX errands_at_idx ON errands (at);

CREATE INDEX case_assignees_officer_idx ON case_assignees (officer);

GRANT SELECT, INSERT, UPDATE, DELETE ON officers, officer_terms, desk_sessions, login_failures, errands TO teman_lapor_app;

GRANT SELECT (id, desk, title, role, agency, area, holder, sk_until, active) ON officers TO teman_lapor_desk;

GRANT INSERT ON errands TO teman_lapor_desk;

GRANT DELETE ON case_assignees TO teman_lapor_desk;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['officers', 'officer_terms', 'desk_sessions', 'login_failures', 'errands']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_owner ON %I TO teman_lapor_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY of_app ON %I TO teman_lapor_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;

-- The scope of one transaction (SET LOCAL), unset meaning no rows: desk (regency code), agencies (comma-separated, or *), officer,
-- sealed_lane (oversight | sensitive), held: cases this transaction was allowed to change; they stay in view until it ends, so that
-- a case can be given away and its history finished.
CREATE FUNCTION desk_scope(name text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('teman_lapor.' || name, true), '')
$$;

DROP POLICY desk_sees ON cases;

CREATE POLICY desk_sees ON cases FOR SELECT TO teman_lapor_desk USING (
  desk = (SELECT desk_scope('desk'))
  AND (CASE
         WHEN oversight OR oversight_lane THEN (SELECT desk_scope('sealed_lane')) = 'oversight'
         WHEN sensitive THEN (SELECT desk_scope('sealed_lane')) = 'sensitive'
         ELSE (SELECT desk_scope('agencies')) = '*'
           OR agency = ANY (string_to_array((SELECT desk_scope('agencies')), ','))
       END
       OR id IN (SELECT a.case_id FROM case_assignees a WHERE a.officer = (SELECT desk_scope('officer')))
       OR id = ANY (string_to_array((SELECT desk_scope('held')), ',')))
);

DROP POLICY desk_assignees ON case_assignees;

CREATE POLICY desk_assignees ON case_assignees FOR SELECT TO teman_lapor_desk USING ((SELECT desk_scope('officer')) IS NOT NULL);

CREATE POLICY desk_unassigns ON case_assignees FOR DELETE TO teman_lapor_desk USING (desk_could_see(case_id));

DROP POLICY desk_reads ON case_history;

CREATE POLICY desk_reads ON case_history FOR SELECT TO teman_lapor_desk
  USING (EXISTS (SELECT FROM cases c WHERE c.id = case_history.case_id));

DROP POLICY desk_reads ON case_messages;

CREATE POLICY desk_reads ON case_messages FOR SELECT TO teman_lapor_desk
  USING (EXISTS (SELECT FROM cases c WHERE c.id = case_messages.case_id));

DROP POLICY desk_reads ON attachments;

CREATE POLICY desk_reads ON attachments FOR SELECT TO teman_lapor_desk
  USING (EXISTS (SELECT FROM cases c WHERE c.id = attachments.case_id));

DROP POLICY desk_reads ON audit;

-- What an officer did without a case is on a chain of the officer's own, which its next line continues.
CREATE POLICY desk_reads ON audit FOR SELECT TO teman_lapor_desk USING (
  chain = 'actor:' || (SELECT desk_scope('officer')) OR EXISTS (SELECT FROM cases c WHERE c.id = audit.case_id)
);

DROP POLICY desk_writes ON audit;

CREATE POLICY desk_writes ON audit FOR INSERT TO teman_lapor_desk WITH CHECK (
  actor = (SELECT desk_scope('officer'))
  AND ((case_id IS NULL AND chain = 'actor:' || actor) OR (desk_could_see(case_id) AND chain = 'case:' || case_id))
);

CREATE POLICY desk_reads ON officers FOR SELECT TO teman_lapor_desk USING (desk = (SELECT desk_scope('desk')));

CREATE POLICY desk_sends ON errands FOR INSERT TO teman_lapor_desk WITH CHECK (desk_could_see(case_id));
