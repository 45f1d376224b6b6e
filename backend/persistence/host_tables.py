"""Tables of an installation with several hosts: who lives, where each one anchors the audit, and the models all of them serve."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from backend.persistence.columns import (
    SCHEMA,
    bytes_column,
    flag_column,
    metadata,
    number_column,
    text_column,
    time_column,
)

hosts = sa.Table(
    "hosts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    time_column("started_at"),
    time_column("seen_at"),
    text_column("schema"),
    text_column("model", null=True),
    number_column("engines"),
    number_column("engines_up"),
    sa.Column("free_bytes", sa.BigInteger, nullable=False, server_default="0"),
    flag_column("draining"),
)

anchor_files = sa.Table(
    "anchor_files",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("n", sa.BigInteger, nullable=False),
    bytes_column("link"),
    time_column("upto"),
)

model_archives = sa.Table(
    "model_archives",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    text_column("signature"),
    sa.Column("files", JSONB, nullable=False),
    number_column("n_parts", start=None),
    time_column("at"),
)

model_parts = sa.Table(
    "model_parts",
    metadata,
    sa.Column(
        "name",
        sa.Text,
        sa.ForeignKey(f"{SCHEMA}.model_archives.name", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    bytes_column("content"),
)
