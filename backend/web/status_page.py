"""The status by code, without JavaScript: what a holder of the code may see, and more words or a file for the case."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.errors import CaseNotFound, ContestTooLate, DomainError, MoveRefused, ReasonMissing
from backend.cases.tracking_code import grouped
from backend.cases.workflow import KIND, PAUSED, State
from backend.reference.loader import Reference
from backend.usecases.add_to_case import add_to_case
from backend.usecases.confirm_resolved import confirm_resolved
from backend.usecases.contest_case import contest_case
from backend.usecases.find_status import Status, find_status
from backend.usecases.ports import Asker
from backend.usecases.replace_code import replace_code
from backend.web import urls
from backend.web.hygiene import form_file, form_text
from backend.web.ports import Site
from backend.web.templates import page
from backend.web.uploads import CleanFile, UploadRefused, cleaned

LONGEST_TEXT = 4_000
LONGEST_CODE = 200
STATUS_OF = {"found": 200, "unknown": 404, "mistyped": 422, "slow_down": 429}
ANSWERED = {"confirm": "web_confirmed", "contest": "web_contested", "rate": "web_rated"}
# Fields of a view and their labels, in the order in which they are read.
FACTS = {
    "agency_name": "web_label_agency",
    "since": "web_label_since",
    "due_label": "web_label_due",
    "filed_on": "web_label_filed",
    "month": "web_label_month",
}


class AdditionRefused(Exception):
    """Words or file cannot be taken; `key` names the person's sentence."""

    def __init__(self, key: str, status: int) -> None:
        super().__init__(key)
        self.key, self.status = key, status


