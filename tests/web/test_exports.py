"""Files that leave the desk: whole, in scope, without a formula and without anybody's identity; each with its reason in the audit."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from backend.cases.access import Role, may_see
from backend.cases.case import Case, IdentityLevel
from backend.persistence.database import Database
from backend.persistence.tables import audit
from backend.persistence.unit_of_work import opener
from backend.usecases.export_cases import is_withheld
from tests.support.builders import NOW, SANGATTA, a_case, digest
from tests.support.desk import AtDesk, officer_in
from tests.support.live_site import LiveSite
from tests.support.past import a_year, local

pytestmark = pytest.mark.database

MONTH = "2026-10"
REASON = "laporan bulanan kepada KemenPANRB"
# Planted in words, place and landmark; none may come out of any export.
IDENTIFIERS = ("081234567890", "6408011203850001", "budi.s@contoh.id", "KT 1234 AB")


async def taken(officer: AtDesk, which: str, month: str = MONTH) -> bytes:
    """The bytes of an export, asked for with its reason."""
    asked = await officer.post("/meja/unduhan", {"berkas": which, "bulan": month, "alasan": REASON})
    assert asked.status_code == 303, asked.text
    page = asked.headers["location"]
    assert "Ambil berkas" in (await officer.get(page)).text
    answer = await officer.get(f"{page}/berkas")
    assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment")
    news = (await officer.get(f"{page}/kabar")).json()
    assert news["status"] == "done" and news["n_done"] == news["n_total"] or which.startswith("musrenbang")
    return answer.content


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def book(content: bytes) -> list[dict[str, object]]:
    sheet = load_workbook(io.BytesIO(content)).active
    head, *rows = sheet.iter_rows(values_only=True)  # type: ignore[union-attr]
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


async def test_the_monthly_list_holds_every_case_in_view_once(live: LiveSite, database: Database) -> None:
    cases = await a_year(database, 450, seed=4)
    october = [one for one in cases if local(one.filed_at).strftime("%Y-%m") == MONTH]
    for role in (Role.ADMIN, Role.AGENCY, Role.INSPECTOR):
        officer = await officer_in(live, role)
        view = {one.number: one for one in october if may_see(officer.officer, one)}
        lines = table(await taken(officer, "sp4n.csv"))
        assert sorted(line["Nomor berkas"] for line in lines) == sorted(view), role
        assert [
            {k: "" if v is None else str(v) for k, v in row.items()}
            for row in book(await taken(officer, "sp4n.xlsx"))
        ] == lines
        for line in lines:
            case = view[line["Nomor berkas"]]
            assert line["Status"] == live.site.services.reference.states[case.state].label
            if is_withheld(case):
                assert {name for name, value in line.items() if value} <= WHITELIST
                assert line["Isi laporan"] == "(dirahasiakan)" and re.fullmatch(
                    r"\d\d-\d{4}", line["Tanggal laporan"]
                )
            else:
                assert line["Tanggal laporan"] == local(case.filed_at).strftime("%d-%m-%Y")
    assert october


WHITELIST = {
    *("Nomor berkas", "Tanggal laporan", "Klasifikasi", "Judul", "Isi laporan", "Lokasi kejadian"),
    *("Status", "Tanggal jawaban pertama", "Tanggal selesai", "Anonim", "Rahasia"),
}


async def test_the_evidence_pack_tells_promises_and_the_way_of_each_case(
    live: LiveSite, database: Database
) -> None:
    cases = await a_year(database, 300, seed=5)
    admin = await officer_in(live, Role.ADMIN)
    view = {
        c.number: c
        for c in cases
        if may_see(admin.officer, c) and local(c.filed_at).strftime("%Y-%m") == MONTH
    }
    pack = zipfile.ZipFile(io.BytesIO(await taken(admin, "ombudsman.zip")))
    assert pack.testzip() is None and pack.namelist() == ["laporan.csv", "riwayat.csv", "ringkasan.pdf"]
    lines, events = table(pack.read("laporan.csv")), table(pack.read("riwayat.csv"))
    assert {line["Nomor berkas"] for line in lines} == set(view)
    for number, case in view.items():
        told = [event for event in events if event["Nomor berkas"] == number]
        assert [event["Urutan"] for event in told] == [str(one.seq) for one in case.events]
        if is_withheld(case):
            assert not any(event["Oleh"] or event["Keterangan kepada pelapor"] for event in told)
    assert {line["Janji"] for line in lines} <= {"ditepati", "dilanggar", "masih berjalan"}
    assert len(pikepdf.open(io.BytesIO(pack.read("ringkasan.pdf"))).pages) >= 1


async def test_no_identity_leaves_in_any_format(live: LiveSite, database: Database) -> None:
    words = f"hubungi {IDENTIFIERS[0]} nik {IDENTIFIERS[1]} surel {IDENTIFIERS[2]} motor {IDENTIFIERS[3]}"
    place = replace(SANGATTA, landmark=f"rumah {IDENTIFIERS[0]}", latitude=0.50312, longitude=117.53421)
    async with opener(database.requests, database.keys.vault)() as uow:
        for n, level in enumerate(IdentityLevel, start=1):
            for k, sealed in enumerate((False, True)):
                case = a_case(
                    10 * n + k, identity_level=level, sensitive=sealed, description=words, place=place
                )
                await uow.cases.add(case, digest(10 * n + k))
        await uow.commit()
    admin = await officer_in(live, Role.ADMIN)
    for which in ("sp4n.csv", "sp4n.xlsx", "ombudsman.zip", "musrenbang.csv", "musrenbang.xlsx"):
        content = await taken(admin, which, "2026-11")
        for plain in unpacked(content):
            for secret in (*IDENTIFIERS, "0.503", "117.534"):
                assert secret.encode() not in plain, (which, secret)


def unpacked(content: bytes) -> list[bytes]:
    """A zip's members, in turn unpacked; anything else as it is."""
    if not content.startswith(b"PK"):
        return [content]
    pack = zipfile.ZipFile(io.BytesIO(content))
    return [plain for name in pack.namelist() for plain in unpacked(pack.read(name))]


