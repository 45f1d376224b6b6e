"""The extractor of the follow-up form: which report, and what is to be said about it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from bot.actions import follow_up
from bot.actions.backend_client import backend
from bot.actions.draft import Slots
from bot.actions.follow_up import CASE, KIND_OF_INTENT, NOTE, RATING, RATINGS, SURE, nothing_followed
from bot.actions.reading import Reading, heard_since, read
from bot.actions.telling import MISTAKABLE, TELLING

FORM = "follow_up_form"
NOTING = (
    TELLING
    | MISTAKABLE
    | frozenset("beri_lokasi beri_waktu koreksi marah EXTERNAL_attachments tidak ya".split())
)
# A contest says what is wrong in its first sentence; shorter than this it is only the wish.
FEWEST_WORDS_OF_A_REASON = 3


class ValidateFollowUpForm(FormValidationAction):
    """The report is found by button, code, what it is about, an officer's open question, or the last one looked at; only then is it
    asked."""

    def name(self) -> str:
        return "validate_follow_up_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        slots = dict(tracker.slots)
        changes: Slots = {}
        if not heard_since(tracker.events, FORM):
            inside = tracker.active_loop_name == FORM
            changes = await take_in(read(tracker.latest_message), slots, inside)
        events = [SlotSet(name, value) for name, value in changes.items()]
        return [*events, SlotSet("requested_slot", follow_up.next_question({**slots, **changes}))]


async def take_in(reading: Reading, slots: Slots, inside: bool) -> Slots:
    """Slot changes of one message; none when it is about something else."""
    asked = slots.get("requested_slot") if inside else None
    wanted = KIND_OF_INTENT.get(reading.intent)
    if wanted and not (asked == NOTE and reading.value("case_ref") is None):
        return await _begun(reading, slots, wanted)
    if asked == CASE:
        return await _case(reading, slots)
    if asked == NOTE and reading.intent in NOTING | set(KIND_OF_INTENT):
        return _noted(reading, slots)
    if asked == SURE and reading.intent in ("ya", "kirim", "tidak"):
        return {SURE: "no" if reading.intent == "tidak" else "yes"}
    return {}


async def _begun(reading: Reading, slots: Slots, wanted: str) -> Slots:
    changes = {**nothing_followed(), "follow_up": wanted}
    changes |= await _found(reading, slots, wanted)
    if wanted == "contest" and reading.words >= FEWEST_WORDS_OF_A_REASON:
        changes[NOTE] = reading.text
    note = follow_up.said_besides(reading)
    if wanted == "add" and (reading.attachments or note):
        changes |= {NOTE: note or reading.text, "follow_up_files": reading.attachments}
    if wanted == "confirm" and reading.value("rating") in RATINGS:
        changes[RATING] = reading.value("rating")
    return changes


async def _found(reading: Reading, slots: Slots, wanted: str) -> Slots:
    if named := await _case(reading, slots):
        return named
    cases = (await backend().ask("my_reports"))["cases"]
    if ref := follow_up.meant(cases, reading, wanted, slots.get("last_case_ref")):
        return {CASE: ref}
    return {"case_options": follow_up.offered(cases, wanted)}


async def _case(reading: Reading, slots: Slots) -> Slots:
    """The report that this message names by a button, a number of the list, or a code."""
    if reading.value("case_ref"):
        return {CASE: reading.value("case_ref")}
    options, number = slots.get("case_options") or [], str(reading.value("option") or "")
    if reading.intent == "pilih" and number.isdigit() and 0 < int(number) <= len(options):
        return {CASE: options[int(number) - 1]["case_ref"]}
    if options and (ref := follow_up.named(options, reading)):
        return {CASE: ref}
    if code := reading.value("tracking_code"):
        answer = await backend().ask("status", code=str(code))
        if answer["outcome"] == "found":
            return {CASE: answer["case"]["case_ref"], "last_case_ref": answer["case"]["case_ref"]}
        return {"follow_up_problem": {"outcome": answer["outcome"], "wait_s": answer.get("wait_s")}}
    return {}


def _noted(reading: Reading, slots: Slots) -> Slots:
    if not reading.text and not reading.attachments:
        return {}
    files = [*(slots.get("follow_up_files") or []), *reading.attachments]
    return {NOTE: reading.text, "follow_up_files": files}
