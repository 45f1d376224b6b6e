"""150 hostile texts in every field that a citizen or an officer can write, seen on every page of every role: nothing runs, nothing is even
stopped by the policy, and everything is there to read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from backend.cases.access import Role
from backend.cases.case import Actor, Assignment, Case, Happened, Level
from backend.cases.place import PlaceSource
from backend.cases.workflow import Mover, State
from backend.persistence.officer_rows import Holder
from backend.usecases.ports import Attachment, AuditEntry, Author, ThreadMessage
from tests.browser.conftest import DESKTOP
from tests.browser.hostile import HOSTILE, lumps
from tests.browser.sweep import ALL, NUMBERED, Sweep
from tests.persistence.contract import a_review_item
from tests.support.builders import NOW, SANGATTA, a_case, digest
from tests.support.desk import SK_UNTIL, AtDesk, officer_in, put_officer
from tests.support.live_site import LiveSite
from tests.web.test_desk_matrix import ways

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]

PARTS = list(lumps(4_000))
STATES = (State.IN_VERIFICATION, State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED)
SEARCH = "&".join(f"{name}={quote(ALL[:1500])}" for name in ("q", "cari", "laporan", "beres"))
PUBLIC = (
    "/",
    "/lapor",
    "/status",
    "/privasi",
    "/barometer",
    "/masuk",
    "/tidak-ada",
    f"/masuk/undangan/{'0' * 64}",
)


def hostile_case(n: int, state: State, words: str, **changes: Any) -> Case:
    """A case that says these words wherever a case can say anything."""
    pin = replace(SANGATTA, latitude=0.52, longitude=117.53, accuracy_m=40.0, source=PlaceSource.PIN)
    case = a_case(
        n,
        state=state,
        description=words,
        place=replace(pin, text=words, landmark=words, label=words),
        happened=Happened(words),
        objection=words,
        attributes={"road_status": words},
        assignment=Assignment(Level.REGENCY, "dishub-64.08", words, "r", 0.5),
        **changes,
    )
    by = Actor(Mover.DESK, "f" * 32)
    case = replace(
        case, events=tuple(replace(one, public_note=words, private_note=words) for one in case.events)
    )
    return case.noted("note", by, NOW, private_note=words).noted("text_added", by, NOW, words, words)


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return out.getvalue()


def hostile_cases() -> Iterator[Case]:
    for n, state in enumerate(STATES, 1):
        yield hostile_case(n, state, PARTS[n % len(PARTS)])
    yield hostile_case(8, State.IN_VERIFICATION, PARTS[0], sensitive=True)
    yield hostile_case(9, State.ASSIGNED, PARTS[1], oversight=True)


async def planted(live: LiveSite) -> dict[str, list[str]]:
    """Everything that can be written, written; what the variable parts of addresses stand for."""
    ids: dict[str, list[str]] = {"number": [], "file_id": [], "position_id": [], "item_id": []}
    async with live.site.open_uow() as uow:
        rows: Any = uow
        for n, case in enumerate(hostile_cases(), 1):
            await uow.cases.add(case, digest(n))
            photo = Attachment(f"{n + 0xF00:032x}", "photo", "image/jpeg", 1, None, case.id)
            await rows.attachments.store(photo, a_photo())
            for m, author in enumerate(Author):
                words = PARTS[m % len(PARTS)]
                await uow.thread.add(ThreadMessage(f"{n * 16 + m:032x}", case.id, author, words, NOW))
            await uow.audit.add(AuditEntry(NOW, "f" * 32, "note", case.id, PARTS[0], {"kata": PARTS[1]}))
            conversation = await rows.conversations.open("whatsapp", f"pengirim-{n}", PARTS[0], NOW)
            await uow.contacts.link(case.id, conversation)
            ids["number"].append(case.number)
            ids["file_id"].append(photo.id)
        for n, words in enumerate(PARTS, 1):
            item = a_review_item(n, text=words, context=(("warga", words), ("asisten", words)))
            await uow.review.add(item)
            ids["item_id"].append(item.id)
        await uow.commit()
    for words in PARTS:
        held = Holder(words, words, SK_UNTIL)
        ids["position_id"].append((await put_officer(live.site, Role.VERIFIER, holder=held, title=words)).id)
    return ids


async def tab(chromium: Any, live: LiveSite, one: AtDesk | None) -> Sweep:
    context = await chromium.new_context(viewport=DESKTOP)
    if one is not None:
        await context.add_cookies([one.browser_cookie(live.url)])
    return await Sweep.begin(context, live.url)


def addresses(live: LiveSite, ids: dict[str, list[str]]) -> Iterator[str]:
    """Every page of the desk as the router knows it, with what was planted in its variable parts."""
    for way in ways(live):
        if way.method != "GET":
            continue
        if not way.parts:
            yield f"{way.path}?{SEARCH}"
        of = [part for part in way.parts if part in ids]
        many = len(ids[of[0]]) if of else 1
        for n in range(many):
            path = way.path
            for part in way.parts:
                value = ids[part][n] if part in ids else "f" * 32
                path = _filled(path, part, value)
            yield path


def _filled(path: str, part: str, value: str) -> str:
    start = path.index(f"<{part}")
    end = path.index(">", start)
    return path[:start] + value + path[end + 1 :]


async def test_nothing_that_is_written_ever_runs(chromium: Any, live: LiveSite) -> None:
    ids = await planted(live)
    roles = {role: await officer_in(live, role) for role in Role}
    seen: set[int] = set()
    sent: set[str] = set()
    n_pages, found = 0, []
    for role, one in roles.items():
        sweep = await tab(chromium, live, one)
        sweep.sent = sent
        for path in addresses(live, ids):
            if await sweep.visit(path):
                await sweep.forms(path)
        found += [f"{role}: {line}" for line in sweep.found]
        seen |= sweep.seen
        n_pages += len(sweep.looked)
        await sweep.page.context.close()
    assert not found, "\n".join(found)
    assert seen == set(range(1, len(HOSTILE) + 1)), "each was there to read"
    assert n_pages > 100 and len(sent) > 30, (n_pages, sent)


async def test_nothing_runs_on_the_pages_for_everybody(chromium: Any, live: LiveSite) -> None:
    sweep = await tab(chromium, live, None)
    for path in PUBLIC:
        await sweep.visit(path)
        await sweep.forms(path)
    # A report of hostile words, its receipt, its status with an officer's hostile answer, and what is added there.
    for words in PARTS:
        await sweep.page.goto(f"{live.url}/lapor")
        await sweep.page.locator("#what").fill(words)
        await sweep.page.get_by_role("button", name="Kirim laporan").click()
        code = await sweep.page.locator(".code").inner_text()
        await sweep.look("/lapor: receipt")
        async with live.site.open_uow() as uow:
            case = max(await uow.cases.page(limit=9), key=lambda one: one.filed_at)  # type: ignore[attr-defined]
            message = ThreadMessage(
                live.talk.services.random.token_hex(16), case.id, Author.OFFICER, words, NOW
            )
            await uow.thread.add(message)
            await uow.commit()
        await sweep.page.goto(f"{live.url}/status")
        await sweep.page.locator("#code").fill(code)
        await sweep.page.get_by_role("button", name="Lihat status").click()
        await sweep.look("/status: found")
        said = await sweep.page.locator("main").inner_text()
        assert set(NUMBERED.findall(words)) <= set(NUMBERED.findall(said)), (
            "the officer's words are there to read"
        )
        await sweep.page.locator("#text").fill(words)
        await sweep.page.get_by_role("button", name="Kirim tambahan").click()
        await sweep.look("/status: added")
    assert sweep.found == []
    assert sweep.seen >= {int(one) for one in NUMBERED.findall(ALL)}
