"""Tables of trials: a candidate on live traffic, and what each turn of it showed."""

from __future__ import annotations

import sqlalchemy as sa

from backend.persistence.columns import (
    flag_column,
    metadata,
    number_column,
    refers_to,
    text_column,
    time_column,
)

model_trials = sa.Table(
    "model_trials",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("round_id", refers_to("training_rounds", on_delete="CASCADE")),
    text_column("model"),
    text_column("live_model"),
    text_column("stage"),
    number_column("share"),
    text_column("started_by"),
    time_column("started_at"),
    text_column("moved_by"),
    time_column("moved_at"),
    time_column("ready_at", null=True),
    time_column("ended_at", null=True),
    text_column("ending", null=True),
    sa.CheckConstraint("stage IN ('shadow', 'part', 'ended')", name="stage"),
    sa.CheckConstraint(
        "ending IN ('promoted', 'by_person', 'failing', 'slower', 'not_served', 'stale')", name="ending"
    ),
    sa.Index(
        "model_trials_one_open_key",
        sa.text("(true)"),
        unique=True,
        postgresql_where=sa.text("stage <> 'ended'"),
    ),
    sa.Index(None, "started_at"),
)

trial_turns = sa.Table(
    "trial_turns",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("trial_id", refers_to("model_trials", on_delete="CASCADE")),
    text_column("kind"),
    flag_column("by_candidate"),
    flag_column("failed"),
    flag_column("unsure"),
    sa.Column("same_reading", sa.Boolean),
    sa.Column("same_answer", sa.Boolean),
    text_column("live_label", null=True),
    text_column("candidate_label", null=True),
    text_column("text", null=True),
    text_column("sender", null=True),
    text_column("talk", null=True),
    sa.Column("live_ms", sa.Double),
    sa.Column("candidate_ms", sa.Double),
    time_column("at"),
    sa.CheckConstraint("kind IN ('compared', 'served')", name="kind"),
    sa.Index(None, "trial_id", "kind"),
    sa.Index(None, "sender"),
    sa.Index(None, "talk"),
)
