-- Which person of the OpenID provider holds which position, as HMAC. Frozen.
CREATE TABLE officer_sign_ons (
    officer_id TEXT NOT NULL,
    subject BYTEA NOT NULL,
    bound_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT officer_sign_ons_pkey PRIMARY KEY (officer_id),
    CONSTRAINT officer_sign_ons_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officers (id) ON DELETE CASCADE,
    CONSTRAINT officer_sign_ons_subject_key UNIQUE (subject)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON officer_sign_ons TO teman_lapor_app;

ALTER TABLE officer_sign_ons ENABLE ROW LEVEL SECURITY;

ALTER TABLE officer_sign_ons FORCE ROW LEVEL SECURITY;

CREATE POLICY of_owner ON officer_sign_ons TO teman_lapor_owner USING (true) WITH CHECK (true);

CREATE POLICY of_app ON officer_sign_ons TO teman_lapor_app USING (true) WITH CHECK (true);
