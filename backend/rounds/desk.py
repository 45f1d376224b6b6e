"""What the pages may do with rounds: ask for one, look, cancel, promote, go back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.persistence.round_rows import Round, Served
from backend.persistence.unit_of_work import OpenUnitOfWork
from backend.rounds.promotion import Promotion


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
