"""Turns as rows: frozen before the first call, worked on by one worker at a time, done or dead."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.persistence.inbox_rows import SqlInbox, StoredMessage
from backend.persistence.tables import conversations, dead_letters, inbox, turns
from backend.persistence.transaction import Transaction

LONGEST_BUNDLE = timedelta(seconds=10)
# So long a turn waits for a file that is being fetched; then what was said goes on without it.
LONGEST_FETCH = timedelta(seconds=30)
LOOKED_AT = 100


@dataclass(frozen=True)
class FrozenTurn:
    """The input of a turn that no retry may change, and how often it was tried."""

    id: str
    conversation: str
    channel: str
    now: str
    seed: str
    model: str
    attempt: int
    failures: int


class SqlTurns:
    """Turns of conversations."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def claim(
        self, now: datetime, now_written: str, model_of: Callable[[str, str | None], str]
    ) -> FrozenTurn | None:
        """Take the conversation that is urgent or has waited longest and that nobody works on; freeze its turn (with the model that
        serves this conversation, told by which model the open draft began with), or try its frozen turn once more. The caller commits before it calls the engine."""
        # With thousands waiting, a look at the first of them is enough; only when all of those are held or still open, at all.
        for first in (LOOKED_AT, None):
            row = (await self._tx.connection.execute(_next_conversation(now, first))).one_or_none()
            if row is not None:
                break
        else:
            return None
        frozen = (
            await self._tx.connection.execute(
                sa.update(turns)
                .where(
                    turns.c.conversation_id == row.id,
                    turns.c.status == "frozen",
                    turns.c.next_try_at <= now,
                )
                .values(attempt=turns.c.attempt + 1)
                .returning(turns)
            )
        ).one_or_none()
        if frozen is not None:
            return _turn(frozen, row.channel)
        model = model_of(row.id, row.model if row.draft_open else None)
        return await self._freeze(row.id, row.channel, now, now_written, model)

    async def _freeze(
        self, conversation: str, channel: str, now: datetime, now_written: str, model: str
    ) -> FrozenTurn | None:
        waiting = list(
            await self._tx.connection.scalars(
                sa.select(inbox.c.id)
                .where(
                    inbox.c.conversation_id == conversation,
                    inbox.c.status == "waiting",
                    inbox.c.fetch_at.is_(None),
                )
                .with_for_update()
            )
        )
        if not waiting or await self._is_frozen(conversation):
            return None  # another worker was faster; the snapshot of the search was older than its commit
        turn = FrozenTurn(
            id=secrets.token_hex(16),
            conversation=conversation,
            channel=channel,
            now=now_written,
            seed=secrets.token_hex(16),
            model=model,
            attempt=1,
            failures=0,
        )
        await self._tx.connection.execute(
            sa.insert(turns).values(
                id=turn.id,
                conversation_id=conversation,
                now=turn.now,
                seed=turn.seed,
                model=turn.model,
                status="frozen",
                attempt=1,
                next_try_at=now,
            )
        )
        await self._tx.connection.execute(
            sa.update(inbox).where(inbox.c.id.in_(waiting)).values(status="frozen", turn_id=turn.id)
        )
        return turn

    async def _is_frozen(self, conversation: str) -> bool:
        return bool(
            await self._tx.connection.scalar(
                sa.select(
                    sa.exists().where(turns.c.conversation_id == conversation, turns.c.status == "frozen")
                )
            )
        )

    async def hold(self, turn: FrozenTurn) -> bool:
        """Lock the conversation until the end of the transaction; False when the turn is no longer this attempt's."""
        row = (
            await self._tx.connection.execute(
                sa.select(turns.c.id)
                .join(conversations)
                .where(turns.c.id == turn.id, turns.c.attempt == turn.attempt, turns.c.status == "frozen")
                .with_for_update(of=conversations, key_share=True, skip_locked=True)
            )
        ).one_or_none()
        return row is not None

    async def messages(self, turn: FrozenTurn) -> list[StoredMessage]:
        return list(await SqlInbox(self._tx).of_turn(turn.id))

    async def finish(self, turn: FrozenTurn, at: datetime) -> None:
        await SqlInbox(self._tx).mark(turn.id, "done")
        if turn.conversation in self._tx.emptied:
            await self._tx.connection.execute(sa.delete(turns).where(turns.c.id == turn.id))
        else:
            await self._set(turn, status="done", finished_at=at)

    async def put_off(self, turn: FrozenTurn, until: datetime, error_code: str, *, failed: bool) -> bool:
        """Try again later; False when it is no longer this attempt's. Only `failed` counts towards giving up."""
        failures = turns.c.failures + 1 if failed else turns.c.failures
        done = await self._tx.connection.execute(
            sa.update(turns)
            .where(turns.c.id == turn.id, turns.c.attempt == turn.attempt, turns.c.status == "frozen")
            .values(next_try_at=until, error_code=error_code, failures=failures)
        )
        return bool(done.rowcount)

    async def give_up(self, turn: FrozenTurn, at: datetime, error_code: str) -> None:
        """The turn is dead: officers see it, later messages go on. What the person wrote stays until the purge."""
        await SqlInbox(self._tx).mark(turn.id, "dead")
        await self._set(turn, status="dead", finished_at=at, error_code=error_code)
        await self._tx.connection.execute(
            sa.insert(dead_letters).values(
                id=secrets.token_hex(16),
                kind="turn",
                subject_id=turn.id,
                conversation_id=turn.conversation,
                error_code=error_code,
                at=at,
            )
        )

    async def _set(self, turn: FrozenTurn, **values: Any) -> None:
        await self._tx.connection.execute(sa.update(turns).where(turns.c.id == turn.id).values(**values))


