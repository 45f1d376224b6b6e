"""What the tables are made of: their schema, their names, their kinds of columns.

Sealed columns are `bytea` under the key of the row's conversation or case. Ids are random text, never sequences: a
sequence would tell how many reports there are and in which order.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.schema import SchemaItem

SCHEMA = "teman_lapor"

metadata = sa.MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    },
)

TIME = sa.TIMESTAMP(timezone=True)


def text_column(name: str, *more: SchemaItem, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, *more, nullable=null)


def time_column(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, TIME, nullable=null)


def bytes_column(name: str, *, null: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, BYTEA, nullable=null)


def flag_column(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def number_column(name: str, *, null: bool = False, start: str | None = "0") -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=null, server_default=None if null else start)


def refers_to(table: str, *, on_delete: str | None = None) -> sa.ForeignKey:
    column = "conversation_id" if table == "conversation_activity" else "id"
    return sa.ForeignKey(f"{SCHEMA}.{table}.{column}", ondelete=on_delete)
