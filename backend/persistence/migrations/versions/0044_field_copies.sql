-- The copy of a photo with faces and plates covered: what leaves the desk. An officer reads and writes those of cases in view. Frozen.
CREATE TABLE field_copies (
    attachment_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    boxes JSONB NOT NULL,
    original BYTEA NOT NULL,
    n_bytes BIGINT NOT NULL,
    body BYTEA,
    made_by TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT field_copies_pkey PRIMARY KEY (attachment_id),
    CONSTRAINT field_copies_attachment_id_fkey FOREIGN KEY(attachment_id) REFERENCES attachments (id) ON DELETE CASCADE,
    CONSTRAINT field_copies_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT field_copies_withdrawn_check CHECK ((n_bytes = 0) = (body IS NULL))
);

CREATE INDEX field_copies_case_id_idx ON field_copies (case_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON field_copies TO teman_lapor_app;

GRANT SELECT, INSERT, UPDATE ON field_copies TO teman_lapor_desk;

ALTER TABLE field_copies ENABLE ROW LEVEL SECURITY;

ALTER TABLE field_copies FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON field_copies TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON field_copies TO teman_lapor_app USING (true) WITH CHECK (true);

CREATE POLICY of_desk ON field_copies TO teman_lapor_desk USING (desk_could_see(case_id)) WITH CHECK (desk_could_see(case_id));
