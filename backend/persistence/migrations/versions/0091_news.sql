-- Whether the last news of a case arrived; why not, as the channel named it. Frozen.
ALTER TABLE case_figures ADD COLUMN not_told TEXT, ADD COLUMN not_told_at TIMESTAMP WITH TIME ZONE;

CREATE INDEX case_figures_not_told_idx ON case_figures (not_told_at) WHERE not_told IS NOT NULL;
