"""Every address of the desk × every role × every kind of case, taken from the running app: a new route is in here by itself.

The access module says what is allowed; nothing else may succeed, and nothing out of view may be told from what does not exist.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import text

from backend.cases.access import Act, Officer, Role, has, may, may_see
from backend.cases.case import Assignment, Case, IdentityLevel, Level
from backend.cases.workflow import State
from backend.persistence.database import Database
from backend.persistence.tables import case_assignees, case_figures, case_history, case_messages, cases
from backend.usecases.ports import Attachment
from backend.web.desk.audit_page import AuditPage
from backend.web.desk.guard import check_guarded, needs
from tests.support.builders import a_case, digest
from tests.support.desk import AtDesk, at_desk, in_place_of, officer_in, put_officer
from tests.support.live_site import LiveSite, live_site

pytestmark = pytest.mark.database

OWN, OTHER = "dishub-64.08", "dlh-64.08"
SAFE = {"GET", "HEAD", "OPTIONS"}
NOTHING = "f" * 32


def of(n: int, agency: str = OWN, **changes: Any) -> Case:
    lane = bool(changes.pop("oversight_lane", False))
    return a_case(n, assignment=Assignment(Level.REGENCY, agency, "", "r", 1.0, lane), **changes)


KINDS: dict[str, Case] = {
    "own": of(1, state=State.IN_VERIFICATION),
    "other_agency": of(2, OTHER),
    "sensitive": of(3, sensitive=True),
    "oversight": of(4, "inspektorat-64.08", oversight=True),
    "anonymous": of(5, identity_level=IdentityLevel.ANONYMOUS),
    "anonymous_sensitive": of(6, OTHER, identity_level=IdentityLevel.ANONYMOUS, sensitive=True),
    "closed": of(7, state=State.RESOLVED),
    "conflict": of(8, oversight_lane=True),
    "conflict_and_secret": of(
        9, OTHER, oversight=True, sensitive=True, identity_level=IdentityLevel.CONFIDENTIAL
    ),
    "assigned_by_name": of(10, OTHER, sensitive=True),
    "other_regency": of(11, "dishub-62.10", desk="62.10"),
}
ASSIGNED = "assigned_by_name"


def file_of(case: Case) -> str:
    """Each case has one photo."""
    return f"{int(case.id, 16) + 0xF000:032x}"


# What a variable part of an address stands for; a new name that is missing here fails a test below.
OF_A_CASE: dict[str, Callable[[Case], str]] = {
    "case_id": lambda case: case.id,
    "number": lambda case: case.number,
    "file_id": file_of,
}
# Who works in whose place: (own role, role and office of the one who is away).
STAND_INS: dict[str, tuple[Role, Role, str | None]] = {
    "agency for liaison": (Role.AGENCY, Role.LIAISON, OWN),
    "verifier for admin": (Role.VERIFIER, Role.ADMIN, None),
    "admin for another office": (Role.ADMIN, Role.AGENCY, OTHER),
    "admin for admin": (Role.ADMIN, Role.ADMIN, None),
    "inspector for inspector": (Role.INSPECTOR, Role.INSPECTOR, "inspektorat-64.08"),
}
OF_NO_CASE = {"position_id", "target_id", "item_id", "round_id", "export_id", "order_id", "view_id", "kind"}


@dataclass(frozen=True)
class Way:
    """One route of the desk with one method; `parts` are the names of what is variable in its path."""

    path: str
    method: str
    parts: tuple[str, ...]
    acts: frozenset[Act]

    @property
    def of_a_case(self) -> bool:
        return any(part in OF_A_CASE for part in self.parts)

    def filled(self, case: Case | None) -> str:
        """The address; whatever does not belong to a case is an id that nobody has."""

        def value(found: re.Match[str]) -> str:
            return OF_A_CASE[found[1]](case) if case and found[1] in OF_A_CASE else NOTHING

        return re.sub(r"<(\w+)(?::(?:[^<>]|<[^>]*>)*)?>", value, self.path)


def ways(live: LiveSite) -> Iterator[Way]:
    """All addresses of the desk and of the review, as the router knows them."""
    for route in live.app.router.routes:
        path = "/" + route.path.lstrip("/")
        if re.match(r"/(meja|tinjau)(/|$)", path):
            parts = tuple(re.findall(r"<(\w+)[:>]", path))
            for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
                yield Way(path, method, parts, route.handler.needs)


@pytest.fixture
async def officers(live: LiveSite) -> dict[str, AtDesk]:
    return await people(live)


async def people(live: LiveSite) -> dict[str, AtDesk]:
    """One officer of each role, some who work in another's place, and the cases; each sees one case by name, and so do those who are away."""
    found: dict[str, AtDesk] = {role: await officer_in(live, role) for role in Role}
    for name, (own, role, agency) in STAND_INS.items():
        absent = await put_officer(live.site, role, agency=agency, title=f"Cuti {name}")
        found[name] = await in_place_of(live, own, absent)
    async with live.site.open_uow() as uow:
        for case in KINDS.values():
            await uow.cases.add(case, digest(int(case.id, 16)))
            photo = Attachment(file_of(case), "photo", "image/jpeg", 4, None, case.id)
            await uow.attachments.store(photo, b"foto")  # type: ignore[attr-defined]
        await uow.commit()
    async with live.site.database.requests.begin() as connection:
        named = {id for one in found.values() for id in (one.officer.id, one.officer.seat)}
        rows = [{"case_id": KINDS[ASSIGNED].id, "officer": id} for id in named]
        await connection.execute(sa.insert(case_assignees).values(rows))
    return found


