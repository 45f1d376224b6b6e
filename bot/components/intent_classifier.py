"""Graph component: which of the intents a message is, how sure that is, and when to admit not knowing.

Output: `intent` (base name, or `nlu_fallback`), `intent_ranking`, and `topic` for a question.
"""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.classifying import LinearClassifier
from bot.components.entity_extractor import facts_in
from bot.components.intent_reading import intent_features, intent_of
from bot.components.issue_classifier import STRANGE
from bot.components.linear_model import LinearModel
from bot.components.normaliser import plain_text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LinearClassifier):
    """Abstains below the thresholds that cross-validation chose, and when no word of the message is known."""

    def learnt(self, examples: list[tuple[str, str]]) -> LinearModel:
        """See `LinearClassifier`."""
        from bot.training.learning import intents

        return intents(examples).model

    def read(self, message: Message, model: LinearModel) -> None:
        """See `LinearClassifier`."""
        typed = message.get(TEXT)
        seen = intent_features(typed, plain_text(message), facts_in(message))
        for key, value in intent_of(seen, model, strange=bool(message.get(STRANGE))).items():
            message.set(key, value, add_to_output=True)
