"""Words while they are written: what would be found in them, and a template to begin with. Nothing is kept, nothing leaves."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.cases.case import Case
from backend.usecases.fill_words import fill_words
from backend.web import urls
from backend.web.desk.case_pages import CasePages, seen_case
from backend.web.desk.guard import needs
from backend.web.desk.outgoing import looked_at, notes_of
from backend.web.hygiene import form_text
from backend.web.ports import Site
from backend.web.templates import page

LONGEST_TEXT = 4_000
WRITERS = (Act.VERIFY, Act.ASSIGN, Act.HANDLE, Act.ANSWER, Act.MERGE, Act.REPLY)
FIELDS = ("move", "words", "agency", "leader", "officer", "evidence", "reason", "text", "lapor")


@dataclass(frozen=True)
class WordActs:
    """The handlers, for whoever may write to a reporter."""

    site: Site
    pages: CasePages

    def blueprint(self) -> Blueprint:
        """Their routes."""
        acts = Blueprint("word_acts")
        for part, handler in (("periksa", self.look), ("pola", self.begin_with)):
            acts.add_route(
                handler, f"{urls.CASE}/<number:str>/{part}", methods=["POST"], name=handler.__name__
            )
        return acts

    @needs(*WRITERS)
    async def look(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """What would be found in the words, for the page to show while they are written; nothing is kept."""
        async with self.site.open_desk_uow(officer) as uow:
            case = await seen_case(uow, officer, number)
        words, reference = filled_words(request, case, self.site), self.site.services.reference
        check = looked_at(words, notes_of([case]), reference)
        asks, field = form_text(request, "asks") == "1", form_text(request, "field")[:40]
        return page("outgoing_part.html", request, check=check, asks=asks, field=field)

    @needs(*WRITERS)
    async def begin_with(self, request: Request, officer: Officer, number: str) -> HTTPResponse:
        """The page with a template in the field, for browsers without the script."""
        async with self.site.open_desk_uow(officer) as uow:
            case = await seen_case(uow, officer, number)
        reference, code = self.site.services.reference, form_text(request, "template")
        text = next((one.text for one in reference.reply_templates if one.code == code), "")
        kept = {name: form_text(request, name) for name in FIELDS}
        kept["words"] = fill_words(text, case, reference, self.site.clock()) or kept["words"]
        return await self.pages.page(request, officer, number, kept=kept)


def filled_words(request: Request, case: Case, site: Site) -> str:
    """The words as the reporter would read them: variables filled, with where the evidence lies."""
    reference, agency = site.services.reference, form_text(request, "agency")
    words = form_text(request, "words").strip()[: 2 * LONGEST_TEXT]
    words = fill_words(words, case, reference, site.clock(), agency)
    evidence = form_text(request, "evidence").strip()
    return reference.sentence("answer_evidence", text=words, evidence=evidence) if evidence else words
