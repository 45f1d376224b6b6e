"""The bridge on the real register: files are opened, several backends at once make one report of a case, officers keep to their view."""

import asyncio
from collections import Counter, deque
from dataclasses import replace
from datetime import datetime

import pytest

from backend.cases.case import IdentityLevel
from backend.cases.submission import Progress
from backend.cases.workflow import State
from backend.lapor.client import LaporClient
from backend.lapor.worker import Bridge
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from backend.reference.lapor_fields import lapor_fields
from backend.usecases.ports import Attachment, FieldCopy
from tests.fake_lapor.server import FakeLapor
from tests.support.builders import NOW, a_case, digest, later
from tests.support.fakes import services

pytestmark = pytest.mark.database
JPEG = b"\xff\xd8\xff\xe0 gambar uji"
COPY = b"\xff\xd8\xff\xe0 sudah ditutup"


def a_bridge(database: Database, lapor: FakeLapor, now: datetime = NOW) -> Bridge:
    client = LaporClient(lapor.client())
    workers = opener(database.workers, database.keys.vault)
    return Bridge(workers, client, services(), lapor_fields(), b"k" * 32, lambda: now)


async def test_field_copies_go_along_only_with_a_name_and_originals_never(database: Database) -> None:
    lapor, levels = FakeLapor(), (IdentityLevel.OPEN, IdentityLevel.CONFIDENTIAL, IdentityLevel.ANONYMOUS)
    async with opener(database.requests, database.keys.vault)() as uow:
        for n, level in enumerate(levels, 1):
            case = a_case(n, state=State.ASSIGNED, identity_level=level)
            await uow.cases.add(case, digest(n))
            one = Attachment(f"{n + 0xA000:032x}", "photo", "image/jpeg", len(JPEG), None, case.id)
            await uow.attachments.store(one, JPEG)
            await uow.attachments.store(replace(one, id=f"{n + 0xB000:032x}"), b"belum diperiksa")
            copy = FieldCopy(one.id, case.id, (), uow.field_copies.fingerprint(JPEG), len(COPY), "p1", NOW)
            await uow.field_copies.keep(copy, COPY)
        await uow.commit()
    assert await a_bridge(database, lapor).once() == 3
    assert len(lapor.documents) == 1 and COPY in lapor.documents[0]
    assert JPEG not in lapor.documents[0] and b"belum diperiksa" not in lapor.documents[0]
    sent = {report["tags_raw"]: report for report in lapor.reports}
    assert [len(sent[a_case(n).number]["attachments"]) for n in (1, 2, 3)] == [1, 0, 0]
    assert [sent[a_case(n).number]["is_anonymous"] for n in (1, 2, 3)] == [False, True, True]


async def test_backends_at_once_make_one_report_of_a_case(database: Database) -> None:
    lapor = FakeLapor(faults=deque([None, "500_after", None, "timeout_after", "429", None, "500_before"]))
    async with opener(database.requests, database.keys.vault)() as uow:
        for n in range(1, 13):
            await uow.cases.add(a_case(n, state=State.ASSIGNED), digest(n))
        await uow.commit()
    for hour in (0, 2, 4):
        bridges = [a_bridge(database, lapor, later(hours=hour)) for _ in range(3)]
        await asyncio.gather(*(one.once() for one in bridges))
    assert Counter(one["tags_raw"] for one in lapor.reports) == {a_case(n).number: 1 for n in range(1, 13)}
    async with opener(database.requests, database.keys.vault)() as uow:
        for n in range(1, 13):
            line, case = await uow.handovers.of_case(a_case(n).id), await uow.cases.by_id(a_case(n).id)
            assert line and case and line.progress is Progress.HANDED_ON
            assert case.lapor_tracking_id == line.their_number
        assert await uow.audit.broken_chains() == ()
