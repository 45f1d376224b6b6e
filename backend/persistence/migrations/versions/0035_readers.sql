-- Figures may be counted by several processes at once; what one position did, or what is rarely done, is found in an audit of millions. Frozen.
ALTER FUNCTION desk_scope(text) PARALLEL SAFE;

CREATE INDEX audit_actor_idx ON audit (actor, at);

CREATE INDEX audit_rare_idx ON audit (action, at) WHERE action NOT IN ('case_filed', 'case_moved');
