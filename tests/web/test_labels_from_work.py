"""What officers put right waits for reviewers with its provenance, and is forgotten with the case and with its sender."""

from __future__ import annotations

import pytest

from backend.cases.access import Role
from backend.usecases.ports import ReviewItem
from backend.usecases.rights import erase_case
from tests.support.desk import officer_in
from tests.support.live_site import LiveSite
from tests.web.test_work import filed, version

pytestmark = pytest.mark.database


async def corrected(live: LiveSite, level: str = "open") -> tuple[str, list[ReviewItem]]:
    """The number of a report whose issue an officer put right, and what waits for reviewers since."""
    number, _ = await filed(await live.visitor(), level)
    desk = await officer_in(live, Role.ADMIN)
    page = await desk.get(f"/meja/kasus/{number}")
    assert "Betulkan urusan" in page.text
    data = {"version": version(page), "issue": "listrik"}
    done = await desk.post(f"/meja/kasus/{number}/urusan", data)
    assert done.status_code == 303, done.text
    shown = await desk.get(done.headers["location"])
    assert "Urusan dibetulkan" in shown.text and "<h1>Listrik PLN" in shown.text
    assert (await desk.post(f"/meja/kasus/{number}/urusan", data)).status_code == 409, (
        "seen before the change"
    )
    await live.site.pipeline.errands.do_all(live.site.clock())
    async with live.talk.open_uow() as uow:
        return number, list(await uow.review.pending())


async def test_a_corrected_issue_waits_with_its_provenance(live: LiveSite) -> None:
    _, (item,) = await corrected(live)
    assert (item.reason, item.source, item.ranking[0][0]) == ("officer_changed", "work", "keluhan/listrik")
    assert item.sender and item.talk and item.text == "lampu jalan mati total sudah seminggu"


@pytest.mark.parametrize("level", ["confidential", "anonymous"])
async def test_of_secret_reports_nothing_waits(live: LiveSite, level: str) -> None:
    assert (await corrected(live, level))[1] == []


async def test_an_erased_report_teaches_nobody(live: LiveSite) -> None:
    number, (item,) = await corrected(live)
    async with live.talk.open_uow() as uow:
        case = await uow.cases.by_number(number)
        assert case is not None
        await erase_case(case, "pelapor", uow, live.site.clock())
        await uow.commit()
    async with live.talk.open_uow() as uow:
        gone = await uow.review.by_id(item.id)
    assert gone is not None and (gone.status, gone.text) == ("unlearned", "")


async def test_a_sender_who_is_forgotten_takes_the_labels_from_work_along(live: LiveSite) -> None:
    _, (item,) = await corrected(live)
    async with live.talk.open_uow() as uow:
        assert await uow.review.unlearn(sender=item.sender) == 1
