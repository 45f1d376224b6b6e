-- Systems of the regency that are told when an ordinary, openly filed case changes. Frozen.
CREATE TABLE webhook_targets (
    id TEXT NOT NULL,
    desk TEXT NOT NULL,
    url TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    stopped_why TEXT,
    CONSTRAINT webhook_targets_pkey PRIMARY KEY (id)
);

CREATE TABLE webhook_deliveries (
    id TEXT NOT NULL,
    target_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    event TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT DEFAULT 'waiting' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    last_result TEXT,
    CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id),
    CONSTRAINT webhook_deliveries_target_id_fkey FOREIGN KEY(target_id) REFERENCES webhook_targets (id),
    CONSTRAINT webhook_deliveries_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT webhook_deliveries_state_check CHECK (state IN ('waiting', 'delivered', 'failed', 'withheld'))
);

CREATE INDEX webhook_deliveries_due_at_idx ON webhook_deliveries (due_at) WHERE state = 'waiting';

CREATE INDEX webhook_deliveries_target_id_made_at_idx ON webhook_deliveries (target_id, made_at);

GRANT SELECT, INSERT, UPDATE ON webhook_targets, webhook_deliveries TO teman_lapor_app;

ALTER TABLE webhook_targets ENABLE ROW LEVEL SECURITY;

ALTER TABLE webhook_targets FORCE ROW LEVEL SECURITY;

ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON webhook_targets TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON webhook_targets TO teman_lapor_app USING (true) WITH CHECK (true);

CREATE POLICY of_owner ON webhook_deliveries TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON webhook_deliveries TO teman_lapor_app USING (true) WITH CHECK (true);

-- In the transaction of the change itself, whoever makes it: what happened is told, what was rolled back is not.
CREATE FUNCTION tell_webhooks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = teman_lapor AS $$
BEGIN
  INSERT INTO webhook_deliveries (id, target_id, case_id, event, made_at, due_at)
  SELECT replace(gen_random_uuid()::text, '-', ''), t.id, c.id,
         CASE WHEN NEW.old_state IS NULL THEN 'service_request.created' ELSE 'service_request.updated' END, NEW.at, NEW.at
  FROM webhook_targets t JOIN cases c ON c.id = NEW.case_id AND c.desk = t.desk
  WHERE t.active AND c.identity_level = 'open' AND NOT (c.sensitive OR c.oversight OR c.oversight_lane);
  RETURN NULL;
END $$;

CREATE TRIGGER case_history_is_told AFTER INSERT ON case_history FOR EACH ROW
  WHEN (NEW.old_state IS DISTINCT FROM NEW.new_state) EXECUTE FUNCTION tell_webhooks();
