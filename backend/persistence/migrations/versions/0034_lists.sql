-- Work lists and word search of a register of a million cases: what an officer may see is read from an index, in order. Frozen.
CREATE INDEX cases_desk_state_idx ON cases (desk, state, due_on, id) INCLUDE (agency, oversight, oversight_lane, sensitive)
  WHERE state NOT IN ('resolved', 'archived', 'referred_outside', 'withdrawn');

CREATE INDEX cases_desk_due_idx ON cases (desk, due_on, id);

CREATE INDEX cases_agency_due_idx ON cases (agency, due_on, id);

CREATE INDEX cases_desk_issue_idx ON cases (desk, issue, due_on, id);

CREATE INDEX cases_desk_district_idx ON cases (desk, district_code, due_on, id);

CREATE INDEX cases_oversight_idx ON cases (desk, due_on, id) WHERE oversight OR oversight_lane;

CREATE INDEX cases_filed_at_idx ON cases (filed_at, id);

-- A word is found in a part of the register, never in the whole: the ordinary cases of a desk, those of one office, one of the sealed
-- lanes. So a search reads nothing of what lies outside the officer's scope, and takes as long whether something is there or not.
CREATE FUNCTION scope_mark(lane text, desk text, agency text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substring(sha256(convert_to(lane || ' ' || desk || ' ' || agency, 'UTF8')) FROM 1 FOR 5)
$$;

CREATE FUNCTION marked(words bytea[], marks bytea[]) RETURNS bytea[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 2000 AS $$
DECLARE
  mark bytea;
  word bytea;
  found bytea[] := '{}';
BEGIN
  FOREACH mark IN ARRAY marks LOOP
    FOREACH word IN ARRAY words LOOP
      found := found || (mark || word);
    END LOOP;
  END LOOP;
  RETURN found;
END $$;

CREATE FUNCTION words_in_scope(desk text, agency text, lane boolean, sensitive boolean, words bytea[]) RETURNS bytea[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT teman_lapor.marked(words, CASE
    WHEN lane THEN ARRAY[teman_lapor.scope_mark('oversight', desk, '')]
    WHEN sensitive THEN ARRAY[teman_lapor.scope_mark('sensitive', desk, '')]
    ELSE ARRAY[teman_lapor.scope_mark('desk', desk, ''), teman_lapor.scope_mark('agency', desk, agency)]
  END)
$$;

DROP INDEX cases_words_idx;

CREATE INDEX cases_words_idx ON cases
  USING gin (words_in_scope(desk, agency, oversight OR oversight_lane, sensitive, words)) WITH (gin_pending_list_limit = 256);

-- Ids of at most so many cases in the caller's scope that hold all words. It runs as the owner, because under row-level security an
-- index of words is not used; whoever calls joins the ids with `cases`, where the policy looks again.
CREATE FUNCTION desk_found(sought bytea[], most integer) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
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
    WHERE a.officer = desk_scope('officer') AND c.words @> sought LIMIT most;
END $$;

REVOKE ALL ON FUNCTION desk_found(bytea[], integer) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION desk_found(bytea[], integer) TO teman_lapor_desk;
