-- What figures are counted from: one narrow row a case, kept by the database itself, in the scope of the case. Frozen.
CREATE TABLE case_figures (
    case_id TEXT NOT NULL,
    desk TEXT NOT NULL,
    agency TEXT NOT NULL,
    oversight BOOLEAN NOT NULL,
    sensitive BOOLEAN NOT NULL,
    sealed BOOLEAN NOT NULL,
    anonymous BOOLEAN NOT NULL,
    report_class TEXT NOT NULL,
    issue TEXT NOT NULL,
    district_code TEXT,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    resolution TEXT,
    rating INTEGER,
    due_on DATE NOT NULL,
    filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    informed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT case_figures_pkey PRIMARY KEY (case_id),
    CONSTRAINT case_figures_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

-- A period of a desk is read from these alone.
CREATE INDEX case_figures_filed_idx ON case_figures (desk, filed_at);

CREATE INDEX case_figures_closed_idx ON case_figures (desk, closed_at) WHERE closed_at IS NOT NULL;

CREATE INDEX case_figures_open_idx ON case_figures (desk, due_on) WHERE closed_at IS NULL;

-- `sealed`: nobody but the desk may know that it is there. `oversight` is the lane, whoever put it there.
CREATE FUNCTION keep_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = teman_lapor, pg_temp AS $$
DECLARE
  lane boolean := NEW.oversight OR NEW.oversight_lane;
  hidden boolean := NEW.identity_level <> 'open' OR NEW.sensitive OR lane;
BEGIN
  INSERT INTO case_figures AS f (case_id, desk, agency, oversight, sensitive, sealed, anonymous, report_class, issue, district_code,
    channel, state, resolution, rating, due_on, filed_at)
  VALUES (NEW.id, NEW.desk, NEW.agency, lane, NEW.sensitive, hidden, NEW.identity_level = 'anonymous', NEW.report_class, NEW.issue, NEW.district_code, NEW.channel,
    NEW.state, NEW.resolution, NEW.rating, NEW.due_on, NEW.filed_at)
  ON CONFLICT (case_id) DO UPDATE SET desk = NEW.desk, agency = NEW.agency, oversight = lane, sensitive = NEW.sensitive,
    sealed = hidden, anonymous = NEW.identity_level = 'anonymous', report_class = NEW.report_class, issue = NEW.issue, district_code = NEW.district_code,
    channel = NEW.channel, state = NEW.state, resolution = NEW.resolution, rating = NEW.rating, due_on = NEW.due_on;
  RETURN NULL;
END $$;

CREATE TRIGGER cases_are_counted AFTER INSERT OR UPDATE OF desk, agency, oversight, oversight_lane, sensitive, identity_level,
  report_class, issue, district_code, channel, state, resolution, rating, due_on ON cases FOR EACH ROW EXECUTE FUNCTION keep_figures();

-- The first answer stays; a case is closed from its last closing on, unless it was opened again.
CREATE FUNCTION keep_times() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = teman_lapor, pg_temp AS $$
BEGIN
  IF NEW.new_state IN ('resolved', 'archived', 'referred_outside', 'withdrawn') THEN
    UPDATE case_figures SET closed_at = NEW.at WHERE case_id = NEW.case_id;
  ELSE
    UPDATE case_figures SET closed_at = NULL WHERE case_id = NEW.case_id AND closed_at IS NOT NULL;
  END IF;
  IF NEW.new_state = 'answered' THEN
    UPDATE case_figures SET answered_at = NEW.at WHERE case_id = NEW.case_id AND answered_at IS NULL;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER history_is_timed AFTER INSERT ON case_history FOR EACH ROW
  WHEN (NEW.old_state IS DISTINCT FROM NEW.new_state AND NEW.old_state IS NOT NULL) EXECUTE FUNCTION keep_times();

INSERT INTO case_figures (case_id, desk, agency, oversight, sensitive, sealed, anonymous, report_class, issue, district_code, channel,
  state, resolution, rating, due_on, filed_at, answered_at, closed_at)
SELECT c.id, c.desk, c.agency, c.oversight OR c.oversight_lane, c.sensitive,
  c.identity_level <> 'open' OR c.sensitive OR c.oversight OR c.oversight_lane, c.identity_level = 'anonymous', c.report_class, c.issue, c.district_code, c.channel,
  c.state, c.resolution, c.rating, c.due_on, c.filed_at, h.answered_at,
  CASE WHEN c.state IN ('resolved', 'archived', 'referred_outside', 'withdrawn') THEN h.closed_at END
FROM cases c JOIN (
  SELECT case_id, min(at) FILTER (WHERE new_state = 'answered' AND old_state <> new_state) AS answered_at,
    max(at) FILTER (WHERE new_state IN ('resolved', 'archived', 'referred_outside', 'withdrawn') AND old_state <> new_state) AS closed_at
  FROM case_history GROUP BY case_id) h ON h.case_id = c.id;

GRANT SELECT, INSERT, UPDATE ON case_figures TO teman_lapor_app;

GRANT SELECT ON case_figures TO teman_lapor_desk;

ALTER TABLE case_figures ENABLE ROW LEVEL SECURITY;

ALTER TABLE case_figures FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON case_figures TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON case_figures TO teman_lapor_app USING (true) WITH CHECK (true);

-- The same words as the policy of cases, without what a transaction holds: a figure is not changed by hand.
CREATE POLICY desk_sees ON case_figures FOR SELECT TO teman_lapor_desk USING (
  desk = (SELECT desk_scope('desk'))
  AND (CASE
         WHEN oversight THEN (SELECT desk_scope('sealed_lane')) = 'oversight'
         WHEN sensitive THEN (SELECT desk_scope('sealed_lane')) = 'sensitive'
         ELSE (SELECT desk_scope('agencies')) = '*'
           OR agency = ANY (string_to_array((SELECT desk_scope('agencies')), ','))
       END
       OR case_id IN (SELECT a.case_id FROM case_assignees a WHERE a.officer = (SELECT desk_scope('officer'))))
);
