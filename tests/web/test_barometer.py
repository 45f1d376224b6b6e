"""The public barometer: true sums, nobody in a small cell, the same figures in every form."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from PIL import Image

from backend.cases.case import IdentityLevel
from backend.cases.workflow import State
from backend.persistence.database import Database
from backend.persistence.tables import case_figures, cases
from backend.persistence.unit_of_work import opener
from tests.support.builders import NOW, a_case, digest
from tests.support.invented_map import invented_map
from tests.support.live_site import LiveSite, Visitor, live_site

pytestmark = pytest.mark.database
# NOW is 23 November: the newest month that is published is October.
IN_MONTH = datetime(2026, 10, 1, 9, tzinfo=NOW.tzinfo)
ISSUES = ["jalan_rusak"] * 30 + ["sampah_liar"] * 9 + ["perempuan_anak"] * 2 + ["listrik_padam"]


async def many_cases(database: Database, n: int = len(ISSUES)) -> Counter[str]:
    """So many cases of the month; returns how many of each issue."""
    chance = random.Random(7)  # noqa: S311 — a test's own
    issues = ISSUES[:n]
    async with opener(database.requests, database.keys.vault)() as uow:
        for number, issue in enumerate(issues, 100):
            at = IN_MONTH + timedelta(days=chance.randrange(30))
            await uow.cases.add(a_case(number, at=at, issue=issue), digest(number))
        await uow.commit()
    return Counter(issues)


async def figures(visitor: Visitor, **asked: str) -> dict[str, object]:
    answer = await visitor.http.get("/barometer.json", params=asked)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


async def test_sums_are_those_of_a_plain_recount_and_small_cells_are_one(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    counted = await many_cases(database)
    groups: Counter[str] = Counter()
    for issue, n in counted.items():
        groups[live.site.services.reference.issue(issue).group] += n
    found = await figures(visitor)
    assert found["total"]["n"] == counted.total()  # type: ignore[index]
    lines = {line["name"]: line["n"] for line in found["by_issue"]}  # type: ignore[attr-defined]
    assert sum(lines.values()) == counted.total()
    assert all(n >= 5 for n in lines.values())
    assert all(groups[name] == n for name, n in lines.items() if name is not None)
    assert not any(name in lines for name, n in groups.items() if n < 5)


async def test_with_too_few_nothing_is_said(live: LiveSite, visitor: Visitor, database: Database) -> None:
    await many_cases(database, 4)
    assert (await figures(visitor))["total"] is None
    assert "Belum cukup laporan" in (await visitor.http.get("/barometer")).text


async def test_page_picture_csv_and_json_agree(live: LiveSite, visitor: Visitor, database: Database) -> None:
    await many_cases(database)
    found = await figures(visitor)
    page = (await visitor.http.get("/barometer")).text
    rows = list(csv.DictReader(io.StringIO((await visitor.http.get("/barometer.csv")).text)))
    picture = (await visitor.http.get("/barometer.svg")).text
    for line in found["by_issue"]:  # type: ignore[attr-defined]
        name = line["name"] or "gabungan_sel_kecil"
        assert [row["laporan"] for row in rows if row["tabel"] == "by_issue" and row["nama"] == name] == [
            str(line["n"])
        ]
        assert f"<td>{line['n']}</td>" in page
        assert f">{line['n']}</text>" in picture
    assert ElementTree.fromstring(picture).tag.endswith("svg")  # noqa: S314
    assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row.values() if cell)


@pytest.mark.parametrize("asked", ["2026-11", "2099-01", "sekarang", "2026-10'"])
async def test_a_month_that_is_not_settled_is_no_page(live: LiveSite, visitor: Visitor, asked: str) -> None:
    assert (await visitor.http.get("/barometer", params={"periode": asked})).status_code == 404


async def test_another_regency_is_not_counted(live: LiveSite, visitor: Visitor, database: Database) -> None:
    await many_cases(database)
    async with opener(database.requests, database.keys.vault)() as uow:
        await uow.cases.add(a_case(900, at=IN_MONTH, desk="62.02", state=State.RECEIVED), digest(900))
        await uow.commit()
    assert (await figures(visitor))["total"]["n"] == len(ISSUES)  # type: ignore[index]


async def test_what_was_published_is_the_same_on_all_days_after(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    """One case answered, one put under another issue, one into another district, one more: no download shows it."""
    await many_cases(database)
    forms = ("", ".json", ".csv", ".svg", ".png")
    before = [(await visitor.http.get(f"/barometer{form}")).content for form in forms]
    async with opener(database.requests, database.keys.vault)() as uow:
        await uow.cases.add(a_case(700, at=IN_MONTH, issue="jalan_rusak"), digest(700))
        connection = uow.transaction.connection
        ids = list(await connection.scalars(sa.select(cases.c.id).order_by(cases.c.id).limit(3)))
        await connection.execute(sa.update(cases).where(cases.c.id == ids[0]).values(issue="sampah_liar"))
        await connection.execute(
            sa.update(cases).where(cases.c.id == ids[1]).values(district_code="64.08.01")
        )
        await connection.execute(
            sa.update(case_figures).where(case_figures.c.case_id == ids[2]).values(answered_at=NOW)
        )
        await uow.commit()
    for days in (1, 2, 5):
        live.talk.now = NOW + timedelta(days=days)
        after = [(await visitor.http.get(f"/barometer{form}?periode=2026-10")).content for form in forms]
        assert after[1:] == before[1:]
        assert "42</dd>" in after[0].decode()


async def test_the_public_list_and_the_barometer_give_nobody_away(
    live: LiveSite, visitor: Visitor, database: Database
) -> None:
    """Two confidential cases among many open ones: subtracting what Open311 lists finds none of them."""
    await many_cases(database)
    async with opener(database.requests, database.keys.vault)() as uow:
        for n in (801, 802):
            secret = a_case(n, at=IN_MONTH, issue="jalan_rusak", identity_level=IdentityLevel.CONFIDENTIAL)
            await uow.cases.add(secret, digest(n))
        await uow.commit()
    found = await figures(visitor)
    span = {"start_date": "2026-10-01T00:00:00+08:00", "end_date": "2026-11-01T00:00:00+08:00"}
    listed = (await visitor.http.get("/open311/v2/requests.json", params=span)).json()
    assert len(listed) == len(ISSUES)
    assert found["total"]["n"] - len(listed) not in range(1, 5)  # type: ignore[index]
    groups = Counter(live.site.services.reference.issue(one["service_code"]).group for one in listed)
    for line in found["by_issue"]:  # type: ignore[attr-defined]
        if line["name"]:
            assert line["n"] - groups[line["name"]] not in range(1, 5)


async def test_a_shared_link_brings_its_picture(live: LiveSite, visitor: Visitor, database: Database) -> None:
    await many_cases(database)
    page = (await visitor.http.get("/barometer?periode=2026-10")).text
    shown = re.search(r'property="og:image" content="http://localhost(/[^"]+)"', page)
    assert shown and 'og:description" content="42 laporan masuk' in page
    answer = await visitor.http.get(shown[1])
    assert answer.headers["content-type"] == "image/png" and len(answer.content) < 100_000
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


async def test_the_map_stands_beside_its_table(database: Database) -> None:
    await many_cases(database)
    async with live_site(database, atlas=invented_map()) as live:
        page = (await (await live.visitor()).http.get("/barometer")).text
    named = re.search(r"<title>Sangatta Utara: (\d+) laporan</title>", page)
    assert named and f"<td>{named[1]}</td>" in page
    assert page.count("tidak disebut sendiri") == 4, "the other districts"
