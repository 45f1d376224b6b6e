"""The port of LAPOR!'s ledger; `ports.py` names it with the others."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from backend.cases.case import Case
from backend.cases.submission import HandOver, ReplyThere, Way


class HandOvers(Protocol):
    """The ledger of what was handed on to LAPOR!, one line a case, and what never was."""

    async def of_case(self, case_id: str) -> HandOver | None: ...

    async def write(self, line: HandOver) -> None:
        """Store the line of a case in the place of the one before."""

    async def begin(self, line: HandOver, now: datetime) -> HandOver | None:
        """Claim a case that nobody has handed on and nobody is handing on at `now`: the line with one attempt more, or None."""

    async def never(self, way: Way, limit: int = 50, after: str = "") -> tuple[Case, ...]:
        """Cases without a number of LAPOR!'s that are due for this way, in the order of their ids, those after this id."""

    async def ready(self, now: datetime, limit: int = 20) -> tuple[str, ...]:
        """Ids of cases that a program may begin now: due, not refused, and no attempt running or put off beyond `now`."""

    async def ledger(
        self, limit: int = 50, before: tuple[datetime, str] | None = None
    ) -> tuple[tuple[str, HandOver], ...]:
        """(our number, line), begun last first; `before` is `begun_at` and case id of the last line of the page before."""

    async def handed_on(self, asked_before: datetime, limit: int = 20) -> tuple[HandOver, ...]:
        """Lines whose state was not asked since then, longest ago first."""


class RepliesThere(Protocol):
    """Answers that an officer marked for LAPOR!, one line a message."""

    async def write(self, line: ReplyThere) -> None:
        """Store the line of a message in the place of the one before."""

    async def of_case(self, case_id: str) -> tuple[ReplyThere, ...]:
        """All of a case, marked first first."""

    async def waiting(self, limit: int = 50) -> tuple[ReplyThere, ...]:
        """Those of cases that LAPOR! has and that it has not been told, marked first first; for officers."""

    async def begin(self, now: datetime, until: datetime) -> ReplyThere | None:
        """Claim the next one that a program may tell, until then: not refused, no attempt running or put off beyond `now`, of its case
        nothing before it still untold, and its use not restricted by the reporter."""
