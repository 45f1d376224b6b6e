-- Statements are separated by blank lines. Frozen: a change is a migration of its own.

CREATE TABLE audit (
    chain TEXT NOT NULL,
    seq INTEGER NOT NULL,
    case_id TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT NOT NULL,
    details JSONB NOT NULL,
    previous BYTEA NOT NULL,
    link BYTEA NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (chain, seq)
);

CREATE INDEX audit_case_id_idx ON audit (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE case_moves (
    old_state TEXT NOT NULL,
    new_state TEXT NOT NULL,
    CONSTRAINT case_moves_pkey PRIMARY KEY (old_state, new_state)
);

CREATE TABLE cases (
    id TEXT NOT NULL,
    key_version INTEGER,
    key_wrapped BYTEA,
    number TEXT NOT NULL,
    draft_id TEXT NOT NULL,
    code_digest BYTEA NOT NULL,
    desk TEXT NOT NULL,
    report_class TEXT NOT NULL,
    issue TEXT NOT NULL,
    identity_level TEXT NOT NULL,
    state TEXT NOT NULL,
    agency TEXT NOT NULL,
    level TEXT NOT NULL,
    rule TEXT NOT NULL,
    oversight_lane BOOLEAN DEFAULT false NOT NULL,
    forward_to TEXT,
    due_on DATE NOT NULL,
    due_provisional BOOLEAN DEFAULT false NOT NULL,
    filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    regency_code TEXT,
    district_code TEXT,
    village_code TEXT,
    place_label TEXT,
    oversight BOOLEAN DEFAULT false NOT NULL,
    sensitive BOOLEAN DEFAULT false NOT NULL,
    emergency BOOLEAN DEFAULT false NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    resolution TEXT,
    rating INTEGER,
    parent_id TEXT,
    lapor_tracking_id TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    sealed BYTEA,
    words BYTEA[] DEFAULT '{}' NOT NULL,
    CONSTRAINT cases_pkey PRIMARY KEY (id),
    CONSTRAINT cases_identity_level_check CHECK (identity_level IN ('open', 'confidential', 'anonymous')),
    CONSTRAINT cases_rating_check CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT cases_sealed_with_its_key_check CHECK ((key_wrapped IS NULL) = (sealed IS NULL)),
    CONSTRAINT cases_number_key UNIQUE (number),
    CONSTRAINT cases_draft_id_key UNIQUE (draft_id),
    CONSTRAINT cases_code_digest_key UNIQUE (code_digest),
    CONSTRAINT cases_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES cases (id)
);

CREATE INDEX cases_parent_id_idx ON cases (parent_id) WHERE parent_id IS NOT NULL;

CREATE INDEX cases_similar_idx ON cases (regency_code, issue, filed_at);

CREATE INDEX cases_words_idx ON cases USING gin (words);

CREATE INDEX cases_work_idx ON cases (agency, state, due_on, id);

CREATE TABLE conversations (
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    sender_hmac BYTEA,
    key_version INTEGER NOT NULL,
    key_wrapped BYTEA NOT NULL,
    state BYTEA,
    identity_level TEXT,
    sensitive BOOLEAN DEFAULT false NOT NULL,
    draft_open BOOLEAN DEFAULT false NOT NULL,
    told_engine_is_down BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT conversations_pkey PRIMARY KEY (id),
    CONSTRAINT conversations_channel_sender_hmac_key UNIQUE (channel, sender_hmac)
);

CREATE TABLE failed_lookups (
    asker BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE INDEX failed_lookups_asker_at_idx ON failed_lookups (asker, at);

CREATE TABLE installation (
    one BOOLEAN NOT NULL CONSTRAINT installation_one_check CHECK (one),
    key_fingerprint BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT installation_pkey PRIMARY KEY (one)
);

CREATE TABLE review_items (
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    reason TEXT NOT NULL,
    intent TEXT NOT NULL,
    issue TEXT,
    confidence DOUBLE PRECISION NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    ranking JSONB NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    label TEXT,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT review_items_pkey PRIMARY KEY (id),
    CONSTRAINT review_items_status_check CHECK (status IN ('pending', 'approved', 'dismissed'))
);

CREATE INDEX review_items_status_at_idx ON review_items (status, at);

CREATE TABLE attachments (
    id TEXT NOT NULL,
    conversation_id TEXT,
    case_id TEXT,
    position INTEGER DEFAULT '0' NOT NULL,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    n_bytes BIGINT NOT NULL,
    body BYTEA,
    CONSTRAINT attachments_pkey PRIMARY KEY (id),
    CONSTRAINT attachments_one_owner_check CHECK (num_nonnulls(conversation_id, case_id) = 1),
    CONSTRAINT attachments_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE,
    CONSTRAINT attachments_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX attachments_case_id_idx ON attachments (case_id);

CREATE INDEX attachments_conversation_id_idx ON attachments (conversation_id);

CREATE TABLE case_assignees (
    case_id TEXT NOT NULL,
    officer TEXT NOT NULL,
    CONSTRAINT case_assignees_pkey PRIMARY KEY (case_id, officer),
    CONSTRAINT case_assignees_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE case_contacts (
    case_id TEXT NOT NULL,
    sender_hmac BYTEA NOT NULL,
    recipient BYTEA NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT case_contacts_pkey PRIMARY KEY (case_id),
    CONSTRAINT case_contacts_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX case_contacts_sender_hmac_idx ON case_contacts (sender_hmac);

CREATE TABLE case_history (
    case_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    what TEXT NOT NULL,
    old_state TEXT,
    new_state TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by_kind TEXT NOT NULL,
    by_id TEXT NOT NULL,
    notes BYTEA,
    previous BYTEA NOT NULL,
    link BYTEA NOT NULL,
    CONSTRAINT case_history_pkey PRIMARY KEY (case_id, seq),
    CONSTRAINT case_history_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE case_messages (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    author TEXT NOT NULL,
    body BYTEA,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    attachments TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT case_messages_pkey PRIMARY KEY (id),
    CONSTRAINT case_messages_case_id_position_key UNIQUE (case_id, position),
    CONSTRAINT case_messages_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE contacts (
    conversation_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    address_hmac BYTEA NOT NULL,
    address BYTEA NOT NULL,
    CONSTRAINT contacts_pkey PRIMARY KEY (conversation_id),
    CONSTRAINT contacts_channel_address_hmac_key UNIQUE (channel, address_hmac),
    CONSTRAINT contacts_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);

CREATE TABLE conversation_activity (
    conversation_id TEXT NOT NULL,
    last_seq BIGINT DEFAULT '0' NOT NULL,
    last_message_at TIMESTAMP WITH TIME ZONE NOT NULL,
    remind_at TIMESTAMP WITH TIME ZONE,
    purge_at TIMESTAMP WITH TIME ZONE,
    purge_by TIMESTAMP WITH TIME ZONE,
    reminded BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT conversation_activity_pkey PRIMARY KEY (conversation_id),
    CONSTRAINT conversation_activity_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);

CREATE INDEX conversation_activity_purge_idx ON conversation_activity (LEAST(purge_at, purge_by));

CREATE INDEX conversation_activity_remind_at_idx ON conversation_activity (remind_at) WHERE remind_at IS NOT NULL;

CREATE TABLE dead_letters (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    conversation_id TEXT,
    error_code TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT dead_letters_pkey PRIMARY KEY (id),
    CONSTRAINT dead_letters_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE SET NULL
);

CREATE TABLE hand_overs (
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    summary BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT hand_overs_pkey PRIMARY KEY (id),
    CONSTRAINT hand_overs_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);

CREATE TABLE outbox (
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body BYTEA,
    empty_on_delivery BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    next_try_at TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    provider_hmac BYTEA,
    provider_rank INTEGER DEFAULT '0' NOT NULL,
    error_code TEXT,
    CONSTRAINT outbox_pkey PRIMARY KEY (id),
    CONSTRAINT outbox_kind_check CHECK (kind IN ('reply', 'receipt', 'notice')),
    CONSTRAINT outbox_status_check CHECK (status IN ('queued', 'unknown', 'delivered', 'dead')),
    CONSTRAINT outbox_provider_hmac_key UNIQUE (provider_hmac),
    CONSTRAINT outbox_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);

CREATE INDEX outbox_conversation_id_seq_idx ON outbox (conversation_id, seq);

CREATE INDEX outbox_due_idx ON outbox (next_try_at) WHERE status IN ('queued', 'unknown');

CREATE TABLE turns (
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    now TEXT NOT NULL,
    seed TEXT NOT NULL,
    model TEXT NOT NULL,
    status TEXT NOT NULL,
    attempt INTEGER DEFAULT '0' NOT NULL,
    failures INTEGER DEFAULT '0' NOT NULL,
    next_try_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    error_code TEXT,
    CONSTRAINT turns_pkey PRIMARY KEY (id),
    CONSTRAINT turns_status_check CHECK (status IN ('frozen', 'done', 'dead')),
    CONSTRAINT turns_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE
);

CREATE INDEX turns_due_idx ON turns (next_try_at) WHERE status = 'frozen';

CREATE UNIQUE INDEX turns_one_frozen_key ON turns (conversation_id) WHERE status = 'frozen';

CREATE TABLE inbox (
    id TEXT NOT NULL,
    conversation_id TEXT,
    turn_id TEXT,
    channel TEXT NOT NULL,
    external_hmac BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body BYTEA,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closes BOOLEAN DEFAULT false NOT NULL,
    status TEXT NOT NULL,
    CONSTRAINT inbox_pkey PRIMARY KEY (id),
    CONSTRAINT inbox_status_check CHECK (status IN ('waiting', 'frozen', 'done', 'dead')),
    CONSTRAINT inbox_channel_external_hmac_key UNIQUE (channel, external_hmac),
    CONSTRAINT inbox_conversation_id_fkey FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE SET NULL,
    CONSTRAINT inbox_turn_id_fkey FOREIGN KEY(turn_id) REFERENCES turns (id) ON DELETE SET NULL
);

CREATE INDEX inbox_conversation_id_seq_idx ON inbox (conversation_id, seq);

CREATE INDEX inbox_turn_id_idx ON inbox (turn_id);

CREATE INDEX inbox_waiting_idx ON inbox (conversation_id, seq) WHERE status = 'waiting';
