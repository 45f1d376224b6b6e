"""Changing the reference rows: what the loader refuses stays out, nobody publishes a routing change alone when there are two, each
version is kept, and open promises follow a holiday."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend.cases.access import Role
from backend.conversations.reference_watch import ReferenceWatch
from backend.persistence.tables import audit, reference_versions
from backend.persistence.unit_of_work import opener
from backend.reference.editors import kinds
from backend.usecases.assign_draft import Matter, assign_draft
from tests.support.builders import SANGATTA, a_case, digest
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 23)
HOLIDAY = {
    "date": "2026-11-30",
    "name": "Hari jadi",
    "kind": "libur_daerah",
    "area": "64.08",
    "source": "SK 1",
}
RULE = {
    "id": "lampu_baru",
    "issue": "lampu_jalan",
    "area": "64.08",
    "level": "kabupaten",
    "role": "disperkim",
    "reason": "Lampu diurus {agency}.",
    "confidence": "0.9",
    "source": "SK 2",
    "place": "before:lampu_jaringan_pln",
}


async def drafted(one: AtDesk, kind: str, values: dict[str, str], status: int = 303) -> str:
    page = await one.post(
        f"/meja/acuan/daftar/{kind}/baris", {"because": "uji", "place": "before:", **values}
    )
    assert page.status_code == status, page.text
    return page.text


async def published(one: AtDesk, day: date = TODAY, status: int = 303) -> str:
    values = {"reason": "uji terbit", "sure": "yes", "from": day.isoformat()}
    page = await one.post("/meja/acuan/rancangan/terbitkan", values)
    assert page.status_code == status, page.text
    return page.text


def watch_of(live: LiveSite) -> ReferenceWatch:
    """This process's own watch, called by hand."""
    workers = opener(live.site.database.workers, live.site.database.keys.vault)
    return ReferenceWatch(workers, live.site.services, live.talk.clock)


async def test_every_row_of_every_list_opens_with_its_sentence(live: LiveSite) -> None:
    admin = await officer_in(live, Role.ADMIN)
    for kind in kinds():
        page = (await admin.get(f"/meja/acuan/daftar/{kind}")).text
        keys = re.findall(r'baris\?kunci=([^"]+)"', page)
        assert keys, kind
        for key in (keys[0], keys[-1]):
            form = await admin.get(f"/meja/acuan/daftar/{kind}/baris?kunci={key}")
            assert form.status_code == 200 and "Bunyinya sekarang" in form.text, (kind, key)
    assert (await admin.get("/meja/acuan/daftar/lainlain")).status_code == 404
    assert (await admin.get("/meja/acuan/daftar/sla/baris?kunci=tidak-ada")).status_code == 404


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("holidays", {**HOLIDAY, "date": "2026-13-01"}, "Tanggal itu tidak ada"),
    ("holidays", {**HOLIDAY, "date": "besok"}, "tahun-bulan-hari"),
    ("holidays", {**HOLIDAY, "name": ""}, "tidak boleh kosong"),
    ("holidays", {**HOLIDAY, "date": "08-17", "area": ""}, "Sudah ada baris"),
    ("routing", {**RULE, "reason": "Lampu diurus kantor."}, "Tulis {agency}"),
    ("routing", {**RULE, "confidence": "9"}, "antara 0 dan 1"),
    ("routing", {**RULE, "role": "kantor_hantu"}, "Belum ada kantor dengan peran itu"),
    ("routing", {**RULE, "when": "road_status=pelangi"}, "tidak pernah bisa terpenuhi"),
    ("routing", {**RULE, "valid_from": "2026-12-02", "valid_until": "2026-12-01"}, "lebih awal"),
    (
        "agencies",
        {
            "code": "dishub_64",
            "role": "dishub",
            "area": "64.08",
            "name": "x",
            "level": "kabupaten",
            "owner": "pemerintah",
            "source": "s",
        },
        "tanda hubung",
    ),
]


@pytest.mark.parametrize(("kind", "values", "words"), WRONG, ids=[words for _, _, words in WRONG])
async def test_what_the_loader_refuses_is_told_beside_the_field(
    live: LiveSite, kind: str, values: dict[str, str], words: str
) -> None:
    admin = await officer_in(live, Role.ADMIN)
    page = await admin.post(
        f"/meja/acuan/daftar/{kind}/baris", {"place": "before:", "because": "uji", **values}
    )
    assert page.status_code == 422 and words in page.text
    assert "Rancangan kosong" in (await admin.get("/meja/acuan/rancangan")).text


