-- Words that reviewers marked in a sentence, by their place in it; the words themselves stand nowhere else. Frozen.
CREATE TABLE review_spans (
    item_id TEXT NOT NULL,
    by TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    kind TEXT NOT NULL,
    CONSTRAINT review_spans_pkey PRIMARY KEY (item_id, by, start),
    CONSTRAINT review_spans_item_id_fkey FOREIGN KEY(item_id) REFERENCES review_items (id) ON DELETE CASCADE,
    CONSTRAINT review_spans_kind_check CHECK (kind IN ('tempat', 'waktu', 'instansi'))
);

GRANT SELECT, INSERT, UPDATE, DELETE ON review_spans TO teman_lapor_app;

ALTER TABLE review_spans ENABLE ROW LEVEL SECURITY;

ALTER TABLE review_spans FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON review_spans TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON review_spans TO teman_lapor_app USING (true) WITH CHECK (true);
