"""The fakes of the ports `HandOvers` and `RepliesThere`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from backend.cases.case import Case
from backend.cases.submission import HandOver, Progress, ReplyThere, Way, is_due

if TYPE_CHECKING:
    from tests.support.fakes import Store


class FakeHandOvers:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def of_case(self, case_id: str) -> HandOver | None:
        return self._store.handovers.get(case_id)

    async def write(self, line: HandOver) -> None:
        self._store.handovers[line.case_id] = line

    async def begin(self, line: HandOver, now: datetime) -> HandOver | None:
        known = self._store.handovers.get(line.case_id)
        if known and not self._is_free(known, now):
            return None
        kept = known or line
        begun = replace(
            kept,
            way=line.way,
            progress=line.progress,
            by=line.by,
            tried_until=line.tried_until,
            attempts=kept.attempts + 1 if known else 1,
        )
        self._store.handovers[line.case_id] = begun
        return begun

    def _is_free(self, line: HandOver, now: datetime) -> bool:
        open_ones = (Progress.SENDING, Progress.WAITING)
        return line.progress in open_ones and (line.tried_until is None or line.tried_until <= now)

    async def never(self, way: Way, limit: int = 50, after: str = "") -> tuple[Case, ...]:
        due = [case for case in self._store.cases.values() if is_due(case, way) and case.id > after]
        return tuple(sorted(due, key=lambda case: case.id)[:limit])

    async def ready(self, now: datetime, limit: int = 20) -> tuple[str, ...]:
        lines = self._store.handovers
        due = [
            case
            for case in self._store.cases.values()
            if is_due(case, Way.API) and (case.id not in lines or self._is_free(lines[case.id], now))
        ]
        return tuple(case.id for case in sorted(due, key=lambda case: (case.filed_at, case.id))[:limit])

    async def ledger(
        self, limit: int = 50, before: tuple[datetime, str] | None = None
    ) -> tuple[tuple[str, HandOver], ...]:
        lines = [one for one in self._store.handovers.values() if not before or _key(one) < before]
        newest = sorted(lines, key=_key, reverse=True)[:limit]
        return tuple((self._store.cases[one.case_id].number, one) for one in newest)

    async def handed_on(self, asked_before: datetime, limit: int = 20) -> tuple[HandOver, ...]:
        found = [
            line
            for line in self._store.handovers.values()
            if line.progress is Progress.HANDED_ON and line.state_at and line.state_at < asked_before
        ]
        return tuple(sorted(found, key=lambda line: (line.state_at or line.begun_at, line.case_id))[:limit])


def _key(line: HandOver) -> tuple[datetime, str]:
    return line.begun_at, line.case_id


class FakeRepliesThere:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def write(self, line: ReplyThere) -> None:
        self._store.replies_there[line.message_id] = line

    async def of_case(self, case_id: str) -> tuple[ReplyThere, ...]:
        return tuple(one for one in self._all() if one.case_id == case_id)

    def _all(self) -> list[ReplyThere]:
        return sorted(self._store.replies_there.values(), key=lambda one: (one.marked_at, one.message_id))

    def _untold(self) -> list[ReplyThere]:
        cases = self._store.cases
        return [one for one in self._all() if one.told_at is None and cases[one.case_id].lapor_tracking_id]

    async def waiting(self, limit: int = 50) -> tuple[ReplyThere, ...]:
        return tuple(self._untold()[:limit])

    async def begin(self, now: datetime, until: datetime) -> ReplyThere | None:
        seen: set[str] = set()
        for one in self._untold():
            if one.refused or self._store.cases[one.case_id].is_restricted:
                continue
            if one.case_id not in seen and (one.tried_until is None or one.tried_until <= now):
                begun = replace(one, attempts=one.attempts + 1, tried_until=until)
                self._store.replies_there[one.message_id] = begun
                return begun
            seen.add(one.case_id)
        return None
