-- Conversations that reviewers propose as golden talks; their words stand with the sentence, and go with it. Frozen.
CREATE TABLE talk_proposals (
    item_id TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT talk_proposals_pkey PRIMARY KEY (item_id),
    CONSTRAINT talk_proposals_item_id_fkey FOREIGN KEY(item_id) REFERENCES review_items (id) ON DELETE CASCADE
);

GRANT SELECT, INSERT, UPDATE, DELETE ON talk_proposals TO teman_lapor_app;

ALTER TABLE talk_proposals ENABLE ROW LEVEL SECURITY;

ALTER TABLE talk_proposals FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON talk_proposals TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON talk_proposals TO teman_lapor_app USING (true) WITH CHECK (true);
