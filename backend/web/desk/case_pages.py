"""`/meja/kasus/<number>`: everything an officer needs of one case, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from backend.cases.access import Act, Officer, may
from backend.cases.case import Case
from backend.cases.desk_moves import moves_for
from backend.cases.errors import CaseNotFound
from backend.cases.field_copy import Sight
from backend.cases.shown_point import point_for
from backend.cases.submission import ReplyThere
from backend.cases.workflow import KIND
from backend.persistence.desk_uow import DeskUnitOfWork
from backend.persistence.news_rows import SqlNews
from backend.reference.loader import Reference
from backend.usecases.order_case import offices
from backend.usecases.ports import ThreadMessage
from backend.web import urls
from backend.web.desk.case_files import FileView, content_of, file_in_view, files_of
from backend.web.desk.case_guidance import Guidance
from backend.web.desk.case_map import case_map, step_asked
from backend.web.desk.deadlines import deadline, step_deadline
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import case_in_view, needs
from backend.web.desk.history_words import past, people_of
from backend.web.desk.news import news_of
from backend.web.hygiene import FILE_POLICY, RequestRefused
from backend.web.ports import Site

SHOWN_INLINE = frozenset({"image/jpeg", "image/png", "image/webp"})
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Due:
    """What `deadline` asks of a case."""

    case: Case

    @property
    def state(self) -> str:
        return str(self.case.state)

    @property
    def due_on(self) -> Any:
        return self.case.due.on

    @property
    def filed_at(self) -> Any:
        return self.case.filed_at


@dataclass(frozen=True)
class CasePages:
    """What is read of a case; `case_acts.py` changes it."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes that only read."""
        pages = Blueprint("case")
        pages.add_route(self.show, f"{urls.CASE}/<number:str>", methods=["GET"], name="show_case")
        pages.add_route(
            self.file, f"{urls.CASE}/<number:str>/berkas/<file_id:str>", methods=["GET"], name="case_file"
        )
        return pages

    @needs(Act.SEE_CASES)
    async def show(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """The case, or 404 for whoever may not see it."""
        return await self.page(request, officer, number)

    async def page(
        self, request: Request, officer: Officer, number: str, *, status: int = 200, **told: Any
    ) -> HTTPResponse:
        """The case page; `told` are `wrong` (a sentence), `kept` (what the officer had written), `check` (what was found in it), `seen_version`
        and `identity`."""
        async with self.site.open_desk_uow(officer) as uow:
            case = await seen_case(uow, officer, number)
            values = await self._values(uow, officer, case)
            guidance = Guidance(self.site, officer, case)
            values |= await guidance.values(uow, list(values["moves"]), int(told.get("seen_version") or 0))
            if values["other_eyes"]:
                values["moves"].pop("start", None)
        values["map"] = case_map(case, point_for(case, officer), self.site.atlas, step_asked(request))
        shown = {
            "wrong": None,
            "kept": {},
            "check": None,
            "identity": None,
            "done": request.args.get("beres", ""),
            **told,
        }
        return desk_page("case.html", request, officer, status=status, **values, **shown)

    @needs(Act.SEE_CASES)
    async def file(self, request: Request, officer: Officer, number: str, file_id: str) -> HTTPResponse:
        """A file of the case as this officer is shown it: photos to look at, everything else to save."""
        async with self.site.open_desk_uow(officer) as uow:
            case = await seen_case(uow, officer, number)
            found = await file_in_view(uow, officer, case, await uow.assignees.of_case(case.id), file_id)
            if found.sight is Sight.CLOSED:
                raise RequestRefused("photo_not_checked", 403, "not looked at by the desk yet")
            shown = await content_of(uow, found)
        if shown is None:
            raise CaseNotFound
        content, media_type = shown
        inline = media_type in SHOWN_INLINE
        place = "inline" if inline else f'attachment; filename="{file_id[:8]}"'
        headers = {"Content-Disposition": place, "Content-Security-Policy": FILE_POLICY}
        return raw(content, content_type=media_type, headers=headers)

    async def _values(self, uow: DeskUnitOfWork, officer: Officer, case: Case) -> dict[str, Any]:
        reference, now = self.site.services.reference, self.site.clock()
        today = reference.today(now, case.desk)
        assigned = await uow.assignees.of_case(case.id)
        titles = await uow.titles.of(people_of(case.events))
        leader = await uow.cases.by_id(case.parent_id) if case.parent_id else None
        issue = reference.issue(case.issue)
        thread = await uow.thread.of_case(case.id)
        files = await files_of(uow, officer, case, assigned, thread)
        there = {line.message_id: line for line in await uow.replies_there.of_case(case.id)}
        can = {act.value for act in Act if may(officer, act, case, assigned)}
        moves = moves_for(officer, case, assigned)
        return {
            "case": case,
            "issue": issue.label,
            "state": reference.states[case.state],
            "kind": KIND[case.state].value,
            "deadline": deadline(Due(case), today, reference, case.desk),
            "step": step_deadline(case, today, reference),
            "news": news_of(*await SqlNews(uow.transaction).of_case(case.id), case, reference),
            "agency": reference.agency_name(case.assignment.agency, today),
            "level": reference.level_label(case.assignment.level),
            "filed_on": reference.date_label(reference.today(case.filed_at, case.desk)),
            "pseudonym": pseudonym(case),
            "files": files,
            "thread": [said(one, reference, case, files, there.get(one.id)) for one in thread],
            "history": [past(event, titles, reference, case) for event in reversed(case.events)],
            "followers": await uow.cases.followers(case.id),
            "leader": leader,
            "moves": {
                name: {"reason": move.needs_reason, "tells": told_text(case, move.new, reference)}
                for name, (move, _) in moves.items()
            },
            "can": can,
            "issues": issue_groups(reference) if "verify" in can else {},
            "offices": offices(reference, case.desk, today),
            "helpers": [one for one in await uow.titles.active() if one.id not in assigned]
            if "assign" in can
            else [],
            "assigned": [one for one in await uow.titles.active() if one.id in assigned],
        }


async def seen_case(uow: DeskUnitOfWork, officer: Officer, number: str, act: Act = Act.SEE_CASES) -> Case:
    """The case with this public number, if the officer may do this to it; raises CaseNotFound or RequestRefused."""
    return await case_in_view(uow, officer, await uow.cases.by_number(number.upper()), act)


def issue_groups(reference: Reference) -> dict[str, list[tuple[str, str]]]:
    """Group → (code, words) of every issue."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in reference.issues.values():
        groups.setdefault(one.group, []).append((one.code, one.label))
    return groups


def pseudonym(case: Case) -> str:
    """What the reporter is called on the page: `Pelapor-7K`, the same for one case, telling nothing."""
    number = int(case.id[:8], 16)
    return f"Pelapor-{SIGNS[number % 8]}{SIGNS[number // 8 % len(SIGNS)]}"


def said(
    message: ThreadMessage,
    reference: Reference,
    case: Case,
    files: Sequence[FileView],
    there: ReplyThere | None,
) -> dict[str, Any]:
    """One message of the thread for the template; `there` is how it stands at LAPOR!: waiting, refused, told, or empty."""
    standing = "" if there is None else "told" if there.told_at else "refused" if there.refused else "waiting"
    return {
        "author": message.author.value,
        "text": message.text,
        "on": reference.date_label(reference.today(message.at, case.desk)),
        "files": [one for one in files if one.id in message.attachments],
        "there": standing,
    }


def told_text(case: Case, new: Any, reference: Reference) -> str:
    """What the reporter will be sent when the case goes to `new`, without the officer's own words."""
    words = reference.states[new]
    return reference.sentence("notice_move", number=case.number, state=words.label, what_next=words.what_next)
