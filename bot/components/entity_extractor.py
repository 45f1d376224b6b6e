"""Graph component: the facts in the words of a message, as entities; and `yes_no` for messages that say little else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import clock
from bot.components.extraction.facts import LONGEST_READ, facts_of
from bot.components.extraction.reading import Found, laid
from bot.components.extraction.yes_no import yes_or_no

NAME = "EntityExtractor"
FACTS = "facts"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityExtractor(GraphComponent):
    """Wraps the pure modules of `bot/components/extraction`; the present is the turn's."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities and `yes_no` to every message."""
        for message in messages:
            text = message.get(TEXT) or ""
            facts = facts_of(text, clock.now())
            message.set(FACTS, facts)
            entities = [{**asdict(found), "extractor": NAME} for found in facts]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
            message.set("yes_no", yes_or_no(laid(text[:LONGEST_READ])), add_to_output=True)
        return messages


def facts_in(message: Message) -> list[Found]:
    """The facts of a message, from the component or found now."""
    known = message.get(FACTS)
    return known if isinstance(known, list) else facts_of(message.get(TEXT) or "", clock.now())