def assigned_to(officer: Officer, case: Case) -> frozenset[str]:
    return frozenset({officer.id, officer.seat}) if case.id == KINDS[ASSIGNED].id else frozenset()


def wanted(way: Way, officer: Officer, case: Case | None) -> int | None:
    """The status of a refusal; None when it is not refused for who asks."""
    if way.acts and not any(has(officer, act) for act in way.acts):
        return 403
    if case is None:
        return None
    assigned = assigned_to(officer, case)
    if not may_see(officer, case, assigned):
        return 404
    return None if any(may(officer, act, case, assigned) for act in way.acts or {Act.SEE_CASES}) else 403


async def ask(one: AtDesk, way: Way, path: str) -> httpx.Response:
    return await (
        one.get(path) if way.method == "GET" else one.http.request(way.method, path, data={"csrf": one.csrf})
    )


async def everything(live: LiveSite) -> list[Any]:
    async with live.site.database.requests.connect() as connection:
        return [
            (await connection.execute(sa.select(table).order_by(*table.primary_key.columns))).all()
            for table in (cases, case_history, case_messages, case_assignees)
        ]


async def violations(live: LiveSite, people: dict[str, AtDesk]) -> list[str]:
    """What is refused by the access module and not by the pages. Only requests that must be refused may write."""
    found = []
    for way in ways(live):
        targets = list(KINDS.items()) if way.of_a_case else [("-", None)]
        for role, one in people.items():
            for kind, case in targets:
                refusal = wanted(way, one.officer, case)
                if refusal is None and way.method != "GET":
                    continue
                answer = await ask(one, way, way.filled(case))
                told = f"{way.method} {way.path} {role} {kind}: {answer.status_code}"
                if refusal is not None and answer.status_code != refusal:
                    found.append(f"{told}, not {refusal}")
                elif answer.status_code >= 500:
                    found.append(told)
                elif refusal is None:
                    found += [f"{told} names {name}" for name in leaked(answer.text, one.officer)]
    return found


def leaked(page: str, officer: Officer) -> list[str]:
    """Cases out of view whose number stands in a page."""
    return [
        kind
        for kind, case in KINDS.items()
        if not has(officer, Act.READ_AUDIT)
        and not may_see(officer, case, assigned_to(officer, case))
        and re.search(rf"\b{re.escape(case.number)}\b", page)
    ]


async def test_nothing_succeeds_that_the_access_module_refuses(
    live: LiveSite, officers: dict[str, AtDesk]
) -> None:
    before = await everything(live)
    assert await violations(live, officers) == []
    assert await everything(live) == before, "requests that are refused change nothing"
    assert len(list(ways(live))) >= 20


async def test_every_part_of_an_address_is_known_here(live: LiveSite) -> None:
    unknown = {part for way in ways(live) for part in way.parts} - OF_A_CASE.keys() - OF_NO_CASE
    assert not unknown, f"{unknown}: say in OF_A_CASE or OF_NO_CASE what it stands for"


