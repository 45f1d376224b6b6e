"""`python -m bot understand`: how the live model reads messages, one JSON object a line."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from bot.engine.settings import EngineRefused, newest_model
from bot.engine.text import neutral

SHOWN = ("language", "topic", "issue_ranking", "issue_sure", "flags", "yes_no", "entities")


class NoModel(Exception):
    """There is no model to understand with; the message says how to get one."""


def understand(models: Path, lines: TextIO, out: TextIO) -> int:
    """Read messages until the end of `lines`, each answered at once; returns the exit code.

    Raises:
        NoModel: `models` is neither an archive nor a folder with one.
    """
    try:
        reader = Reader(newest_model(models))
    except EngineRefused as missing:
        raise NoModel(str(missing)) from missing
    for line in lines:
        out.write(json.dumps(reader.read(line.rstrip("\n")), ensure_ascii=False) + "\n")
        out.flush()
    return 0


class Reader:
    """A model's language side, loaded once."""

    def __init__(self, model: Path) -> None:
        os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        from bot.engine import logs

        logs.configure()
        from bot.engine.processor import TurnProcessor

        self._processor = TurnProcessor(model)

    def parsed(self, text: str) -> Mapping[str, Any]:
        """Rasa's parse data of a message as a citizen typed it."""
        from rasa.core.channels.channel import UserMessage
        from rasa.shared.core.trackers import DialogueStateTracker

        nobody = DialogueStateTracker("understand", [])
        return dict(self._processor._parse_message_with_graph(UserMessage(neutral(text)[0]), nobody))

    def read(self, text: str) -> dict[str, Any]:
        """The line that issue 3 promises: text, language, intent, confidence, ranking, issue_ranking, entities, flags."""
        if not neutral(text)[0]:
            return {
                "text": text,
                "intent": "nlu_fallback",
                "confidence": 1.0,
                "ranking": [],
                **dict.fromkeys(SHOWN),
            }
        parsed = self.parsed(text)
        intent = parsed["intent"]
        ranking = [
            {"intent": one["name"], "confidence": one["confidence"]} for one in parsed["intent_ranking"]
        ]
        return {
            "text": text,
            "intent": intent["name"],
            "confidence": intent["confidence"],
            "ranking": ranking,
            **{key: parsed.get(key) for key in SHOWN},
        }
