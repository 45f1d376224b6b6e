"""Rasa's message processor, turned into a function of one turn: nothing is looked up, stored, scheduled or swallowed."""

from __future__ import annotations

import copy
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    Event,
    FollowupAction,
    ReminderScheduled,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.extraction import ExtractSlots, FillableSlots
from bot.engine.graph import PlannedGraphRunner
from bot.engine.heard import Heard, parse_data
from bot.engine.replies import TurnChannel

MOST_ACTIONS = 20

# From a message to Rasa's parse data.
Reader = Callable[[Heard], dict[str, Any]]


class TurnBroken(Exception):
    """The dialogue did something that a turn may not do; it fails as a whole."""


class TurnProcessor(MessageProcessor):
    """Takes a tracker through messages. One is loaded per process; `for_turn` gives each turn its own words."""

    def __init__(self, model: Path, read: Reader | None = None) -> None:
        domain = Domain.empty()
        super().__init__(
            model,
            # Never used: trackers come from snapshots and go back into them.
            InMemoryTrackerStore(domain),
            InMemoryLockStore(),
            NaturalLanguageGenerator(),
            max_number_of_predictions=MOST_ACTIONS,
            on_circuit_break=_stop,
        )
        self._reader = read or self._read_with_model
        self._fillable = FillableSlots(self.domain)
        self.nlu_seconds = 0.0

    def for_turn(self, writer: NaturalLanguageGenerator) -> TurnProcessor:
        """A light copy for one turn, sharing the model."""
        mine = copy.copy(self)
        mine.nlg = writer
        mine.nlu_seconds = 0.0
        return mine

    def tracker(self, conversation: str, events: Iterable[Event]) -> DialogueStateTracker:
        """A tracker of this model's domain, brought to where `events` lead."""
        tracker = DialogueStateTracker(conversation, self.domain.slots)
        for event in events:
            tracker.update(event, self.domain)
        return tracker

    async def begin(self, tracker: DialogueStateTracker, channel: TurnChannel) -> None:
        """Start a conversation that has no state yet."""
        await self._update_tracker_session(tracker, channel)

    async def hear(
        self, message: Heard, tracker: DialogueStateTracker, channel: TurnChannel
    ) -> dict[str, Any]:
        """Let the dialogue answer one message; what was understood is returned.

        Raises:
            Exception: whatever an action raised. The tracker is worthless then.
        """
        read = self._read(message) if message.intent is None else None
        parsed = parse_data(message, read)
        tracker.update(SlotSet("event_data", message.event_data), self.domain)
        tracker.update(
            UserUttered(
                message.text,
                parsed["intent"],
                parsed["entities"],
                parsed,
                input_channel=channel.name(),
                message_id=message.id,
            ),
            self.domain,
        )
        tracker = await self.run_action_extract_slots(channel, tracker)
        await self._run_prediction_loop(channel, tracker)
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
        return parsed

    def _read(self, message: Heard) -> dict[str, Any]:
        began = time.thread_time()
        parsed = self._reader(message)
        self.nlu_seconds += time.thread_time() - began
        return parsed

    def _read_with_model(self, message: Heard) -> dict[str, Any]:
        parsed = self._parse_message_with_graph(
            UserMessage(message.text, message_id=message.id), DialogueStateTracker(message.id, [])
        )
        self._update_full_retrieval_intent(parsed)
        return parsed

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run one action. Unlike Rasa's, an exception ends the turn instead of being recorded as a success."""
        name = action.name()
        try:
            events = (
                []
                if name == ACTION_LISTEN_NAME
                else await action.run(output_channel, nlg, self._before(tracker, prediction), self.domain)
            )
        except ActionExecutionRejection:
            tracker.update(ActionExecutionRejected(name, prediction.policy_name, prediction.max_confidence))
            return self.should_predict_another_action(name)
        events = _without_reverting(events)
        self._log_action_on_tracker(tracker, action, events, prediction)
        if any(isinstance(event, UserUttered) for event in events):
            tracker = await self.run_action_extract_slots(output_channel, tracker)
        await self.execute_side_effects(events, tracker, output_channel)
        return self.should_predict_another_action(name)

    def _before(self, tracker: DialogueStateTracker, prediction: PolicyPrediction) -> DialogueStateTracker:
        """A copy with the policy's events, which count for the action but are discarded if it rejects."""
        before = tracker.copy()
        before.update_with_events(prediction.events, self.domain)
        return before

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        """As Rasa's, without its deep copies for log lines nobody may read."""
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill slots from the latest message; Rasa's, without its deep copies for log lines."""
        extract = ExtractSlots(self.action_endpoint, self._fillable)
        events = await extract.run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(events, self.domain)
        return tracker

    async def _schedule_reminders(
        self, events: list[Event], tracker: DialogueStateTracker, output_channel: OutputChannel
    ) -> None:
        if any(isinstance(event, ReminderScheduled) for event in events):
            raise TurnBroken("a reminder lives in memory only; silence is a timer of the backend")

    async def _cancel_reminders(self, events: list[Event], tracker: DialogueStateTracker) -> None:
        return None

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        path = Path(model_path)
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), path, LocalModelStorage, PlannedGraphRunner
            )
        return path.name, metadata, runner


def _without_reverting(events: list[Event]) -> list[Event]:
    """A snapshot has no history to go back to: what Rasa would revert (its default fallback does) just ends the turn.

    Reverting would take the revived slots along, and the fallback would be said again and again.
    """
    kept = [event for event in events if not isinstance(event, UserUtteranceReverted)]
    return kept if len(kept) == len(events) else [*kept, FollowupAction(ACTION_LISTEN_NAME)]


def _stop(*_: Any) -> None:
    raise TurnBroken(f"more than {MOST_ACTIONS} actions in a row")
