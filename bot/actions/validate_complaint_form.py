"""The one extractor of the complaint form: takes in what a message says, asks the backend, names the next question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from bot import clock
from bot.actions import draft, fact_rows, places, words
from bot.actions.backend_client import Backend, backend
from bot.actions.draft import CONFIRM, DESCRIPTION, PLACE, Slots
from bot.actions.facts import Facts, facts_in
from bot.actions.reading import Reading, heard_since, read
from bot.actions.telling import TELLING, described, takes_back, tells_within

FORM = "complaint_form"
# Intents whose rule is this form.
OPENING = TELLING | frozenset(
    "mau_lapor beri_lokasi beri_waktu EXTERNAL_location EXTERNAL_attachments".split()
)
# Actions that leave a matter told beside their own intent to the form.
PASSING_ON = frozenset(
    {"action_choose_identity", "action_cancel", "action_small_talk", "action_answer_open_question"}
)
# Matters in which somebody may need a voice at once, and which numbers are given (services of the emergency rows).
HELPLINES = {"perempuan_anak": ("police", "violence")}
# Facts on which "whose job is it, and by when" depends.
ASSIGNING = (DESCRIPTION, "issue", PLACE, "attributes", "oversight", "report_class", "objection")


class ValidateComplaintForm(FormValidationAction):
    """Sets the slots a message fills; sets none when the message is not about the draft, so that a rule answers it."""

    def name(self) -> str:
        return "validate_complaint_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        slots = dict(tracker.slots)
        changes: Slots = {}
        reading, answered = read(tracker.latest_message), heard_since(tracker.events, FORM)
        if not answered or (answered <= PASSING_ON and not slots.get(DESCRIPTION) and tells_within(reading)):
            asked = slots.get("requested_slot") if tracker.active_loop_name == FORM else None
            changes = await take_in(reading, slots, asked, dispatcher)
        changes |= await completed({**slots, **changes}, changes)
        after = {**slots, **changes}
        events = [SlotSet(name, value) for name, value in changes.items()]
        return [*events, SlotSet("requested_slot", draft.next_question(after))]


async def take_in(
    reading: Reading, slots: Slots, asked: str | None, dispatcher: CollectingDispatcher
) -> dict[str, Any]:
    """Slot changes of one message, its place looked up; says what the person must know at once."""
    facts = facts_in(reading, slots, asked)
    changes = dict(facts.changes)
    if facts.pin:
        answer = await backend().ask("place", **_point(facts.pin), home=clock.home())
        changes |= places.after_pin(answer, facts.pin, slots)
    elif facts.place_text:
        changes |= await _looked_up(facts, reading, slots)
    if not changes:
        # A message that opens a report never makes an open form step aside: its question is simply asked again.
        return {"misses": 0, "open_question": None} if reading.intent in OPENING else {}
    if reading.had_code:
        dispatcher.utter_message(response="utter_code_removed")
    if "second_matter" in changes and DESCRIPTION not in changes:
        dispatcher.utter_message(response="utter_second_kept")
    if "attachments" in changes:
        dispatcher.utter_message(response="utter_proof_received")
    await _reassured(changes, slots, asked, dispatcher)
    corrected = {"unsure_reason": "corrected"} if reading.intent == "koreksi" else {}
    return {"open_question": None, **changes, "misses": 0, **corrected}


async def _reassured(
    changes: dict[str, Any], slots: Slots, asked: str | None, dispatcher: CollectingDispatcher
) -> None:
    """Says what somebody in danger or afraid must hear before the next question, once each.

    The numbers given here do not stand for those of an emergency: should one be told later, they all follow.
    """
    after = {**slots, **changes}
    is_new = changes.get("issue") != slots.get("issue") and not slots.get("emergency_told")
    if is_new and changes.get("issue") in HELPLINES:
        answer = await backend().ask("facts", topic="emergency", regency_code=clock.home())
        lines = fact_rows.of_services(answer["facts"], HELPLINES[changes["issue"]])
        dispatcher.utter_message(response="utter_helplines", fact_rows=fact_rows.as_text(lines))
    chosen = changes.get(draft.IDENTITY)
    is_seen = asked == draft.IDENTITY or draft.next_question(after) == CONFIRM
    if chosen and chosen != slots.get(draft.IDENTITY) and slots.get(DESCRIPTION) and not is_seen:
        dispatcher.utter_message(
            response="utter_identity_noted", identity=words.label("identity_level", chosen)
        )


def _point(pin: dict[str, Any]) -> dict[str, Any]:
    return {"latitude": pin["latitude"], "longitude": pin["longitude"]}


async def _looked_up(facts: Facts, reading: Reading, slots: Slots) -> dict[str, Any]:
    """Slot changes of the place that was said, or of the words if they name none."""
    answer, said = await _found(facts, slots)
    if answer["status"] == "unsure" and not places.names_its_kind(said):
        answer = places.near(answer, clock.home())
    if answer["status"] == "unknown" and facts.if_unknown == "nothing":
        return {}
    if answer["status"] == "unknown" and facts.if_unknown == "describe":
        return described(reading, slots)
    corrects = reading.intent == "koreksi" or takes_back(reading, CONFIRM)
    return places.after_text(answer, said, slots, reading.text, corrects=corrects)


async def _found(facts: Facts, slots: Slots) -> tuple[dict[str, Any], str]:
    """The backend's answer, and the words of the person that stand for the place."""
    said = facts.place_text or ""
    # Earlier words help ("depan SD 004", then "sangatta utara"), unless the new ones mean another place.
    earlier = [] if facts.if_unknown == "nothing" else [places.said_so_far(slots, said)]
    answer, _ = await _first([*earlier, said], ("resolved", "outside"))
    if answer["status"] == "resolved":
        return answer, said
    alone, part = await _first([*facts.place_parts, places.without_kind(said)], ("resolved",))
    if alone["status"] == "resolved":
        return alone, part if facts.place_parts and part in facts.place_parts[1:] else said
    return answer, said


