"""The pure turn function: (frozen turn, state) → (replies, state, effects)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot import clock
from bot.engine import rasa_speed
from bot.engine.contract import Answer, Turn
from bot.engine.heard import NO_FLAGS, Heard, heard
from bot.engine.in_process import InProcessActions
from bot.engine.processor import Reader, TurnProcessor
from bot.engine.replies import TurnChannel, merged
from bot.engine.state import Snapshot, kept_slots, revived_events, snapshot_from, state_from
from bot.engine.wording import TurnWriter

MOST_RANKED = 5
NEEDED_SLOTS = frozenset({"event_data", "pending_effect", "draft_view", "unsure_reason"})
NO_DRAFT = {"identity_level": "open", "sensitive": False, "open": False}


class ModelUnfit(Exception):
    """The model's domain lacks what the engine and the actions hand each other; the message says what."""


class Engine:
    """A loaded model and its actions. Holds nothing of any conversation."""

    def __init__(self, model: Path, actions: str = "bot.actions", read: Reader | None = None) -> None:
        """Load `model`, and the actions of the package `actions`; `read` takes the place of the model's NLU.

        Raises:
            ModelUnfit: the domain has no slot for effects or events, or names an action that does not exist.
        """
        rasa_speed.install()
        self._processor = TurnProcessor(model, read)
        domain = self._processor.domain
        endpoint = InProcessActions(actions, domain)
        self._processor.action_endpoint = endpoint
        if lacking := NEEDED_SLOTS - {slot.name for slot in domain.slots}:
            raise ModelUnfit(f"the domain lacks the slots {', '.join(sorted(lacking))}")
        wanted = {name for name in domain.user_actions if name.startswith(("action_", "validate_"))}
        if missing := wanted - endpoint.names:
            raise ModelUnfit(f"{actions} lacks the actions {', '.join(sorted(missing))}")

    @property
    def model_id(self) -> str:
        """The id that training gave the model."""
        return str(self._processor.model_metadata.model_id)

    async def take(self, turn: Turn) -> Answer:
        """Answer one frozen turn. The same turn gives the same answer.

        Raises:
            UnknownSchema: the state is not one of ours.
            Exception: whatever went wrong inside; nothing has been done then.
        """
        began, cpu_began = time.perf_counter(), time.thread_time()
        before = snapshot_from(turn.state) if turn.state is not None else None
        world = clock.Frozen(turn.now, turn.seed, turn.conversation, turn.home, turn.channel, turn.rehearsal)
        with clock.frozen(world):
            body, nlu_seconds = await self._take(turn, before)
        cpu_seconds, seconds = time.thread_time() - cpu_began, time.perf_counter() - began
        return Answer(body, nlu_seconds * 1000, cpu_seconds * 1000, seconds * 1000)

    async def _take(self, turn: Turn, before: Snapshot | None) -> tuple[dict[str, Any], float]:
        snapshot = before or Snapshot()
        writer = TurnWriter(self._processor.domain.responses, turn.seed, snapshot.said)
        processor = self._processor.for_turn(writer)
        domain = processor.domain
        channel = TurnChannel(turn.channel)
        tracker = processor.tracker(turn.conversation, revived_events(before, domain) if before else [])
        if before is None:
            await processor.begin(tracker, channel)
        asked = tracker.get_slot(REQUESTED_SLOT)
        effects: list[Any] = []
        understanding = []
        for message in heard(turn.messages, snapshot.offered):
            now_asked = tracker.get_slot(REQUESTED_SLOT)
            tracker.update(SlotSet("unsure_reason", None), domain)
            parsed = await processor.hear(message, tracker, channel)
            effects += _taken_effects(tracker)
            if message.by_person:
                understanding.append(_understood(message, parsed, now_asked, tracker))
        reply = merged(channel.utterances, snapshot.questions)
        still_open = asked is not None and tracker.get_slot(REQUESTED_SLOT) == asked
        keeps_choices = reply is None or (not reply.offered and still_open)
        after = Snapshot(
            slots=kept_slots(tracker, domain),
            active_loop=tracker.active_loop_name,
            offered=snapshot.offered if reply is None or keeps_choices else reply.offered,
            said=writer.said,
            questions=snapshot.questions + bool(reply and reply.offered),
        )
        body = {
            "turn": turn.turn,
            "attempt": turn.attempt,
            "model": self.model_id,
            "replies": [reply.body] if reply else [],
            "state": state_from(after),
            "effects": effects,
            "understanding": understanding,
            "draft": {**NO_DRAFT, **(tracker.get_slot("draft_view") or {})},
        }
        return body, processor.nlu_seconds


def _taken_effects(tracker: DialogueStateTracker) -> list[Any]:
    """The effects that the actions asked for, taken out of the tracker."""
    wanted = tracker.get_slot("pending_effect")
    if not wanted:
        return []
    tracker.update(SlotSet("pending_effect", None))
    return list(wanted) if isinstance(wanted, list) else [wanted]


def _understood(
    message: Heard, parsed: Mapping[str, Any], asked: str | None, tracker: DialogueStateTracker
) -> dict[str, Any]:
    ranking = parsed.get("intent_ranking") or []
    return {
        "message": message.id,
        "language": parsed.get("language"),
        "intent": parsed["intent"].get("name"),
        "topic": parsed.get("topic"),
        "confidence": parsed["intent"].get("confidence", 0.0),
        "ranking": [
            {"intent": one.get("name"), "confidence": one.get("confidence")} for one in ranking[:MOST_RANKED]
        ],
        "issue_ranking": parsed.get("issue_ranking") or [],
        "entities": parsed["entities"],
        "flags": {**NO_FLAGS, **(parsed.get("flags") or {})},
        "asked": asked,
        "unsure": tracker.get_slot("unsure_reason"),
        "cut": message.was_cut,
    }
