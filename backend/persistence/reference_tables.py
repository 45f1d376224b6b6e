"""Versions of the reference rows: what was changed in the shipped ones, when it holds, and the draft of the next version."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

from backend.persistence.columns import SCHEMA, metadata, number_column, text_column, time_column

reference_versions = sa.Table(
    "reference_versions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    time_column("at"),
    text_column("by"),
    sa.Column("effective_on", sa.Date, nullable=False),
    text_column("reason"),
    sa.Column("equals", sa.Integer),
    sa.CheckConstraint("number > 0", name="number"),
)


def _of_version() -> sa.ForeignKey:
    return sa.ForeignKey(f"{SCHEMA}.reference_versions.number")


def _change() -> list[SchemaItem]:
    return [
        text_column("becomes"),
        sa.Column("before", JSONB(none_as_null=True)),
        sa.Column("after", JSONB(none_as_null=True)),
        text_column("place", null=True),
        text_column("author"),
        text_column("reason"),
        time_column("at"),
        sa.CheckConstraint("becomes IN ('row', 'removed', 'shipped')", name="becomes"),
        sa.CheckConstraint("(becomes = 'row') = (after IS NOT NULL)", name="after"),
    ]


reference_revisions = sa.Table(
    "reference_revisions",
    metadata,
    sa.Column("version", sa.Integer, _of_version(), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    text_column("file"),
    text_column("key"),
    *_change(),
)

reference_draft = sa.Table(
    "reference_draft",
    metadata,
    sa.Column("file", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    *_change(),
)

reference_recounts = sa.Table(
    "reference_recounts",
    metadata,
    sa.Column("version", sa.Integer, _of_version(), primary_key=True),
    time_column("taken_until"),
    number_column("n_changed"),
    time_column("done_at", null=True),
)
