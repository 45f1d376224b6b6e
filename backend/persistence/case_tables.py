"""Tables of the register, its history, and the desk's records."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB

from backend.cases.workflow import KIND, Kind, State
from backend.persistence.columns import (
    TIME,
    bytes_column,
    flag_column,
    metadata,
    number_column,
    refers_to,
    text_column,
    time_column,
)

case_moves = sa.Table(
    "case_moves",
    metadata,
    sa.Column("old_state", sa.Text, primary_key=True),
    sa.Column("new_state", sa.Text, primary_key=True),
)

CLOSED = tuple(str(state) for state in State if KIND[state] is Kind.CLOSED)
OPEN = "state NOT IN ('resolved', 'archived', 'referred_outside', 'withdrawn')"

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    number_column("key_version", null=True),
    bytes_column("key_wrapped", null=True),
    text_column("number"),
    text_column("draft_id"),
    bytes_column("code_digest"),
    text_column("desk"),
    text_column("report_class"),
    text_column("issue"),
    text_column("identity_level"),
    text_column("state"),
    text_column("agency"),
    text_column("level"),
    text_column("rule"),
    flag_column("oversight_lane"),
    text_column("forward_to", null=True),
    sa.Column("due_on", sa.Date, nullable=False),
    flag_column("due_provisional"),
    time_column("filed_at"),
    text_column("regency_code", null=True),
    text_column("district_code", null=True),
    text_column("village_code", null=True),
    text_column("place_label", null=True),
    flag_column("oversight"),
    flag_column("sensitive"),
    flag_column("emergency"),
    text_column("channel"),
    text_column("language"),
    text_column("resolution", null=True),
    number_column("rating", null=True),
    text_column("parent_id", refers_to("cases"), null=True),
    text_column("lapor_tracking_id", null=True),
    number_column("version", start="1"),
    bytes_column("sealed", null=True),
    sa.Column("words", ARRAY(BYTEA), nullable=False, server_default="{}"),
    sa.CheckConstraint("identity_level IN ('open', 'confidential', 'anonymous')", name="identity_level"),
    sa.CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
    sa.CheckConstraint("(key_wrapped IS NULL) = (sealed IS NULL)", name="sealed_with_its_key"),
    sa.UniqueConstraint("number"),
    sa.UniqueConstraint("draft_id"),
    sa.UniqueConstraint("code_digest"),
    sa.UniqueConstraint("lapor_tracking_id"),
    sa.Index(None, "parent_id", postgresql_where=sa.text("parent_id IS NOT NULL")),
    sa.Index("cases_similar_idx", "regency_code", "issue", "filed_at"),
    sa.Index("cases_work_idx", "agency", "state", "due_on", "id"),
    sa.Index(None, "state", "due_on", "id"),
    sa.Index("cases_desk_due_idx", "desk", "due_on", "id"),
    sa.Index("cases_agency_due_idx", "agency", "due_on", "id"),
    sa.Index("cases_desk_issue_idx", "desk", "issue", "due_on", "id"),
    sa.Index("cases_desk_district_idx", "desk", "district_code", "due_on", "id"),
    sa.Index("cases_filed_at_idx", "filed_at", "id"),
    sa.Index("cases_emergency_idx", "filed_at", postgresql_where=sa.text("emergency")),
    sa.Index(
        "cases_desk_state_idx",
        *("desk", "state", "due_on", "id"),
        postgresql_include=["agency", "oversight", "oversight_lane", "sensitive"],
        postgresql_where=sa.text(OPEN),
    ),
    sa.Index(
        "cases_agency_open_idx",
        *("agency", "state", "due_on", "id"),
        postgresql_include=["desk", "oversight", "oversight_lane", "sensitive", "district_code", "issue"],
        postgresql_where=sa.text(f"NOT (oversight OR oversight_lane) AND {OPEN}"),
    ),
    sa.Index(
        "cases_oversight_open_idx",
        *("desk", "state", "due_on", "id"),
        postgresql_include=["agency", "oversight", "oversight_lane", "sensitive", "district_code", "issue"],
        postgresql_where=sa.text(f"(oversight OR oversight_lane) AND {OPEN}"),
    ),
    sa.Index(
        "cases_district_open_idx",
        *("desk", "district_code", "state", "due_on", "id"),
        postgresql_include=["agency", "oversight", "oversight_lane", "sensitive"],
        postgresql_where=sa.text(OPEN),
    ),
    sa.Index(
        "cases_oversight_idx",
        *("desk", "due_on", "id"),
        postgresql_where=sa.text("oversight OR oversight_lane"),
    ),
    sa.Index(
        "cases_words_idx",
        sa.text("teman_lapor.words_in_scope(desk, agency, oversight OR oversight_lane, sensitive, words)"),
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    ),
)

case_history = sa.Table(
    "case_history",
    metadata,
    sa.Column("case_id", sa.Text, refers_to("cases"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    text_column("what"),
    text_column("old_state", null=True),
    text_column("new_state"),
    time_column("at"),
    text_column("by_kind"),
    text_column("by_id"),
    text_column("on_behalf", null=True),
    bytes_column("notes", null=True),
    bytes_column("previous"),
    bytes_column("link"),
)

case_assignees = sa.Table(
    "case_assignees",
    metadata,
    sa.Column("case_id", sa.Text, refers_to("cases"), primary_key=True),
    sa.Column("officer", sa.Text, primary_key=True),
    sa.Index(None, "officer"),
)

case_messages = sa.Table(
    "case_messages",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("case_id", refers_to("cases")),
    number_column("position", start=None),
    text_column("author"),
    bytes_column("body", null=True),
    time_column("at"),
    sa.Column("attachments", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.UniqueConstraint("case_id", "position"),
)

# Both columns mean nothing without the key file: the sender is an HMAC of an HMAC, the conversation is sealed.
case_contacts = sa.Table(
    "case_contacts",
    metadata,
    sa.Column("case_id", sa.Text, refers_to("cases"), primary_key=True),
    bytes_column("sender_hmac"),
    bytes_column("recipient"),
    time_column("linked_at"),
    sa.Index(None, "sender_hmac"),
)

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("conversation_id", refers_to("conversations", on_delete="CASCADE"), null=True),
    text_column("case_id", refers_to("cases"), null=True),
    number_column("position"),
    text_column("kind"),
    text_column("media_type"),
    sa.Column("n_bytes", sa.BigInteger, nullable=False),
    bytes_column("body", null=True),
    sa.CheckConstraint("num_nonnulls(conversation_id, case_id) = 1", name="one_owner"),
    sa.Index(None, "conversation_id"),
    sa.Index(None, "case_id"),
)

review_items = sa.Table(
    "review_items",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("text"),
    text_column("reason"),
    text_column("intent"),
    text_column("issue", null=True),
    sa.Column("confidence", sa.Double, nullable=False),
    time_column("at"),
    sa.Column("ranking", JSONB, nullable=False),
    text_column("language"),
    text_column("status"),
    text_column("label", null=True),
    text_column("decided_by", null=True),
    time_column("decided_at", null=True),
    number_column("n", start="1"),
    text_column("sender", null=True),
    text_column("talk", null=True),
    bytes_column("context", null=True),
    number_column("key_version", null=True),
    bytes_column("key_wrapped", null=True),
    sa.Column("harm", sa.Double, nullable=False, server_default="1"),
    sa.Column("uncertainty", sa.Double, nullable=False, server_default="1"),
    sa.Column("source", sa.Text, nullable=False, server_default="turn"),
    sa.CheckConstraint(
        "status IN ('pending', 'second', 'disputed', 'approved', 'dismissed', 'skipped', 'unlearned')",
        name="status",
    ),
    sa.Index(None, "status", "at"),
    sa.Index(None, "sender"),
    sa.Index(None, "talk"),
)

failed_lookups = sa.Table(
    "failed_lookups",
    metadata,
    bytes_column("asker"),
    time_column("at"),
    sa.Index(None, "asker", "at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("chain", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    text_column("case_id", null=True),
    time_column("at"),
    text_column("actor"),
    text_column("action"),
    text_column("reason"),
    sa.Column("details", JSONB, nullable=False),
    bytes_column("previous"),
    bytes_column("link"),
    sa.Column("stored_at", TIME, nullable=False, server_default=sa.func.clock_timestamp()),
    sa.Index(None, "case_id", postgresql_where=sa.text("case_id IS NOT NULL")),
    sa.Index(None, "stored_at"),
    sa.Index("audit_at_idx", "at", "chain", "seq"),
    sa.Index("audit_actor_idx", "actor", "at"),
    sa.Index(
        "audit_rare_idx",
        *("action", "at"),
        postgresql_where=sa.text("action NOT IN ('case_filed', 'case_moved')"),
    ),
)
