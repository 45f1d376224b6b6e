"""Graph component: which of the issues a told matter is. Every message gets a ranking; the dialogue decides if it matters.

Output: `issue_ranking` and `issue_sure`, as `issue_reading` says, and an entity `other_matter` where a message tells two.
"""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifying import LinearClassifier
from bot.components.features import features
from bot.components.issue_reading import is_strange, issues_of
from bot.components.linear_model import LinearModel
from bot.components.matter_splitting import judge, two_matters
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
        _add_other_matter(message, model)
        for key, value in matter.items():
            message.set(key, value, add_to_output=True)
        message.set(STRANGE, is_strange(matter, model))


def _add_other_matter(message: Message, model: LinearModel) -> None:
    """The value is the words and the code of the second matter, and the code of the first."""
    text = message.get(TEXT) or ""
    if found := two_matters(text, judge(model)):
        first, other = found
        entity = {
            "entity": "other_matter",
            "value": {"text": text[other.start : other.end].strip(), "code": other.code, "first": first.code},
            "start": other.start,
            "end": other.end,
            "confidence": round(min(first.confidence, other.confidence), 4),
            "extractor": "IssueClassifier",
        }
        message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