@dataclass(frozen=True)
class StatusPage:
    """The handlers of `/status`. The code alone opens them; it stands in no address and no log."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes of the status page."""
        status = Blueprint("status")
        status.add_route(self.ask, urls.STATUS, methods=["GET"], name="ask_status")
        status.add_route(self.show, urls.STATUS, methods=["POST"], name="show_status")
        status.add_route(self.add, urls.STATUS_ADD, methods=["POST"])
        status.add_route(self.respond, urls.STATUS_ANSWER, methods=["POST"])
        status.add_route(self.exchange, urls.STATUS_CODE, methods=["POST"])
        return status

    async def ask(self, request: Request) -> HTTPResponse:
        """The empty question."""
        return _page(request)

    async def show(self, request: Request) -> HTTPResponse:
        """What a holder of the code may see."""
        code = form_text(request, "code")[:LONGEST_CODE]
        async with self.site.open_uow() as uow:
            asker = Asker(self._address_key(request), page_key(self.site))
            status = await find_status(asker, code, None, uow, self.site.services, self.site.clock())
            await uow.commit()
        if status.case is not None:
            return _page(request, case=self._view(status.case))
        response = _page(
            request, message=self._why_not(status), is_wrong=True, status=STATUS_OF[status.outcome]
        )
        if status.wait_s:
            response.headers["Retry-After"] = str(status.wait_s)
        return response

    async def add(self, request: Request) -> HTTPResponse:
        """More words or a file for the case whose status was just shown; then the status again."""
        sentence = self.site.services.reference.sentence
        token, text = form_text(request, "token"), form_text(request, "text").strip()
        if self.site.services.refs.open(page_key(self.site), token) is None:
            raise CaseNotFound
        try:
            given = form_file(request, "file")
            if given is not None and not self.site.senders.has_room():
                raise AdditionRefused("web_upload_no_room", 507)
            clean = await _checked(text, given)
            await self._add(token, text, clean)
        except AdditionRefused as refusal:
            case = await self._case(request, token)
            return _page(
                request,
                case=case,
                text=text,
                added=sentence(refusal.key),
                is_wrong=True,
                status=refusal.status,
            )
        return _page(request, case=await self._case(request, token), added=sentence("web_added"))

    async def respond(self, request: Request) -> HTTPResponse:
        """*Puas*, *belum*, or the one rating that is asked for after *puas*; the code holder needs no account and no chat."""
        token, text = form_text(request, "token"), form_text(request, "text").strip()[:LONGEST_TEXT]
        answer, stars = form_text(request, "answer"), form_text(request, "rating")
        rating = int(stars) if answer == "rate" and stars in set("12345") else None
        services, now = self.site.services, self.site.clock()
        try:
            async with self.site.open_uow() as uow:
                if answer == "contest":
                    await contest_case(page_key(self.site), token, text, uow, services, now)
                elif answer == "confirm" or rating is not None:
                    await confirm_resolved(page_key(self.site), token, rating, uow, services, now)
                else:
                    raise AdditionRefused("web_empty", 422)
                await uow.commit()
        except (AdditionRefused, ContestTooLate, MoveRefused, ReasonMissing) as refusal:
            key, status = _refused(refusal)
            told = services.reference.sentence(key)
            case = await self._case(request, token)
            return _page(request, case=case, objection=text, added=told, is_wrong=True, status=status)
        told = services.reference.sentence(ANSWERED[answer])
        case = await self._case(request, token)
        return _page(request, case=case, added=told, asks_rating=answer == "confirm")

    async def exchange(self, request: Request) -> HTTPResponse:
        """The code of a printed slip for one that nobody else has seen; shown this once."""
        services, now = self.site.services, self.site.clock()
        async with self.site.open_uow() as uow:
            code = await replace_code(page_key(self.site), form_text(request, "token"), uow, services, now)
            await uow.commit()
        return page("new_code.html", request, code=grouped(code))

    async def _add(self, token: str, text: str, clean: CleanFile | None) -> None:
        opened = self.site.services.refs.open(page_key(self.site), token)
        if opened is None:
            raise CaseNotFound
        # A conversation of its own, with nobody behind it: the code holder stays who he is, unknown.
        conversation = await self.site.senders.open("web", secrets.token_urlsafe(32))
        attachments = []
        if clean is not None:
            senders = self.site.senders
            stored = await senders.store_upload(conversation, clean.content, clean.kind, clean.media_type)
            attachments.append(stored)
        reference, now = self.site.services.refs.seal(conversation, *opened), self.site.clock()
        try:
            async with self.site.open_uow() as uow:
                await add_to_case(conversation, reference, text, attachments, uow, self.site.services, now)
                await uow.commit()
        except MoveRefused as refusal:
            raise AdditionRefused("not_possible_now", 409) from refusal

    async def _case(self, request: Request, token: str) -> dict[str, Any] | None:
        async with self.site.open_uow() as uow:
            asker = Asker(self._address_key(request), page_key(self.site))
            found = await find_status(asker, None, token, uow, self.site.services, self.site.clock())
        return None if found.case is None else self._view(found.case)

    def _address_key(self, request: Request) -> str:
        address = request.remote_addr or request.ip
        return hmac.new(self.site.cookie_key, f"address:{address}".encode(), hashlib.sha256).hexdigest()[:32]

    def _why_not(self, status: Status) -> str:
        sentence = self.site.services.reference.sentence
        if status.outcome == "slow_down":
            return sentence("slow_down", minutes=max(1, -(-status.wait_s // 60)))
        return sentence("code_mistyped" if status.outcome == "mistyped" else "case_not_found")

    def _view(self, case: Mapping[str, Any]) -> dict[str, Any]:
        return finished_view(case, self.site.services.reference)


def page_key(site: Site) -> str:
    """The 'conversation' of the status page: tokens sealed for it are worth no more than the code itself."""
    return hmac.new(site.cookie_key, b"status-page", hashlib.sha256).hexdigest()[:32]


async def _checked(text: str, given: bytes | None) -> CleanFile | None:
    """The file of an addition, cleaned; raises `AdditionRefused`."""
    if not text and given is None:
        raise AdditionRefused("web_empty", 422)
    if len(text) > LONGEST_TEXT:
        raise AdditionRefused("web_too_long", 422)
    try:
        return await asyncio.to_thread(cleaned, given) if given else None
    except UploadRefused as refusal:
        raise AdditionRefused(refusal.key, 415) from refusal


def _refused(refusal: AdditionRefused | DomainError) -> tuple[str, int]:
    """(key of the sentence, status)."""
    if isinstance(refusal, AdditionRefused):
        return refusal.key, refusal.status
    if isinstance(refusal, ReasonMissing):
        return "needs_reason", 422
    return ("contest_too_late" if isinstance(refusal, ContestTooLate) else "not_possible_now"), 409


def finished_view(case: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
    """A whitelisted view (`backend/usecases/views.py`) as the template wants it: labels, dates in words, a shape."""
    state = State(case["state"])
    return {
        "state_label": case["state_label"],
        "kind": KIND[state].value,
        "shape": reference.states[state].shape,
        "what_next": case.get("what_next"),
        "paused": reference.sentence("web_paused") if state in PAUSED else None,
        "rows": [_row(name, case, reference) for name in FACTS if case.get(name) and _is_news(name, case)],
        "replies": [
            {"on": _day(one["on"], reference), "text": one["text"], "files": one.get("files", [])}
            for one in case["replies"]
        ],
        "on_slip": "replace_code" in case["may"],
        "may_add": "add" in case["may"],
        "may_confirm": "confirm" in case["may"],
        "may_contest": "contest" in case["may"],
        "token": case["case_ref"],
    }


def _is_news(name: str, case: Mapping[str, Any]) -> bool:
    """The month is for those who may not see the day."""
    return name != "month" or not case.get("filed_on")


def _row(name: str, case: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
    value = str(case[name])
    late = name == "due_label" and bool(case.get("overdue"))
    return {
        "label": reference.sentence(FACTS[name]),
        "value": _day(value, reference) if name in {"since", "filed_on"} else value,
        "late": reference.sentence("web_overdue") if late else None,
    }


def _day(iso: str, reference: Reference) -> str:
    return reference.date_label(date.fromisoformat(iso))


def _page(
    request: Request,
    *,
    case: dict[str, Any] | None = None,
    message: str | None = None,
    added: str | None = None,
    text: str = "",
    objection: str = "",
    asks_rating: bool = False,
    is_wrong: bool = False,
    status: int = 200,
) -> HTTPResponse:
    """`message` belongs to the question for the code, `added` to what was just sent, `text` to the addition, `objection` to *belum*."""
    return page(
        "status.html",
        request,
        status=status,
        case=case,
        message=message,
        added=added,
        text=text,
        objection=objection,
        asks_rating=asks_rating,
        is_wrong=is_wrong,
    )
