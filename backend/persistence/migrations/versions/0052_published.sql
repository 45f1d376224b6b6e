-- Figures that were told to everybody. They stay as they were told: counted again, the difference could be one person. Frozen.
CREATE TABLE published_figures (
    desk TEXT NOT NULL,
    period TEXT NOT NULL,
    body JSONB NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT published_figures_pkey PRIMARY KEY (desk, period)
);

CREATE TRIGGER published_figures_are_kept BEFORE UPDATE OR DELETE ON published_figures FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER published_figures_are_not_emptied BEFORE TRUNCATE ON published_figures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON published_figures TO teman_lapor_app;

ALTER TABLE published_figures ENABLE ROW LEVEL SECURITY;

ALTER TABLE published_figures FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON published_figures TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON published_figures TO teman_lapor_app USING (true) WITH CHECK (true);
