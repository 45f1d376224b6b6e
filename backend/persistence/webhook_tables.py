"""Tables of who is told of public changes (Standard Webhooks), and of every telling."""

from __future__ import annotations

import sqlalchemy as sa

from backend.persistence.columns import metadata, number_column, refers_to, text_column, time_column

webhook_targets = sa.Table(
    "webhook_targets",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("desk"),
    text_column("url"),
    text_column("made_by"),
    time_column("made_at"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    text_column("stopped_why", null=True),
)

webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("target_id", refers_to("webhook_targets")),
    text_column("case_id", refers_to("cases")),
    text_column("event"),
    time_column("made_at"),
    time_column("due_at"),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    number_column("attempts"),
    text_column("last_result", null=True),
    sa.CheckConstraint("state IN ('waiting', 'delivered', 'failed', 'withheld')", name="state"),
    sa.Index(None, "due_at", postgresql_where=sa.text("state = 'waiting'")),
    sa.Index("webhook_deliveries_target_id_made_at_idx", "target_id", "made_at"),
)
