"""The public barometer: true sums, nobody in a small cell, the same figures in every form."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from backend.cases.workflow import State
from backend.persistence.database import Database
from backend.persistence.unit_of_work import opener
from tests.support.builders import NOW, a_case, digest
from tests.support.live_site import LiveSite, Visitor

pytestmark = pytest.mark.database
# NOW lies in 2026-Q4: the newest quarter that is over is Q3.
IN_QUARTER = datetime(2026, 8, 3, 9, tzinfo=NOW.tzinfo)
ISSUES = ["jalan_rusak"] * 30 + ["sampah_liar"] * 9 + ["perempuan_anak"] * 2 + ["listrik_padam"]


async def many_cases(database: Database, n: int = len(ISSUES)) -> Counter[str]:
    """So many cases of the quarter; returns how many of each issue."""
    chance = random.Random(7)  # noqa: S311 — a test's own
    issues = ISSUES[:n]
    async with opener(database.requests, database.keys.vault)() as uow:
        for number, issue in enumerate(issues, 100):
            at = IN_QUARTER + timedelta(days=chance.randrange(40))
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


@pytest.mark.parametrize("asked", ["2026-Q4", "2099-Q1", "sekarang", "2026-Q3'"])
async def test_a_quarter_that_is_not_over_is_no_page(live: LiveSite, visitor: Visitor, asked: str) -> None:
    assert (await visitor.http.get("/barometer", params={"periode": asked})).status_code == 404


async def test_another_regency_is_not_counted(live: LiveSite, visitor: Visitor, database: Database) -> None:
    await many_cases(database)
    async with opener(database.requests, database.keys.vault)() as uow:
        await uow.cases.add(a_case(900, at=IN_QUARTER, desk="62.02", state=State.RECEIVED), digest(900))
        await uow.commit()
    assert (await figures(visitor))["total"]["n"] == len(ISSUES)  # type: ignore[index]
