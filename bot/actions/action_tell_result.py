"""What the backend did with an effect, told to the person: the receipt, or one sentence for every other kind."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import asking, draft, receipt
from bot.actions.action_answer_open_question import SECOND
from bot.actions.action_cancel import slot_events, yes_or_no
from bot.actions.draft import Slots
from bot.actions.follow_up import RATING
from bot.actions.status_view import rating_buttons

FILING = ("file_complaint", "support_case")
KINDS = frozenset(
    {
        *FILING,
        "add_to_case",
        "contest_case",
        "confirm_resolved",
        "withdraw_case",
        "erase_case",
        "request_human",
    }
    | {"forget"}
)


class TellResult(Action):
    """Raises on a result nobody asked for: that would be a turn without an answer."""

    def name(self) -> str:
        return "action_tell_result"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        result: Slots = tracker.get_slot("event_data") or {}
        kind = result.get("kind")
        if kind not in KINDS:
            raise UnknownResult(str(kind))
        refused = result.get("outcome") == "refused"
        if kind in FILING and not refused:
            return _filed(dispatcher, tracker, result)
        rated = tracker.get_slot(RATING) is not None
        dispatcher.utter_message(
            response=_response(kind, refused=refused, rated=rated),
            buttons=rating_buttons() if kind == "confirm_resolved" and not refused and not rated else [],
            reason=result.get("reason") or "",
            state_label=result.get("state_label") or "",
            receipt=result.get("receipt") or "",
        )
        done = [SlotSet("pending_effect", None), SlotSet("event_data", None), SlotSet(RATING, None)]
        if kind in FILING:
            # The draft is whole: it is read back again, without the report that could not be supported.
            again: Slots = {draft.CONFIRM: None, "support_ref": None, "similar": [], "last_asked": None}
            return [*done, *slot_events(again), *asking.resumed()]
        if kind == "forget" and not refused:
            return [*asking.left(tracker), *slot_events(draft.nothing_drafted()), *done]
        resume = asking.resumed() if draft.is_open(tracker.slots) and not tracker.active_loop_name else []
        return [*done, *resume]


def _response(kind: str, *, refused: bool, rated: bool) -> str:
    if refused:
        return "utter_result_refused"
    return "utter_result_rated" if rated else f"utter_result_{kind}"


class UnknownResult(Exception):
    """The backend reported an effect of a kind this conversation does not know."""


def _filed(dispatcher: CollectingDispatcher, tracker: Tracker, result: Slots) -> list[dict[str, Any]]:
    level = result.get("identity_level") or "open"
    dispatcher.utter_message(
        response=f"utter_receipt_{level}",
        agency_name=result.get("agency_name") or "",
        due_label=result.get("due_label") or result.get("due_on") or "",
        code=receipt.CODE_MARKER,
        json_message={"card": receipt.card(result)},
    )
    done = dict.fromkeys(("pending_effect", "event_data", "open_question", "last_case_ref"))
    changes = {**draft.nothing_drafted(), **done}
    waiting = receipt.inherited(tracker.get_slot("second_matter") or [], tracker.slots)
    if waiting:
        dispatcher.utter_message(
            response="utter_second_offer",
            second_words=receipt.second_words(waiting[0]),
            buttons=yes_or_no("second_yes", "second_no"),
        )
        changes |= {"open_question": SECOND, "second_matter": waiting}
    return slot_events(changes)