async def test_a_file_is_reached_through_its_own_case_only(
    live: LiveSite, officers: dict[str, AtDesk]
) -> None:
    own, one = KINDS["own"], officers[Role.AGENCY]
    assert (await one.get(f"/meja/kasus/{own.number}/berkas/{file_of(own)}")).content == b"foto"
    for kind, case in KINDS.items():
        answer = await one.get(f"/meja/kasus/{own.number}/berkas/{file_of(case)}")
        assert answer.status_code == (200 if kind == "own" else 404), kind


async def test_strangers_and_half_signed_in_people_get_nowhere(live: LiveSite) -> None:
    from tests.support.desk import session_for

    stranger = (await live.visitor(session=False)).http
    officer = await put_officer(live.site, Role.ADMIN)
    half = (await at_desk(live, officer)).http
    half.cookies.update({"meja": await session_for(live.site, officer, "second")})
    for way in ways(live):
        for http in (stranger, half):
            answer = await http.request(way.method, way.filled(KINDS["own"]))
            if way.method == "GET":
                assert answer.status_code == 303 and answer.headers["location"].startswith("/masuk?"), way
            else:
                assert answer.status_code == 401, way


async def test_every_unsafe_request_needs_its_token(live: LiveSite, officers: dict[str, AtDesk]) -> None:
    before = await everything(live)
    for way in ways(live):
        for role, one in officers.items():
            if way.method in SAFE or (way.acts and not any(has(one.officer, act) for act in way.acts)):
                continue
            answer = await one.http.request(way.method, way.filled(KINDS["own"]), data={"csrf": "x"})
            assert answer.status_code == 403, (way, role)
    assert await everything(live) == before


async def test_the_login_of_the_desk_sees_what_the_access_module_says(
    live: LiveSite, officers: dict[str, AtDesk]
) -> None:
    """The second wall alone: whatever a page may forget, these rows do not come."""
    for role, one in officers.items():
        expected = {c.id for c in KINDS.values() if may_see(one.officer, c, assigned_to(one.officer, c))}
        async with live.site.open_desk_uow(one.officer) as uow:
            connection = uow.transaction.connection
            assert set(await connection.scalars(sa.select(cases.c.id))) == expected, role
            for table in (case_history, case_messages):
                assert set(await connection.scalars(sa.select(table.c.case_id))) <= expected
            assert set(await connection.scalars(sa.select(case_figures.c.case_id))) == expected, role
            for case in KINDS.values():
                assert (await uow.cases.by_id(case.id) is not None) is (case.id in expected), (role, case.id)
                done = await connection.execute(
                    sa.update(cases).where(cases.c.id == case.id).values(rating=1)
                )
                assert done.rowcount == (case.id in expected), (role, case.id)


async def test_the_matrix_finds_a_careless_page(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that asks for the role and forgets the case, one that lists everything, one that answers 403 for what must not exist."""
    real = AuditPage.blueprint

    class Careless:
        """Three mistakes."""

        def __init__(self, site: Any) -> None:
            self.site = site

        @needs(Act.SEE_CASES)
        async def case(self, request: Request, officer: Officer, case_id: str) -> HTTPResponse:
            return text("found")

        @needs()
        async def all(self, request: Request, officer: Officer) -> HTTPResponse:
            return text(" ".join(case.number for case in KINDS.values()))

        @needs(Act.NOTE)
        async def note(self, request: Request, officer: Officer, case_id: str) -> HTTPResponse:
            return text("no", status=403)

    def blueprint(self: AuditPage) -> Blueprint:
        pages, careless = real(self), Careless(self.site)
        pages.add_route(careless.case, "/meja/ceroboh/<case_id:str>", methods=["GET"])
        pages.add_route(careless.all, "/meja/semua", methods=["GET"])
        pages.add_route(careless.note, "/meja/ceroboh/<case_id:str>/catat", methods=["POST"])
        return pages

    monkeypatch.setattr(AuditPage, "blueprint", blueprint)
    async with live_site(database) as live:
        found = await violations(live, await people(live))
    seen = {line.split(" verifikator ")[0] for line in found if " verifikator " in line}
    assert seen >= {
        "GET /meja/ceroboh/<case_id:str>",
        "GET /meja/semua",
        "POST /meja/ceroboh/<case_id:str>/catat",
    }


async def test_a_page_without_a_guard_stops_the_start(
    live: LiveSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = next(route for route in live.app.router.routes if route.path.startswith("meja"))
    monkeypatch.setattr(route, "handler", replace)
    with pytest.raises(RuntimeError, match="has no guard"):
        check_guarded(live.app)
