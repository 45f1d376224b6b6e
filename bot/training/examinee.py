"""The language side as it would be in a model trained now, for the exam: fitted from the data, asked one message at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.components.extraction.facts import facts_of
from bot.components.features import features
from bot.components.flags import flags_of
from bot.components.intent_reading import intent_features, intent_of
from bot.components.issue_reading import is_strange, issues_of
from bot.components.language import LanguageModel
from bot.components.normalising import normalised
from bot.training.data import Example
from bot.training.languages import learn, sentences
from bot.training.learning import SOME_DAY, Learnt, intents, issues


@dataclass(frozen=True)
class Understood:
    """What the language side makes of one message; `intent` with its topic, `issues` as (code, confidence)."""

    intent: str
    confidence: float
    issues: tuple[tuple[str, float], ...]
    issue_sure: bool
    language: str | None
    flags: dict[str, bool]
    ms: float


@dataclass(frozen=True)
class Examinee:
    """All models of one training."""

    intents: Learnt
    issues: Learnt
    languages: LanguageModel

    def understand(self, text: str) -> Understood:
        """Read one message, as the graph components do."""
        began = time.perf_counter()
        plain = normalised(text)
        facts = facts_of(text, SOME_DAY)
        matter = issues_of(features(plain), self.issues.model)
        seen = intent_features(text, plain, facts)
        reading = intent_of(seen, self.intents.model, strange=is_strange(matter, self.issues.model))
        language = self.languages.language(text)
        emergency = next(
            (one["confidence"] for one in reading["intent_ranking"] if one["name"] == "darurat"), 0.0
        )
        flags = flags_of(plain, emergency)
        name = reading["intent"]["name"]
        return Understood(
            f"{name}/{reading['topic']}" if reading["topic"] else name,
            reading["intent"]["confidence"],
            tuple((one["code"], one["confidence"]) for one in matter["issue_ranking"]),
            matter["issue_sure"],
            language,
            flags,
            (time.perf_counter() - began) * 1000,
        )


def trained(data: Sequence[Example]) -> Examinee:
    """The language side that these examples teach."""
    pairs = [(example.text, example.intent) for example in data]
    return Examinee(intents(pairs), issues(pairs), learn(sentences(), [example.text for example in data]))
