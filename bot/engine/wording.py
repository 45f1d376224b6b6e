"""Which variation of a response is said, and how its placeholders are filled: the same seed says the same words.

Rasa draws with `np.random`, and its own filling breaks on a value that contains `0[`, leaving the placeholders in the
message; so both are done here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator, ResponseVariationFilter
from rasa.shared.core.trackers import DialogueStateTracker

# Only names: a button's payload holds JSON, whose braces stay. `{{` and `}}` are Rasa's way to write a plain brace.
PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")
FILLED_KEYS = ("text", "image", "custom", "buttons", "attachment", "quick_replies")

Variation = Mapping[str, Any]


class ResponseIncomplete(Exception):
    """A response is not in the domain, or has a placeholder that nothing fills: nobody may read `{code}`."""


class TurnWriter(NaturalLanguageGenerator):
    """Writes the responses of one turn and remembers in `said` which variation it took."""

    def __init__(self, responses: Mapping[str, list[Variation]], seed: str, said: Mapping[str, str]) -> None:
        self._responses = responses
        self._filter = ResponseVariationFilter(responses)
        self._seed = seed
        self._written = 0
        self.said = dict(said)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **values: Any
    ) -> dict[str, Any]:
        """The filled response.

        Raises:
            ResponseIncomplete: no variation fits, or a placeholder has no value.
        """
        slots = tracker.current_slot_values()
        fitting = (
            self._filter.responses_for_utter_action(utter_action, output_channel, slots)
            if utter_action in self._responses
            else []
        )
        if not fitting:
            raise ResponseIncomplete(f"no response {utter_action} for this situation")
        chosen = self._choose(utter_action, fitting)
        known = {**slots, **values}
        return {
            key: _filled(value, known, utter_action) if key in FILLED_KEYS else value
            for key, value in chosen.items()
        }

    def _choose(self, name: str, fitting: list[Variation]) -> Variation:
        """By the seed, and never what was said the last time if there is something else to say."""
        marked = [(_mark(one), one) for one in fitting]
        fresh = [pair for pair in marked if pair[0] != self.said.get(name)] or marked
        self._written += 1
        draw = hashlib.sha256(f"{self._seed} {name} {self._written}".encode()).digest()
        mark, chosen = fresh[int.from_bytes(draw[:8], "big") % len(fresh)]
        # Moved to the end: the state keeps the most recently said ones.
        self.said.pop(name, None)
        self.said[name] = mark
        return chosen


def _mark(variation: Variation) -> str:
    text = variation.get("text") or json.dumps(variation, sort_keys=True, default=str)
    return hashlib.sha256(str(text).encode()).hexdigest()[:8]


def _filled(value: Any, known: Mapping[str, Any], name: str) -> Any:
    if isinstance(value, str):
        return _filled_text(value, known, name) if "{" in value else value
    if isinstance(value, Mapping):
        return {key: _filled(inner, known, name) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, known, name) for inner in value]
    return value


def _filled_text(text: str, known: Mapping[str, Any], name: str) -> str:
    if "{{" in text:
        text = text.replace("{{", "{").replace("}}", "}")

    def value(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise ResponseIncomplete(f"{name} has the placeholder {found[1]}, and nothing fills it")
        return str(known[found[1]])

    return PLACEHOLDER.sub(value, text)
