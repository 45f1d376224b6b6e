"""The form without JavaScript: one page, one POST, the same filing. It works while every engine is down."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.tracking_code import grouped
from backend.web import urls
from backend.web.form_filing import ANONYMOUS, CHANNEL, LIMITS, FormFiling
from backend.web.hygiene import form_file, form_text
from backend.web.ports import Site
from backend.web.sessions import begin_session, session_of
from backend.web.templates import page
from backend.web.uploads import UploadRefused, cleaned


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
        errors = FormFiling(self.site).errors(values)
        draft_id = FormFiling(self.site).opened(form_text(request, "draft"))
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
        filing = FormFiling(self.site)
        async with self.site.open_uow() as uow:
            draft = await filing.draft(draft_id, values, conversation, uow, attachments)
            filed = await filing.file(draft, conversation, uow)
            await uow.commit()
        return filed.receipt, None if anonymous or known or not filed.is_new else secret

    async def _upload(self, request: Request) -> tuple[Any, str | None]:
        given = form_file(request, "photo")
        if given is None:
            return None, None
        if not self.site.senders.has_room():
            return None, "web_upload_no_room"
        try:
            return await asyncio.to_thread(cleaned, given), None
        except UploadRefused as refusal:
            return None, refusal.key

    def _form(
        self, request: Request, values: dict[str, str], errors: dict[str, str], status: int
    ) -> HTTPResponse:
        filing = FormFiling(self.site)
        return page(
            "form.html",
            request,
            status=status,
            values={name: values.get(name, "") for name in (*LIMITS, "issue", "identity_level")},
            errors=errors,
            groups=filing.groups(),
            levels=filing.levels(),
            draft=filing.sealed(secrets.token_hex(16)),
        )
