-- What a channel was told, acknowledged once it lies here, gone once it was sorted into inbox and outbox. Frozen.
CREATE TABLE arrivals (
    id TEXT NOT NULL,
    n BIGINT GENERATED ALWAYS AS IDENTITY,
    channel TEXT NOT NULL,
    key_version INTEGER NOT NULL,
    key_wrapped BYTEA NOT NULL,
    body BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_try_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tries INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT arrivals_pkey PRIMARY KEY (id),
    CONSTRAINT arrivals_n_key UNIQUE (n)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON arrivals TO teman_lapor_app;

ALTER TABLE arrivals ENABLE ROW LEVEL SECURITY;

ALTER TABLE arrivals FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON arrivals TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON arrivals TO teman_lapor_app USING (true) WITH CHECK (true);
