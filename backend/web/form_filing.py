"""What every form that files a report shares: its fields, its sealed number, and a filing that may be sent twice."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.usecases.effects import EffectResult, Turn, carry_out
from backend.usecases.ports import UnitOfWork
from backend.usecases.questions import answer
from backend.usecases.services import Services
from backend.web.hygiene import RequestRefused
from backend.web.ports import Site
from backend.web.repeatable_code import RepeatableCode

CHANNEL = "web"
ANONYMOUS = "anonymous"
LIMITS = {"what": 4_000, "where": 300, "when": 120}
LEVELS = ("open", "confidential", ANONYMOUS)


@dataclass(frozen=True)
class Filing:
    """A filed form. `is_new` is false when the same page had been sent before; the code is the same then, or None when it came from
    elsewhere."""

    receipt: EffectResult
    is_new: bool


@dataclass(frozen=True)
class FormFiling:
    """The fields are `what`, `where`, `when`, `issue`, `identity_level`; the sealed number is `draft`."""

    site: Site

    def errors(self, values: Mapping[str, str]) -> dict[str, str]:
        """Field → what is wrong with it, in words."""
        sentence = self.site.services.reference.sentence
        errors = {}
        if not values["what"]:
            errors["what"] = sentence("web_form_what")
        for name, limit in LIMITS.items():
            if len(values[name]) > limit:
                errors[name] = sentence("web_too_long")
        if values["issue"] not in self.site.services.reference.issues:
            errors["issue"] = sentence("web_form_issue")
        if values["identity_level"] not in LEVELS:
            errors["identity_level"] = sentence("web_form_identity")
        return errors

    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Issues by group: code and label."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for issue in self.site.services.reference.issues.values():
            groups.setdefault(issue.group, []).append((issue.code, issue.label))
        return list(groups.items())

    def levels(self, words: str = "web_level") -> list[tuple[str, str, str]]:
        """Identity levels: value, name, what it means on this form."""
        sentence = self.site.services.reference.sentence
        return [
            (value, sentence(f"web_level_{value}"), sentence(f"{words}_{value}_text")) for value in LEVELS
        ]

    async def draft(
        self,
        draft_id: str,
        values: Mapping[str, str],
        conversation: str,
        uow: UnitOfWork,
        attachments: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The draft of the contract, its place looked up."""
        asked = {"text": values["where"]}
        place = await answer("place", asked, conversation, self.site.clock(), uow, self.site.services)
        return {
            "draft_id": draft_id,
            "report_class": "complaint",
            "issue": self.site.services.reference.issue(values["issue"]).code,
            "issue_ranking": [],
            "description": values["what"],
            "place": place["place"] or {"text": values["where"], "source": "text"},
            "happened": {"text": values["when"], "on": None, "precision": "unknown"},
            "attributes": {},
            "identity_level": values["identity_level"],
            "language": values.get("language") or "id",
            "attachments": list(attachments),
        }

    async def file(
        self,
        draft: Mapping[str, Any],
        conversation: str,
        uow: UnitOfWork,
        *,
        channel: str = CHANNEL,
        follows: str = "",
    ) -> Filing:
        """File it, or support the case that `follows` names; the caller commits. The same page draws the same code."""
        draft_id, services = str(draft["draft_id"]), self.site.services
        chance = RepeatableCode(self.site.cookie_key, draft_id, services.random)
        repeatable = replace(services, random=chance)
        turn = Turn(conversation, channel, self.site.clock(), uow, repeatable)
        kind = "support_case" if follows else "file_complaint"
        receipt = await carry_out(kind, {**draft, "case_ref": follows}, turn)
        if receipt.code is not None or receipt.data["outcome"] != "done":
            return Filing(receipt, True)
        return Filing(replace(receipt, code=await _code_of(draft_id, chance, uow, repeatable)), False)

    def sealed(self, draft_id: str) -> str:
        """A draft id that only we can have minted: sending the page twice files once, and nobody picks an id."""
        return f"{draft_id}.{self._mark(draft_id)}"

    def opened(self, token: str) -> str:
        """The draft id; raises RequestRefused for one that was not minted here."""
        draft_id, _, mark = token.partition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(draft_id).encode()):
            raise RequestRefused("web_form_stale", 400, "draft id not minted here")
        return draft_id

    def _mark(self, draft_id: str) -> str:
        return hmac.new(self.site.cookie_key, f"draft:{draft_id}".encode(), hashlib.sha256).hexdigest()[:32]


async def _code_of(draft_id: str, chance: RepeatableCode, uow: UnitOfWork, services: Services) -> str | None:
    """The code of a report that was filed before, when it came from the same page."""
    code = chance.code()
    case = await uow.cases.by_code_digest(services.codes.digest(code))
    return code if case is not None and case.draft_id == draft_id else None
