"""The register of one talk of the exam: what the talk filed can be asked for and acted on; nothing is stored, and all else the backend answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.actions.backend_client import Backend

# Codes of invented reports: twenty digits, as people get them.
CODES = ("48210937551620487313", "17350284669210473825", "90461728350194627384")
ANONYMOUS = "anonymous"
FILING = ("file_complaint", "support_case")
# What may still be done about a report in such a state.
MAY = {"received": ("add", "withdraw"), "awaiting_reporter": ("add", "withdraw"), "withdrawn": ()}
TOLD = {"agency_name": "…", "due_label": "…", "due_on": "2026-12-01", "state_label": "…", "receipt": "…"}


class TalkRegister:
    """A backend that knows, besides what the real one answers, the reports of one talk. What it says is read by nobody: only which
    responses it leads to counts."""

    def __init__(self, backend: Backend, today: str) -> None:
        self._backend = backend
        self._today = today
        self._cases: list[dict[str, Any]] = []
        self.code = ""

    async def ask(self, name: str, **question: Any) -> dict[str, Any]:
        """Own reports from here, everything else from the backend. A golden talk begins where nobody has reported yet."""
        if name == "my_reports":
            return {"cases": [one for one in reversed(self._cases) if not one["anonymous"]]}
        if name == "status":
            return self._status(question.get("code"), question.get("case_ref"))
        if name == "similar":
            return {"cases": []}
        return await self._backend.ask(name, **question)

    def _status(self, code: object, case_ref: object) -> dict[str, Any]:
        digits = "".join(sign for sign in str(code or "") if sign.isdigit())
        for one in self._cases:
            if case_ref == one["case_ref"] or digits == one["code"]:
                return {"outcome": "found", "wait_s": 0, "case": one}
        return {"outcome": "mistyped" if digits else "unknown", "wait_s": 0, "case": None}

    def carry_out(self, effect: Mapping[str, Any]) -> dict[str, Any]:
        """What the backend would tell of an effect that succeeded."""
        kind, data = str(effect["kind"]), effect["data"]
        level = data.get("identity_level") or "open"
        if kind in FILING:
            self._file(is_anonymous=level == ANONYMOUS)
        if kind in ("withdraw_case", "erase_case"):
            self._end(str(data.get("case_ref")))
        if kind == "forget":
            self._cases.clear()
        return {
            **TOLD,
            "kind": kind,
            "outcome": "done",
            "identity_level": level,
            "case_number": "AAAA-AAAA",
            "reason": "",
        }

    def asked_by_officer(self, report: int) -> None:
        """An officer's question about the `report`th report that was filed, counted from 1."""
        self._cases[report - 1].update(
            state="awaiting_reporter", open_question=True, may=list(MAY["awaiting_reporter"])
        )

    def answered(self) -> None:
        """The answer to the questions that are open is in the thread."""
        for one in self._cases:
            if one["open_question"]:
                one.update(state="received", open_question=False, may=list(MAY["received"]))

    def filled(self, text: str) -> str:
        """What a person says who has the last receipt in hand: `{code}` as it stands there, `{typo}` with a wrong digit."""
        typo = self.code and self.code[:-1] + str((int(self.code[-1]) + 1) % 10)
        return text.replace("{code}", self.code).replace("{typo}", typo)

    def _file(self, *, is_anonymous: bool) -> None:
        number = len(self._cases)
        self.code = CODES[number % len(CODES)]
        dates = {"since": self._today, "filed_on": self._today, "due_on": TOLD["due_on"], "due_label": "…"}
        self._cases.append(
            {
                "case_ref": f"ref-{number + 1}",
                "code": self.code,
                "anonymous": is_anonymous,
                "label": f"… {number + 1}",
                "state": "received",
                "state_label": "…",
                "what_next": "…",
                "agency_name": "…",
                "month": "…",
                **dates,
                "overdue": False,
                "open_question": False,
                "replies": [],
                "may": list(MAY["received"]),
            }
        )

    def _end(self, case_ref: str) -> None:
        for one in self._cases:
            if one["case_ref"] == case_ref:
                one.update(state="withdrawn", may=list(MAY["withdrawn"]))
