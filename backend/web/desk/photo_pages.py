"""`/meja/kasus/<number>/foto/<file>`: an officer draws boxes over faces and plates; they are burnt into the copy that leaves the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw, redirect

from backend.cases.access import Act, Officer, has
from backend.cases.case import Case
from backend.cases.errors import BoxesInvalid, CaseNotFound
from backend.cases.field_copy import Box, Checked, Sight, read_boxes, written
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.usecases.cover_photo import cover_photo, reopen_photo
from backend.web import urls
from backend.web.covering import CannotBeCovered, covered
from backend.web.desk.case_files import FileView, file_in_view
from backend.web.desk.case_pages import seen_case
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs, record
from backend.web.hygiene import FILE_POLICY, RequestRefused, form_text
from backend.web.ports import Site

LONGEST_REASON = 300


@dataclass(frozen=True)
class PhotoPages:
    """The photo of a reporter, from whole to covered. The whole one is served by `original` only, once a copy exists."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its routes."""
        pages = Blueprint("photo")
        one = f"{urls.CASE}/<number:str>/foto/<file_id:str>"
        for path, handler, method in (
            (one, self.show_photo, "GET"),
            (one, self.cover, "POST"),
            (f"{one}/ulang", self.reopen, "POST"),
            (f"{one}/asli", self.original, "POST"),
        ):
            pages.add_route(handler, path, methods=[method], name=handler.__name__)
        return pages

    @needs(Act.REDACT)
    async def show_photo(self, request: Request, officer: Officer, number: str, file_id: str) -> HTTPResponse:
        """The photo with tools to draw on it."""
        return await self._page(request, officer, number, file_id)

    @needs(Act.REDACT)
    async def cover(self, request: Request, officer: Officer, number: str, file_id: str) -> HTTPResponse:
        """The copy is written; without boxes it says that there was nothing to cover."""
        try:
            boxes = read_boxes(form_text(request, "boxes"))
        except BoxesInvalid as refusal:
            return await self._page(request, officer, number, file_id, status=422, wrong=refusal.sentence)
        async with self.site.open_desk_uow(officer) as uow:
            case, _ = await self._photo(uow, officer, number, file_id, Act.REDACT)
            original = await self._original(uow, file_id)

            async def burn(together: Sequence[Box]) -> bytes:
                try:
                    return await asyncio.to_thread(covered, original, together)
                except CannotBeCovered as failure:
                    raise RequestRefused("photo_unreadable", 422, str(failure)) from failure

            await cover_photo(case, file_id, original, boxes, burn, officer.id, uow, self.site.clock())
            await uow.commit()
        return redirect(f"{urls.case(number)}?beres=covered#berkas-{file_id[:8]}", status=303)

    @needs(Act.OPEN_ORIGINAL)
    async def reopen(self, request: Request, officer: Officer, number: str, file_id: str) -> HTTPResponse:
        """The boxes are drawn anew: the copy is withdrawn, with a reason."""
        reason = form_text(request, "reason").strip()[:LONGEST_REASON]
        if not reason:
            return await self._page(request, officer, number, file_id, status=422, wrong="desk_reason")
        async with self.site.open_desk_uow(officer) as uow:
            case, _ = await self._photo(uow, officer, number, file_id, Act.OPEN_ORIGINAL)
            await reopen_photo(case, file_id, reason, officer.id, uow, self.site.clock())
            await uow.commit()
        return redirect(urls.case(number, f"foto/{file_id}"), status=303)

    @needs(Act.OPEN_ORIGINAL)
    async def original(self, request: Request, officer: Officer, number: str, file_id: str) -> HTTPResponse:
        """The photo as it came, after the reason was written down where it stays."""
        reason = form_text(request, "reason").strip()[:LONGEST_REASON]
        if not reason:
            return await self._page(request, officer, number, file_id, status=422, wrong="desk_reason")
        async with self.site.open_desk_uow(officer) as uow:
            case, _ = await self._photo(uow, officer, number, file_id, Act.OPEN_ORIGINAL)
            await record(request, officer, "original_opened", case.id, reason, photo=file_id)
            content = await self._original(uow, file_id)
            copy = (await uow.field_copies.of_case(case.id)).get(file_id)
            if copy and copy.original != uow.field_copies.fingerprint(content):
                raise RequestRefused(
                    "photo_changed", 409, "a sealed original is not the one that was covered"
                )
        headers = {"Content-Disposition": "inline", "Content-Security-Policy": FILE_POLICY}
        return raw(content, content_type="image/jpeg", headers=headers)

    async def _photo(
        self, uow: DeskUnitOfWork, officer: Officer, number: str, file_id: str, act: Act
    ) -> tuple[Case, FileView]:
        """A photo of a case in view that this officer is shown at all."""
        case = await seen_case(uow, officer, number, act)
        file = await file_in_view(uow, officer, case, await uow.assignees.of_case(case.id), file_id)
        if not file.is_photo:
            raise CaseNotFound
        if file.sight is Sight.CLOSED:
            raise RequestRefused("photo_not_checked", 403, "not looked at by the desk yet")
        return case, file

    async def _original(self, uow: DeskUnitOfWork, file_id: str) -> bytes:
        content = await uow.attachments.read(file_id)
        if content is None:
            raise CaseNotFound
        return content

    async def _page(
        self,
        request: Request,
        officer: Officer,
        number: str,
        file_id: str,
        *,
        status: int = 200,
        wrong: str = "",
    ) -> HTTPResponse:
        async with self.site.open_desk_uow(officer) as uow:
            case, file = await self._photo(uow, officer, number, file_id, Act.REDACT)
        reference = self.site.services.reference
        shown: dict[str, Any] = {
            "case": case,
            "issue": reference.issue(case.issue).label,
            "file": file,
            "is_covered": file.checked is Checked.COVERED,
            "earlier": written(file.copy.boxes) if file.checked is Checked.REOPENED and file.copy else [],
            "wrong": reference.sentence(wrong) if wrong else "",
            "may_open": has(officer, Act.OPEN_ORIGINAL),
        }
        return desk_page("photo.html", request, officer, status=status, **shown)