async def test_every_export_has_its_reason_in_the_audit(live: LiveSite, database: Database) -> None:
    await a_year(database, 60, seed=6)
    admin = await officer_in(live, Role.ADMIN)
    refused = await admin.post("/meja/unduhan", {"berkas": "sp4n.csv", "bulan": MONTH, "alasan": "ya"})
    assert refused.status_code == 422 and "sedikitnya sepuluh huruf" in refused.text
    content = await taken(admin, "sp4n.csv")
    async with live.site.database.requests.connect() as connection:
        rows = (
            await connection.execute(
                sa.select(audit).where(audit.c.actor == admin.officer.id).order_by(audit.c.seq)
            )
        ).all()
    assert [row.action for row in rows] == ["export_asked", "export_taken"]
    assert {row.reason for row in rows} == {REASON}
    assert rows[1].details["n_sent"] == str(len(table(content))) == rows[0].details["n_rows"]
    assert rows[1].details["kind"] == "sp4n" and rows[1].details["first"] == "2026-10-01"


async def test_an_export_belongs_to_who_asked_and_ends(live: LiveSite) -> None:
    admin, other = await officer_in(live, Role.ADMIN), await officer_in(live, Role.ADMIN)
    asked = await admin.post("/meja/unduhan", {"berkas": "sp4n.csv", "bulan": MONTH, "alasan": REASON})
    page = asked.headers["location"]
    for path in (page, f"{page}/berkas", f"{page}/kabar"):
        assert (await other.get(path)).status_code == 404
    live.talk.now = NOW + timedelta(minutes=25)
    assert (await admin.get(f"{page}/berkas")).status_code == 410


async def test_a_leader_takes_figures_and_no_cases(live: LiveSite, database: Database) -> None:
    await a_year(database, 80, seed=8)
    leader = await officer_in(live, Role.LEADER)
    assert "sp4n" not in (await leader.get("/meja/unduhan")).text
    for which in ("sp4n.csv", "ombudsman.zip"):
        answer = await leader.post("/meja/unduhan", {"berkas": which, "bulan": MONTH, "alasan": REASON})
        assert answer.status_code == 403
    pdf = pikepdf.open(io.BytesIO(await taken(leader, "bulanan.pdf")))
    assert 1 <= len(pdf.pages) <= 4


async def test_themes_of_a_district_are_never_small(live: LiveSite, database: Database) -> None:
    cases: tuple[Case, ...] = await a_year(database, 500, seed=9)
    admin = await officer_in(live, Role.ADMIN)
    lines = table(await taken(admin, "musrenbang.csv"))
    assert lines and all(int(line["Laporan"]) >= 5 for line in lines)
    whole = sum(int(line["Laporan"]) for line in lines)
    assert whole <= sum(local(one.filed_at).strftime("%Y-%m") == MONTH for one in cases)
    assert (await taken(admin, "musrenbang.pdf")).startswith(b"%PDF")
