"""What the web pages need of the rest, passed by hand from the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sanic import Blueprint

from backend.conversations.identity import Senders
from backend.conversations.pipeline import Pipeline
from backend.persistence.outbox_rows import HistoryEvent
from backend.settings import Settings
from backend.usecases.ports import UnitOfWorkFactory
from backend.usecases.services import Services
from backend.web.metrics import Metrics

__all__ = ["Clock", "HistoryEvent", "Sequence", "Site"]

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Site:
    """Everything a handler may use. `is_ready` answers readiness: name of a part → whether it works; `channels` are doors of
    channels that push to us."""

    settings: Settings
    pipeline: Pipeline
    open_uow: UnitOfWorkFactory
    services: Services
    clock: Clock
    cookie_key: bytes
    is_ready: Callable[[], dict[str, bool]]
    review_password: str
    channels: tuple[Blueprint, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def senders(self) -> Senders:
        return self.pipeline.senders
