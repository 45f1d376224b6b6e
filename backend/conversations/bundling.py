"""Which messages are one turn: those that arrive within a channel's quiet window, unless one of them cannot wait. And which go first."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from backend.cases.tracking_code import contains_code

WORDS = Path(__file__).with_name("words.csv")
NO_WAIT = timedelta(0)


@dataclass(frozen=True)
class Bundling:
    """`quiet` is the window per channel; a channel not named has none. `words` close a window at once; messages with one of
    `urgent_words` go first when many wait."""

    quiet: Mapping[str, timedelta] = MappingProxyType({"web": NO_WAIT, "whatsapp": timedelta(seconds=1.5)})
    words: frozenset[str] = frozenset()
    urgent_words: frozenset[str] = frozenset()

    def ready_at(self, channel: str, received_at: datetime) -> datetime:
        """When a turn may take the message if nothing follows it."""
        return received_at + self.quiet.get(channel, NO_WAIT)

    def closes(self, content: Mapping[str, Any]) -> bool:
        """Whether the turn begins at once: a choice, an event, or a message with one of the closing words.

        >>> Bundling(words=frozenset({"kirim"})).closes({"text": "Kirim!"})
        True
        """
        if "choice" in content or "event" in content:
            return True
        return holds(content, self.words)

    def goes_first(self, content: Mapping[str, Any]) -> bool:
        """Whether it overtakes messages of others: lives in danger, or a question about a report, which costs little.

        >>> Bundling(urgent_words=frozenset({"tenggelam"})).goes_first({"text": "tolong, ada anak tenggelam"})
        True
        """
        return holds(content, self.urgent_words) or contains_code(str(content.get("text", "")))


def holds(content: Mapping[str, Any], words: frozenset[str]) -> bool:
    """Whether the text has one of these words, whole."""
    said = f" {' '.join(re.findall(r'[a-z]+', str(content.get('text', '')).lower()))} "
    return any(f" {word} " in said for word in words)


def words_that(effect: Literal["closes", "urgent"], path: Path = WORDS) -> frozenset[str]:
    """The words of `words.csv` that close a window (sending, cancelling, lives in danger) or are urgent (danger, one's own reports)."""
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(row["word"].strip().lower() for row in csv.DictReader(file) if row[effect] == "yes")
