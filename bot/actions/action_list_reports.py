"""*Laporan saya*: the sender's own reports, never anonymous ones."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, words
from bot.actions.action_ask_complaint_form_place import short
from bot.actions.action_fallback import offer_readings
from bot.actions.backend_client import backend
from bot.actions.draft import Slots
from bot.actions.reading import Reading, read

MOST_REPORTS = 9
UNSURE = 0.6
MANY_WORDS = 6


class ListReports(Action):
    """Each with its state, to choose from; without any, the way by code is told."""

    def name(self) -> str:
        return "action_list_reports"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        cases = (await backend().ask("my_reports"))["cases"]
        reading = read(tracker.latest_message)
        if not cases and not tracker.active_loop_name and is_unsure(reading):
            return offer_readings(dispatcher, reading)
        list_reports(dispatcher, cases)
        return asking.own_question(tracker) if cases else []


def is_unsure(reading: Reading) -> bool:
    """Whether a long message that was read with little confidence may tell a matter instead."""
    return reading.confidence < UNSURE and reading.words >= MANY_WORDS


def list_reports(dispatcher: CollectingDispatcher, cases: list[Slots]) -> None:
    """The newest reports as a numbered list."""
    shown = cases[:MOST_REPORTS]
    if not shown:
        dispatcher.utter_message(response="utter_no_reports")
        return
    rows = [{"label": c["label"], "value": _state(c), "field": "report"} for c in shown]
    dispatcher.utter_message(
        response="utter_my_reports",
        rows="\n".join(f"{n}. {r['label']}: {r['value']}" for n, r in enumerate(rows, 1)),
        buttons=[
            {"title": short(c["label"]), "payload": f'/cek_status{{"case_ref": "{c["case_ref"]}"}}'}
            for c in shown
        ],
        json_message={"card": {"kind": "list", "rows": rows}},
    )


def _state(case: Slots) -> str:
    late = f", {words.label('status', 'overdue')}" if case.get("overdue") else ""
    return f"{case['state_label']}{late}"
