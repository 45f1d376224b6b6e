"""What the pages may do with rounds: ask for one, look, cancel, promote, go back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.persistence.round_rows import Round, Served
from backend.persistence.trial_rows import Compared, Trial
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.review.trial import Side
from backend.rounds.promotion import Promotion, PromotionRefused
from backend.usecases.ports import AuditEntry


@dataclass(frozen=True)
class TrialSeen:
    """A trial and what it showed: both models, how often they agree, what they read differently."""

    trial: Trial
    live: Side
    candidate: Side
    compared: Compared
    labels: tuple[tuple[str, str, int], ...]
    texts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class TrainingDesk:
    """The training side of a site."""

    open_uow: OpenUnitOfWork
    promotion: Promotion
    clock: Callable[[], datetime]

    async def request(self, by: str) -> str:
        """Queue a round; returns its id."""
        async with self.open_uow() as uow:
            round_id = await uow.rounds.request(by, self.clock())
            await uow.commit()
        return round_id

    async def move_trial(self, share: int, by: str) -> bool:
        """Let the candidate serve this share of conversations, 0 to be silent again; False when no trial is open.

        Raises:
            PromotionRefused: its engine is not up yet, so nobody could be given to it.
        """
        now = self.clock()
        async with self.open_uow() as uow:
            trial = await uow.trials.open()
            if trial is not None and share and trial.ready_at is None:
                raise PromotionRefused("not_ready")
            moved = trial is not None and await uow.trials.move(trial.id, share, by, now)
            if trial is not None and moved:
                details = {"model": trial.model, "share": str(share)}
                await uow.audit.add(AuditEntry(now, by, "model_trial_moved", details=details))
            await uow.commit()
        return moved

    async def stop_trial(self, by: str) -> bool:
        """Everybody is served by the model that was there before; False when no trial is open."""
        now = self.clock()
        async with self.open_uow() as uow:
            trial = await uow.trials.open()
            ended = trial is not None and await uow.trials.end(trial.id, "by_person", by, now)
            if trial is not None and ended:
                details = {"model": trial.model, "reason": "by_person"}
                await uow.audit.add(AuditEntry(now, by, "model_trial_stopped", details=details))
            await uow.commit()
        return ended

    async def trial(self) -> TrialSeen | None:
        """The newest trial with its figures; None if there never was one."""
        async with self.open_uow() as uow:
            trial = await uow.trials.newest()
            if trial is None:
                return None
            live, candidate = await uow.trials.sides(trial)
            rows = uow.trials
            return TrialSeen(
                trial,
                live,
                candidate,
                await rows.compared(trial.id),
                await rows.differing_labels(trial.id),
                await rows.differing_texts(trial.id),
            )

    async def cancel(self, round_id: str) -> None:
        async with self.open_uow() as uow:
            await uow.rounds.cancel(round_id, self.clock())
            await uow.commit()

    async def round(self, round_id: str) -> tuple[Round, dict[str, int]] | None:
        """A round and how many sentences had which use; None when unknown."""
        async with self.open_uow() as uow:
            found = await uow.rounds.by_id(round_id)
            uses = await uow.rounds.uses(round_id) if found else {}
        return (found, uses) if found else None

    async def overview(self) -> tuple[tuple[Round, ...], tuple[Served, ...]]:
        """The newest rounds, and which models served, newest first."""
        async with self.open_uow() as uow:
            return await uow.rounds.newest(), await uow.rounds.serving_history()
