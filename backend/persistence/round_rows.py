"""Rounds of training as rows: a queue of which one runs at a time, the examples of each, and which model served when."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.persistence.tables import (
    review_items,
    review_votes,
    served_models,
    training_examples,
    training_rounds,
)
from backend.persistence.transaction import Transaction
from backend.review.decisions import DISMISSED
from backend.review.selection import Approved, Choice

LONGEST_LOG = 20_000
OPEN_STATES = ("queued", "running", "cancelling")


@dataclass(frozen=True)
class Round:
    """One round; `status` is queued, running, cancelling, passed, refused, failed, cancelled or promoted. `files` are the
    reviewed files that it was trained with (path in the tree → content), `exam` is what `bot/training/compare.py` wrote."""

    id: str
    status: str
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    seen_at: datetime | None
    ended_at: datetime | None
    log: str
    model: str | None
    live_model: str | None
    n_examples: int
    files: Mapping[str, str]
    exam: Mapping[str, Any] | None
    refusals: Sequence[Mapping[str, Any]]
    error: str | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATES


@dataclass(frozen=True)
class Served:
    """One change of the served model: `what` is promoted or rolled_back."""

    id: str
    model: str
    round_id: str | None
    what: str
    by: str
    at: datetime
    took_s: float | None


class RoundRows:
    """Rounds and served models."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def request(self, by: str, at: datetime) -> str:
        """Queue a round; the id of the one that waits already if there is one."""
        waiting = await self._tx.connection.scalar(
            sa.select(training_rounds.c.id).where(training_rounds.c.status == "queued").limit(1)
        )
        if waiting is not None:
            return str(waiting)
        round_id = secrets.token_hex(16)
        await self._tx.connection.execute(
            sa.insert(training_rounds).values(
                id=round_id, status="queued", requested_by=by, requested_at=at, log="", files={}, refusals=[]
            )
        )
        return round_id

    async def claim(self, at: datetime) -> Round | None:
        """The oldest queued round, running from now; None while another runs or none waits."""
        runs = sa.exists().where(training_rounds.c.status.in_(("running", "cancelling")))
        oldest = (
            sa.select(training_rounds.c.id)
            .where(training_rounds.c.status == "queued", ~runs)
            .order_by(training_rounds.c.requested_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = await self._tx.connection.scalar(oldest)
        if found is None:
            return None
        await self.write(str(found), status="running", started_at=at, seen_at=at)
        return await self.by_id(str(found))

    async def recover(self, at: datetime, silent: timedelta) -> int:
        """Rounds whose worker is gone wait again (or are cancelled, if that was wanted); returns how many."""
        gone = sa.and_(
            training_rounds.c.status.in_(("running", "cancelling")), training_rounds.c.seen_at < at - silent
        )
        done = await self._tx.connection.execute(
            sa.update(training_rounds)
            .where(gone)
            .values(
                status=sa.case((training_rounds.c.status == "cancelling", "cancelled"), else_="queued"),
                log=training_rounds.c.log + "--\n",
            )
        )
        return done.rowcount

    async def write(self, round_id: str, **values: Any) -> None:
        """Set columns of a round."""
        await self._tx.connection.execute(
            sa.update(training_rounds).where(training_rounds.c.id == round_id).values(**values)
        )

    async def progress(self, round_id: str, lines: Sequence[str], at: datetime) -> bool:
        """Add lines to the log and say that the worker lives; False when the round is to be cancelled."""
        added = "".join(f"{line}\n" for line in lines)
        status = await self._tx.connection.scalar(
            sa.update(training_rounds)
            .where(training_rounds.c.id == round_id)
            .values(seen_at=at, log=sa.func.right(training_rounds.c.log + added, LONGEST_LOG))
            .returning(training_rounds.c.status)
        )
        return str(status) == "running"

    async def cancel(self, round_id: str, at: datetime) -> None:
        """A queued round ends now, a running one as soon as its worker sees it."""
        status = training_rounds.c.status
        await self._tx.connection.execute(
            sa.update(training_rounds)
            .where(training_rounds.c.id == round_id, status.in_(("queued", "running")))
            .values(
                status=sa.case((status == "queued", "cancelled"), else_="cancelling"),
                ended_at=sa.case((status == "queued", at), else_=None),
            )
        )

    async def by_id(self, round_id: str) -> Round | None:
        found = await self._read(sa.select(training_rounds).where(training_rounds.c.id == round_id))
        return found[0] if found else None

    async def newest(self, limit: int = 20) -> tuple[Round, ...]:
        """Newest first."""
        return await self._read(
            sa.select(training_rounds).order_by(training_rounds.c.requested_at.desc()).limit(limit)
        )

    async def candidates(self) -> tuple[Approved, ...]:
        """Every approved sentence, as the choice of a round wants it."""
        promoted = (
            sa.select(training_examples.c.item_id)
            .join(training_rounds, training_rounds.c.id == training_examples.c.round_id)
            .where(training_rounds.c.status == "promoted", training_examples.c.use == "taught")
        )
        counted = sa.or_(review_votes.c.label.is_not(None), review_votes.c.reason == DISMISSED)
        readers = (
            sa.select(sa.func.count(sa.distinct(review_votes.c.by)))
            .where(review_votes.c.item_id == review_items.c.id, counted)
            .scalar_subquery()
        )
        rows = await self._tx.connection.execute(
            sa.select(review_items, readers.label("readers"), review_items.c.id.in_(promoted).label("taught"))
            .where(review_items.c.status == "approved")
            .order_by(review_items.c.decided_at, review_items.c.id)
        )
        return tuple(
            Approved(
                id=row.id,
                label=row.label,
                sender=row.sender,
                at=row.at,
                decided_at=row.decided_at,
                readers=row.readers,
                guess=row.intent,
                guess_share=0.0 if row.source == "work" else row.confidence,
                taught=row.taught,
            )
            for row in rows
        )

    async def texts(self, ids: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
        """(id, masked text, label) of approved sentences."""
        rows = await self._tx.connection.execute(
            sa.select(review_items.c.id, review_items.c.text, review_items.c.label)
            .where(review_items.c.id.in_(ids), review_items.c.status == "approved")
            .order_by(review_items.c.id)
        )
        return tuple((row.id, row.text, row.label) for row in rows)

    async def keep_choice(self, round_id: str, choice: Choice, labels: Mapping[str, str]) -> None:
        """Remember which sentence this round used for what."""
        await self._tx.connection.execute(
            sa.delete(training_examples).where(training_examples.c.round_id == round_id)
        )
        rows = [
            {"round_id": round_id, "item_id": item, "label": labels[item], "use": use}
            for use in ("taught", "held_out", "over_limit", "quarantined")
            for item in getattr(choice, use)
        ]
        if rows:
            await self._tx.connection.execute(sa.insert(training_examples), rows)

    async def uses(self, round_id: str) -> dict[str, int]:
        """How many sentences of a round had each use."""
        rows = await self._tx.connection.execute(
            sa.select(training_examples.c.use, sa.func.count())
            .where(training_examples.c.round_id == round_id)
            .group_by(training_examples.c.use)
        )
        return {str(use): int(n) for use, n in rows}

    async def served(self, served: Served) -> None:
        await self._tx.connection.execute(sa.insert(served_models).values(**served.__dict__))

    async def serving_history(self, limit: int = 50) -> tuple[Served, ...]:
        """Newest first."""
        rows = await self._tx.connection.execute(
            sa.select(served_models).order_by(served_models.c.at.desc()).limit(limit)
        )
        return tuple(Served(**row._mapping) for row in rows)

    async def _read(self, query: sa.Select[Any]) -> tuple[Round, ...]:
        return tuple(Round(**row._mapping) for row in await self._tx.connection.execute(query))
