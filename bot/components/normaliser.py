"""Graph component: keeps a plain form of the message (`plain_text`) beside what was typed."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.normalising import normalised

PLAIN_TEXT = "plain_text"


def plain_text(message: Message) -> str:
    """The plain form of a message, from the component or made now."""
    known = message.get(PLAIN_TEXT)
    return known if isinstance(known, str) else normalised(message.get(TEXT) or "")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Stands first in the pipeline. Training data stay as they are: the classifiers make noisy twins of the originals."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `plain_text` on every message."""
        for message in messages:
            message.set(PLAIN_TEXT, normalised(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
