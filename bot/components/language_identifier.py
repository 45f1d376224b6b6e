"""Graph component: the language of a message as `language`, or None when it cannot be told."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.language import LanguageModel


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageIdentifier(GraphComponent):
    """Learns from `bot/data/languages` and the plainly Indonesian training messages."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: LanguageModel | None = None
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """The component as `train` left it."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LanguageModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the languages and put the model into the model storage."""
        from bot.training.languages import learn, sentences

        texts = [message.get(TEXT) for message in training_data.intent_examples if message.get(TEXT)]
        self._model = learn(sentences(), texts)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `language` on every message."""
        for message in messages:
            if self._model is not None:
                message.set("language", self._model.language(message.get(TEXT) or ""), add_to_output=True)
        return messages
