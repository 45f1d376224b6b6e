"""Tables of the desk: positions, who held them, sessions, delays after failures, errands that the app does for the
desk, and how far the audit is anchored."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from backend.cases.access import Role
from backend.persistence.columns import (
    bytes_column,
    flag_column,
    metadata,
    number_column,
    refers_to,
    text_column,
    time_column,
)


def _one_of(name: str, words: list[str]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} IN ({', '.join(repr(word) for word in words)})", name=name)


officers = sa.Table(
    "officers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("desk"),
    text_column("title"),
    text_column("role"),
    text_column("agency", null=True),
    text_column("area", null=True),
    text_column("login"),
    text_column("holder"),
    text_column("sk_number"),
    sa.Column("sk_until", sa.Date, nullable=False),
    text_column("password_hash", null=True),
    number_column("key_version", null=True),
    bytes_column("key_wrapped", null=True),
    bytes_column("totp", null=True),
    sa.Column("totp_step", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("recovery", ARRAY(BYTEA), nullable=False, server_default="{}"),
    bytes_column("invite", null=True),
    time_column("invite_until", null=True),
    flag_column("active"),
    time_column("made_at"),
    sa.UniqueConstraint("login"),
    sa.UniqueConstraint("invite"),
    _one_of("role", [str(role) for role in Role]),
    sa.Index(None, "desk"),
)

officer_sign_ons = sa.Table(
    "officer_sign_ons",
    metadata,
    sa.Column("officer_id", sa.Text, refers_to("officers", on_delete="CASCADE"), primary_key=True),
    bytes_column("subject"),
    time_column("bound_at"),
    sa.UniqueConstraint("subject"),
)

officer_terms = sa.Table(
    "officer_terms",
    metadata,
    sa.Column("officer_id", sa.Text, refers_to("officers"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    text_column("holder"),
    text_column("sk_number"),
    time_column("began_at"),
    time_column("ended_at", null=True),
)

absences = sa.Table(
    "absences",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("officer_id", refers_to("officers", on_delete="CASCADE")),
    text_column("stand_in_id", refers_to("officers", on_delete="CASCADE")),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    time_column("made_at"),
    time_column("ended_at", null=True),
    sa.CheckConstraint("officer_id <> stand_in_id", name="of_another"),
    sa.CheckConstraint("first_day <= last_day", name="in_order"),
    sa.Index(None, "officer_id"),
    sa.Index(None, "stand_in_id"),
)

desk_sessions = sa.Table(
    "desk_sessions",
    metadata,
    sa.Column("token", BYTEA, primary_key=True),
    text_column("officer_id", refers_to("officers", on_delete="CASCADE")),
    text_column("stage"),
    time_column("began_at"),
    time_column("seen_at"),
    # Whose place the officer has taken; the days of the absence are looked at on every request.
    text_column("absence_id", refers_to("absences", on_delete="SET NULL"), null=True),
    _one_of("stage", ["set_up", "second", "in"]),
    sa.Index(None, "officer_id"),
    sa.Index(None, "seen_at"),
)

login_failures = sa.Table(
    "login_failures",
    metadata,
    sa.Column("key", BYTEA, primary_key=True),
    number_column("n", start=None),
    time_column("next_at"),
    sa.Index(None, "next_at"),
)

errands = sa.Table(
    "errands",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("case_id", refers_to("cases")),
    text_column("kind"),
    bytes_column("body"),
    time_column("at"),
    # Of an order for many cases: nothing leaves before `ready_at`, and until then it can be taken back.
    text_column("batch", null=True),
    time_column("ready_at", null=True),
    _one_of("kind", ["notice", "review", "message"]),
    sa.Index(None, "at"),
    sa.Index(None, "case_id", postgresql_where=sa.text("batch IS NOT NULL")),
)

bulk_steps = sa.Table(
    "bulk_steps",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, refers_to("cases"), primary_key=True),
    text_column("officer"),
    text_column("move"),
    time_column("at"),
    time_column("until"),
    number_column("version", start=None),
    bytes_column("before", null=True),
    text_column("left_out", null=True),
    time_column("undone_at", null=True),
    sa.Index(None, "officer", "until"),
    sa.Index(None, "case_id"),
)

saved_views = sa.Table(
    "saved_views",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text_column("officer", refers_to("officers", on_delete="CASCADE")),
    text_column("desk"),
    text_column("office"),
    text_column("name"),
    text_column("query"),
    flag_column("shared"),
    time_column("made_at"),
    sa.Index(None, "officer"),
    sa.Index(None, "desk", "office"),
)

audit_anchor = sa.Table(
    "audit_anchor",
    metadata,
    sa.Column("one", sa.Boolean, sa.CheckConstraint("one", name="one"), primary_key=True),
    sa.Column("n", sa.BigInteger, nullable=False),
    bytes_column("link"),
    time_column("upto"),
)
