"""What both classifiers share: they learn from the full names of intents and are stored as one linear model."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.linear_model import LinearModel


class LinearClassifier(GraphComponent):
    """A graph component around a `LinearModel`; subclasses say what is learnt and what a message gets."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: LinearModel | None = None
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
    ) -> LinearClassifier:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearClassifier:
        """The component as `train` left it."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model and put it into the model storage."""
        examples = [
            (message.get(TEXT), message.get_full_intent())
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        self._model = self.learnt(examples)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Let every message be read."""
        for message in messages:
            if self._model is not None and message.get(TEXT):
                self.read(message, self._model)
        return messages

    def learnt(self, examples: list[tuple[str, str]]) -> LinearModel:
        """The model of (text, full intent name) examples."""
        raise NotImplementedError

    def read(self, message: Message, model: LinearModel) -> None:
        """Set on the message what the model makes of it."""
        raise NotImplementedError
