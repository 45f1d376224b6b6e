"""A candidate on live traffic: its engine is started and ended as the trial's row says, its answers are compared or given to a
stable share of conversations, and it is stopped by itself when it does worse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from backend.conversations.engine_client import EngineFailed, EnginesAway
from backend.conversations.trials import DoneTurn
from backend.persistence.errors import DatabaseUnavailable
from backend.persistence.trial_rows import Trial, TrialTurn
from backend.persistence.turn_rows import FrozenTurn
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.review import trial as rules
from backend.rounds.comparing import difference, served
from backend.usecases.ports import AuditEntry

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
MOST_WAITING = 100
BY_ITSELF = "sistem"


class TrialEngines(Protocol):
    """The part of the engine pool that knows of a candidate."""

    @property
    def trial_model(self) -> str | None: ...

    def try_out(self, address: Path | str) -> None: ...

    async def end_trial(self) -> None: ...

    async def rehearse(self, request: Mapping[str, Any]) -> dict[str, Any]: ...


class TrialCrew(Protocol):
    """Starts and ends the candidate's process."""

    serving: Path | None

    async def try_out(self, model: Path, name: str) -> Path: ...

    async def end_trial(self) -> None: ...


@dataclass
class TrialRunner:
    """`backend.conversations.trials.Trials`. `identifier` is a keyed digest; `models` the folder that has the candidate."""

    open_uow: OpenUnitOfWork
    engines: TrialEngines
    crew: TrialCrew
    models: Path
    identifier: Callable[[str, str], bytes]
    clock: Callable[[], datetime]
    _trial: Trial | None = None
    _away_since: datetime | None = None
    _done: asyncio.Queue[DoneTurn | FrozenTurn] = field(
        default_factory=lambda: asyncio.Queue(maxsize=MOST_WAITING)
    )

    def model_for(self, usual: str, conversation: str, began_with: str | None) -> str:
        """The candidate for a share of conversations, always the same ones; a report is not passed on while it is written."""
        trial, model = self._trial, self.engines.trial_model
        if trial is None or model is None or trial.stage != "part":
            return usual
        if began_with in (usual, model):
            return began_with
        digest = self.identifier("model_trial", f"{trial.id}\0{conversation}")
        return model if rules.is_chosen(int.from_bytes(digest[:2], "big"), trial.share) else usual

    def turn_done(self, done: DoneTurn) -> None:
        """Remembered soon; nothing waits for it, and what is too much is left out."""
        self._heard(done)

    def turn_failed(self, turn: FrozenTurn) -> None:
        """Counted against the model that it was frozen with."""
        self._heard(turn)

    def _heard(self, one: DoneTurn | FrozenTurn) -> None:
        if self._trial is not None and not self._done.full():
            self._done.put_nowait(one)

    async def run(self) -> None:
        """Follow the trial's row and compare, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow_all())
            group.create_task(self._note_all())

    async def _follow_all(self) -> None:
        while True:
            try:
                await self.follow()
            except DatabaseUnavailable as failure:
                log.warning("database away error=%s", failure)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _note_all(self) -> None:
        while True:
            done = await self._done.get()
            try:
                await self.note(done)
            except DatabaseUnavailable as failure:
                log.warning("database away error=%s", failure)

    async def follow(self) -> None:
        """Bring the candidate's engine where the row wants it, and end a trial that does worse."""
        async with self.open_uow() as uow:
            wanted = await uow.trials.open()
        if self._trial is not None and (wanted is None or wanted.id != self._trial.id):
            await self._end_engine()
        if wanted is None:
            return
        if self._trial is None and not await self._start_engine(wanted):
            return
        self._trial = wanted
        await self._judge(wanted)

    async def _start_engine(self, trial: Trial) -> bool:
        archive = self.models / trial.model
        serving = self.crew.serving
        if serving is None:
            return False
        if serving.name != trial.live_model or not archive.is_file():
            await self._stop(trial, "stale" if archive.is_file() else "not_served")
            return False
        self.engines.try_out(await self.crew.try_out(archive, f"t-{trial.id[:8]}"))
        self._away_since = self.clock()
        log.info("trial begun model=%s", trial.model)
        return True

    async def _end_engine(self) -> None:
        self._trial = None
        await self.engines.end_trial()
        await self.crew.end_trial()
        log.info("trial over")

    async def _judge(self, trial: Trial) -> None:
        is_up = self.engines.trial_model is not None
        now = self.clock()
        self._away_since = None if is_up else self._away_since or now
        away_s = (now - self._away_since).total_seconds() if self._away_since else 0.0
        async with self.open_uow() as uow:
            if is_up and trial.ready_at is None:
                await uow.trials.ready(trial.id, now)
                await uow.commit()
            live, candidate = await uow.trials.sides(trial)
        reason = rules.reason_to_stop(live, candidate, away_s, was_up=trial.ready_at is not None)
        if reason is not None:
            await self._stop(trial, reason)
            await self._end_engine()

    async def _stop(self, trial: Trial, ending: str) -> None:
        log.warning("trial stopped model=%s reason=%s", trial.model, ending)
        async with self.open_uow() as uow:
            now = self.clock()
            if await uow.trials.end(trial.id, ending, BY_ITSELF, now):
                details = {"model": trial.model, "reason": ending}
                await uow.audit.add(AuditEntry(now, BY_ITSELF, "model_trial_stopped", details=details))
            await uow.commit()

    async def note(self, done: DoneTurn | FrozenTurn) -> None:
        """Remember what a turn showed; while the candidate is silent, ask it the same."""
        trial, model = self._trial, self.engines.trial_model
        if trial is None:
            return
        if isinstance(done, FrozenTurn):
            rows = [TrialTurn("served", by_candidate=done.model == model, failed=True)]
        else:
            by_candidate = done.answer.model == model
            rows = [served(done, by_candidate)]
            if trial.stage == "shadow" and not by_candidate and done.answer.understanding:
                rows += await self._compared(done)
        async with self.open_uow() as uow:
            conversation = (done if isinstance(done, FrozenTurn) else done.turn).conversation
            for row in rows:
                whose = (conversation, *await uow.review.tokens(conversation)) if row.text else None
                await uow.trials.add(trial.id, row, self.clock(), whose)
            await uow.commit()

    async def _compared(self, done: DoneTurn) -> list[TrialTurn]:
        try:
            told = await self.engines.rehearse(done.request)
        except EnginesAway:
            return []
        except EngineFailed:
            return [TrialTurn("compared", by_candidate=True, failed=True)]
        return [difference(done, told)]
