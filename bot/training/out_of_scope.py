"""Sentences that are not for a complaint assistant, drawn from patterns: so much could be asked that examples never suffice."""

from __future__ import annotations

import random
import re
from pathlib import Path

from bot.components.normalising import WORDS

PATTERNS = WORDS / "out_of_scope.txt"
DRAWN_PER_PATTERN = 12
SEED = 20261123
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def drawn(path: Path = PATTERNS) -> list[str]:
    """Distinct sentences, the same at every training."""
    chance = random.Random(SEED)  # noqa: S311 - variety, not a secret
    sentences: dict[str, None] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            for _ in range(DRAWN_PER_PATTERN):
                sentences[_one_of(line, chance)] = None
    return list(sentences)


def _one_of(pattern: str, chance: random.Random) -> str:
    chosen = _CHOICE.sub(lambda choice: chance.choice(choice[1].split("|")), pattern)
    return " ".join(chosen.split())
