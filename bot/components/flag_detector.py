"""Graph component: `flags` {emergency, oversight, sensitive} beside whatever a message means."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from bot.components.flags import flags_of
from bot.components.normaliser import plain_text

EMERGENCY = "darurat"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FlagDetector(GraphComponent):
    """Stands behind the intent classifier, whose confidence in `darurat` it weighs."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FlagDetector:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `flags` on every message."""
        for message in messages:
            ranking = message.get("intent_ranking") or []
            share = next((one["confidence"] for one in ranking if one["name"] == EMERGENCY), 0.0)
            message.set("flags", flags_of(plain_text(message), share), add_to_output=True)
        return messages
