"""Status of a report: by code, by choice from the own list, or of the only own one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, status_view, summary
from bot.actions.action_list_reports import list_reports
from bot.actions.backend_client import backend
from bot.actions.draft import Slots
from bot.actions.reading import Reading, read


class CheckStatus(Action):
    """A mistyped code is told at once; no such code and not yours sound the same."""

    def name(self) -> str:
        return "action_check_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        question = _asked_for(read(tracker.latest_message))
        if question is None:
            cases = (await backend().ask("my_reports"))["cases"]
            if len(cases) != 1:
                list_reports(dispatcher, cases)
                return asking.own_question(tracker) if cases else []
            question = {"case_ref": cases[0]["case_ref"]}
        answer = await backend().ask("status", **question)
        if answer["outcome"] != "found":
            dispatcher.utter_message(
                response=f"utter_code_{answer['outcome']}", wait_s=answer.get("wait_s") or 0
            )
            return []
        tell_case(dispatcher, answer["case"])
        return [SlotSet("last_case_ref", answer["case"]["case_ref"])]


def _asked_for(reading: Reading) -> Slots | None:
    if reading.value("case_ref"):
        return {"case_ref": reading.value("case_ref")}
    code = reading.value("tracking_code")
    return {"code": str(code)} if code else None


def tell_case(dispatcher: CollectingDispatcher, case: Slots) -> None:
    """One case as text and card, with what may be done about it."""
    listed = status_view.rows(case)
    dispatcher.utter_message(
        response="utter_status_overdue" if case.get("overdue") else "utter_status",
        rows=summary.as_text(listed),
        buttons=status_view.buttons(case),
        json_message={"card": {"kind": "status", "rows": listed}},
    )
