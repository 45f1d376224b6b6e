-- The review of unsure sentences as a loop: folding, context, votes, rounds of training, models that serve. Frozen.
ALTER TABLE review_items
  ADD COLUMN n INTEGER DEFAULT '1' NOT NULL,
  ADD COLUMN sender TEXT,
  ADD COLUMN talk TEXT,
  ADD COLUMN context BYTEA,
  ADD COLUMN key_version INTEGER,
  ADD COLUMN key_wrapped BYTEA,
  ADD COLUMN harm DOUBLE PRECISION DEFAULT '1' NOT NULL,
  ADD COLUMN uncertainty DOUBLE PRECISION DEFAULT '1' NOT NULL,
  ADD COLUMN source TEXT DEFAULT 'turn' NOT NULL,
  DROP CONSTRAINT review_items_status_check;

ALTER TABLE review_items ADD CONSTRAINT review_items_status_check
  CHECK (status IN ('pending', 'second', 'disputed', 'approved', 'dismissed', 'skipped', 'unlearned'));

CREATE INDEX review_items_sender_idx ON review_items (sender);

CREATE INDEX review_items_talk_idx ON review_items (talk);

CREATE TABLE review_votes (
    item_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    by TEXT NOT NULL,
    label TEXT,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT review_votes_pkey PRIMARY KEY (item_id, seq),
    CONSTRAINT review_votes_item_id_fkey FOREIGN KEY(item_id) REFERENCES review_items (id) ON DELETE CASCADE
);

CREATE INDEX review_votes_by_at_idx ON review_votes (by, at);

CREATE TABLE training_rounds (
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    seen_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    log TEXT NOT NULL,
    model TEXT,
    live_model TEXT,
    n_examples INTEGER DEFAULT '0' NOT NULL,
    files JSONB NOT NULL,
    exam JSONB,
    refusals JSONB NOT NULL,
    error TEXT,
    CONSTRAINT training_rounds_pkey PRIMARY KEY (id),
    CONSTRAINT training_rounds_status_check CHECK (status IN
      ('queued', 'running', 'cancelling', 'passed', 'refused', 'failed', 'cancelled', 'promoted'))
);

CREATE UNIQUE INDEX training_rounds_one_running_key ON training_rounds ((true)) WHERE status IN ('running', 'cancelling');

CREATE INDEX training_rounds_requested_at_idx ON training_rounds (requested_at);

CREATE TABLE training_examples (
    round_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    label TEXT NOT NULL,
    use TEXT NOT NULL,
    CONSTRAINT training_examples_pkey PRIMARY KEY (round_id, item_id),
    CONSTRAINT training_examples_round_id_fkey FOREIGN KEY(round_id) REFERENCES training_rounds (id) ON DELETE CASCADE,
    CONSTRAINT training_examples_item_id_fkey FOREIGN KEY(item_id) REFERENCES review_items (id) ON DELETE CASCADE,
    CONSTRAINT training_examples_use_check CHECK (use IN ('taught', 'held_out', 'over_limit', 'quarantined'))
);

CREATE INDEX training_examples_item_id_idx ON training_examples (item_id);

CREATE TABLE served_models (
    id TEXT NOT NULL,
    model TEXT NOT NULL,
    round_id TEXT,
    what TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    took_s DOUBLE PRECISION,
    CONSTRAINT served_models_pkey PRIMARY KEY (id),
    CONSTRAINT served_models_round_id_fkey FOREIGN KEY(round_id) REFERENCES training_rounds (id) ON DELETE SET NULL,
    CONSTRAINT served_models_what_check CHECK (what IN ('promoted', 'rolled_back'))
);

GRANT SELECT, INSERT, UPDATE, DELETE ON review_votes, training_rounds, training_examples, served_models TO teman_lapor_app;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['review_votes', 'training_rounds', 'training_examples', 'served_models']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_owner ON %I TO teman_lapor_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY of_app ON %I TO teman_lapor_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
