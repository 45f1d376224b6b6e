"""Trials as rows: one at a time, moved step by step, and what the turns of it showed, without a word of secret talks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.persistence.tables import conversations, model_trials, trial_turns
from backend.persistence.transaction import Transaction
from backend.review.trial import Side

MOST_TURNS = 20_000
TEXTS_KEPT = timedelta(days=30)
SECRET = ("anonymous", "confidential")


@dataclass(frozen=True)
class Trial:
    """A candidate on live traffic; `stage` is shadow, part (of `share` per cent) or ended, with its `ending`."""

    id: str
    round_id: str
    model: str
    live_model: str
    stage: str
    share: int
    started_by: str
    started_at: datetime
    moved_by: str
    moved_at: datetime
    ready_at: datetime | None = None
    ended_at: datetime | None = None
    ending: str | None = None

    @property
    def is_open(self) -> bool:
        return self.stage != "ended"


@dataclass(frozen=True)
class TrialTurn:
    """What one turn showed of one model. `served`: it answered a person; `compared`: the live model answered, and this is what
    the candidate would have said. `text` stands only where the readings differ, masked, and never of a secret talk."""

    kind: str
    by_candidate: bool = False
    failed: bool = False
    unsure: bool = False
    same_reading: bool | None = None
    same_answer: bool | None = None
    live_label: str | None = None
    candidate_label: str | None = None
    text: str | None = None
    live_ms: float | None = None
    candidate_ms: float | None = None


@dataclass(frozen=True)
class Compared:
    """Of the turns that both models read: how many alike, in words and in answer."""

    n: int
    same_reading: int
    same_answer: int


class TrialRows:
    """Trials and their turns."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def begin(self, round_id: str, model: str, live_model: str, by: str, at: datetime) -> Trial | None:
        """A trial in its first stage; None while another is open."""
        if await self.open() is not None:
            return None
        trial = Trial(
            secrets.token_hex(16), round_id, model, live_model, "shadow", 0, by, at, moved_by=by, moved_at=at
        )
        await self._tx.connection.execute(sa.insert(model_trials).values(**trial.__dict__))
        await self._tx.connection.execute(
            sa.update(trial_turns).where(trial_turns.c.at < at - TEXTS_KEPT).values(text=None)
        )
        return trial

    async def open(self) -> Trial | None:
        return await self._one(sa.select(model_trials).where(model_trials.c.stage != "ended"))

    async def newest(self) -> Trial | None:
        return await self._one(sa.select(model_trials).order_by(model_trials.c.started_at.desc()).limit(1))

    async def move(self, trial_id: str, share: int, by: str, at: datetime) -> bool:
        """Serve this share of conversations, 0 to be silent; False when the trial is over."""
        stage = "part" if share else "shadow"
        return await self._write(trial_id, stage=stage, share=share, moved_by=by, moved_at=at)

    async def ready(self, trial_id: str, at: datetime) -> None:
        """The candidate's engine is up."""
        await self._write(trial_id, ready_at=at)

    async def end(self, trial_id: str, ending: str, by: str, at: datetime) -> bool:
        """The trial is over; False when it was before."""
        return await self._write(
            trial_id, stage="ended", share=0, ending=ending, ended_at=at, moved_by=by, moved_at=at
        )

    async def _write(self, trial_id: str, **values: Any) -> bool:
        done = await self._tx.connection.execute(
            sa.update(model_trials)
            .where(model_trials.c.id == trial_id, model_trials.c.stage != "ended")
            .values(**values)
        )
        return bool(done.rowcount)

    async def add(
        self, trial_id: str, turn: TrialTurn, at: datetime, whose: tuple[str, str, str] | None = None
    ) -> None:
        """Remember a turn, to the hour. `whose` is conversation, sender and talk (pseudonyms): the words are kept only while that
        conversation still is an ordinary one."""
        n = await self._tx.connection.scalar(
            sa.select(sa.func.count()).select_from(trial_turns).where(trial_turns.c.trial_id == trial_id)
        )
        if (n or 0) >= MOST_TURNS:
            return
        row: dict[str, Any] = {**turn.__dict__, "id": secrets.token_hex(16), "trial_id": trial_id}
        row["at"] = at.replace(minute=0, second=0, microsecond=0)
        if turn.text is not None:
            if whose is not None and await self._is_ordinary(whose[0]):
                row |= {"sender": whose[1], "talk": whose[2]}
            else:
                row |= {"text": None, "live_label": None, "candidate_label": None}
        await self._tx.connection.execute(sa.insert(trial_turns).values(row))

    async def _is_ordinary(self, conversation: str) -> bool:
        flags = (
            await self._tx.connection.execute(
                sa.select(conversations.c.identity_level, conversations.c.sensitive)
                .where(conversations.c.id == conversation)
                .with_for_update(key_share=True)
            )
        ).one_or_none()
        return flags is not None and not flags.sensitive and flags.identity_level not in SECRET

    async def sides(self, trial: Trial) -> tuple[Side, Side]:
        """How the live model answered people since the trial began, and the candidate: people, or beside it, as far as it came."""
        rows = trial_turns.c
        served = sa.and_(rows.trial_id == trial.id, rows.by_candidate, rows.kind == "served")
        has_served = await self._tx.connection.scalar(sa.select(sa.exists().where(served)))
        kind = "served" if has_served else "compared"
        candidate = await self._side(
            rows.candidate_ms, sa.and_(rows.trial_id == trial.id, rows.by_candidate, rows.kind == kind)
        )
        return await self._side(
            rows.live_ms, sa.and_(rows.trial_id == trial.id, ~rows.by_candidate)
        ), candidate

    async def _side(self, ms: sa.Column[Any], where: sa.ColumnElement[bool]) -> Side:
        rows = trial_turns.c
        query = sa.select(
            sa.func.count(),
            sa.func.count().filter(rows.failed),
            sa.func.count().filter(rows.unsure),
            sa.func.percentile_cont(0.5).within_group(ms),
        ).where(where)
        return Side(*(await self._tx.connection.execute(query)).one())

    async def compared(self, trial_id: str) -> Compared:
        rows = trial_turns.c
        query = sa.select(
            sa.func.count(),
            sa.func.count().filter(rows.same_reading),
            sa.func.count().filter(rows.same_answer),
        ).where(rows.trial_id == trial_id, rows.kind == "compared", ~rows.failed)
        return Compared(*(await self._tx.connection.execute(query)).one())

    async def differing_labels(self, trial_id: str, limit: int = 12) -> tuple[tuple[str, str, int], ...]:
        """(live, candidate, how often), the most frequent first."""
        rows = trial_turns.c
        n = sa.func.count().label("n")
        query = (
            sa.select(rows.live_label, rows.candidate_label, n)
            .where(rows.trial_id == trial_id, rows.same_reading.is_(False), rows.live_label.is_not(None))
            .group_by(rows.live_label, rows.candidate_label)
            .order_by(n.desc(), rows.live_label, rows.candidate_label)
            .limit(limit)
        )
        return tuple((live, candidate, n) for live, candidate, n in await self._tx.connection.execute(query))

    async def differing_texts(self, trial_id: str, limit: int = 20) -> tuple[tuple[str, str, str], ...]:
        """(masked sentence, live, candidate), the newest hour first."""
        rows = trial_turns.c
        query = (
            sa.select(rows.text, rows.live_label, rows.candidate_label)
            .where(rows.trial_id == trial_id, rows.text.is_not(None))
            .order_by(rows.at.desc(), rows.id)
            .limit(limit)
        )
        return tuple(
            (text, live, candidate) for text, live, candidate in await self._tx.connection.execute(query)
        )

    async def _one(self, query: sa.Select[Any]) -> Trial | None:
        row = (await self._tx.connection.execute(query)).one_or_none()
        return Trial(**row._mapping) if row is not None else None
