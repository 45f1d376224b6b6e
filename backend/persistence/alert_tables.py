"""What was raised about a case because time passed: each once for one promise. No word of a report stands in it."""

from __future__ import annotations

import sqlalchemy as sa

from backend.persistence.columns import metadata, refers_to, time_column

case_alerts = sa.Table(
    "case_alerts",
    metadata,
    sa.Column("case_id", sa.Text, refers_to("cases"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("due_on", sa.Date, primary_key=True),
    time_column("at"),
    sa.Index(None, "at"),
)