def _turn(row: sa.Row[Any], channel: str) -> FrozenTurn:
    return FrozenTurn(
        id=row.id,
        conversation=row.conversation_id,
        channel=channel,
        now=row.now,
        seed=row.seed,
        model=row.model,
        attempt=row.attempt,
        failures=row.failures,
    )


def _next_conversation(now: datetime, first: int | None) -> sa.Select[Any]:
    """The conversation with a frozen turn that is due, or else with the most urgent or oldest closed bundle, that nobody holds; of
    the `first` waiting messages, or of all."""
    frozen = sa.exists().where(turns.c.conversation_id == inbox.c.conversation_id, turns.c.status == "frozen")
    other = inbox.alias("other")
    fetching = sa.exists().where(
        other.c.conversation_id == inbox.c.conversation_id,
        other.c.status == "waiting",
        other.c.fetch_at.is_not(None),
        other.c.received_at > now - LONGEST_FETCH,
    )
    bundles = (
        sa.select(
            inbox.c.conversation_id,
            sa.func.min(inbox.c.received_at).label("since"),
            sa.func.bool_or(inbox.c.urgent).label("urgent"),
        )
        .where(inbox.c.status == "waiting", inbox.c.fetch_at.is_(None), ~frozen, ~fetching)
        .group_by(inbox.c.conversation_id)
        .having(
            sa.or_(
                sa.func.bool_or(inbox.c.closes),
                sa.func.max(inbox.c.ready_at) <= now,
                sa.func.min(inbox.c.received_at) <= now - LONGEST_BUNDLE,
            )
        )
    )
    if first is not None:
        front = (
            sa.select(inbox.c.conversation_id)
            .where(inbox.c.status == "waiting", inbox.c.fetch_at.is_(None))
            .order_by(inbox.c.urgent.desc(), inbox.c.received_at)
            .limit(first)
        )
        bundles = bundles.where(inbox.c.conversation_id.in_(front))
    # Who was put off has waited already, and must not queue behind everybody who came since.
    retries = sa.select(
        turns.c.conversation_id,
        turns.c.next_try_at.label("since"),
        turns.c.error_code.is_not(None).label("urgent"),
    ).where(turns.c.status == "frozen", turns.c.next_try_at <= now)
    due = sa.union_all(retries, bundles).subquery("due")
    return (
        sa.select(
            conversations.c.id, conversations.c.channel, conversations.c.model, conversations.c.draft_open
        )
        .join(due, due.c.conversation_id == conversations.c.id)
        .order_by(due.c.urgent.desc(), due.c.since)
        .limit(1)
        .with_for_update(of=conversations, key_share=True, skip_locked=True)
    )
