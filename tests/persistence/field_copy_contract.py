"""What every store of field copies must do; part of `RepositoryContract`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backend.cases.field_copy import Box, Checked
from backend.usecases.ports import FieldCopy
from tests.support.builders import NOW, a_case, digest, later

BOXES = (Box(0.1, 0.2, 0.3, 0.4), Box(0.0, 0.0, 1.0, 0.005))


class FieldCopyContract:
    """Inherit it and give it a `rig` fixture."""

    async def test_a_copy_is_kept_replaced_withdrawn_and_goes_with_its_case(self, rig: Any) -> None:
        case = a_case(1)
        async with rig.open_uow() as uow:
            await uow.cases.add(case, digest(1))
            await uow.commit()
        conversation = await rig.conversation("pengirim")
        photo = await rig.attachment(conversation)
        async with rig.open_uow() as uow:
            await uow.attachments.bind(conversation, [photo], case.id)
            assert await uow.field_copies.of_case(case.id) == {}
            assert await uow.field_copies.read(photo) is None
            first = FieldCopy(photo, case.id, BOXES, uow.field_copies.fingerprint(b"asli"), 5, "desk-1", NOW)
            await uow.field_copies.keep(first, b"salin")
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.field_copies.of_case(case.id) == {photo: first}
            assert first.checked is Checked.COVERED and await uow.field_copies.read(photo) == b"salin"
            assert (
                first.original
                == uow.field_copies.fingerprint(b"asli")
                != uow.field_copies.fingerprint(b"lain")
            )
            withdrawn = replace(first, n_bytes=0, by="desk-2", at=later(minutes=1))
            await uow.field_copies.keep(withdrawn, b"")
            await uow.commit()
        async with rig.open_uow() as uow:
            assert await uow.field_copies.of_case(case.id) == {photo: withdrawn}
            assert withdrawn.checked is Checked.REOPENED and await uow.field_copies.read(photo) is None
            await uow.field_copies.keep(first, b"salin")
            await uow.erasure.erase(case.id)
            await uow.commit()
        async with rig.open_uow() as uow:
            assert (
                await uow.field_copies.of_case(case.id) == {} and await uow.field_copies.read(photo) is None
            )
