"""What the web pages need of the rest, passed by hand from the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sanic import Blueprint

from backend.cases.access import Officer
from backend.conversations.identity import Senders
from backend.conversations.pipeline import Pipeline
from backend.persistence.accounts import Accounts
from backend.persistence.database import Database
from backend.persistence.desk_scope import scope_of
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.persistence.errands import Hold
from backend.persistence.outbox_rows import HistoryEvent
from backend.persistence.references import References
from backend.places.atlas import Atlas
from backend.rounds.desk import TrainingDesk
from backend.settings import Settings
from backend.usecases.ports import UnitOfWorkFactory
from backend.usecases.services import Services
from backend.web.metrics import Metrics

__all__ = ["Clock", "HistoryEvent", "Sequence", "Site"]

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Site:
    """Everything a handler may use. `is_ready` answers readiness: name of a part → whether it works; `channels` are doors of
    channels that push to us; `atlas` is what maps are drawn from; `leaving` is set when we are about to stop; `practice` says that every report
    here is invented (`backend/practice.py`)."""

    settings: Settings
    pipeline: Pipeline
    open_uow: UnitOfWorkFactory
    services: Services
    clock: Clock
    cookie_key: bytes
    is_ready: Callable[[], dict[str, bool]]
    database: Database
    channels: tuple[Blueprint, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)
    training: TrainingDesk | None = None
    atlas: Atlas = field(default_factory=Atlas)
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    practice: bool = False

    @property
    def senders(self) -> Senders:
        return self.pipeline.senders

    @property
    def accounts(self) -> Accounts:
        """Positions, their sessions and what officers did outside of cases."""
        return Accounts(self.database.requests, self.database.keys.vault)

    def open_desk_uow(
        self, officer: Officer, *, hold: Hold | None = None, unheard: bool = False
    ) -> DeskUnitOfWork:
        """A transaction that sees what this officer may see and no more: `async with site.open_desk_uow(officer) as uow:`. With `hold`,
        what it tells people waits; `unheard`, it tells nobody."""
        relay, vault = self.pipeline.errands.do_what_can_be_done, self.database.keys.vault
        scope = scope_of(officer)
        return DeskUnitOfWork(self.database.desk, vault, scope, relay, hold=hold, unheard=unheard)

    @property
    def references(self) -> References:
        """Versions of the reference rows and their draft."""
        return References(self.database.requests, self.database.keys.vault)