async def _first(texts: Iterable[str], settled: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """The first answer with such a status, else the last one; and what was looked for."""
    answer: dict[str, Any] = {}
    text = ""
    for text in dict.fromkeys(texts):
        answer = await backend().ask("place", text=text, home=clock.home())
        if answer["status"] in settled:
            break
    return answer, text


async def completed(slots: Slots, changes: dict[str, Any]) -> dict[str, Any]:
    """What follows from the draft as it is now: its id, whose job it is, similar reports, how it must be treated."""
    more: dict[str, Any] = {}
    if not slots.get("draft_id"):
        more["draft_id"] = draft.draft_id(clock.seed())
    told = slots.get(DESCRIPTION) and slots.get(PLACE)
    if told and (not slots.get("assignment") or any(name in changes for name in ASSIGNING)):
        more |= await _assigned(slots)
    if told and draft.next_question({**slots, **more}) == CONFIRM:
        more |= await _similar(slots, changes, backend())
    now_view = draft.view({**slots, **more})
    if now_view != slots.get("draft_view"):
        more["draft_view"] = now_view
    return more


async def _assigned(slots: Slots) -> dict[str, Any]:
    answer = await backend().ask("assignment", **draft.assignment_question(slots))
    question = answer.get("question")
    # At most one clarifying question: the first one stands, whatever later answers bring.
    if slots.get("question") or slots.get(draft.CLARIFICATION) is not None or not question:
        return {"assignment": answer}
    if question["attribute"] in (slots.get("attributes") or {}):
        return {"assignment": answer}
    return {"assignment": answer, "question": question}


async def _similar(slots: Slots, changes: dict[str, Any], asked: Backend) -> dict[str, Any]:
    """Similar open reports, for ordinary matters only: a sensitive one is never compared in the open."""
    fresh = slots.get("similar") is not None and not any(name in changes for name in (PLACE, "issue"))
    if fresh:
        return {}
    if draft.is_sensitive(slots) or draft.level_of(slots) == "anonymous":
        return {"similar": []}
    answer = await asked.ask(
        "similar",
        issue=slots.get("issue") or draft.DEFAULT_ISSUE,
        place=slots[PLACE],
        happened=slots.get(draft.HAPPENED) or draft.NO_TIME,
        text=slots[DESCRIPTION],
    )
    return {"similar": answer["cases"][:3]}
