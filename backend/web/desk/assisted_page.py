"""`/meja/titip`: an operator in a village keys in what a neighbour tells, and prints the neighbour's slip.

Each filing has a conversation of its own, drawn from the page's sealed number: sending the page again on a weak line files once and shows
the same slip; nothing leads from the operator to the report afterwards (decision 55).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from backend.cases.access import Act, Officer
from backend.cases.slip import ASSISTED
from backend.cases.tracking_code import grouped
from backend.reference.spoken import spoken
from backend.usecases.questions import answer
from backend.web import urls
from backend.web.desk.frame import desk_page
from backend.web.desk.guard import needs, record
from backend.web.form_filing import CHANNEL, LIMITS, Filing, FormFiling
from backend.web.hygiene import form_text
from backend.web.ports import Site
from backend.web.qr import qr_svg

FIELDS = (*LIMITS, "issue", "identity_level", "language", "consent", "same")
NEW = "new"


@dataclass(frozen=True)
class AssistedPage:
    """The handlers. What was filed is told to the neighbour by the code, never here."""

    site: Site

    def blueprint(self) -> Blueprint:
        """Routes."""
        pages = Blueprint("assisted")
        pages.add_route(self.show, urls.ASSISTED, methods=["GET"], name="show_assisted")
        pages.add_route(self.send, urls.ASSISTED, methods=["POST"], name="send_assisted")
        return pages

    @needs(Act.FILE_FOR_OTHERS)
    async def show(self, request: Request, officer: Officer) -> HTTPResponse:
        """The empty form."""
        return self._form(request, officer, {"identity_level": "open", "language": "id"})

    @needs(Act.FILE_FOR_OTHERS)
    async def send(self, request: Request, officer: Officer) -> HTTPResponse:
        """File, unless something is missing or there are similar reports that nobody has looked at yet."""
        values = {name: form_text(request, name).strip() for name in FIELDS}
        filing = FormFiling(self.site)
        draft_id = filing.opened(form_text(request, "draft"))
        errors = self._errors(values)
        if errors:
            return self._form(request, officer, values, errors, draft=draft_id, status=422)
        conversation = await self.site.senders.open(CHANNEL, self._secret(draft_id))
        async with self.site.open_uow() as uow:
            draft = await filing.draft(draft_id, values, conversation, uow)
            known = await uow.cases.by_draft_id(draft_id)
            if not values["same"] and known is None:
                likely = await answer(
                    "similar", _sought(draft), conversation, self.site.clock(), uow, self.site.services
                )
                if likely["cases"]:
                    return self._form(request, officer, values, draft=draft_id, similar=likely["cases"])
            follows = "" if values["same"] in {"", NEW} else values["same"]
            filed = await filing.file(draft, conversation, uow, channel=ASSISTED, follows=follows)
            await uow.commit()
        if filed.is_new:
            await record(request, officer, "filed_for_other")
        return self._slip(request, officer, filed, values["identity_level"])

    def _errors(self, values: Mapping[str, str]) -> dict[str, str]:
        sentence = self.site.services.reference.sentence
        errors = FormFiling(self.site).errors(values)
        if values["language"] not in spoken():
            errors["language"] = sentence("web_form_language")
        if values["consent"] != "yes":
            errors["consent"] = sentence("web_form_consent")
        return errors

    def _secret(self, draft_id: str) -> str:
        """Of the filing's own conversation; nobody but this server can make it again."""
        return hmac.digest(self.site.cookie_key, f"assisted:{draft_id}".encode(), "sha256").hex()

    def _form(
        self,
        request: Request,
        officer: Officer,
        values: Mapping[str, str],
        errors: Mapping[str, str] | None = None,
        *,
        draft: str = "",
        similar: list[dict[str, Any]] | None = None,
        status: int = 200,
    ) -> HTTPResponse:
        filing = FormFiling(self.site)
        return desk_page(
            "assisted.html",
            request,
            officer,
            status=status,
            values={name: values.get(name, "") for name in FIELDS},
            errors=errors or {},
            groups=filing.groups(),
            levels=filing.levels("assisted_level"),
            languages=list(spoken().items()),
            similar=[
                (one["case_ref"], one["label"], self._day(one["filed_on"]), one["state_label"])
                for one in similar or []
            ],
            draft=filing.sealed(draft or secrets.token_hex(16)),
        )

    def _day(self, iso: str) -> str:
        return self.site.services.reference.date_label(date.fromisoformat(iso))

    def _slip(self, request: Request, officer: Officer, filed: Filing, level: str) -> HTTPResponse:
        reference, code = self.site.services.reference, filed.receipt.code
        address = f"{self.site.settings.public_url.rstrip('/')}{urls.STATUS}"
        return desk_page(
            "assisted_slip.html",
            request,
            officer,
            status=201 if filed.is_new else 200,
            code=grouped(code) if code else None,
            receipt=filed.receipt.data,
            desk=reference.regencies[officer.desk].name,
            level=reference.sentence(f"web_level_{level}"),
            today=reference.date_label(reference.today(self.site.clock(), officer.desk)),
            address=address.removeprefix("https://").removeprefix("http://"),
            qr=qr_svg(address),
        )


def _sought(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {name: draft[name] for name in ("issue", "place", "happened")} | {"text": draft["description"]}
