"""Rasa's way to the examples, at the speed of the tools: read once, and never copied in depth.

Stock Rasa reads and checks every file of examples three times with a slow YAML reader and copies all messages at each of
a dozen mergers, 20 of the 30 seconds before anything is learnt. `config.yml` names this importer.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.training.data import Example, examples_of, in_order


class ReadMessage(Message):
    """An example as the classifiers want it; all its values are strings, so a shallow copy is a copy."""

    def __deepcopy__(self, memo: dict[int, Any]) -> ReadMessage:
        return ReadMessage(self.data)

    def fingerprint(self) -> str:
        """What tells two examples apart: sentence and intent."""
        if self.features:
            return str(super().fingerprint())
        return hashlib.md5(repr(sorted(self.data.items())).encode(), usedforsecurity=False).hexdigest()


class ExampleImporter(RasaFileImporter):
    """Rasa's own importer, but for the examples."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Every example of the files of examples, its intent with and without the detail behind the slash; and what the
        bot says, which Rasa takes into the domain from here."""
        return TrainingData(
            [message.__deepcopy__({}) for message in self._messages], responses=self._responses
        )

    @cached_property
    def _responses(self) -> dict[str, Any]:
        texts = (Path(path).read_text(encoding="utf-8") for path in sorted(self._nlu_files))
        read = (yaml.load(text, Loader=yaml.CSafeLoader) for text in texts if "\nresponses:" in text)  # noqa: S506 - a safe loader
        return {name: said for one in read for name, said in one["responses"].items()}

    @cached_property
    def _messages(self) -> list[ReadMessage]:
        files = in_order(Path(path) for path in self._nlu_files)
        return [_message(example) for path in files for example in examples_of(path, path.parent)]


def _message(example: Example) -> ReadMessage:
    base, _, detail = example.intent.partition("/")
    whole = {INTENT_RESPONSE_KEY: example.intent} if detail else {}
    return ReadMessage({TEXT: example.text, INTENT: base, **whole})
