-- Views of the work list that a position keeps, and may share with its own office. No search words: they may name people. Frozen.
CREATE TABLE saved_views (
    id TEXT NOT NULL,
    officer TEXT NOT NULL,
    desk TEXT NOT NULL,
    office TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    shared BOOLEAN DEFAULT false NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT saved_views_pkey PRIMARY KEY (id),
    CONSTRAINT saved_views_officer_fkey FOREIGN KEY(officer) REFERENCES officers (id) ON DELETE CASCADE
);

CREATE INDEX saved_views_officer_idx ON saved_views (officer);

CREATE INDEX saved_views_desk_office_idx ON saved_views (desk, office);

GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO teman_lapor_app;

GRANT SELECT, INSERT, DELETE ON saved_views TO teman_lapor_desk;

ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY;

ALTER TABLE saved_views FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON saved_views TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON saved_views TO teman_lapor_app USING (true) WITH CHECK (true);

CREATE POLICY desk_sees ON saved_views FOR SELECT TO teman_lapor_desk USING (
  officer = (SELECT desk_scope('officer'))
  OR (shared AND desk = (SELECT desk_scope('desk')) AND office = (SELECT desk_scope('agencies')))
);

CREATE POLICY desk_keeps ON saved_views FOR INSERT TO teman_lapor_desk WITH CHECK (
  officer = (SELECT desk_scope('officer')) AND desk = (SELECT desk_scope('desk')) AND office = (SELECT desk_scope('agencies'))
);

CREATE POLICY desk_drops ON saved_views FOR DELETE TO teman_lapor_desk USING (officer = (SELECT desk_scope('officer')));
