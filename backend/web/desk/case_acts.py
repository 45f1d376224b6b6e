"""What an officer does to a case: moves it, writes, notes, gives it to somebody, sees who wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer
from backend.cases.case import Actor, Case
from backend.cases.desk_moves import needs_other_eyes
from backend.cases.errors import CaseNotFound, DomainError
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.usecases.correct_issue import correct_issue
from backend.usecases.order_case import Order, note_case, order_case
from backend.usecases.ports import Attachment, AuditEntry
from backend.usecases.reply_to_reporter import reply_to_reporter
from backend.usecases.seal_case import Seal, seal_case
from backend.web import urls
from backend.web.desk.case_pages import CasePages, seen_case
from backend.web.desk.guard import needs, record
from backend.web.desk.outgoing import looked_at, notes_of, sent_all_the_same
from backend.web.desk.word_acts import FIELDS, LONGEST_TEXT, filled_words
from backend.web.hygiene import form_file, form_text
from backend.web.ports import Site
from backend.web.uploads import CleanFile, UploadRefused, cleaned


class NotYet(Exception):
    """The order is kept on the page with a sentence of what is missing; `key` names the sentence, `check` is what was found in the words."""

    def __init__(self, key: str, check: dict[str, Any] | None = None) -> None:
        super().__init__(key)
        self.key, self.check = key, check


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
            ("urusan", self.issue),
            ("tunjuk", self.appoint),
            ("lepas", self.release),
            ("identitas", self.reveal),
            ("rahasia", self.seal),
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
            attachments = await self._evidence(request, case, uow)
            if name == "answer" and not attachments and not form_text(request, "evidence").strip():
                raise NotYet("desk_evidence")
            words = await self._words(request, case, officer, uow)
            order = Order(
                name,
                _number(request, "version"),
                words,
                form_text(request, "agency"),
                form_text(request, "leader"),
                attachments,
                to_lapor=_for_lapor(request),
            )
            assigned = await uow.assignees.of_case(case.id)
            if name in {"start", "answer"} and needs_other_eyes(officer, case, await uow.titles.active()):
                raise NotYet("desk_other_eyes")
            person = form_text(request, "officer")
            if person and name == "assign":
                await self._appoint(uow, case, officer, person)
            now = self.site.clock()
            await order_case(case, order, officer, assigned, uow, self.site.services, now)
            return name

        return await self._done(request, officer, number, Act.SEE_CASES, work)

    @needs(Act.REPLY)
    async def reply(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """Words to the reporter without a move, and a file if there is one."""

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            words = await self._words(request, case, officer, uow)
            files = await self._evidence(request, case, uow)
            by = Actor(officer.mover, officer.id)
            services, now = self.site.services, self.site.clock()
            there = _for_lapor(request)
            await reply_to_reporter(case.id, words, by, uow, services, now, files, to_lapor=there)
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

    @needs(Act.VERIFY)
    async def issue(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """What the case is about, put right; the assistant may learn from it once a reviewer agrees."""

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            now, version = self.site.clock(), _number(request, "version")
            wanted = form_text(request, "issue")
            await correct_issue(case, wanted, version, officer, uow, self.site.services, now)
            return "issue"

        return await self._done(request, officer, number, Act.VERIFY, work)

    @needs(Act.ASSIGN)
    async def appoint(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """Give the case to a position by name: the only way a sensitive one reaches an office."""

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            await self._appoint(uow, case, officer, form_text(request, "officer"))
            return "appoint"

        return await self._done(request, officer, number, Act.ASSIGN, work)

    @needs(Act.ASSIGN)
    async def release(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """Take the case back from a position that had it by name: away, or no longer needed."""
        person = form_text(request, "officer")

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            if person not in await uow.assignees.of_case(case.id):
                raise NotYet("desk_not_appointed")
            await uow.assignees.remove(case.id, person)
            now = self.site.clock()
            await uow.audit.add(AuditEntry(now, officer.id, "released", case.id, "", {"from": person}))
            return "release"

        return await self._done(request, officer, number, Act.ASSIGN, work)

    @needs(Act.VERIFY)
    async def seal(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """Make the case more secret, or less; the reason stays for officers."""
        wanted, reason = form_text(request, "seal"), form_text(request, "reason").strip()[:LONGEST_TEXT]

        async def work(uow: DeskUnitOfWork, case: Case) -> str:
            if not reason:
                raise NotYet("desk_reason")
            if wanted not in set(Seal):
                raise NotYet("move_refused")
            reference = self.site.services.reference
            await seal_case(case, Seal(wanted), reason, officer, uow, reference, self.site.clock())
            return "seal"

        return await self._done(request, officer, number, Act.VERIFY, work)

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

    async def _words(self, request: Request, case: Case, officer: Officer, uow: DeskUnitOfWork) -> str:
        """Looked at before they leave; sent all the same, that stays in the audit."""
        words = filled_words(request, case, self.site)
        if len(words) > LONGEST_TEXT:
            raise NotYet("web_too_long")
        check = looked_at(words, notes_of([case]), self.site.services.reference)
        if check["findings"]:
            if form_text(request, "sure") != check["seal"]:
                raise NotYet("desk_check", check)
            await uow.audit.add(sent_all_the_same(case.id, officer, check["kinds"], self.site.clock()))
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
            return await self._again(request, officer, number, missing.key, check=missing.check)
        except CaseNotFound:
            raise
        except DomainError as refusal:
            return await self._again(request, officer, number, refusal.sentence, 409)
        back = urls.case(number) if await self._still_seen(officer, number) else urls.DESK
        return redirect(f"{back}?beres={told}", status=303)

    async def _still_seen(self, officer: Officer, number: str) -> bool:
        async with self.site.open_desk_uow(officer) as uow:
            return await uow.work_list.has(number.upper())

    async def _again(
        self,
        request: Request,
        officer: Officer,
        number: str,
        key: str,
        status: int = 422,
        check: dict[str, Any] | None = None,
    ) -> HTTPResponse:
        kept = {name: form_text(request, name) for name in FIELDS}
        told = {
            "wrong": self.site.services.reference.sentence(key),
            "kept": kept,
            "check": check,
            "seen_version": _number(request, "version") if key == "stale_case" else 0,
        }
        return await self.pages.page(request, officer, number, status=status, **told)


def _number(request: Request, name: str) -> int:
    given = form_text(request, name)
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _for_lapor(request: Request) -> bool:
    """Whether the officer ticked that LAPOR! shows the words, too."""
    return form_text(request, "lapor") == "1"
