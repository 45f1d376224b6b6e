"""`/meja/massal`: one order for many cases. First what it will do and whom it reaches, then what became of it, and the way back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from backend.cases.access import Act, Officer
from backend.cases.bulk import MOST, NEEDS_WORDS, left_out, orders_of
from backend.cases.case import Case, IdentityLevel
from backend.cases.errors import CaseNotFound
from backend.cases.workflow import KIND, MOVES
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.usecases.fill_words import fill_words
from backend.usecases.order_case import offices
from backend.web import urls
from backend.web.desk.bulk_work import BulkWork, Picked
from backend.web.desk.case_pages import told_text
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs
from backend.web.desk.history_words import past, since
from backend.web.desk.outgoing import looked_at, notes_of, raw_templates, seal_of
from backend.web.hygiene import arg_text, form_text, storable
from backend.web.ports import Site

PICK = re.compile(r"^([0-9A-Z]{4}-[0-9A-Z]{4})\.([1-9][0-9]{0,8})$")
ORDER_ID = re.compile(r"^[0-9a-f]{32}$")
LONGEST_TEXT = 4_000
FIELDS = ("words", "agency", "induk")
NEW_STATE = {(move.name, move.old): move.new for move in MOVES}
GIVES = (Act.VERIFY, Act.ASSIGN, Act.MERGE, Act.HANDLE)


@dataclass(frozen=True)
class BulkPages:
    """The pages; `bulk_work.py` does what they order."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Their routes."""
        pages = Blueprint("bulk")
        pages.add_route(self.preview, urls.BULK, methods=["GET"], name="preview_bulk")
        pages.add_route(self.order, urls.BULK, methods=["POST"], name="order_bulk")
        pages.add_route(self.undo, urls.BULK_UNDO, methods=["POST"], name="undo_bulk")
        pages.add_route(self.result, f"{urls.BULK}/<order_id:str>", methods=["GET"], name="show_bulk")
        return pages

    @needs(*GIVES)
    async def preview(self, request: Request, officer: Officer) -> HTTPResponse:
        """What the order will do to each of the picked cases; nothing is changed."""
        given = {name: arg_text(request, name) for name in (*FIELDS, "langkah")}
        return await self._preview(request, officer, request.args.getlist("k") or [], given)

    @needs(*GIVES)
    async def order(self, request: Request, officer: Officer) -> HTTPResponse:
        """Carry it out, case by case; sent twice, it is done once."""
        given = {name: form_text(request, name).strip() for name in (*FIELDS, "langkah", "order", "sure")}
        chosen = list(request.form.getlist("k") or []) if request.form else []
        if given["langkah"] not in orders_of(officer) or not ORDER_ID.match(given["order"]):
            return await self._preview(request, officer, chosen, given, status=422)
        wrong = self._missing(given)
        if wrong:
            return await self._preview(request, officer, chosen, given, wrong=wrong, status=422)
        async with self.site.open_desk_uow(officer) as uow:
            known = await uow.bulk.of_order(given["order"])
            check = await self._looked_at(uow, given["words"], picked(chosen))
        if check["findings"] and given["sure"] != check["seal"] and not known:
            wrong = self.site.services.reference.sentence("desk_check")
            return await self._preview(request, officer, chosen, given, wrong=wrong, check=check, status=422)
        work = BulkWork(self.site, officer, tuple(check["kinds"]))
        if not known:
            until = self.site.clock() + timedelta(minutes=self.site.settings.undo_min)
            await work.carry_out(
                given["order"], given["langkah"], picked(chosen), until, *(given[name] for name in FIELDS)
            )
        async with self.site.open_desk_uow(officer) as uow:
            known = await uow.bulk.of_order(given["order"])
        # Without a step, all that was picked has left this officer's view.
        return redirect(urls.bulk_order(given["order"]) if known else urls.DESK, status=303)

    @needs(*GIVES)
    async def result(self, request: Request, officer: Officer, order_id: str) -> HTTPResponse:
        """What became of it; 404 for an order of somebody else, or one that can no longer be undone."""
        now = self.site.clock()
        async with self.site.open_desk_uow(officer) as uow:
            steps = await uow.bulk.of_order(storable(order_id))
        if not steps:
            raise CaseNotFound
        tried = request.args.get("urung") == "1"
        return desk_page(
            "bulk_done.html",
            request,
            officer,
            order=order_id,
            move=steps[0].move,
            done=[one for one in steps if one.left_out is None and one.undone_at is None],
            undone=[one for one in steps if one.undone_at is not None],
            left_out=[
                (one, self.site.services.reference.sentence(one.left_out)) for one in steps if one.left_out
            ],
            tried=tried,
            until=self._hour(steps[0].until, officer),
            can_undo=now < steps[0].until and not tried,
        )

    @needs(*GIVES)
    async def undo(self, request: Request, officer: Officer) -> HTTPResponse:
        """Take it back where nobody has gone on with it, as long as nobody was told."""
        order_id = form_text(request, "order")
        async with self.site.open_desk_uow(officer) as uow:
            steps = await uow.bulk.of_order(order_id)
        if not steps:
            raise CaseNotFound
        await BulkWork(self.site, officer).take_back(steps)
        return redirect(f"{urls.bulk_order(order_id)}?urung=1", status=303)

    def _missing(self, given: dict[str, str]) -> str | None:
        """The sentence of what is missing."""
        sentence = self.site.services.reference.sentence
        if given["langkah"] in NEEDS_WORDS and not given["words"]:
            return sentence("reason_missing")
        return sentence("web_too_long") if len(given["words"]) > LONGEST_TEXT else None

    async def _looked_at(self, uow: DeskUnitOfWork, words: str, picks: list[Picked]) -> dict[str, Any]:
        """The words as the first reporter would read them, held against the notes of every case."""
        reference = self.site.services.reference
        cases = await uow.cases.by_numbers([pick.number for pick in picks]) if words else ()
        filled = fill_words(words, cases[0], reference, self.site.clock()) if cases else words
        return {**looked_at(filled, notes_of(cases), reference), "seal": seal_of(words)}

    async def _preview(
        self,
        request: Request,
        officer: Officer,
        chosen: list[str],
        given: dict[str, str],
        *,
        wrong: str | None = None,
        check: dict[str, Any] | None = None,
        status: int = 200,
    ) -> HTTPResponse:
        picks = picked(chosen)
        allowed = orders_of(officer)
        move = given["langkah"] if given["langkah"] in allowed else next(iter(allowed), "")
        async with self.site.open_desk_uow(officer) as uow:
            values = await self._sorted(uow, officer, move, picks, given)
        today = self.site.services.reference.today(self.site.clock(), officer.desk)
        until = self.site.clock() + timedelta(minutes=self.site.settings.undo_min)
        return desk_page(
            "bulk.html",
            request,
            officer,
            status=status,
            move=move,
            given={name: given.get(name, "") for name in FIELDS},
            wrong=wrong,
            check=check,
            templates=raw_templates(move, self.site.services.reference),
            needs_words=move in NEEDS_WORDS,
            order=self.site.services.random.token_hex(16),
            minutes=self.site.settings.undo_min,
            until=self._hour(until, officer),
            offices=offices(self.site.services.reference, officer.desk, today),
            **values,
        )

    async def _sorted(
        self, uow: DeskUnitOfWork, officer: Officer, move: str, picks: list[Picked], given: dict[str, str]
    ) -> dict[str, Any]:
        """Which cases go along and which do not, and what their reporters will read."""
        reference = self.site.services.reference
        versions = {pick.number: pick.version for pick in picks}
        cases = await uow.cases.by_numbers(versions)
        assigned = await uow.assignees.of_cases([case.id for case in cases])
        leader = leader_of(cases, given.get("induk", "")) if move == "merge" else None
        titles = await uow.titles.of({event.by.id for case in cases for event in case.events if event.by.id})
        along, apart = [], []
        for case in cases:
            why = left_out(move, case, versions[case.number], officer, assigned[case.id], leader)
            if why is None:
                along.append(case)
            elif why != "bulk_is_leader":
                changed = since(case, versions[case.number]) if why == "bulk_changed" else ()
                lines = [past(one, titles, reference, case) for one in changed]
                apart.append({"case": self._row(case), "why": reference.sentence(why), "changed": lines})
        follow = [await uow.cases.followers(case.id) for case in along]
        return {
            "along": [{**self._row(case), "pick": f"{case.number}.{case.version}"} for case in along],
            "apart": apart,
            "n_unseen": len(picks) - len(cases),
            "leader": leader.number if leader else "",
            "leaders": [self._row(case) for case in cases if not case.is_closed and not case.parent_id],
            "all_picks": [f"{pick.number}.{pick.version}" for pick in picks],
            "by_office": Counter(self._office(case) for case in along).most_common(),
            "tells": told_text(along[0], NEW_STATE[move, along[0].state], reference) if along else "",
            "n_told": sum(case.identity_level is not IdentityLevel.ANONYMOUS for case in along),
            "n_by_code": sum(case.identity_level is IdentityLevel.ANONYMOUS for case in along),
            "n_followers": sum(map(len, follow)),
        }

    def _row(self, case: Case) -> dict[str, Any]:
        state = self.site.services.reference.states[case.state]
        return {
            "number": case.number,
            "issue": self.site.services.reference.issue(case.issue).label,
            "where": case.place.label,
            "state": state.at_desk,
            "shape": state.shape,
            "kind": KIND[case.state].value,
            "agency": self._office(case),
        }

    def _office(self, case: Case) -> str:
        reference = self.site.services.reference
        return reference.agency_name(case.assignment.agency, reference.today(self.site.clock(), case.desk))

    def _hour(self, at: Any, officer: Officer) -> str:
        return f"{at.astimezone(self.site.services.reference.zone(officer.desk).tzinfo):%H.%M}"


def picked(chosen: list[str]) -> list[Picked]:
    """What was ticked, each once, as `NUMBER.version`; anything else in the address is nobody's case.

    >>> picked(["ABCD-2345.3", "ABCD-2345.3", "x"])
    [Picked(number='ABCD-2345', version=3)]
    """
    found = {match[1]: int(match[2]) for one in chosen if (match := PICK.match(one))}
    return [Picked(number, version) for number, version in list(found.items())[:MOST]]


def leader_of(cases: tuple[Case, ...], number: str) -> Case | None:
    """The case that the others shall follow: the one chosen, else the oldest that is open and leads itself."""
    free = [case for case in cases if not case.is_closed and not case.parent_id]
    chosen = next((case for case in free if case.number == number), None)
    return chosen or min(free, key=lambda case: (case.filed_at, case.id), default=None)
