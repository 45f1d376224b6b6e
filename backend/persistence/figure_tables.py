"""What figures are counted from: one narrow row a case, kept by triggers (`migrations/versions/0050_figures.sql`); and the ledger of
what was taken away as a file, and what was told to everybody."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from backend.persistence.columns import metadata, number_column, refers_to, text_column, time_column

case_figures = sa.Table(
    "case_figures",
    metadata,
    sa.Column("case_id", sa.Text, refers_to("cases"), primary_key=True),
    text_column("desk"),
    text_column("agency"),
    sa.Column("oversight", sa.Boolean, nullable=False),
    sa.Column("sensitive", sa.Boolean, nullable=False),
    sa.Column("sealed", sa.Boolean, nullable=False),
    sa.Column("anonymous", sa.Boolean, nullable=False),
    text_column("report_class"),
    text_column("issue"),
    text_column("district_code", null=True),
    text_column("channel"),
    text_column("state"),
    text_column("resolution", null=True),
    number_column("rating", null=True),
    sa.Column("due_on", sa.Date, nullable=False),
    time_column("filed_at"),
    time_column("answered_at", null=True),
    time_column("closed_at", null=True),
    time_column("informed_at", null=True),
    text_column("not_told", null=True),
    time_column("not_told_at", null=True),
    sa.Index("case_figures_filed_idx", "desk", "filed_at"),
    sa.Index(
        "case_figures_closed_idx", "desk", "closed_at", postgresql_where=sa.text("closed_at IS NOT NULL")
    ),
    sa.Index("case_figures_not_told_idx", "not_told_at", postgresql_where=sa.text("not_told IS NOT NULL")),
    sa.Index("case_figures_open_idx", "desk", "due_on", postgresql_where=sa.text("closed_at IS NULL")),
)

exports = sa.Table(
    "exports",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("officer_id", refers_to("officers")),
    text_column("desk"),
    text_column("kind"),
    text_column("format"),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    text_column("reason"),
    text_column("status"),
    number_column("n_total", start=None),
    number_column("n_done"),
    time_column("made_at"),
    time_column("ended_at", null=True),
    sa.CheckConstraint("status IN ('asked', 'sending', 'done', 'broken')", name="status"),
    sa.Index(None, "officer_id", "made_at"),
)

published_figures = sa.Table(
    "published_figures",
    metadata,
    sa.Column("desk", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("body", JSONB, nullable=False),
    time_column("counted_at"),
)
