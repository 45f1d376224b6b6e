"""Graph component: which of the issues a told matter is. Every message gets a ranking; the dialogue decides if it matters.

Output: `issue_ranking` and `issue_sure`, as `issue_reading` says.
"""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifying import LinearClassifier
from bot.components.features import features
from bot.components.issue_reading import is_strange, issues_of
from bot.components.linear_model import LinearModel
from bot.components.normaliser import plain_text

STRANGE = "strange_matter"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IssueClassifier(LinearClassifier):
    """Learns from `keluhan/<code>` only. Stands before the intent classifier, which asks whether the matter is strange."""

    def learnt(self, examples: list[tuple[str, str]]) -> LinearModel:
        """See `LinearClassifier`."""
        from bot.training.learning import issues

        return issues(examples).model

    def read(self, message: Message, model: LinearModel) -> None:
        """See `LinearClassifier`."""
        matter = issues_of(features(plain_text(message)), model)
        for key, value in matter.items():
            message.set(key, value, add_to_output=True)
        message.set(STRANGE, is_strange(matter, model))
