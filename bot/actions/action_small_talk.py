"""Greetings, thanks, anger, jokes, tests and the like: one calm sentence, another one while a report is being told."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking
from bot.actions.reading import read
from bot.actions.telling import tells_within

TALK = frozenset(
    "salam terima_kasih pamit marah bercanda uji_coba promosi ganti_bahasa luar_cakupan bantuan kirim_bukti"
    " ulangi_pertanyaan dukung EXTERNAL_stale_choice EXTERNAL_took_too_long".split()
)


# Who begins with a greeting or with anger and tells the matter in the same breath is not only greeted back.
OPENERS = frozenset({"salam", "marah"})


class SmallTalk(Action):
    """`utter_<intent>`, or `utter_<intent>_meanwhile` when a form is open and will ask again."""

    def name(self) -> str:
        return "action_small_talk"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        reading = read(tracker.latest_message)
        if reading.intent in OPENERS and not tracker.active_loop_name and tells_within(reading):
            return asking.resumed()
        suffix = "_meanwhile" if tracker.active_loop_name else ""
        said = f"utter_{reading.intent.removeprefix('EXTERNAL_')}{suffix}"
        dispatcher.utter_message(response="utter_map_link" if reading.is_map_link else said)
        return []
