-- How far a conversation has come with the fixed questions that are asked while no engine is up. Frozen.
ALTER TABLE conversation_activity ADD COLUMN plain BYTEA;
