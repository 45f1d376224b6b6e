"""The port of orders for many cases: what was done to each, for as long as it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backend.cases.case import Assignment


@dataclass(frozen=True)
class BulkStep:
    """What an order did to one case, or the key of why it left it out. `version` is the one it left the case in, `before` whose job it
    was before; until `until` nobody has heard of it, and it can be undone."""

    order_id: str
    case_id: str
    officer: str
    move: str
    at: datetime
    until: datetime
    version: int
    before: Assignment | None
    left_out: str | None = None
    undone_at: datetime | None = None
    number: str = ""


class BulkSteps(Protocol):
    """The steps of one officer's orders."""

    async def add(self, step: BulkStep) -> None: ...

    async def of_order(self, order_id: str) -> tuple[BulkStep, ...]:
        """By the number of the case."""

    async def latest(self, now: datetime) -> str | None:
        """The last order that can still be undone and has something to undo."""

    async def undone(self, step: BulkStep, at: datetime) -> None: ...
