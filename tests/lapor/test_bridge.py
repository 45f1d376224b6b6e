"""Each case reaches LAPOR! exactly once, whatever the line does; and nothing tells who reported."""

from __future__ import annotations

import os
import random
from collections import Counter, deque
from datetime import datetime, timedelta

import pytest

from backend.cases.case import IdentityLevel
from backend.cases.submission import HandOver, Progress, Way
from backend.cases.workflow import State
from backend.lapor.client import LaporClient
from backend.lapor.worker import ASK_STATE_EVERY, BRIDGE, Bridge
from backend.reference.lapor_fields import lapor_fields
from tests.fake_lapor.server import FAULTS, FakeLapor
from tests.support.builders import NOW, a_case, digest, later
from tests.support.fakes import FakeUnitOfWork, Store, services

N_FAULTS = int(os.environ.get("LAPOR_FAULTS", "60"))
PHONE = "0812" + "5550" + "1779"


class Stand:
    """A register in memory, a LAPOR! of ours, and a clock that is set."""

    def __init__(self) -> None:
        self.store, self.lapor, self.now = Store(), FakeLapor(), NOW
        self.bridge = self.new_bridge()

    def new_bridge(self) -> Bridge:
        client = LaporClient(self.lapor.client())
        return Bridge(self.open_uow, client, services(), lapor_fields(), b"k" * 32, self.clock)  # type: ignore[arg-type]

    def open_uow(self) -> FakeUnitOfWork:
        return FakeUnitOfWork(self.store)

    def clock(self) -> datetime:
        return self.now

    async def file(self, *numbers: int, **changes: object) -> None:
        async with self.open_uow() as uow:
            for n in numbers:
                await uow.cases.add(a_case(n, **{"state": State.ASSIGNED, **changes}), digest(n))
            await uow.commit()

    def line(self, n: int = 1) -> HandOver:
        return self.store.handovers[a_case(n).id]


@pytest.fixture
def stand() -> Stand:
    return Stand()


async def test_a_case_is_handed_on_with_its_fields(stand: Stand) -> None:
    await stand.file(1)
    assert await stand.bridge.once() == 1
    (report,) = stand.lapor.reports
    assert report["title"] == "Lampu jalan mati di Kec. Sangatta Utara, Kab. Kutai Timur"
    assert report["content"] == "lampu depan pasar lama mati tiga malam"
    assert (report["is_anonymous"], report["is_secret"]) == (False, False)
    line, case = stand.line(), stand.store.cases[a_case(1).id]
    assert (line.progress, line.by, line.their_number) == (Progress.HANDED_ON, BRIDGE, "7000001")
    assert case.lapor_tracking_id == "7000001" and case.events[-1].what == "handed_on"
    assert [entry.action for entry in stand.store.audit] == ["case_handed_on"]
    assert await stand.bridge.once() == 0 and len(stand.lapor.reports) == 1


async def test_what_no_officer_has_verified_is_left_to_people(stand: Stand) -> None:
    await stand.file(1, state=State.RECEIVED)
    await stand.file(2, state=State.WITHDRAWN)
    assert await stand.bridge.once() == 0 and stand.lapor.n_calls == 0


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", [0, 1])
async def test_after_any_fault_the_case_is_there_once(stand: Stand, fault: str, call: int) -> None:
    await stand.file(1)
    stand.lapor.faults = deque([None] * call + [fault])
    assert await stand.bridge.once() == 0
    assert stand.line().progress is Progress.WAITING and stand.line().last_error
    assert await stand.bridge.once() == 0, "it waits before it tries again"
    stand.now = later(hours=2)
    assert await stand.new_bridge().once() == 1
    assert len(stand.lapor.reports) == 1 and stand.lapor.n_faults == 1
    assert stand.line().progress is Progress.HANDED_ON and stand.line().attempts == 2


async def test_many_faults_many_cases_each_once(stand: Stand) -> None:
    chance = random.Random(311)
    await stand.file(*range(1, 41))
    stand.lapor.faults = deque(
        chance.choice(FAULTS) if chance.random() < 0.6 else None for _ in range(20 * N_FAULTS)
    )
    while stand.lapor.n_faults < N_FAULTS or len(stand.store.handovers) < 40 or await remaining(stand):
        if stand.lapor.n_faults >= N_FAULTS:
            stand.lapor.faults.clear()
        if not await remaining(stand):
            first = max(int(case, 16) for case in stand.store.cases) + 1
            await stand.file(*range(first, first + 10))
        await stand.new_bridge().once()
        stand.now += timedelta(hours=7)
    assert stand.lapor.n_faults >= N_FAULTS
    seen = Counter(report["tags_raw"] for report in stand.lapor.reports)
    assert seen == Counter({case.number: 1 for case in stand.store.cases.values()})
    numbers = {report["tags_raw"]: report["tracking_id"] for report in stand.lapor.reports}
    for case in stand.store.cases.values():
        assert case.lapor_tracking_id == numbers[case.number]
        assert stand.store.handovers[case.id].their_number == numbers[case.number]


async def remaining(stand: Stand) -> int:
    async with stand.open_uow() as uow:
        return len(await uow.handovers.never(Way.API))


async def test_a_backend_that_died_in_the_middle_is_followed_by_one_that_asks_first(stand: Stand) -> None:
    await stand.file(1)
    dead = HandOver(
        a_case(1).id, Way.API, Progress.SENDING, BRIDGE, NOW, attempts=1, tried_until=later(minutes=5)
    )
    stand.store.handovers[dead.case_id] = dead
    stand.lapor.reports.append({"tracking_id": "7999999", "tags_raw": a_case(1).number, "title": "lain"})
    assert await stand.bridge.once() == 0
    stand.now = later(minutes=6)
    assert await stand.bridge.once() == 1
    assert len(stand.lapor.reports) == 1 and stand.line().their_number == "7999999"
    assert stand.line().differences == ("title",)


async def test_a_refused_case_waits_for_an_officer(stand: Stand) -> None:
    await stand.file(1)
    stand.lapor.refuses_titles = {"Lampu jalan mati di Kec. Sangatta Utara, Kab. Kutai Timur"}
    assert await stand.bridge.once() == 0
    assert stand.line().progress is Progress.REFUSED and stand.line().last_error == "refused: status 422"
    stand.now = later(days=9)
    assert await stand.bridge.once() == 0


async def test_states_are_asked_again_after_six_hours(stand: Stand) -> None:
    await stand.file(1)
    await stand.bridge.once()
    stand.lapor.reports[0]["status_name"] = "Selesai"
    assert await stand.bridge.ask_states() == 0
    stand.now = NOW + ASK_STATE_EVERY + timedelta(minutes=1)
    assert await stand.bridge.ask_states() == 1
    assert stand.line().their_state == "Selesai"


@pytest.mark.parametrize("level", [IdentityLevel.ANONYMOUS, IdentityLevel.CONFIDENTIAL])
async def test_nothing_identifies_who_is_not_named(stand: Stand, level: IdentityLevel) -> None:
    await stand.file(1, identity_level=level, description=f"jalan rusak, telepon saya {PHONE} ya")
    await stand.bridge.once()
    (report,) = stand.lapor.reports
    assert report["is_anonymous"] is True and report["attachments"] == [] and stand.lapor.documents == []
    assert PHONE not in repr(report) and "jalan rusak" in report["content"]
    assert a_case(1).id not in repr(report) and a_case(1).draft_id not in repr(report)
