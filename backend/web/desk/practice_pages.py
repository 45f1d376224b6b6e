"""`/latihan` and `/meja/latihan`: only where a desk was started for practice (`python -m backend practice`). Everywhere else they do not
exist: the way in asks for no password, so it must never stand before real reports."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer, Role
from backend.persistence.officer_rows import Holder
from backend.reference.practice import practice_tasks
from backend.usecases.practise import deal, progress
from backend.web import urls
from backend.web.desk.cookies import begin_session, set_cookie
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site
from backend.web.templates import page

OFFICE = "dishub"
LEARNS = {Role.VERIFIER: None, Role.AGENCY: OFFICE}
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class PracticePages:
    """The handlers."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes; without a practice desk only the one below /meja, which then answers 404."""
        pages = Blueprint("practice")
        pages.add_route(self.tasks, urls.PRACTICE, methods=["GET"], name="show_practice")
        if self.site.practice:
            pages.add_route(self.door, urls.PRACTICE_DOOR, methods=["GET"], name="practice_door")
            pages.add_route(self.enter, urls.PRACTICE_DOOR, methods=["POST"], name="enter_practice")
        return pages

    async def door(self, request: Request) -> HTTPResponse:
        """Which role to practise."""
        return page("practice_door.html", request, roles=[str(role) for role in LEARNS])

    async def enter(self, request: Request) -> HTTPResponse:
        """A new learner: a position that nobody else has, and cases of its own. Coming again begins anew."""
        given = form_text(request, "role")
        role = next((one for one in LEARNS if one == given), None)
        if role is None:
            raise RequestRefused("web_malformed", 400, "no role that can be practised")
        site, now = self.site, self.site.clock()
        home, token = site.services.home, secrets.token_hex(16)
        office = LEARNS[role]
        title = site.services.reference.sentence(f"practice_{role}")
        officer = Officer(token, title, role, home, f"{office}-{home}" if office else None)
        until = (now + KEPT).date()
        conversation = await site.senders.open("web", secrets.token_urlsafe(32))
        async with site.accounts.begin() as rows:
            await rows.positions.add(officer, f"latihan-{token[:12]}", Holder(title, "-", until), now)
            secret = await begin_session(rows, officer.id, "in", site, "")
        async with site.open_uow() as uow:
            tasks = [one for one in practice_tasks() if one.role == role]
            await deal(tasks, officer, conversation, uow, site.services, now)
            await uow.commit()
        response = redirect(urls.PRACTICE, status=303)
        set_cookie(response, site, secret)
        return response

    @needs(Act.SEE_CASES)
    async def tasks(self, request: Request, officer: Officer) -> HTTPResponse:
        """The learner's tasks, and what each decision was worth."""
        if not self.site.practice:
            raise RequestRefused("web_not_found", 404, "no practice desk")
        tasks = [one for one in practice_tasks() if one.role == officer.role]
        async with self.site.open_uow() as uow:
            found = await progress(tasks, officer, uow)
        n_done = sum(1 for *_, grade in found if grade == "done")
        return desk_page("practice.html", request, officer, found=found, n_done=n_done)
