-- A report is not passed from one model to another while it is written, as long as both answer people. Frozen.
ALTER TABLE conversations ADD COLUMN model TEXT;
