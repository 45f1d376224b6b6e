-- Versions of the reference rows: what a regency changed in the shipped ones, appended and never edited. Frozen.
CREATE TABLE reference_versions (
    number INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by TEXT NOT NULL,
    effective_on DATE NOT NULL,
    reason TEXT NOT NULL,
    equals INTEGER,
    CONSTRAINT reference_versions_pkey PRIMARY KEY (number),
    CONSTRAINT reference_versions_number_check CHECK (number > 0)
);

CREATE TABLE reference_revisions (
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    file TEXT NOT NULL,
    key TEXT NOT NULL,
    becomes TEXT NOT NULL,
    before JSONB,
    after JSONB,
    place TEXT,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT reference_revisions_pkey PRIMARY KEY (version, seq),
    CONSTRAINT reference_revisions_version_fkey FOREIGN KEY(version) REFERENCES reference_versions (number),
    CONSTRAINT reference_revisions_becomes_check CHECK (becomes IN ('row', 'removed', 'shipped')),
    CONSTRAINT reference_revisions_after_check CHECK ((becomes = 'row') = (after IS NOT NULL))
);

CREATE TABLE reference_draft (
    file TEXT NOT NULL,
    key TEXT NOT NULL,
    becomes TEXT NOT NULL,
    before JSONB,
    after JSONB,
    place TEXT,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT reference_draft_pkey PRIMARY KEY (file, key),
    CONSTRAINT reference_draft_becomes_check CHECK (becomes IN ('row', 'removed', 'shipped')),
    CONSTRAINT reference_draft_after_check CHECK ((becomes = 'row') = (after IS NOT NULL))
);

-- Who works through the open promises of a version that has come into force, and how far: one process at a time, restartable.
CREATE TABLE reference_recounts (
    version INTEGER NOT NULL,
    taken_until TIMESTAMP WITH TIME ZONE NOT NULL,
    n_changed INTEGER DEFAULT '0' NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT reference_recounts_pkey PRIMARY KEY (version),
    CONSTRAINT reference_recounts_version_fkey FOREIGN KEY(version) REFERENCES reference_versions (number)
);

CREATE TRIGGER reference_versions_are_kept BEFORE UPDATE OR DELETE ON reference_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER reference_versions_are_not_emptied BEFORE TRUNCATE ON reference_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER reference_revisions_are_kept BEFORE UPDATE OR DELETE ON reference_revisions FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER reference_revisions_are_not_emptied BEFORE TRUNCATE ON reference_revisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON reference_versions, reference_revisions TO teman_lapor_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON reference_draft TO teman_lapor_app;

GRANT SELECT, INSERT, UPDATE ON reference_recounts TO teman_lapor_app;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['reference_versions', 'reference_revisions', 'reference_draft', 'reference_recounts']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_owner ON %I TO teman_lapor_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY of_app ON %I TO teman_lapor_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
