"""`/meja/akun`: one's own password and recovery codes."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer, has
from backend.persistence.officer_rows import Credentials
from backend.usecases.ports import AuditEntry
from backend.web import urls
from backend.web.desk import secrets_of_officers as proof
from backend.web.desk.frame import desk_page, home_of
from backend.web.desk.guard import needs, secret_of
from backend.web.desk.positions_list import listed, shown
from backend.web.hygiene import form_text
from backend.web.ports import Site
from backend.web.templates import page

FREE_PASSWORDS = 3


@dataclass(frozen=True)
class AccountPages:
    """What everybody who is in may do with the own account."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes of the own account."""
        pages = Blueprint("account")
        pages.add_route(self.show, urls.ACCOUNTS, methods=["GET"], name="show_account")
        pages.add_route(self.change_password, f"{urls.ACCOUNTS}/sandi", methods=["POST"])
        pages.add_route(self.renew_codes, f"{urls.ACCOUNTS}/kode-cadangan", methods=["POST"])
        return pages

    @needs()
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """The own account; for administrators also every position of the regency."""
        return await self._page(request, officer)

    @needs()
    async def change_password(self, request: Request, officer: Officer) -> HTTPResponse:
        """The old one opens the way; every other session of the position ends."""
        found = await self._proven(request, officer)
        if isinstance(found, str):
            return await self._page(request, officer, 422, wrong=found)
        given, position = form_text(request, "password"), found.position
        wrong = proof.weakness(given, position.login, position.holder.name, position.officer.title)
        wrong = wrong or ("differs" if given != form_text(request, "again") else None)
        if wrong:
            return await self._page(request, officer, 422, wrong=wrong)
        hashed = await proof.hash_password(given)
        async with self.site.accounts.begin() as rows:
            await rows.positions.change_password(officer.id, hashed)
            await rows.sessions.end_others(officer.id, secret_of(request))
            await rows.audit.add(AuditEntry(self.site.clock(), officer.id, "password_changed"))
        return redirect(f"{urls.ACCOUNTS}?beres=sandi", status=303)

    @needs()
    async def renew_codes(self, request: Request, officer: Officer) -> HTTPResponse:
        """New recovery codes, shown this once; the old ones are void."""
        found = await self._proven(request, officer)
        if isinstance(found, str):
            return await self._page(request, officer, 422, wrong=found)
        codes = proof.new_recovery_codes()
        async with self.site.accounts.begin() as rows:
            await rows.positions.set_up(officer.id, codes)
            await rows.audit.add(AuditEntry(self.site.clock(), officer.id, "recovery_codes_renewed"))
        return page("recovery_codes.html", request, codes=codes, onward=home_of(officer))

    async def _proven(self, request: Request, officer: Officer) -> Credentials | str:
        """The credentials if the form carries the present password, else what is wrong."""
        key, now = f"own password {officer.id}", self.site.clock()
        async with self.site.accounts.begin() as rows:
            if await rows.delays.reserve(key, now, FREE_PASSWORDS):
                return "slow"
            found = await rows.positions.by_id(officer.id)
        given = form_text(request, "present")[: proof.LONGEST_PASSWORD]
        if found is None or not await proof.is_password(found.password_hash, given):
            return "present"
        async with self.site.accounts.begin() as rows:
            await rows.delays.forgive(key)
        return found

    async def _page(
        self, request: Request, officer: Officer, status: int = 200, wrong: str | None = None
    ) -> HTTPResponse:
        manages = has(officer, Act.MANAGE_OFFICERS)
        async with self.site.accounts.begin() as rows:
            own = await rows.positions.by_id(officer.id)
            is_bound = await rows.sign_ons.is_bound(officer.id)
            positions = await rows.positions.of_desk(officer.desk) if manages else ()
        assert own is not None
        reference, now = self.site.services.reference, self.site.clock()
        today = reference.today(now, officer.desk)
        return desk_page(
            "account.html",
            request,
            officer,
            status=status,
            own=shown(own.position, reference, today),
            n_recovery=own.n_recovery,
            sso=bool(self.site.settings.oidc_issuer),
            is_bound=is_bound,
            manages=manages,
            can_be_away=has(officer, Act.SEE_CASES),
            positions=listed(positions, reference, today),
            wrong=wrong,
            done=request.args.get("beres", ""),
        )
