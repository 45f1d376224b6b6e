"""Slot extraction that looks only at slots a mapping can fill; Rasa's asks every slot of the domain at every message."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


class FillableSlots:
    """A domain that shows only the slots a mapping can fill, and is otherwise the whole one."""

    def __init__(self, domain: Domain) -> None:
        self.whole = domain
        self.slots = [slot for slot in domain.slots if _is_fillable(slot)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)


class ExtractSlots(ActionExtractSlots):
    """Rasa's extraction. Its loop sees the fillable slots; whatever it calls sees the whole domain."""

    def __init__(self, action_endpoint: Any, fillable: FillableSlots) -> None:
        super().__init__(action_endpoint)
        self._fillable = fillable

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Slot events for the latest message."""
        return await super().run(output_channel, nlg, tracker, self._fillable)

    async def _execute_validation_action(
        self,
        extraction_events: list[Event],
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        whole = self._fillable.whole
        return await super()._execute_validation_action(
            extraction_events, output_channel, nlg, tracker, whole
        )


def _is_fillable(slot: Slot) -> bool:
    """Most slots of ours are set by actions only: `{type: custom}` without an action fills nothing."""
    return any(mapping.get("type") != "custom" or mapping.get("action") for mapping in slot.mappings)
