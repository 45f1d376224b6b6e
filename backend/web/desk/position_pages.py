"""Positions of a regency, for its administrators: add, hand over, extend, invite anew, end. What happened stays written down."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer, Role
from backend.persistence.accounts import AccountRows
from backend.persistence.officer_rows import LoginTaken, Position
from backend.usecases.ports import AuditEntry
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.desk.position_form import BY_OPERATOR, Written, read_holder, read_position
from backend.web.desk.positions_list import shown
from backend.web.desk.set_up import TOKEN_BYTES
from backend.web.hygiene import RequestRefused, form_text
from backend.web.ports import Site

INVITED_FOR = timedelta(hours=72)
FIELDS = ("title", "role", "agency", "area", "login", "holder", "sk_number", "sk_until")


@dataclass(frozen=True)
class PositionPages:
    """Handlers below `/meja/akun` that need `manage_officers`."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes of the administration."""
        pages = Blueprint("positions")
        one = f"{urls.ACCOUNTS}/<position_id:[0-9a-f]{{32}}>"
        pages.add_route(self.show_new, f"{urls.ACCOUNTS}/baru", methods=["GET"])
        pages.add_route(self.add, f"{urls.ACCOUNTS}/baru", methods=["POST"])
        pages.add_route(self.show, one, methods=["GET"], name="show_position")
        pages.add_route(self.hand_over, f"{one}/serah-terima", methods=["POST"])
        pages.add_route(self.extend, f"{one}/perpanjang", methods=["POST"])
        pages.add_route(self.invite, f"{one}/undang", methods=["POST"])
        pages.add_route(self.end, f"{one}/akhiri", methods=["POST"])
        return pages

    @needs(Act.MANAGE_OFFICERS)
    async def show_new(self, request: Request, officer: Officer) -> HTTPResponse:
        """An empty form."""
        return self._form(request, officer, Written({}))

    @needs(Act.MANAGE_OFFICERS)
    async def add(self, request: Request, officer: Officer) -> HTTPResponse:
        """A new position of the administrator's own regency, and the link for its holder."""
        written, today = _written(request), self._today(officer)
        offices = {code for code, _ in self._offices(officer, today)}
        new, login = read_position(written, secrets.token_hex(16), officer.desk, offices)
        holder = read_holder(written, today)
        if new.role in BY_OPERATOR:
            written.wrong.add("role")
        if written.wrong:
            return self._form(request, officer, written, 422)
        try:
            async with self.site.accounts.begin() as rows:
                await rows.positions.add(new, login, holder, self.site.clock())
                await self._note(rows, officer, "position_added", new.id, role=str(new.role))
                link = await self._link(rows, new.id)
        except LoginTaken:
            written.wrong.add("login_taken")
            return self._form(request, officer, written, 422)
        return desk_page(
            "position_link.html", request, officer, link=link, title=new.title, holder=holder.name
        )

    @needs(Act.MANAGE_OFFICERS)
    async def show(self, request: Request, officer: Officer, position_id: str) -> HTTPResponse:
        """One position, its holders so far, and what can be done with it."""
        async with self.site.accounts.begin() as rows:
            position = await self._own(rows, officer, position_id, changes=False)
        return await self._position(request, officer, position, Written({}))

    @needs(Act.MANAGE_OFFICERS)
    async def hand_over(self, request: Request, officer: Officer, position_id: str) -> HTTPResponse:
        """To a new holder: new password, new second factor, old sessions over, history kept."""
        written = _written(request)
        holder = read_holder(written, self._today(officer))
        async with self.site.accounts.begin() as rows:
            position = await self._own(rows, officer, position_id)
            if not written.wrong:
                await rows.positions.hand_over(position_id, holder, self.site.clock())
                await self._note(rows, officer, "position_handed_over", position_id)
                link = await self._link(rows, position_id)
        if written.wrong:
            return await self._position(request, officer, position, written, 422)
        title = position.officer.title
        return desk_page("position_link.html", request, officer, link=link, title=title, holder=holder.name)

    @needs(Act.MANAGE_OFFICERS)
    async def extend(self, request: Request, officer: Officer, position_id: str) -> HTTPResponse:
        """A new decree for the same holder."""
        written = _written(request)
        number, until = written.text("sk_number", 1, 80), written.day("sk_until", self._today(officer))
        async with self.site.accounts.begin() as rows:
            position = await self._own(rows, officer, position_id)
            if not written.wrong:
                await rows.positions.extend(position_id, number, until)
                await self._note(rows, officer, "decree_extended", position_id, until=until.isoformat())
        if written.wrong:
            return await self._position(request, officer, position, written, 422)
        return redirect(f"{urls.position(position_id)}?beres=perpanjang", status=303)

    @needs(Act.MANAGE_OFFICERS)
    async def invite(self, request: Request, officer: Officer, position_id: str) -> HTTPResponse:
        """A new link for a holder who lost password or telephone; the old ones and every session are void."""
        async with self.site.accounts.begin() as rows:
            position = await self._own(rows, officer, position_id)
            link = await self._link(rows, position_id)
            await self._note(rows, officer, "invited_anew", position_id)
        holder, title = position.holder.name, position.officer.title
        return desk_page("position_link.html", request, officer, link=link, title=title, holder=holder)

    @needs(Act.MANAGE_OFFICERS)
    async def end(self, request: Request, officer: Officer, position_id: str) -> HTTPResponse:
        """Nobody holds it any more; never the own position, or nobody could undo it."""
        if position_id == officer.id:
            raise RequestRefused("desk_forbidden", 403, "the own position")
        async with self.site.accounts.begin() as rows:
            await self._own(rows, officer, position_id)
            await rows.positions.end(position_id, self.site.clock())
            await self._note(rows, officer, "position_ended", position_id)
        return redirect(f"{urls.ACCOUNTS}?beres=akhiri", status=303)

    async def _own(
        self, rows: AccountRows, officer: Officer, position_id: str, *, changes: bool = True
    ) -> Position:
        """A position of the same regency; others do not exist, and some are changed by the operator only."""
        found = await rows.positions.by_id(position_id)
        if found is None or found.position.officer.desk != officer.desk:
            raise RequestRefused("web_not_found", 404, "position of no or another desk")
        if changes and found.position.officer.role in BY_OPERATOR:
            raise RequestRefused("desk_forbidden", 403, "this role is the operator's to give")
        return found.position

    async def _link(self, rows: AccountRows, position_id: str) -> str:
        token = secrets.token_bytes(TOKEN_BYTES)
        await rows.positions.invite(position_id, token, self.site.clock() + INVITED_FOR)
        return f"{self.site.settings.public_url.rstrip('/')}{urls.INVITATION}/{token.hex()}"

    async def _note(
        self, rows: AccountRows, officer: Officer, action: str, position_id: str, **details: str
    ) -> None:
        entry = AuditEntry(
            self.site.clock(), officer.id, action, details={"position": position_id, **details}
        )
        await rows.audit.add(entry)

    def _today(self, officer: Officer) -> date:
        return self.site.services.reference.today(self.site.clock(), officer.desk)

    def _offices(self, officer: Officer, today: date) -> list[tuple[str, str]]:
        agencies = self.site.services.reference.policy.agencies
        found = {
            one.code: one.name
            for one in agencies
            if one.area == officer.desk and one.valid_from <= today <= one.valid_until
        }
        return sorted(found.items(), key=lambda pair: pair[1])

    def _form(self, request: Request, officer: Officer, written: Written, status: int = 200) -> HTTPResponse:
        roles = [str(role) for role in Role if role not in BY_OPERATOR]
        values = {name: written.values.get(name, "") for name in FIELDS}
        offices = self._offices(officer, self._today(officer))
        more = {"roles": roles, "offices": offices, "values": values, "wrong": written.wrong}
        return desk_page("position_new.html", request, officer, status=status, **more)

    async def _position(
        self, request: Request, officer: Officer, position: Position, written: Written, status: int = 200
    ) -> HTTPResponse:
        reference, today = self.site.services.reference, self._today(officer)
        async with self.site.accounts.begin() as rows:
            terms = await rows.positions.terms(position.officer.id)

        def day(at: datetime | None) -> str:
            return reference.date_label(reference.today(at, officer.desk)) if at else ""

        return desk_page(
            "position.html",
            request,
            officer,
            status=status,
            one=shown(position, reference, today),
            terms=[(term, day(term.began_at), day(term.ended_at)) for term in terms],
            is_own=position.officer.id == officer.id,
            by_operator=position.officer.role in BY_OPERATOR,
            values={name: written.values.get(name, "") for name in FIELDS},
            wrong=written.wrong,
            done=request.args.get("beres", ""),
        )


def _written(request: Request) -> Written:
    return Written({name: form_text(request, name) for name in FIELDS})
