"""The auditor's page: filters, pages by place, what other regencies did stays theirs, an edited entry shows, reading is written down."""

import re
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from backend.cases.access import Role
from backend.persistence.tables import audit
from backend.usecases.ports import AuditEntry
from tests.support.builders import a_case, digest
from tests.support.desk import AtDesk, officer_in, put_officer
from tests.support.live_site import LiveSite

pytestmark = pytest.mark.database


@pytest.fixture
async def auditor(live: LiveSite) -> AtDesk:
    return await officer_in(live, Role.AUDITOR)


async def write(live: LiveSite, *entries: AuditEntry) -> None:
    async with live.site.accounts.begin() as rows:
        for entry in entries:
            await rows.audit.add(entry)


async def test_entries_are_read_in_words_and_filtered(live: LiveSite, auditor: AtDesk) -> None:
    officer, now = await put_officer(live.site, Role.VERIFIER, title="Verifikator Uji"), live.site.clock()
    foreign = await put_officer(live.site, Role.VERIFIER, desk="62.10", title="Verifikator Jauh")
    async with live.site.open_uow() as uow:
        await uow.cases.add(a_case(1), digest(1))
        await uow.cases.add(a_case(2, desk="62.10"), digest(2))
        await uow.commit()
    await write(
        live,
        AuditEntry(now, officer.id, "identity_revealed", a_case(1).id, "klarifikasi <b>alamat</b>"),
        AuditEntry(now, foreign.id, "identity_revealed", a_case(2).id, "rahasia daerah lain"),
        AuditEntry(now, foreign.id, "signed_in"),
        AuditEntry(now - timedelta(days=9), "operator", "restored", details={"dump": "x.dump"}),
    )
    page = (await auditor.get("/meja/audit")).text
    assert "Identitas pelapor dibuka" in page and "klarifikasi &lt;b&gt;alamat&lt;/b&gt;" in page
    assert "Verifikator Uji" in page and a_case(1).number in page and "Operator server" in page
    assert "daerah lain" not in page and "Verifikator Jauh" not in page and a_case(2).number not in page
    for query, seen in (
        ({"laporan": a_case(1).number}, True),
        ({"laporan": a_case(2).number}, False),
        ({"jabatan": officer.id}, True),
        ({"tindakan": "restored"}, False),
        ({"dari": (now + timedelta(days=2)).date().isoformat()}, False),
        ({"sampai": (now - timedelta(days=2)).date().isoformat()}, False),
    ):
        assert ("klarifikasi" in (await auditor.get("/meja/audit", params=query)).text) is seen, query
    assert (
        "Jejak audit dibaca"
        in (await auditor.get("/meja/audit", params={"jabatan": auditor.officer.id})).text
    )


async def test_pages_follow_one_another_without_gap_or_repeat(live: LiveSite, auditor: AtDesk) -> None:
    now = live.site.clock() - timedelta(days=1)
    await write(live, *(AuditEntry(now, "operator", "restored", reason=f"no-{n:03d}") for n in range(120)))
    address, seen = "/meja/audit?tindakan=restored", []
    while address:
        page = (await auditor.get(address)).text
        seen += re.findall(r"no-\d{3}", page)
        link = re.search(r'href="(/meja/audit\?[^"]*sebelum=[^"]+)"', page)
        address = unescape(link[1]) if link else ""
    assert seen == [f"no-{n:03d}" for n in reversed(range(120))]


async def test_an_edited_entry_shows(live: LiveSite, auditor: AtDesk) -> None:
    await write(live, AuditEntry(live.site.clock(), "operator", "restored", reason="asli"))
    assert "berubah</span>" not in (await auditor.get("/meja/audit")).text
    engine = live.site.database.admin_address.pool(1)
    async with engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        await connection.execute(sa.update(audit).where(audit.c.reason == "asli").values(reason="palsu"))
    await engine.dispose()
    assert (await auditor.get("/meja/audit")).text.count("berubah</span>") == 1


@pytest.mark.parametrize("query", ["dari=besok", "sebelum=x", "sebelum=WzEsMiwzXQ==", "sampai=2026-13-01"])
async def test_a_malformed_wish_is_refused(auditor: AtDesk, query: str) -> None:
    assert (await auditor.get(f"/meja/audit?{query}")).status_code == 400
