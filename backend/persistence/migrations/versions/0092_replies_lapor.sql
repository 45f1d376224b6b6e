-- Answers that an officer marked for LAPOR!: whether they stand there. The words are the message's. Frozen.
CREATE TABLE replies_lapor (
    message_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    by TEXT NOT NULL,
    marked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    refused BOOLEAN DEFAULT false NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    last_error TEXT,
    tried_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT replies_lapor_pkey PRIMARY KEY (message_id),
    CONSTRAINT replies_lapor_message_id_fkey FOREIGN KEY(message_id) REFERENCES case_messages (id) ON DELETE CASCADE,
    CONSTRAINT replies_lapor_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX replies_lapor_case_id_marked_at_idx ON replies_lapor (case_id, marked_at);

CREATE INDEX replies_lapor_untold_idx ON replies_lapor (marked_at) WHERE told_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON replies_lapor TO teman_lapor_app, teman_lapor_desk;

ALTER TABLE replies_lapor ENABLE ROW LEVEL SECURITY;

ALTER TABLE replies_lapor FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON replies_lapor TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON replies_lapor TO teman_lapor_app USING (true) WITH CHECK (true);

CREATE POLICY of_desk ON replies_lapor TO teman_lapor_desk USING (desk_could_see(case_id)) WITH CHECK (desk_could_see(case_id));
