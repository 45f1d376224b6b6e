"""What an officer does to a case: moves it, writes, notes, gives it to somebody, sees who wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer
from backend.cases.case import Actor, Case
from backend.cases.errors import CaseNotFound, DomainError
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.review.masking import has_identifier
from backend.usecases.order_case import Order, note_case, order_case
from backend.usecases.ports import Attachment, AuditEntry
from backend.usecases.reply_to_reporter import reply_to_reporter
from backend.web import urls
from backend.web.desk.case_pages import CasePages, seen_case
from backend.web.desk.guard import needs, record
from backend.web.hygiene import form_file, form_text
from backend.web.ports import Site
from backend.web.uploads import CleanFile, UploadRefused, cleaned

LONGEST_TEXT = 4_000
FIELDS = ("move", "words", "agency", "leader", "officer", "evidence", "reason", "text")


class NotYet(Exception):
    """The order is kept on the page with a sentence of what is missing; `key` names the sentence."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


Work = Callable[[DeskUnitOfWork, Case], Awaitable[str]]


@dataclass(frozen=True)
class CaseActs:
    """The handlers that change a case. Each is one transaction; what was written is kept on the page when it is refused."""

    site: Site
    pages: CasePages

    def blueprint(self) -> Blueprint:
        """Routes that change."""
        acts = Blueprint("case_acts")
        for part, handler in (
            ("pindah", self.move),
            ("balas", self.reply),
            ("catat", self.note),
            ("tunjuk", self.appoint),
            ("identitas", self.reveal),
        ):
            acts.add_route(
                handler, f"{urls.CASE}/<number:str>/{part}", methods=["POST"], name=handler.__name__
            )
        return acts

    @needs(Act.VERIFY, Act.ASSIGN, Act.HANDLE, Act.ANSWER, Act.MERGE)
    async def move(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """A move of the table, with words for the reporter; an answer needs evidence."""
        name = form_text(request, "move")

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            words, evidence = self._words(request, "words"), form_text(request, "evidence").strip()
            attachments = await self._evidence(request, case, uow)
            if name == "answer":
                if not attachments and not evidence:
                    raise NotYet("desk_evidence")
                words = f"{words}\n\nBukti: {evidence}" if evidence else words
            order = Order(
                name,
                _number(request, "version"),
                words,
                form_text(request, "agency"),
                form_text(request, "leader"),
                attachments,
            )
            assigned = await uow.assignees.of_case(case.id)
            person = form_text(request, "officer")
            if person and name == "assign":
                await self._appoint(uow, case, officer, person)
            now = self.site.clock()
            await order_case(case, order, officer, assigned, uow, self.site.services, now)
            return name

        return await self._done(request, officer, number, Act.SEE_CASES, work)

    @needs(Act.REPLY)
    async def reply(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """Words to the reporter without a move."""

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            words = self._words(request, "words")
            by = Actor(officer.mover, officer.id)
            await reply_to_reporter(case.id, words, by, uow, self.site.services, self.site.clock())
            return "reply"

        return await self._done(request, officer, number, Act.REPLY, work)

    @needs(Act.NOTE)
    async def note(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """A note for officers."""

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            text = form_text(request, "text").strip()
            if not text:
                raise NotYet("web_empty")
            await note_case(case, text[:LONGEST_TEXT], officer, uow, self.site.clock())
            return "note"

        return await self._done(request, officer, number, Act.NOTE, work)

    @needs(Act.ASSIGN)
    async def appoint(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """Give the case to a position by name: the only way a sensitive one reaches an office."""

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            await self._appoint(uow, case, officer, form_text(request, "officer"))
            return "appoint"

        return await self._done(request, officer, number, Act.ASSIGN, work)

    @needs(Act.REVEAL_IDENTITY)
    async def reveal(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """Show how the reporter is reached, after the reason was written down where it stays."""
        async with self.site.open_desk_uow(officer) as uow:
            case = await seen_case(uow, officer, number, Act.REVEAL_IDENTITY)
        reason = form_text(request, "reason").strip()
        if not reason:
            return await self._again(request, officer, number, "desk_reason")
        await record(request, officer, "identity_revealed", case.id, reason[:LONGEST_TEXT])
        async with self.site.open_uow() as plain:
            conversation = await plain.contacts.recipient(case.id)
            address = await self.site.pipeline.address_of(conversation) if conversation else None
        identity = address or self.site.services.reference.sentence("desk_no_contact")
        return await self.pages.page(request, officer, number, identity=identity)

    async def _appoint(self, uow: DeskUnitOfWork, case: Case, by: Officer, officer_id: str) -> None:
        known = {one.id for one in await uow.titles.active()}
        if officer_id not in known:
            raise NotYet("office_unknown")
        await uow.assignees.add(case.id, officer_id)
        await uow.audit.add(
            AuditEntry(self.site.clock(), by.id, "appointed", case.id, "", {"to": officer_id})
        )

    def _words(self, request: Request, name: str) -> str:
        words = form_text(request, name).strip()
        if len(words) > LONGEST_TEXT:
            raise NotYet("web_too_long")
        if words and has_identifier(words) and not form_text(request, "sure"):
            raise NotYet("desk_identifier")
        return words

    async def _evidence(self, request: Request, case: Case, uow: DeskUnitOfWork) -> list[str]:
        given = form_file(request, "file")
        if given is None:
            return []
        try:
            clean: CleanFile = await asyncio.to_thread(cleaned, given)
        except UploadRefused as refusal:
            raise NotYet(refusal.key) from refusal
        file_id = self.site.services.random.token_hex(16)
        stored = Attachment(file_id, clean.kind, clean.media_type, len(clean.content), None, case.id)
        await uow.attachments.store(stored, clean.content)
        return [file_id]

    async def _done(
        self, request: Request, officer: Officer, number: str, act: Act, work: Work
    ) -> HTTPResponse:
        try:
            async with self.site.open_desk_uow(officer) as uow:
                case = await seen_case(uow, officer, number, act)
                told = await work(uow, case)
                await uow.commit()
        except NotYet as missing:
            return await self._again(request, officer, number, missing.key)
        except CaseNotFound:
            raise
        except DomainError as refusal:
            return await self._again(request, officer, number, refusal.sentence, 409)
        back = urls.case(number) if await self._still_seen(officer, number) else urls.DESK
        return redirect(f"{back}?beres={told}", status=303)

    async def _still_seen(self, officer: Officer, number: str) -> bool:
        async with self.site.open_desk_uow(officer) as uow:
            return await uow.cases.by_number(number.upper()) is not None

    async def _again(
        self, request: Request, officer: Officer, number: str, key: str, status: int = 422
    ) -> HTTPResponse:
        kept = {name: form_text(request, name) for name in FIELDS}
        wrong = self.site.services.reference.sentence(key)
        return await self.pages.page(request, officer, number, status=status, wrong=wrong, kept=kept)


def _number(request: Request, name: str) -> int:
    given = form_text(request, name)
    return int(given) if given.isdecimal() and len(given) < 10 else 0
