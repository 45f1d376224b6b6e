"""Tables of the pipeline: conversations, what came in, turns, what goes out."""

from __future__ import annotations

import sqlalchemy as sa

from backend.persistence.columns import (
    bytes_column,
    flag_column,
    metadata,
    number_column,
    refers_to,
    text_column,
    time_column,
)

# The worker holds the row of `conversations` for a whole turn; what a new message changes is in `conversation_activity`,
# so that accepting never waits for an engine.

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("channel"),
    bytes_column("sender_hmac", null=True),
    number_column("key_version", start=None),
    bytes_column("key_wrapped"),
    bytes_column("state", null=True),
    text_column("identity_level", null=True),
    flag_column("sensitive"),
    flag_column("draft_open"),
    flag_column("told_engine_is_down"),
    text_column("model", null=True),
    sa.UniqueConstraint("channel", "sender_hmac"),
)

conversation_activity = sa.Table(
    "conversation_activity",
    metadata,
    sa.Column("conversation_id", sa.Text, refers_to("conversations", on_delete="CASCADE"), primary_key=True),
    sa.Column("last_seq", sa.BigInteger, nullable=False, server_default="0"),
    time_column("last_message_at"),
    time_column("remind_at", null=True),
    time_column("purge_at", null=True),
    time_column("purge_by", null=True),
    flag_column("reminded"),
    time_column("last_sent_at", null=True),
    bytes_column("plain", null=True),
    sa.Index(None, "remind_at", postgresql_where=sa.text("remind_at IS NOT NULL")),
    sa.Index("conversation_activity_purge_idx", sa.text("LEAST(purge_at, purge_by)")),
)

# Where a sender is reached; read by the outbox sender alone.
contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("conversation_id", sa.Text, refers_to("conversations", on_delete="CASCADE"), primary_key=True),
    text_column("channel"),
    bytes_column("address_hmac"),
    bytes_column("address"),
    sa.UniqueConstraint("channel", "address_hmac"),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("conversation_id", refers_to("conversations", on_delete="CASCADE")),
    text_column("now"),
    text_column("seed"),
    text_column("model"),
    text_column("status"),
    number_column("attempt"),
    number_column("failures"),
    time_column("next_try_at"),
    time_column("finished_at", null=True),
    text_column("error_code", null=True),
    sa.CheckConstraint("status IN ('frozen', 'done', 'dead')", name="status"),
    sa.Index(
        "turns_one_frozen_key", "conversation_id", unique=True, postgresql_where=sa.text("status = 'frozen'")
    ),
    sa.Index("turns_due_idx", "next_try_at", postgresql_where=sa.text("status = 'frozen'")),
)

# What a channel was told, sealed under a key of its own until it is sorted into inbox and outbox; rows live for moments.
arrivals = sa.Table(
    "arrivals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("n", sa.BigInteger, sa.Identity(always=True), nullable=False),
    text_column("channel"),
    number_column("key_version", start=None),
    bytes_column("key_wrapped"),
    bytes_column("body"),
    time_column("received_at"),
    time_column("next_try_at"),
    number_column("tries"),
    sa.UniqueConstraint("n"),
)

# A row outlives its conversation by 8 days, emptied, because copies of a message may still come for 7.
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("conversation_id", refers_to("conversations", on_delete="SET NULL"), null=True),
    text_column("turn_id", refers_to("turns", on_delete="SET NULL"), null=True),
    text_column("channel"),
    bytes_column("external_hmac"),
    sa.Column("seq", sa.BigInteger, nullable=False),
    text_column("kind"),
    bytes_column("body", null=True),
    time_column("received_at"),
    time_column("ready_at"),
    flag_column("closes"),
    flag_column("urgent"),
    text_column("status"),
    time_column("sent_at", null=True),
    time_column("fetch_at", null=True),
    number_column("fetches"),
    sa.CheckConstraint("status IN ('waiting', 'frozen', 'done', 'dead')", name="status"),
    sa.UniqueConstraint("channel", "external_hmac"),
    sa.Index(None, "fetch_at", postgresql_where=sa.text("fetch_at IS NOT NULL")),
    sa.Index("inbox_waiting_idx", "conversation_id", "seq", postgresql_where=sa.text("status = 'waiting'")),
    sa.Index(
        "inbox_queue_idx",
        sa.text("urgent DESC"),
        "received_at",
        postgresql_where=sa.text("status = 'waiting'"),
    ),
    sa.Index(None, "conversation_id", "seq"),
    sa.Index(None, "turn_id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("conversation_id", refers_to("conversations", on_delete="CASCADE")),
    text_column("channel"),
    sa.Column("seq", sa.BigInteger, nullable=False),
    text_column("kind"),
    bytes_column("body", null=True),
    flag_column("empty_on_delivery"),
    time_column("created_at"),
    text_column("status"),
    number_column("attempts"),
    time_column("next_try_at"),
    time_column("delivered_at", null=True),
    bytes_column("provider_hmac", null=True),
    number_column("provider_rank"),
    text_column("error_code", null=True),
    bytes_column("failed_hmac", null=True),
    sa.CheckConstraint("kind IN ('reply', 'receipt', 'notice')", name="kind"),
    sa.CheckConstraint("status IN ('queued', 'unknown', 'delivered', 'dead')", name="status"),
    sa.UniqueConstraint("provider_hmac"),
    sa.Index(None, "conversation_id", "seq"),
    sa.Index("outbox_due_idx", "next_try_at", postgresql_where=sa.text("status IN ('queued', 'unknown')")),
)

# On channels that are pushed to: when somebody last wrote (to the hour), and whether news are wanted.
recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("conversation_id", sa.Text, refers_to("conversations", on_delete="CASCADE"), primary_key=True),
    time_column("heard_at", null=True),
    flag_column("stopped"),
)

sent_counts = sa.Table(
    "sent_counts",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    number_column("n"),
)

# What somebody must look after; a row stays when it is over.
alarms = sa.Table(
    "alarms",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    time_column("raised_at"),
    time_column("last_at"),
    number_column("n"),
    time_column("cleared_at", null=True),
)

message_templates = sa.Table(
    "message_templates",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    text_column("state"),
    time_column("checked_at"),
)

hand_overs = sa.Table(
    "hand_overs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("conversation_id", refers_to("conversations", on_delete="CASCADE")),
    text_column("reason"),
    bytes_column("summary"),
    time_column("at"),
    time_column("done_at", null=True),
)

dead_letters = sa.Table(
    "dead_letters",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("kind"),
    text_column("subject_id"),
    text_column("conversation_id", refers_to("conversations", on_delete="SET NULL"), null=True),
    text_column("error_code"),
    time_column("at"),
    time_column("resolved_at", null=True),
)
