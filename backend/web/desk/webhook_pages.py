"""`/meja/sambungan`: which systems of the regency are told of public changes, what was told, and telling it once more."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer
from backend.cases.errors import CaseNotFound
from backend.outward.addresses import AddressRefused, Guard
from backend.persistence.webhook_rows import Target
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs, record
from backend.web.hygiene import form_text
from backend.web.ports import Site
from backend.webhooks.signing import secret_text

STATES = ("waiting", "failed", "delivered", "withheld")


@dataclass(frozen=True)
class WebhookPages:
    """Targets and deliveries of the officer's regency."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Its routes."""
        pages = Blueprint("webhooks")
        for path, handler, method in (
            ("", self.show, "GET"),
            ("", self.add, "POST"),
            ("/<target_id>/keadaan", self.switch, "POST"),
            ("/kirim-lagi", self.again, "POST"),
        ):
            name = f"webhooks_{handler.__name__}"
            pages.add_route(handler, f"{urls.WEBHOOKS}{path}", methods=[method], name=name)
        return pages

    @needs(Act.MANAGE_CONNECTIONS)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """The page; `?keadaan=` keeps one state."""
        return await self._page(request, officer)

    @needs(Act.MANAGE_CONNECTIONS)
    async def add(self, request: Request, officer: Officer) -> HTTPResponse:
        """A new target; its secret is shown this once."""
        url = form_text(request, "url").strip()
        try:
            await Guard(None).check(url)
        except AddressRefused:
            return await self._page(request, officer, status=422, url=url, is_wrong=True)
        target = Target(secrets.token_hex(16), officer.desk, url, officer.id, self.site.clock())
        await record(request, officer, "webhook_added", target=target.id)
        async with self.site.accounts.begin() as rows:
            await rows.webhooks.add(target)
        secret = secret_text(self.site.database.keys.vault.webhook_secret(target.id))
        return await self._page(request, officer, added=target, secret=secret)

    @needs(Act.MANAGE_CONNECTIONS)
    async def switch(self, request: Request, officer: Officer, target_id: str) -> HTTPResponse:
        """Stop or resume a target."""
        active = form_text(request, "active") == "ya"
        await record(request, officer, "webhook_resumed" if active else "webhook_stopped", target=target_id)
        async with self.site.accounts.begin() as rows:
            if not await rows.webhooks.switch(target_id, officer.desk, active=active):
                raise CaseNotFound
        return redirect(urls.WEBHOOKS, status=303)

    @needs(Act.MANAGE_CONNECTIONS)
    async def again(self, request: Request, officer: Officer) -> HTTPResponse:
        """Tell it once more: the same id, so that a receiver that has it already can see that."""
        delivery = form_text(request, "delivery")
        async with self.site.accounts.begin() as rows:
            if not await rows.webhooks.again(delivery, officer.desk, self.site.clock()):
                raise CaseNotFound
        await record(request, officer, "webhook_replayed", delivery=delivery)
        return redirect(f"{urls.WEBHOOKS}#kiriman", status=303)

    async def _page(
        self, request: Request, officer: Officer, *, status: int = 200, **values: Any
    ) -> HTTPResponse:
        wanted = str(request.args.get("keadaan", ""))
        state = wanted if wanted in STATES else ""
        async with self.site.accounts.begin() as rows:
            targets = await rows.webhooks.targets(officer.desk)
            deliveries = await rows.webhooks.of_desk(officer.desk, state)
        zone = self.site.services.reference.zone(officer.desk).tzinfo
        return desk_page(
            "webhooks.html",
            request,
            officer,
            status=status,
            targets=targets,
            deliveries=[(one, one.made_at.astimezone(zone)) for one in deliveries],
            state=state,
            states=STATES,
            **{"url": "", "is_wrong": False, "added": None, "secret": "", **values},
        )
