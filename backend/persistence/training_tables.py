"""Tables of the review loop: votes of reviewers, rounds of training with what taught them, models that served."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from backend.persistence.columns import metadata, number_column, refers_to, text_column, time_column

ROUND_STATES = "queued running cancelling passed refused failed cancelled promoted".split()

review_votes = sa.Table(
    "review_votes",
    metadata,
    sa.Column("item_id", sa.Text, refers_to("review_items", on_delete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    text_column("by"),
    text_column("label", null=True),
    text_column("reason"),
    time_column("at"),
    sa.Index(None, "by", "at"),
)

review_spans = sa.Table(
    "review_spans",
    metadata,
    sa.Column("item_id", sa.Text, refers_to("review_items", on_delete="CASCADE"), primary_key=True),
    sa.Column("by", sa.Text, primary_key=True),
    sa.Column("start", sa.Integer, primary_key=True, autoincrement=False),
    number_column("stop", start=None),
    text_column("kind"),
    sa.CheckConstraint("kind IN ('tempat', 'waktu', 'instansi')", name="kind"),
)

talk_proposals = sa.Table(
    "talk_proposals",
    metadata,
    sa.Column("item_id", sa.Text, refers_to("review_items", on_delete="CASCADE"), primary_key=True),
    text_column("by"),
    time_column("at"),
)

training_rounds = sa.Table(
    "training_rounds",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("status"),
    text_column("requested_by"),
    time_column("requested_at"),
    time_column("started_at", null=True),
    time_column("seen_at", null=True),
    time_column("ended_at", null=True),
    text_column("log"),
    text_column("model", null=True),
    text_column("live_model", null=True),
    number_column("n_examples"),
    sa.Column("files", JSONB, nullable=False),
    sa.Column("exam", JSONB),
    sa.Column("refusals", JSONB, nullable=False),
    text_column("error", null=True),
    sa.CheckConstraint(f"status IN ({', '.join(repr(one) for one in ROUND_STATES)})", name="status"),
    sa.Index(
        "training_rounds_one_running_key",
        sa.text("(true)"),
        unique=True,
        postgresql_where=sa.text("status IN ('running', 'cancelling')"),
    ),
    sa.Index(None, "requested_at"),
)

training_examples = sa.Table(
    "training_examples",
    metadata,
    sa.Column("round_id", sa.Text, refers_to("training_rounds", on_delete="CASCADE"), primary_key=True),
    sa.Column("item_id", sa.Text, refers_to("review_items", on_delete="CASCADE"), primary_key=True),
    text_column("label"),
    text_column("use"),
    sa.CheckConstraint("use IN ('taught', 'held_out', 'over_limit', 'quarantined')", name="use"),
    sa.Index(None, "item_id"),
)

served_models = sa.Table(
    "served_models",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("model"),
    text_column("round_id", refers_to("training_rounds", on_delete="SET NULL"), null=True),
    text_column("what"),
    text_column("by"),
    time_column("at"),
    sa.Column("took_s", sa.Double),
    sa.CheckConstraint("what IN ('promoted', 'rolled_back')", name="what"),
)
