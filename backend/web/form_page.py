"""The form without JavaScript: one page, one POST, the same filing. It works while every engine is down."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.tracking_code import grouped
from backend.usecases.effects import Turn, carry_out
from backend.usecases.ports import UnitOfWork
from backend.usecases.questions import answer
from backend.usecases.services import Services
from backend.web import urls
from backend.web.hygiene import RequestRefused, form_file, form_text
from backend.web.ports import Site
from backend.web.repeatable_code import RepeatableCode
from backend.web.sessions import begin_session, session_of
from backend.web.templates import page
from backend.web.uploads import UploadRefused, cleaned

CHANNEL = "web"
ANONYMOUS = "anonymous"
LIMITS = {"what": 4_000, "where": 300, "when": 120}


@dataclass(frozen=True)
class FormPage:
    """The handlers of `/lapor`."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes of the form."""
        form = Blueprint("form")
        form.add_route(self.show, urls.FORM, methods=["GET"], name="show_form")
        form.add_route(self.send, urls.FORM, methods=["POST"], name="send_form")
        return form

    async def show(self, request: Request) -> HTTPResponse:
        """The empty form."""
        return self._form(request, {"identity_level": "open"}, {}, 200)

    async def send(self, request: Request) -> HTTPResponse:
        """File what was written; the page that follows is the receipt, and the only place where the code stands."""
        values = {name: form_text(request, name).strip() for name in (*LIMITS, "issue", "identity_level")}
        errors = self._errors(values)
        draft_id = self._opened(form_text(request, "draft"))
        upload, refusal = await self._upload(request)
        if refusal:
            errors["photo"] = self.site.services.reference.sentence(refusal)
        if errors:
            return self._form(request, values, errors, 422)
        receipt, response_secret = await self._file(request, draft_id, values, upload)
        code = receipt.code
        response = page(
            "receipt.html",
            request,
            status=201 if code else 200,
            code=grouped(code) if code else None,
            receipt=receipt.data,
        )
        if response_secret:
            begin_session(
                response, embedded=False, secure=self.site.settings.secure_cookies, secret=response_secret
            )
        return response

    async def _file(
        self, request: Request, draft_id: str, values: dict[str, str], upload: Any
    ) -> tuple[Any, str | None]:
        """The result of filing, and the session that was begun for it. An anonymous report gets a conversation of its own that
        nobody can come back to, so that nothing links it with this browser."""
        known = session_of(request, embedded=False, secure=self.site.settings.secure_cookies)
        anonymous = values["identity_level"] == ANONYMOUS
        secret = secrets.token_urlsafe(32) if anonymous or known is None else known
        conversation = await self.site.senders.open(CHANNEL, secret)
        attachments = []
        if upload is not None:
            stored = await self.site.senders.store_upload(
                conversation, upload.content, upload.kind, upload.media_type
            )
            attachments.append(stored)
        now = self.site.clock()
        async with self.site.open_uow() as uow:
            place = await answer(
                "place", {"text": values["where"]}, conversation, now, uow, self.site.services
            )
            draft = {**self._draft(draft_id, values, place), "attachments": attachments}
            chance = RepeatableCode(self.site.cookie_key, draft_id, self.site.services.random)
            services = replace(self.site.services, random=chance)
            receipt = await carry_out(
                "file_complaint", draft, Turn(conversation, CHANNEL, now, uow, services)
            )
            is_new = receipt.code is not None
            if not is_new:
                receipt = replace(receipt, code=await _code_of(draft_id, chance, uow, services))
            await uow.commit()
        return receipt, None if anonymous or known or not is_new else secret

    def _draft(self, draft_id: str, values: dict[str, str], place: dict[str, Any]) -> dict[str, Any]:
        issue = self.site.services.reference.issue(values["issue"])
        return {
            "draft_id": draft_id,
            "report_class": "complaint",
            "issue": issue.code,
            "issue_ranking": [],
            "description": values["what"],
            "place": place["place"] or {"text": values["where"], "source": "text"},
            "happened": {"text": values["when"], "on": None, "precision": "unknown"},
            "attributes": {},
            "identity_level": values["identity_level"],
            "language": "id",
        }

    def _errors(self, values: dict[str, str]) -> dict[str, str]:
        sentence = self.site.services.reference.sentence
        errors = {}
        if not values["what"]:
            errors["what"] = sentence("web_form_what")
        for name, limit in LIMITS.items():
            if len(values[name]) > limit:
                errors[name] = sentence("web_too_long")
        if values["issue"] not in self.site.services.reference.issues:
            errors["issue"] = sentence("web_form_issue")
        if values["identity_level"] not in {"open", "confidential", ANONYMOUS}:
            errors["identity_level"] = sentence("web_form_identity")
        return errors

    async def _upload(self, request: Request) -> tuple[Any, str | None]:
        given = form_file(request, "photo")
        if given is None:
            return None, None
        try:
            return await asyncio.to_thread(cleaned, given), None
        except UploadRefused as refusal:
            return None, refusal.key

    def _form(
        self, request: Request, values: dict[str, str], errors: dict[str, str], status: int
    ) -> HTTPResponse:
        reference = self.site.services.reference
        groups: dict[str, list[tuple[str, str]]] = {}
        for issue in reference.issues.values():
            groups.setdefault(issue.group, []).append((issue.code, issue.label))
        filled = {name: values.get(name, "") for name in (*LIMITS, "issue", "identity_level")}
        levels = [
            (value, reference.sentence(f"web_level_{value}"), reference.sentence(f"web_level_{value}_text"))
            for value in ("open", "confidential", ANONYMOUS)
        ]
        return page(
            "form.html",
            request,
            status=status,
            values=filled,
            errors=errors,
            groups=list(groups.items()),
            levels=levels,
            draft=self._sealed(secrets.token_hex(16)),
        )

    def _sealed(self, draft_id: str) -> str:
        """A draft id that only we can have minted: sending the page twice files once, and nobody picks an id."""
        return f"{draft_id}.{self._mark(draft_id)}"

    def _opened(self, token: str) -> str:
        draft_id, _, mark = token.partition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(draft_id).encode()):
            raise RequestRefused("web_form_stale", 400, "draft id not minted here")
        return draft_id

    def _mark(self, draft_id: str) -> str:
        return hmac.new(self.site.cookie_key, f"draft:{draft_id}".encode(), hashlib.sha256).hexdigest()[:32]


async def _code_of(draft_id: str, chance: RepeatableCode, uow: UnitOfWork, services: Services) -> str | None:
    """The code of a report that was filed before, when it came from the same page."""
    code = chance.code()
    case = await uow.cases.by_code_digest(services.codes.digest(code))
    return code if case is not None and case.draft_id == draft_id else None
