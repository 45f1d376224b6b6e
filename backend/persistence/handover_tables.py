"""The table of what was handed on to LAPOR!: no word of a report stands in it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from backend.persistence.columns import (
    flag_column,
    metadata,
    number_column,
    refers_to,
    text_column,
    time_column,
)

handovers_lapor = sa.Table(
    "handovers_lapor",
    metadata,
    sa.Column("case_id", sa.Text, refers_to("cases"), primary_key=True),
    text_column("way"),
    text_column("progress"),
    text_column("by"),
    time_column("begun_at"),
    text_column("their_number", null=True),
    text_column("their_state", null=True),
    time_column("state_at", null=True),
    time_column("handed_on_at", null=True),
    sa.Column("differences", ARRAY(sa.Text), nullable=False, server_default="{}"),
    number_column("attempts"),
    text_column("last_error", null=True),
    time_column("tried_until", null=True),
    sa.CheckConstraint("way IN ('manual', 'api')", name="way"),
    sa.CheckConstraint("progress IN ('sending', 'waiting', 'handed_on', 'refused')", name="progress"),
    sa.CheckConstraint("(progress = 'handed_on') = (their_number IS NOT NULL)", name="numbered"),
    sa.UniqueConstraint("their_number"),
    sa.Index(None, "progress", "state_at"),
)

# With its message the line goes: what is erased is told nobody.
replies_lapor = sa.Table(
    "replies_lapor",
    metadata,
    sa.Column("message_id", sa.Text, refers_to("case_messages", on_delete="CASCADE"), primary_key=True),
    text_column("case_id", refers_to("cases")),
    text_column("by"),
    time_column("marked_at"),
    time_column("told_at", null=True),
    flag_column("refused"),
    number_column("attempts"),
    text_column("last_error", null=True),
    time_column("tried_until", null=True),
    sa.Index(None, "case_id", "marked_at"),
    sa.Index("replies_lapor_untold_idx", "marked_at", postgresql_where=sa.text("told_at IS NULL")),
)
