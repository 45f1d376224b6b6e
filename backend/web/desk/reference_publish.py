"""`/meja/acuan/rancangan`: what was changed, what it would do to the cases of the last 90 days, and the button that publishes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer, Role
from backend.cases.errors import RowInvalid
from backend.conversations.reference_watch import PUBLISHED
from backend.persistence.references import ReferenceRows
from backend.reference.editors import InWords, kind_of, problem_words, tables
from backend.reference.tables import load_with
from backend.usecases.edit_reference import Standing, overlay_of, publish, second_wanted, standing
from backend.usecases.ports import AuditEntry
from backend.usecases.reference_values import PublishRefused, Revision, VersionTaken
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.desk.reference_trial import counted
from backend.web.hygiene import form_text
from backend.web.ports import Site


@dataclass(frozen=True)
class ReferencePublish:
    """Handlers of the draft."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Their routes."""
        pages = Blueprint("reference_draft")
        pages.add_route(self.show, urls.REFERENCE_DRAFT, methods=["GET"], name="show_draft")
        pages.add_route(
            self.publish, f"{urls.REFERENCE_DRAFT}/terbitkan", methods=["POST"], name="publish_draft"
        )
        pages.add_route(self.drop, f"{urls.REFERENCE_DRAFT}/buang", methods=["POST"], name="drop_draft")
        return pages

    @needs(Act.EDIT_REFERENCE)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """The changes as sentences; with `uji` what they would do."""
        done = request.args.get("beres", "")
        if request.args.get("uji") != "1":
            return await self._page(request, officer, done=done)
        async with self.site.references.begin() as rows:
            found = await standing(rows.versions, self._today(officer))
            current = await overlay_of(rows.versions, found.active)
        if not found.draft:
            return await self._page(request, officer, done=done)
        try:
            base, changed = load_with(tables(), current), load_with(tables(), found.drafted)
        except RowInvalid as refusal:
            problem = problem_words(refusal) or self.site.services.reference.sentence("editor_problem")
            return await self._page(request, officer, problem=problem)
        page = await self._page(request, officer, counting=True)
        return await counted(self.site, request, officer, page, base, changed)

    @needs(Act.EDIT_REFERENCE)
    async def publish(self, request: Request, officer: Officer) -> HTTPResponse:
        """A new version from the chosen day on; every process takes it when its day has come."""
        reason = " ".join(form_text(request, "reason").split())[:500]
        sentence = self.site.services.reference.sentence
        if len(reason) < 3 or form_text(request, "sure") != "yes":
            return await self._page(
                request, officer, status=422, problem=sentence("editor_sure"), reason=reason
            )
        try:
            day = date.fromisoformat(form_text(request, "from"))
            version = await self._published(officer, reason, day)
        except (PublishRefused, VersionTaken) as refusal:
            told = sentence(refusal.sentence)
            return await self._page(request, officer, status=409, problem=told, reason=reason)
        except RowInvalid as refusal:
            told = problem_words(refusal) or sentence("editor_problem")
            return await self._page(request, officer, status=422, problem=told, reason=reason)
        except ValueError:
            return await self._page(
                request, officer, status=422, problem=sentence("reference_too_early"), reason=reason
            )
        self.site.pipeline.wakeups.event(PUBLISHED)
        return redirect(f"{urls.REFERENCE_VERSIONS}?beres={version}", status=303)

    async def _published(self, officer: Officer, reason: str, day: date) -> int:
        now, today = self.site.clock(), self._today(officer)
        async with self.site.references.begin() as rows:
            alone = not await others_who_may(rows, officer)
            version = await publish(officer.id, reason, day, now, rows.versions, today, alone=alone)
            details = {
                "version": str(version.number),
                "from": day.isoformat(),
                "alone": "yes" if alone else "no",
            }
            await rows.audit.add(
                AuditEntry(now, officer.id, "reference_published", reason=reason, details=details)
            )
        return version.number

    @needs(Act.EDIT_REFERENCE)
    async def drop(self, request: Request, officer: Officer) -> HTTPResponse:
        """One change out of the draft."""
        async with self.site.references.begin() as rows:
            await rows.versions.drop(form_text(request, "file"), form_text(request, "key"))
        return redirect(f"{urls.REFERENCE_DRAFT}?beres=buang", status=303)

    async def _page(
        self, request: Request, officer: Officer, *, status: int = 200, **told: Any
    ) -> HTTPResponse:
        today = self._today(officer)
        async with self.site.references.begin() as rows:
            found = await standing(rows.versions, today)
            others = await others_who_may(rows, officer)
            titles = {one.officer.id: one.officer.title for one in await rows.positions.of_desk(officer.desk)}
        own = officer.id in second_wanted(found.draft)
        values = {"problem": "", "reason": "", "done": "", "counting": False, **told}
        return desk_page(
            "reference_draft.html",
            request,
            officer,
            status=status,
            changes=[self._change(one, titles, today) for one in found.draft],
            asked_other=own and bool(others),
            others=[titles[one] for one in others],
            first_day=max(
                [today, *[one.effective_on for one in found.versions if one.number > found.active]]
            ),
            **values,
        )

    def _change(self, one: Revision, titles: dict[str, str], today: date) -> dict[str, Any]:
        kind, reference = kind_of(one.change.file), self.site.services.reference
        words = InWords.of(kind, reference, today)
        return {
            "kind": kind,
            "file": one.change.file,
            "key": one.change.key,
            "becomes": one.change.becomes.value,
            "old": words.sentence(one.before) if one.before else "",
            "new": words.sentence(one.change.after) if one.change.after else "",
            "moved": one.change.place is not None and one.before is not None,
            "by": titles.get(one.author, one.author),
            "why": one.reason,
        }

    def _today(self, officer: Officer) -> date:
        return self.site.services.reference.today(self.site.clock(), officer.desk)


async def others_who_may(rows: ReferenceRows, officer: Officer) -> list[str]:
    """Other positions of this desk that could publish: those a second pair of eyes may be asked of."""
    return [
        one.officer.id
        for one in await rows.positions.of_desk(officer.desk)
        if one.active and one.officer.role is Role.ADMIN and one.officer.id != officer.id
    ]


__all__ = ["ReferencePublish", "Standing", "others_who_may"]
