-- What must hold whoever writes: the table of moves, the append-only history, who may see what. Frozen.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER case_history_is_kept BEFORE UPDATE OR DELETE ON case_history FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER case_history_is_not_emptied BEFORE TRUNCATE ON case_history FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER cases_are_kept BEFORE DELETE ON cases FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER cases_are_not_emptied BEFORE TRUNCATE ON cases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Every line of a history continues the line before it, by a move of the table.
CREATE FUNCTION check_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = teman_lapor, pg_temp AS $$
DECLARE
  last case_history%ROWTYPE;
BEGIN
  SELECT * INTO last FROM case_history WHERE case_id = NEW.case_id ORDER BY seq DESC LIMIT 1;
  IF last.seq IS NULL THEN
    IF NEW.seq <> 1 OR NEW.old_state IS NOT NULL OR NEW.new_state <> 'received' THEN
      RAISE EXCEPTION 'a history begins with received' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.seq <> last.seq + 1 OR NEW.old_state IS DISTINCT FROM last.new_state THEN
    RAISE EXCEPTION 'a history has no gaps' USING ERRCODE = 'check_violation';
  ELSIF NEW.old_state <> NEW.new_state
    AND NOT EXISTS (SELECT FROM case_moves m WHERE m.old_state = NEW.old_state AND m.new_state = NEW.new_state) THEN
    RAISE EXCEPTION 'no move from % to %', NEW.old_state, NEW.new_state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER case_history_follows_the_moves BEFORE INSERT ON case_history FOR EACH ROW EXECUTE FUNCTION check_history();

-- At commit a case stands where its history ends.
CREATE FUNCTION check_state() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = teman_lapor, pg_temp AS $$
DECLARE
  ended text;
  stands text;
BEGIN
  SELECT new_state INTO ended FROM case_history WHERE case_id = NEW.id ORDER BY seq DESC LIMIT 1;
  SELECT state INTO stands FROM cases WHERE id = NEW.id;
  IF ended IS DISTINCT FROM stands THEN
    RAISE EXCEPTION 'a case stands where its history ends' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER cases_stand_where_history_ends AFTER INSERT OR UPDATE ON cases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_state();

GRANT USAGE ON SCHEMA teman_lapor TO teman_lapor_app, teman_lapor_desk;

GRANT SELECT, INSERT, UPDATE, DELETE ON installation, conversations, conversation_activity, contacts, turns, inbox, outbox,
  hand_overs, dead_letters, case_assignees, case_messages, case_contacts, attachments, review_items, failed_lookups
  TO teman_lapor_app;

GRANT SELECT, INSERT, UPDATE ON cases TO teman_lapor_app;

GRANT SELECT, INSERT ON case_history, audit TO teman_lapor_app;

GRANT SELECT ON case_moves TO teman_lapor_app;

GRANT SELECT, UPDATE ON cases TO teman_lapor_desk;

GRANT SELECT, INSERT ON case_history, case_messages, case_assignees, audit TO teman_lapor_desk;

GRANT SELECT ON attachments, case_moves TO teman_lapor_desk;

-- Fail closed: no row of any table without a policy that says so. The owner's policy is what lets pg_dump read.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'teman_lapor'::regnamespace AND c.relkind = 'r'
    AND c.relname <> 'alembic_version'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_owner ON %I TO teman_lapor_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY of_app ON %I TO teman_lapor_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;

-- The desk's scope is set for one transaction (SET LOCAL): agencies (comma-separated, or *), officer, sealed_lane (on).
-- Unset means no rows.
CREATE POLICY desk_assignees ON case_assignees FOR SELECT TO teman_lapor_desk
  USING (officer = (SELECT current_setting('teman_lapor.officer', true))
         OR (SELECT current_setting('teman_lapor.agencies', true)) <> '');

CREATE POLICY desk_sees ON cases FOR SELECT TO teman_lapor_desk USING (
  ((SELECT current_setting('teman_lapor.agencies', true)) = '*'
   OR agency = ANY (string_to_array((SELECT current_setting('teman_lapor.agencies', true)), ',')))
  AND (NOT (oversight OR sensitive)
       OR (SELECT current_setting('teman_lapor.sealed_lane', true)) = 'on'
       OR EXISTS (SELECT FROM case_assignees a
                  WHERE a.case_id = cases.id AND a.officer = (SELECT current_setting('teman_lapor.officer', true))))
);

-- A case may be given away: what an officer may change is what the officer could see before.
CREATE FUNCTION desk_could_see(the_case text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM teman_lapor.cases WHERE id = the_case)
$$;

CREATE POLICY desk_changes ON cases FOR UPDATE TO teman_lapor_desk USING (desk_could_see(id)) WITH CHECK (true);

CREATE POLICY desk_assigns ON case_assignees FOR INSERT TO teman_lapor_desk WITH CHECK (desk_could_see(case_id));

CREATE POLICY desk_reads ON case_history FOR SELECT TO teman_lapor_desk USING (desk_could_see(case_id));

CREATE POLICY desk_appends ON case_history FOR INSERT TO teman_lapor_desk WITH CHECK (desk_could_see(case_id));

CREATE POLICY desk_reads ON case_messages FOR SELECT TO teman_lapor_desk USING (desk_could_see(case_id));

CREATE POLICY desk_writes ON case_messages FOR INSERT TO teman_lapor_desk WITH CHECK (desk_could_see(case_id));

CREATE POLICY desk_reads ON attachments FOR SELECT TO teman_lapor_desk USING (case_id IS NOT NULL AND desk_could_see(case_id));

CREATE POLICY desk_reads ON case_moves FOR SELECT TO teman_lapor_desk USING (true);

CREATE POLICY desk_reads ON audit FOR SELECT TO teman_lapor_desk
  USING (case_id IS NOT NULL AND desk_could_see(case_id));

CREATE POLICY desk_writes ON audit FOR INSERT TO teman_lapor_desk
  WITH CHECK ((SELECT current_setting('teman_lapor.officer', true)) <> '');
