"""`/meja/acuan/versi`: every version, what is different between any two, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer
from backend.cases.errors import RowInvalid
from backend.conversations.reference_watch import PUBLISHED
from backend.reference.editors import InWords, kind_of, problem_words
from backend.usecases.edit_reference import Difference, differences, go_back, overlay_of, standing
from backend.usecases.ports import AuditEntry
from backend.usecases.reference_values import PublishRefused, VersionTaken
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site


@dataclass(frozen=True)
class ReferenceVersions:
    """Handlers of the past."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Their routes."""
        pages = Blueprint("reference_versions")
        pages.add_route(self.show, urls.REFERENCE_VERSIONS, methods=["GET"], name="show_versions")
        pages.add_route(
            self.compare, f"{urls.REFERENCE_VERSIONS}/banding", methods=["GET"], name="compare_versions"
        )
        pages.add_route(
            self.back, f"{urls.REFERENCE_VERSIONS}/kembali", methods=["POST"], name="back_to_version"
        )
        return pages

    @needs(Act.EDIT_REFERENCE)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """Newest first."""
        return await self._page(request, officer, done=request.args.get("beres", ""))

    @needs(Act.EDIT_REFERENCE)
    async def compare(self, request: Request, officer: Officer) -> HTTPResponse:
        """Row by row: what was, what is."""
        old, new = (_number(request.args.get(name, "")) for name in ("dari", "ke"))
        today = self._today(officer)
        async with self.site.references.begin() as rows:
            versions = await rows.versions.all()
            if not {old, new} <= {0, *[one.number for one in versions]}:
                raise RequestRefused("web_not_found", 404, "no such version of the reference rows")
            found = differences(await overlay_of(rows.versions, old), await overlay_of(rows.versions, new))
        return desk_page(
            "reference_compare.html",
            request,
            officer,
            old=old,
            new=new,
            versions=[one.number for one in reversed(versions)],
            rows=[self._row(one, today) for one in found],
        )

    @needs(Act.EDIT_REFERENCE)
    async def back(self, request: Request, officer: Officer) -> HTTPResponse:
        """A new version, in force at once, that equals an older one."""
        number = _number(form_text(request, "version"))
        reason = " ".join(form_text(request, "reason").split())[:500]
        sentence, now = self.site.services.reference.sentence, self.site.clock()
        if len(reason) < 3:
            return await self._page(request, officer, status=422, problem=sentence("editor_why"))
        try:
            async with self.site.references.begin() as rows:
                version = await go_back(number, officer.id, reason, now, rows.versions, self._today(officer))
                details = {"version": str(version.number), "equals": str(number)}
                entry = AuditEntry(now, officer.id, "reference_reverted", reason=reason, details=details)
                await rows.audit.add(entry)
        except (PublishRefused, VersionTaken) as refusal:
            return await self._page(request, officer, status=409, problem=sentence(refusal.sentence))
        except RowInvalid as refusal:
            told = problem_words(refusal) or sentence("editor_problem")
            return await self._page(request, officer, status=422, problem=told)
        self.site.pipeline.wakeups.event(PUBLISHED)
        return redirect(f"{urls.REFERENCE_VERSIONS}?beres={version.number}", status=303)

    async def _page(
        self, request: Request, officer: Officer, *, status: int = 200, done: str = "", problem: str = ""
    ) -> HTTPResponse:
        reference = self.site.services.reference
        async with self.site.references.begin() as rows:
            found = await standing(rows.versions, self._today(officer))
            recounts = await rows.recounts.results()
            titles = {one.officer.id: one.officer.title for one in await rows.positions.of_desk(officer.desk)}
        versions = [
            {
                "number": one.number,
                "by": titles.get(one.by, one.by),
                "on": reference.date_label(reference.today(one.at, officer.desk)),
                "from": reference.date_label(one.effective_on),
                "reason": one.reason,
                "equals": one.equals,
                "moved": recounts.get(one.number),
            }
            for one in reversed(found.versions)
        ]
        return desk_page(
            "reference_versions.html",
            request,
            officer,
            status=status,
            versions=versions,
            active=found.active,
            here=self.site.services.reference_version,
            newest=found.newest,
            done=done if done.isdecimal() else "",
            problem=problem,
        )

    def _row(self, one: Difference, today: date) -> dict[str, Any]:
        kind, reference = kind_of(one.file), self.site.services.reference
        words = InWords.of(kind, reference, today)
        cells = []
        for column in kind.columns:
            old = words.cell(column, one.old.get(column.name, "")) if one.old else ""
            new = words.cell(column, one.new.get(column.name, "")) if one.new else ""
            if old != new:
                cells.append((column.label, old, new))
        return {
            "kind": kind.label,
            "key": one.key,
            "title": words.sentence(one.new or one.old or {}),
            "is_new": one.old is None,
            "is_gone": one.new is None,
            "cells": cells,
        }

    def _today(self, officer: Officer) -> date:
        return self.site.services.reference.today(self.site.clock(), officer.desk)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise RequestRefused("web_malformed", 400, "no version number")
    return int(text)
