-- When many wait, lives in danger and questions about one's own report go first. Frozen.
ALTER TABLE inbox ADD COLUMN urgent BOOLEAN DEFAULT FALSE NOT NULL;

CREATE INDEX inbox_queue_idx ON inbox (urgent DESC, received_at) WHERE status = 'waiting';
