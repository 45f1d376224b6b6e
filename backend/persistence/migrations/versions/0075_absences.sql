-- Somebody absent names who works in the place; what is done so says for whom. Sealed cases are not handed on. Frozen.
CREATE TABLE absences (
    id TEXT NOT NULL,
    officer_id TEXT NOT NULL,
    stand_in_id TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT absences_pkey PRIMARY KEY (id),
    CONSTRAINT absences_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officers (id) ON DELETE CASCADE,
    CONSTRAINT absences_stand_in_id_fkey FOREIGN KEY(stand_in_id) REFERENCES officers (id) ON DELETE CASCADE,
    CONSTRAINT absences_of_another_check CHECK (officer_id <> stand_in_id),
    CONSTRAINT absences_in_order_check CHECK (first_day <= last_day)
);

CREATE INDEX absences_officer_id_idx ON absences (officer_id);

CREATE INDEX absences_stand_in_id_idx ON absences (stand_in_id);

GRANT SELECT, INSERT, UPDATE ON absences TO teman_lapor_app;

ALTER TABLE absences ENABLE ROW LEVEL SECURITY;

ALTER TABLE absences FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON absences TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON absences TO teman_lapor_app USING (true) WITH CHECK (true);

ALTER TABLE desk_sessions ADD COLUMN absence_id TEXT
  CONSTRAINT desk_sessions_absence_id_fkey REFERENCES absences (id) ON DELETE SET NULL;

ALTER TABLE case_history ADD COLUMN on_behalf TEXT;

-- Whose cases by name are seen: the own ones, or those of the one in whose place the officer works.
CREATE FUNCTION desk_seat() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(desk_scope('stands_for'), desk_scope('officer'))
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
       OR (id IN (SELECT a.case_id FROM case_assignees a WHERE a.officer = (SELECT desk_seat()))
           AND ((SELECT desk_scope('stands_for')) IS NULL OR NOT (oversight OR oversight_lane OR sensitive)))
       OR id = ANY (string_to_array((SELECT desk_scope('held')), ',')))
);

DROP POLICY desk_sees ON case_figures;

CREATE POLICY desk_sees ON case_figures FOR SELECT TO teman_lapor_desk USING (
  desk = (SELECT desk_scope('desk'))
  AND (CASE
         WHEN oversight THEN (SELECT desk_scope('sealed_lane')) = 'oversight'
         WHEN sensitive THEN (SELECT desk_scope('sealed_lane')) = 'sensitive'
         ELSE (SELECT desk_scope('agencies')) = '*'
           OR agency = ANY (string_to_array((SELECT desk_scope('agencies')), ','))
       END
       OR (case_id IN (SELECT a.case_id FROM case_assignees a WHERE a.officer = (SELECT desk_seat()))
           AND ((SELECT desk_scope('stands_for')) IS NULL OR NOT (oversight OR sensitive))))
);

DROP POLICY desk_appends ON case_history;

-- Neither hidden nor claimed: a line says for whom it was written exactly when the transaction works in somebody's place.
CREATE POLICY desk_appends ON case_history FOR INSERT TO teman_lapor_desk
  WITH CHECK (desk_could_see(case_id) AND on_behalf IS NOT DISTINCT FROM (SELECT desk_scope('stands_for')));

DROP POLICY desk_writes ON audit;

CREATE POLICY desk_writes ON audit FOR INSERT TO teman_lapor_desk WITH CHECK (
  actor = (SELECT desk_scope('officer'))
  AND (details ->> 'on_behalf') IS NOT DISTINCT FROM (SELECT desk_scope('stands_for'))
  AND ((case_id IS NULL AND chain = 'actor:' || actor) OR (desk_could_see(case_id) AND chain = 'case:' || case_id))
);

CREATE OR REPLACE FUNCTION desk_found(sought bytea[], most integer) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = teman_lapor, pg_temp SET plan_cache_mode = force_custom_plan SET enable_seqscan = off SET work_mem = '32MB' AS $$
DECLARE
  the_desk text := desk_scope('desk');
  agencies text := desk_scope('agencies');
  lane text := desk_scope('sealed_lane');
  marks bytea[];
  mark bytea;
  wanted bytea[];
BEGIN
  IF the_desk IS NULL OR cardinality(sought) = 0 THEN
    RETURN;
  END IF;
  marks := CASE WHEN agencies = '*' THEN ARRAY[scope_mark('desk', the_desk, '')]
    ELSE ARRAY(SELECT scope_mark('agency', the_desk, a) FROM unnest(string_to_array(agencies, ',')) AS a) END;
  IF lane IS NOT NULL THEN
    marks := marks || scope_mark(lane, the_desk, '');
  END IF;
  FOREACH mark IN ARRAY marks LOOP
    wanted := marked(sought, ARRAY[mark]);
    RETURN QUERY SELECT c.id FROM cases c
      WHERE words_in_scope(c.desk, c.agency, c.oversight OR c.oversight_lane, c.sensitive, c.words) @> wanted LIMIT most;
  END LOOP;
  RETURN QUERY SELECT c.id FROM case_assignees a JOIN cases c ON c.id = a.case_id
    WHERE a.officer = desk_seat() AND c.words @> sought LIMIT most;
END $$;
