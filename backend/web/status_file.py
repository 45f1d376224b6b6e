"""Photos and documents with which officers answer, for who holds the code. Asked for by POST: no code and no token stands in an address."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request, raw

from backend.cases.errors import CaseNotFound
from backend.cases.field_copy import FIELD_COPY_TYPE
from backend.usecases.file_of_reply import file_of_reply
from backend.web import urls
from backend.web.hygiene import FILE_POLICY, form_text
from backend.web.ports import Site
from backend.web.status_page import page_key

LONGEST_ID = 64


@dataclass(frozen=True)
class StatusFile:
    """One handler beside those of `StatusPage`."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its route."""
        files = Blueprint("status_file")
        files.add_route(self.show, urls.STATUS_FILE, methods=["POST"], name="show_file_of_reply")
        return files

    async def show(self, request: Request) -> HTTPResponse:
        """A photo to look at, with what was covered covered; a document to save."""
        token, file_id = form_text(request, "token"), form_text(request, "file")[:LONGEST_ID]
        async with self.site.open_uow() as uow:
            file = await file_of_reply(page_key(self.site), token, file_id, uow, self.site.services)
            copy = await uow.field_copies.read(file.id)
            content = copy or await uow.attachments.read(file.id)
        if content is None:
            raise CaseNotFound
        place = "inline" if file.kind == "photo" else f'attachment; filename="petugas-{file.id[:8]}"'
        headers = {"Content-Disposition": place, "Content-Security-Policy": FILE_POLICY}
        return raw(content, content_type=FIELD_COPY_TYPE if copy else file.media_type, headers=headers)
