"""`make demo`: a regency's desk with invented reports in every state and officers of every role. No real person, no real event."""

from __future__ import annotations

import asyncio
import secrets
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from backend.cases.access import Officer, Role
from backend.cases.case import REPORTER, Actor, Case
from backend.cases.workflow import MOVES, Move, Mover, State
from backend.core import SystemRandom
from backend.officers import INVITED_FOR, TOKEN_BYTES
from backend.persistence.accounts import Accounts
from backend.persistence.case_refs import SealedCaseRefs
from backend.persistence.database import Database
from backend.persistence.errors import DatabaseRefused, DatabaseUnavailable, KeysRefused
from backend.persistence.officer_rows import Holder
from backend.persistence.unit_of_work import SqlUnitOfWork, opener
from backend.places import service as places
from backend.reference import loader
from backend.reference.rows import Row, read_rows
from backend.settings import Settings
from backend.usecases.drafts import place_data, read_draft
from backend.usecases.file_complaint import file_complaint
from backend.usecases.move_case import MoveOrder, move_case
from backend.usecases.ports import Author, ThreadMessage
from backend.usecases.services import Services
from backend.web import urls

HOME = "64.08"
FOLDER = Path(loader.__file__).resolve().parent
COLUMNS = "issue place words identity state days_ago note".split()
# login, title, role, agency
POSITIONS = (
    ("demo-admin", "Admin induk (demo)", Role.ADMIN, None),
    ("demo-verifikator", "Verifikator (demo)", Role.VERIFIER, None),
    ("demo-dishub", "Narahubung Dishub (demo)", Role.AGENCY, "dishub-64.08"),
    ("demo-dpupr", "Narahubung DPUPR (demo)", Role.AGENCY, "dpupr-64.08"),
    ("demo-penghubung", "Pejabat penghubung DPUPR (demo)", Role.LIAISON, "dpupr-64.08"),
    ("demo-inspektorat", "Inspektorat (demo)", Role.INSPECTOR, "inspektorat-64.08"),
    ("demo-pimpinan", "Sekretaris daerah (demo)", Role.LEADER, None),
    ("demo-bahasa", "Peninjau bahasa (demo)", Role.LANGUAGE, None),
    ("demo-desa", "Operator desa (demo)", Role.VILLAGE, None),
    ("demo-auditor", "Auditor (demo)", Role.AUDITOR, None),
)


class NotEmpty(Exception):
    """The database holds reports already."""


def ways() -> dict[State, tuple[Move, ...]]:
    """State → the shortest line of moves that leads there; following another case is left out, it needs a leader."""
    found: dict[State, tuple[Move, ...]] = {State.RECEIVED: ()}
    walk = [State.RECEIVED]
    for state in walk:
        for move in MOVES:
            if move.old is state and move.new not in found and move.new is not State.MERGED:
                found[move.new] = (*found[state], move)
                walk.append(move.new)
    return found


