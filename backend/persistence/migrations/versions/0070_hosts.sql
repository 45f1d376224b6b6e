-- Several hosts: who lives and how, an anchor file each, and the models that all of them serve. Frozen.
CREATE TABLE hosts (
    name TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    schema TEXT NOT NULL,
    model TEXT,
    engines INTEGER DEFAULT 0 NOT NULL,
    engines_up INTEGER DEFAULT 0 NOT NULL,
    free_bytes BIGINT DEFAULT 0 NOT NULL,
    draining BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT hosts_pkey PRIMARY KEY (name)
);

-- Takes the place of audit_anchor, which the release before goes on writing while hosts are upgraded one by one.
CREATE TABLE anchor_files (
    host TEXT NOT NULL,
    n BIGINT NOT NULL,
    link BYTEA NOT NULL,
    upto TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT anchor_files_pkey PRIMARY KEY (host)
);

CREATE TABLE model_archives (
    name TEXT NOT NULL,
    signature TEXT NOT NULL,
    files JSONB NOT NULL,
    n_parts INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT model_archives_pkey PRIMARY KEY (name)
);

CREATE TABLE model_parts (
    name TEXT NOT NULL,
    part INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT model_parts_pkey PRIMARY KEY (name, part),
    CONSTRAINT model_parts_name_fkey FOREIGN KEY(name) REFERENCES model_archives (name) ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON hosts, anchor_files, model_archives, model_parts TO teman_lapor_app;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['hosts', 'anchor_files', 'model_archives', 'model_parts']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_owner ON %I TO teman_lapor_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY of_app ON %I TO teman_lapor_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
