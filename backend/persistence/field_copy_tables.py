"""The table of field copies: the photo they stand for, what was covered, and the sealed picture itself."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from backend.persistence.columns import bytes_column, metadata, refers_to, text_column, time_column

field_copies = sa.Table(
    "field_copies",
    metadata,
    sa.Column("attachment_id", sa.Text, refers_to("attachments", on_delete="CASCADE"), primary_key=True),
    text_column("case_id", refers_to("cases")),
    sa.Column("boxes", JSONB, nullable=False),
    bytes_column("original"),
    sa.Column("n_bytes", sa.BigInteger, nullable=False),
    bytes_column("body", null=True),
    text_column("made_by"),
    time_column("made_at"),
    sa.CheckConstraint("(n_bytes = 0) = (body IS NULL)", name="withdrawn"),
    sa.Index(None, "case_id"),
)
