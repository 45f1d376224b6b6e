"""What a channel knows about its line: whom one may write to, what was sent this month, what is wrong, which templates stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from backend.persistence.tables import alarms, message_templates, recipients, sent_counts
from backend.persistence.transaction import Transaction


@dataclass(frozen=True)
class Recipient:
    """`heard_at`: when the person last wrote, cut to the hour (None: never); `stopped`: no news are wanted."""

    heard_at: datetime | None = None
    stopped: bool = False


@dataclass(frozen=True)
class Alarm:
    """Something that somebody must look after; `n` times since `raised_at`."""

    code: str
    raised_at: datetime
    last_at: datetime
    n: int


class SqlLine:
    """The state of a channel that is pushed to."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def recipient(self, conversation: str) -> Recipient:
        row = (
            await self._tx.connection.execute(
                sa.select(recipients).where(recipients.c.conversation_id == conversation)
            )
        ).one_or_none()
        return Recipient(row.heard_at, row.stopped) if row else Recipient()

    async def heard(self, conversation: str, at: datetime) -> None:
        """The person has written; kept to the hour, which never makes a window longer than it is."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        await self._tx.connection.execute(
            insert(recipients)
            .values(conversation_id=conversation, heard_at=hour)
            .on_conflict_do_update(
                index_elements=["conversation_id"],
                set_={"heard_at": sa.func.greatest(recipients.c.heard_at, hour)},
            )
        )

    async def window_shut(self, conversation: str) -> None:
        """The provider says that the person has been silent for too long."""
        await self._tx.connection.execute(
            sa.update(recipients).where(recipients.c.conversation_id == conversation).values(heard_at=None)
        )

    async def stop(self, conversation: str, *, stopped: bool) -> None:
        """Whether the person wants news."""
        await self._tx.connection.execute(
            insert(recipients)
            .values(conversation_id=conversation, stopped=stopped)
            .on_conflict_do_update(index_elements=["conversation_id"], set_={"stopped": stopped})
        )

    async def count(self, channel: str, month: str, kind: str) -> int:
        """One more sent; how many of this kind in this month."""
        n = await self._tx.connection.scalar(
            insert(sent_counts)
            .values(channel=channel, month=month, kind=kind, n=1)
            .on_conflict_do_update(
                index_elements=["channel", "month", "kind"], set_={"n": sent_counts.c.n + 1}
            )
            .returning(sent_counts.c.n)
        )
        return int(n or 0)

    async def counts(self, channel: str, month: str) -> Mapping[str, int]:
        rows = await self._tx.connection.execute(
            sa.select(sent_counts.c.kind, sent_counts.c.n).where(
                sent_counts.c.channel == channel, sent_counts.c.month == month
            )
        )
        return {row.kind: row.n for row in rows}

    async def alarm(self, code: str, at: datetime) -> bool:
        """Raise it; whether it was not raised already."""
        n = await self._tx.connection.scalar(
            insert(alarms)
            .values(code=code, raised_at=at, last_at=at, n=1)
            .on_conflict_do_update(
                index_elements=["code"],
                set_={
                    "raised_at": sa.case((alarms.c.cleared_at.is_(None), alarms.c.raised_at), else_=at),
                    "n": sa.case((alarms.c.cleared_at.is_(None), alarms.c.n + 1), else_=1),
                    "last_at": at,
                    "cleared_at": None,
                },
            )
            .returning(alarms.c.n)
        )
        return bool(n == 1)

    async def clear_alarms(self, prefix: str, at: datetime) -> int:
        """What begins like that is over; how many were raised."""
        done = await self._tx.connection.execute(
            sa.update(alarms)
            .where(alarms.c.code.startswith(prefix, autoescape=True), alarms.c.cleared_at.is_(None))
            .values(cleared_at=at)
        )
        return int(done.rowcount)

    async def alarms(self) -> Sequence[Alarm]:
        """Those that are raised, oldest first."""
        rows = await self._tx.connection.execute(
            sa.select(alarms).where(alarms.c.cleared_at.is_(None)).order_by(alarms.c.raised_at)
        )
        return [Alarm(row.code, row.raised_at, row.last_at, row.n) for row in rows]

    async def template_states(self) -> Mapping[tuple[str, str], str]:
        """(name, language) → state as the provider last told it."""
        rows = await self._tx.connection.execute(sa.select(message_templates))
        return {(row.name, row.language): row.state for row in rows}

    async def template_state(self, name: str, language: str, state: str, at: datetime) -> None:
        values = {"state": state, "checked_at": at}
        await self._tx.connection.execute(
            insert(message_templates)
            .values(name=name, language=language, **values)
            .on_conflict_do_update(index_elements=["name", "language"], set_=values)
        )
