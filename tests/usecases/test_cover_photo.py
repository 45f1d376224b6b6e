"""A photo is covered by two officers at once, withdrawn, and covered anew; each step is on record."""

from collections.abc import Sequence

import pytest

from backend.cases.errors import CaseNotFound
from backend.cases.field_copy import Box, Checked, written
from backend.usecases.cover_photo import cover_photo, reopen_photo
from tests.support.builders import NOW, a_case, digest
from tests.support.fakes import FakeUnitOfWork, Store

FACE, PLATE = Box(0.1, 0.1, 0.2, 0.2), Box(0.5, 0.5, 0.2, 0.1)
PHOTO = "f" * 32


async def burn(boxes: Sequence[Box]) -> bytes:
    return str(written(boxes)).encode()


async def cover(uow: FakeUnitOfWork, *boxes: Box, by: str = "p1") -> bytes:
    await cover_photo(a_case(), PHOTO, b"asli", boxes, burn, by, uow, NOW)
    return await uow.field_copies.read(PHOTO) or b""


async def test_what_somebody_covered_meanwhile_stays_covered() -> None:
    async with FakeUnitOfWork(Store()) as uow:
        await uow.cases.add(a_case(), digest(1))
        assert await cover(uow, FACE) == str(written([FACE])).encode()
        assert await cover(uow, PLATE, FACE, by="p2") == str(written([FACE, PLATE])).encode()
        assert await cover(uow) == str(written([FACE, PLATE])).encode()
        [(copy, _)] = uow._own.field_copies.values()
        assert copy.boxes == (FACE, PLATE) and copy.original == uow.field_copies.fingerprint(b"asli")
        lines = await uow.audit.of_case(a_case().id)
        assert [(one.action, one.actor, one.details["boxes"]) for one in lines] == [
            ("photo_covered", "p1", "1"),
            ("photo_covered", "p2", "2"),
            ("photo_covered", "p1", "2"),
        ]


async def test_a_copy_is_withdrawn_with_a_reason_and_drawn_anew() -> None:
    async with FakeUnitOfWork(Store()) as uow:
        with pytest.raises(CaseNotFound):
            await reopen_photo(a_case(), PHOTO, "salah", "p1", uow, NOW)
        await cover(uow, FACE, PLATE)
        copy = await reopen_photo(a_case(), PHOTO, "kotaknya salah tempat", "p2", uow, NOW)
        assert copy.checked is Checked.REOPENED and await uow.field_copies.read(PHOTO) is None
        with pytest.raises(CaseNotFound):
            await reopen_photo(a_case(), PHOTO, "lagi", "p1", uow, NOW)
        assert await cover(uow, PLATE) == str(written([PLATE])).encode(), (
            "the withdrawn boxes do not come back"
        )
        last = (await uow.audit.of_case(a_case().id))[1]
        assert (last.action, last.actor, last.reason) == ("photo_reopened", "p2", "kotaknya salah tempat")
