"""One small town for all use cases: real rules and rows, everything else fake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from backend.cases.case import Actor, Case
from backend.cases.workflow import Mover, State
from backend.reference.loader import Reference, load
from backend.usecases import effects, questions
from backend.usecases.effects import EffectResult
from backend.usecases.ports import Attachment
from tests.support.builders import NOW, later
from tests.support.fakes import FakePlaces, FakeUnitOfWork, Store, services

OFFICERS = {
    State.IN_VERIFICATION: Mover.DESK,
    State.AWAITING_REPORTER: Mover.DESK,
    State.ASSIGNED: Mover.DESK,
    State.IN_PROGRESS: Mover.AGENCY,
    State.ANSWERED: Mover.AGENCY,
    State.ARCHIVED: Mover.DESK,
}
PATHS = {
    State.RECEIVED: (),
    State.IN_VERIFICATION: (State.IN_VERIFICATION,),
    State.AWAITING_REPORTER: (State.IN_VERIFICATION, State.AWAITING_REPORTER),
    State.ARCHIVED: (State.IN_VERIFICATION, State.ARCHIVED),
    State.ANSWERED: (State.IN_VERIFICATION, State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED),
}


class Town:
    """Turns, questions and officers, each in a transaction of its own."""

    def __init__(self, reference: Reference) -> None:
        self.store = Store()
        self.places = FakePlaces()
        self.services = services(reference, places=self.places)

    def open_uow(self) -> FakeUnitOfWork:
        return FakeUnitOfWork(self.store)

    async def effect(
        self, kind: str, data: Mapping[str, Any], *, who: str = "talk-1", now: datetime = NOW
    ) -> EffectResult:
        async with self.open_uow() as uow:
            result = await effects.carry_out(kind, data, effects.Turn(who, "web", now, uow, self.services))
            await uow.commit()
        return result

    async def ask(
        self, name: str, data: Mapping[str, Any], *, who: str = "talk-1", now: datetime = NOW
    ) -> Any:
        async with self.open_uow() as uow:
            found = await questions.answer(name, data, who, now, uow, self.services)
            await uow.commit()
        return found

    async def ref(self, code: str, *, who: str = "talk-1", now: datetime = NOW) -> str:
        status = await self.ask("status", {"code": code}, who=who, now=now)
        return str(status["case"]["case_ref"])

    async def worked_on(self, state: State, *, now: datetime | None = None) -> Case:
        """The newest case, brought to a state by officers."""
        case = list(self.store.cases.values())[-1]
        for new in PATHS[state]:
            async with self.open_uow() as uow:
                case = await uow.cases.save(
                    case.moved_to(new, Actor(OFFICERS[new], "officer-1"), now or later(hours=1), "alasan")
                )
                await uow.commit()
        return case

    def uploaded(self, upload: str, who: str = "talk-1") -> str:
        self.store.attachments[upload] = Attachment(upload, "photo", "image/jpeg", 1000, who)
        return upload

    def only_case(self) -> Case:
        (case,) = self.store.cases.values()
        return case

    def put(self, case: Case, **changes: Any) -> None:
        self.store.cases[case.id] = replace(case, **changes)


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load()


@pytest.fixture
def town(reference: Reference) -> Town:
    return Town(reference)
