-- A candidate on live traffic: one trial at a time, and what each turn of it showed. Frozen.
CREATE TABLE model_trials (
    id TEXT NOT NULL,
    round_id TEXT NOT NULL,
    model TEXT NOT NULL,
    live_model TEXT NOT NULL,
    stage TEXT NOT NULL,
    share INTEGER DEFAULT '0' NOT NULL,
    started_by TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    moved_by TEXT NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    ending TEXT,
    CONSTRAINT model_trials_pkey PRIMARY KEY (id),
    CONSTRAINT model_trials_round_id_fkey FOREIGN KEY(round_id) REFERENCES training_rounds (id) ON DELETE CASCADE,
    CONSTRAINT model_trials_stage_check CHECK (stage IN ('shadow', 'part', 'ended')),
    CONSTRAINT model_trials_ending_check CHECK (ending IN
      ('promoted', 'by_person', 'failing', 'slower', 'not_served', 'stale'))
);

CREATE UNIQUE INDEX model_trials_one_open_key ON model_trials ((true)) WHERE stage <> 'ended';

CREATE INDEX model_trials_started_at_idx ON model_trials (started_at);

CREATE TABLE trial_turns (
    id TEXT NOT NULL,
    trial_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    by_candidate BOOLEAN DEFAULT false NOT NULL,
    failed BOOLEAN DEFAULT false NOT NULL,
    unsure BOOLEAN DEFAULT false NOT NULL,
    same_reading BOOLEAN,
    same_answer BOOLEAN,
    live_label TEXT,
    candidate_label TEXT,
    text TEXT,
    sender TEXT,
    talk TEXT,
    live_ms DOUBLE PRECISION,
    candidate_ms DOUBLE PRECISION,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT trial_turns_pkey PRIMARY KEY (id),
    CONSTRAINT trial_turns_trial_id_fkey FOREIGN KEY(trial_id) REFERENCES model_trials (id) ON DELETE CASCADE,
    CONSTRAINT trial_turns_kind_check CHECK (kind IN ('compared', 'served'))
);

CREATE INDEX trial_turns_trial_id_kind_idx ON trial_turns (trial_id, kind);

CREATE INDEX trial_turns_sender_idx ON trial_turns (sender);

CREATE INDEX trial_turns_talk_idx ON trial_turns (talk);

GRANT SELECT, INSERT, UPDATE, DELETE ON model_trials, trial_turns TO teman_lapor_app;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['model_trials', 'trial_turns']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY of_owner ON %I TO teman_lapor_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY of_app ON %I TO teman_lapor_app USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