@dataclass(frozen=True)
class Demo:
    """What the demo is written with."""

    database: Database
    services: Services
    now: datetime

    async def fill(self) -> list[tuple[str, str]]:
        """Officers and reports; returns title and link of each position. Raises `NotEmpty`."""
        async with self._uow() as uow:
            if await uow.cases.page(limit=1):
                raise NotEmpty
        officers, links = await self._officers()
        actors = {
            Mover.DESK: Actor(Mover.DESK, officers["demo-verifikator"].id),
            Mover.AGENCY: Actor(Mover.AGENCY, officers["demo-dpupr"].id),
            Mover.REPORTER: REPORTER,
        }
        for row in read_rows(FOLDER, "demo_cases.csv", COLUMNS):
            await self._report(row, actors)
        return links

    def _uow(self) -> SqlUnitOfWork:
        return opener(self.database.requests, self.database.keys.vault)()

    async def _officers(self) -> tuple[dict[str, Officer], list[tuple[str, str]]]:
        officers, links = {}, []
        holder = Holder("Pemegang Jabatan Contoh", "SK-DEMO", date(self.now.year + 1, 12, 31))
        async with Accounts(self.database.requests, self.database.keys.vault).begin() as rows:
            for login, title, role, agency in POSITIONS:
                area = "64.08.04" if role is Role.VILLAGE else None
                officer = Officer(secrets.token_hex(16), title, role, HOME, agency, area)
                token = secrets.token_bytes(TOKEN_BYTES)
                await rows.positions.add(officer, login, holder, self.now)
                await rows.positions.invite(officer.id, token, self.now + INVITED_FOR)
                officers[login] = officer
                links.append((f"{title}, {login}", f"{urls.INVITATION}/{token.hex()}"))
        return officers, links

    async def _report(self, row: Row, actors: dict[Mover, Actor]) -> None:
        steps = ways()[row.choice("state", State)]
        age = timedelta(days=row.parsed("days_ago", int), hours=2)
        filed_at = self.now - age
        async with self._uow() as uow:
            conversation = await uow.conversations.open("web", secrets.token_urlsafe(32), None, filed_at)
            draft = read_draft(self._draft(row))
            filed = await file_complaint(draft, conversation, "web", uow, self.services, filed_at)
            case = filed.case
            for n, move in enumerate(steps, start=1):
                at = filed_at + age * n / (len(steps) + 1)
                case = await self._step(case, move, row.maybe("note"), actors, uow, at)
            await uow.commit()

    def _draft(self, row: Row) -> dict[str, object]:
        found = self.services.places.by_text(row.text("place"), HOME)
        return {
            "draft_id": secrets.token_hex(16),
            "report_class": "complaint",
            "issue": row.text("issue"),
            "description": row.text("words"),
            "place": place_data(found.place) if found.place else {"text": row.text("place")},
            "identity_level": row.text("identity"),
        }

    async def _step(
        self,
        case: Case,
        move: Move,
        note: str,
        actors: dict[Mover, Actor],
        uow: SqlUnitOfWork,
        at: datetime,
    ) -> Case:
        """One move at its time, by whoever may make it; what an officer says stands in the thread too."""
        by = next(actors[one] for one in (Mover.DESK, Mover.AGENCY, Mover.REPORTER) if one in move.by)
        if move.name in ("resolve", "contest", "reply"):
            by = REPORTER
        said = note if move.needs_reason and by is not REPORTER else ""
        if move.name == "contest":
            said = "Masalahnya muncul lagi."
        if said:
            author = Author.REPORTER if by is REPORTER else Author.OFFICER
            await uow.thread.add(
                ThreadMessage(secrets.token_hex(16), case.id, author, said, case.time_kept(at))
            )
        if by is REPORTER:
            return await uow.cases.save(case.moved_to(move.new, by, at, said))
        order = MoveOrder(case.id, case.version, move.new, by, said)
        return await move_case(order, uow, self.services, at)


def demo(settings: Settings) -> int:
    """Fill an empty database and print how each officer comes in; returns the exit code."""
    if settings.environment == "production":
        print("refused: invented reports have no place in production", file=sys.stderr)
        return 1
    try:
        links = asyncio.run(_fill(settings))
    except NotEmpty:
        print(
            "refused: this database holds reports; the demo wants a data folder of its own", file=sys.stderr
        )
        return 1
    except (DatabaseRefused, DatabaseUnavailable, KeysRefused) as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    for who, link in links:
        print(f"{who}: {settings.public_url.rstrip('/')}{link}")
    print("Each link is good once, for 72 hours: set a password and a second factor there.")
    return 0


async def _fill(settings: Settings) -> list[tuple[str, str]]:
    database = await Database.open(settings)
    try:
        reference = loader.load()
        finder = await asyncio.to_thread(places.load, {HOME}, settings.data)
        vault = database.keys.vault
        services = Services(reference, vault, SealedCaseRefs(vault), SystemRandom(), finder, HOME, vault)
        return await Demo(database, services, datetime.now(UTC)).fill()
    finally:
        await database.close()
