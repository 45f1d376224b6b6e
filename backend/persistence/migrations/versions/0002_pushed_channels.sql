-- What channels need that are pushed to: when a message was written, files still to be fetched, whom one may write to. Frozen.
ALTER TABLE inbox ADD COLUMN sent_at TIMESTAMP WITH TIME ZONE, ADD COLUMN fetch_at TIMESTAMP WITH TIME ZONE, ADD COLUMN fetches INTEGER DEFAULT '0' NOT NULL;

CREATE INDEX inbox_fetch_at_idx ON inbox (fetch_at) WHERE fetch_at IS NOT NULL;

ALTER TABLE conversation_activity ADD COLUMN last_sent_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE outbox ADD COLUMN failed_hmac BYTEA;

CREATE TABLE recipients (
    conversation_id TEXT NOT NULL,
    heard_at TIMESTAMP WITH TIME ZONE,
    stopped BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT recipients_pkey PRIMARY KEY (conversation_id),
    CONSTRAINT recipients_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);

CREATE TABLE sent_counts (
    channel TEXT NOT NULL,
    month TEXT NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT sent_counts_pkey PRIMARY KEY (channel, month, kind)
);

CREATE TABLE alarms (
    code TEXT NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    n INTEGER DEFAULT '0' NOT NULL,
    cleared_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT alarms_pkey PRIMARY KEY (code)
);

CREATE TABLE message_templates (
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT message_templates_pkey PRIMARY KEY (name, language)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON recipients, sent_counts, alarms, message_templates TO teman_lapor_app;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['recipients', 'sent_counts', 'alarms', 'message_templates']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_owner ON %I TO teman_lapor_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY of_app ON %I TO teman_lapor_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