async def test_a_holiday_moves_open_promises_once_and_the_way_back_moves_them_again(live: LiveSite) -> None:
    async with live.site.open_uow() as uow:
        await uow.cases.add(a_case(1, due=promise_of(live)), digest(1))
        await uow.commit()
    admin = await officer_in(live, Role.ADMIN)
    await drafted(admin, "holidays", HOLIDAY)
    trial = (await admin.get("/meja/acuan/rancangan?uji=1")).text
    assert "<b>1</b> laporan berjalan" in trial and "TEST-0001" in trial
    await published(admin)
    watch = watch_of(live)
    await watch.look()
    assert live.site.services.reference_version == 1
    assert not live.site.services.reference.calendar("64.08").is_workday(date(2026, 11, 30))
    assert await history_after(live, watch) == ["due_recomputed"]
    assert await history_after(live, watch) == ["due_recomputed"], "once for a version"
    page = await admin.post("/meja/acuan/versi/kembali", {"version": "0", "reason": "salah"})
    assert page.status_code == 303
    await watch.look()
    assert live.site.services.reference.calendar("64.08").is_workday(date(2026, 11, 30))
    assert await history_after(live, watch) == ["due_recomputed", "due_recomputed"]
    async with live.site.open_uow() as uow:
        case = await uow.cases.by_number("TEST-0001")
    assert case is not None and case.due.on == promise_of(live).on
    compared = (await admin.get("/meja/acuan/versi/banding?dari=1&ke=2")).text
    assert "Hari jadi" in compared and "Dihapus" in compared


def promise_of(live: LiveSite) -> Any:
    case = a_case(1)
    matter = Matter(case.issue, case.report_class, case.oversight, SANGATTA, {})
    return assign_draft(matter, live.site.services.reference, "64.08", TODAY).due


async def history_after(live: LiveSite, watch: ReferenceWatch) -> list[str]:
    await watch.recount()
    async with live.site.open_uow() as uow:
        case = await uow.cases.by_number("TEST-0001")
    assert case is not None
    return [event.what for event in case.events if event.what != "filed"]


async def test_a_routing_change_wants_a_second_person_when_there_is_one(live: LiveSite) -> None:
    author = await officer_in(live, Role.ADMIN)
    await drafted(author, "routing", RULE)
    second = await officer_in(live, Role.ADMIN, title="Rekan")
    assert "orang kedua: Rekan" in (await author.get("/meja/acuan/rancangan")).text
    assert "diterbitkan oleh admin induk lain" in await published(author, status=409)
    await published(second)
    async with live.site.database.requests.connect() as connection:
        (line,) = await connection.execute(sa.select(audit).where(audit.c.action == "reference_published"))
        assert (line.actor, line.details["alone"]) == (second.officer.id, "no")
    await watch_of(live).look()
    matter = Matter("lampu_jalan", a_case().report_class, False, SANGATTA, {"lamp_fault": "jaringan"})
    assert assign_draft(matter, live.site.services.reference, "64.08", TODAY).assignment.rule == "lampu_baru"


async def test_a_version_waits_for_its_day_and_one_that_goes_back_comes_first(live: LiveSite) -> None:
    admin = await officer_in(live, Role.ADMIN)
    await drafted(admin, "holidays", HOLIDAY)
    assert "Pilih tanggal" in await published(admin, TODAY - timedelta(days=1), 409)
    await published(admin, TODAY + timedelta(days=2))
    watch = watch_of(live)
    assert not await watch.look()
    await drafted(admin, "holidays", {**HOLIDAY, "date": "2026-12-01"})
    assert "Pilih tanggal" in await published(admin, TODAY, 409), "not before the one that waits"
    live.talk.wait(days=2)
    assert await watch.look() and live.site.services.reference_version == 1


async def test_published_versions_cannot_be_changed(live: LiveSite) -> None:
    admin = await officer_in(live, Role.ADMIN)
    await drafted(admin, "holidays", HOLIDAY)
    await published(admin)
    engine = live.site.database.admin_address.pool(1)
    for change in (sa.delete(reference_versions), sa.update(reference_versions).values(reason="x")):
        with pytest.raises(sa.exc.DBAPIError, match="append"):
            async with engine.begin() as connection:
                await connection.execute(change)
    await engine.dispose()


async def test_a_row_goes_and_comes_back_by_the_draft(live: LiveSite) -> None:
    admin = await officer_in(live, Role.ADMIN)
    gone = await admin.post(
        "/meja/acuan/daftar/emergency/hapus", {"key": "64.08/fire", "because": "nomor mati"}
    )
    assert gone.status_code == 303
    refused = await admin.post(
        "/meja/acuan/daftar/agencies/hapus", {"key": "dishub-64.08/2025-01-01", "because": "x"}
    )
    assert refused.status_code == 404, "offices end by date"
    assert "Pemadam" in (await admin.get("/meja/acuan/rancangan")).text
    await admin.post("/meja/acuan/rancangan/buang", {"file": "emergency.csv", "key": "64.08/fire"})
    assert "Rancangan kosong" in (await admin.get("/meja/acuan/rancangan")).text
    assert "Rancangan masih kosong" in await published(admin, status=409)
