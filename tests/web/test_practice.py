"""Practice: the real desk on invented reports, graded; a real desk has no such door."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from backend.persistence.database import Database
from backend.persistence.tables import outbox
from backend.practice import open_practice, practice_settings
from backend.settings import Settings
from backend.web.desk.guard import cookie_name
from tests.support.desk import csrf_of
from tests.support.live_site import LiveSite, live_site

pytestmark = pytest.mark.database


@pytest.fixture
async def school(database: Database) -> AsyncIterator[LiveSite]:
    async with live_site(database, practice=True) as running:
        yield running


async def learner(school: LiveSite, role: str) -> tuple[httpx.AsyncClient, dict[str, str]]:
    http = (await school.visitor(session=False)).http
    answer = await http.post("/latihan", data={"role": role})
    assert (answer.status_code, answer.headers["location"]) == (303, "/meja/latihan")
    return http, {"csrf": csrf_of(school.site, http.cookies[cookie_name(school.site)])}


def numbers(page: str) -> list[str]:
    return re.findall(r'href="/meja/kasus/([0-9A-Z]{4}-[0-9A-Z]{4})"', page)


async def version_of(school: LiveSite, number: str) -> dict[str, str]:
    async with school.site.open_uow() as uow:
        case = await uow.cases.by_number(number)
    assert case is not None
    return {"version": str(case.version)}


async def move(
    school: LiveSite, http: httpx.AsyncClient, csrf: dict[str, str], number: str, name: str, **more: str
) -> None:
    for _ in range(2):  # the second time with the seal of the look that the first one asked for
        data = {**csrf, **await version_of(school, number), "move": name, **more}
        page = await http.post(f"/meja/kasus/{number}/pindah", data=data)
        if page.status_code == 303:
            return
        seal = re.search(r'name="sure" value="([^"]+)"', page.text)
        assert seal, page.text
        more["sure"] = seal[1]
    raise AssertionError(page.text)


async def test_a_verifier_solves_misses_and_corrects(school: LiveSite) -> None:
    http, csrf = await learner(school, "verifikator")
    page = (await http.get("/meja/latihan")).text
    assert "0 dari 6 tugas benar" in page and "Semua laporan di sini karangan" in page
    lamp, road, data, double, advert, power = numbers(page)
    leader = re.search(r"Laporan induknya: <code>([^<]+)</code>", page)
    assert leader
    for number in (lamp, road, data, double, advert, power):
        await move(school, http, csrf, number, "take_up")
    await move(school, http, csrf, lamp, "assign", agency="dpupr-64.08", words="silakan")
    assert "Belum tepat" in (await http.get("/meja/latihan")).text
    await move(school, http, csrf, road, "assign", agency="bpjn-64")
    await move(school, http, csrf, data, "ask_reporter", words="Mohon sebutkan nama jalan dan desanya.")
    await move(school, http, csrf, double, "merge", leader=leader[1], words="Sama dengan laporan sebelumnya.")
    await move(school, http, csrf, advert, "archive", words="Pesan ini bukan keluhan tentang layanan publik.")
    await move(school, http, csrf, power, "assign", agency=await suggested(school, power))
    assert "5 dari 6 tugas benar" in (await http.get("/meja/latihan")).text
    async with school.site.database.requests.connect() as connection:
        assert (
            await connection.scalar(
                sa.select(sa.func.count()).select_from(outbox).where(outbox.c.channel != "web")
            )
            == 0
        )


async def suggested(school: LiveSite, number: str) -> str:
    async with school.site.open_uow() as uow:
        case = await uow.cases.by_number(number)
    assert case is not None
    return case.assignment.agency


async def test_an_office_answers_with_proof(school: LiveSite) -> None:
    http, csrf = await learner(school, "narahubung")
    proof, news, back, note = numbers((await http.get("/meja/latihan")).text)
    await move(school, http, csrf, proof, "start")
    await move(
        school,
        http,
        csrf,
        proof,
        "answer",
        words="Lampu sudah diganti hari Senin.",
        evidence="Berita acara 12",
    )
    for part, field, number in (("balas", "words", news), ("catat", "text", note)):
        told = {**csrf, field: "Suku cadang datang pekan depan."}
        answer = await http.post(f"/meja/kasus/{number}/{part}", data=told)
        seal = re.search(r'name="sure" value="([^"]+)"', answer.text)
        if seal:
            await http.post(f"/meja/kasus/{number}/{part}", data={**told, "sure": seal[1]})
    await move(school, http, csrf, back, "return", words="Pohon tumbang diurus BPBD.")
    assert "4 dari 4 tugas benar" in (await http.get("/meja/latihan")).text


async def test_a_real_desk_has_no_way_in_without_a_password(database: Database) -> None:
    async with live_site(database) as live:
        http = (await live.visitor(session=False)).http
        assert (await http.get("/latihan")).status_code == 404
        assert (await http.post("/latihan", data={"role": "verifikator"})).status_code == 404


def test_the_practice_desk_is_cut_off_from_everything_real(tmp_path: Path) -> None:
    real = Settings(
        _env_file=None,
        data=tmp_path,
        DATABASE_URL="postgresql://localhost/asli",
        lapor_url="https://lapor.example",
        lapor_token="x",
    )
    own = practice_settings(real, 0)
    assert (own.data, own.database_url, own.lapor_url, own.whatsapp_provider) == (
        tmp_path / "practice",
        None,
        "",
        "",
    )
    assert own.app_database_url is None and own.desk_database_url is None and own.lapor_token is None


async def test_it_runs_on_a_database_of_its_own(tmp_path: Path) -> None:
    from tests.support.database import folder_of_tests

    folder = folder_of_tests()
    core, door = await open_practice(practice_settings(Settings(_env_file=None, data=folder), 0))
    try:
        await door.listen()
        async with httpx.AsyncClient(base_url=f"http://localhost:{door.port}") as http:
            assert "karangan" in (await http.get("/latihan")).text
            assert (await http.post("/latihan", data={"role": "narahubung"})).status_code == 303
            assert (await http.get("/meja/latihan")).status_code == 200
        assert (folder / "practice" / "secrets").exists() and not (folder / "secrets").exists()
    finally:
        await door.close()
        await core.database.close()
