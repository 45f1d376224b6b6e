"""Answers to an open question, recognised before NLU: a tapped choice, its number, its label or a part of the label."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_ANSWER_WORDS = 4
SHORTEST_PART = 4

NUMBERS = {
    word: number
    for number, words in enumerate(
        [
            "satu pertama kesatu",
            "dua kedua",
            "tiga ketiga",
            "empat keempat",
            "lima kelima",
            "enam keenam",
            "tujuh ketujuh",
            "delapan kedelapan",
            "sembilan kesembilan",
            "sepuluh kesepuluh",
        ],
        start=1,
    )
    for word in words.split()
}
LEADING = frozenset(
    "no nomor nomer nmr pilih pilihan opsi yg yang ke angka jawab jawabannya saya aku mau".split()
)
FILLING = frozenset(
    "aja aj saja deh dong ya yaa min kak pak bu mas mbak bang sih lah itu ini yg yang pilih mau saya aku".split()
)
WORDS = re.compile(r"[^\W_]+")
PAYLOAD = re.compile(r"/(?P<intent>[A-Za-z_][\w./-]*)(?P<entities>\{.*\})?", re.DOTALL)


@dataclass(frozen=True)
class Choice:
    """One offered answer: the id a channel sends back, the words on it, and what it means (`/intent{"entity": …}`)."""

    id: str
    label: str
    payload: str


class PayloadWrong(Exception):
    """A button of ours carries something else than `/intent` or `/intent{json object}`."""


def meant_choice(text: str, offered: Sequence[Choice]) -> Choice | None:
    """The offered choice that `text` can only mean, or None: then NLU reads it.

    Only whole answers count. `tidak jadi kirim` is no answer to *Kirim*, because `jadi` stands on no label.
    """
    words = _words(text)
    if not words or not offered:
        return None
    labels = [_words(choice.label) for choice in offered]
    if (exact := _only([n for n, label in enumerate(labels) if label == words])) is not None:
        return offered[exact]
    if len(words) > LONGEST_ANSWER_WORDS:
        return None
    number = _number(words)
    if number is not None:
        return offered[number - 1] if 1 <= number <= len(offered) else None
    part = _only([n for n, label in enumerate(labels) if _is_part(words, label)])
    return offered[part] if part is not None else None


def parse_payload(payload: str) -> tuple[str, list[dict[str, Any]]]:
    """Intent and entities of a payload written by us; a list of values gives one entity each.

    Raises:
        PayloadWrong: it is not of that shape.
    """
    matched = PAYLOAD.fullmatch(payload)
    if not matched:
        raise PayloadWrong("a payload must read /intent or /intent{…}")
    try:
        pairs = json.loads(matched["entities"] or "{}")
    except ValueError as failure:
        raise PayloadWrong(f"the payload of {matched['intent']} is not JSON") from failure
    return matched["intent"], [
        {"entity": name, "value": one, "extractor": "choice", "confidence": 1.0}
        for name, value in pairs.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _words(text: str) -> list[str]:
    return WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def _number(words: list[str]) -> int | None:
    rest = list(words)
    while len(rest) > 1 and rest[0] in LEADING:
        rest.pop(0)
    while len(rest) > 1 and rest[-1] in FILLING:
        rest.pop()
    if len(rest) != 1:
        return None
    return int(rest[0]) if rest[0].isdecimal() and len(rest[0]) <= 2 else NUMBERS.get(rest[0])


def _is_part(words: list[str], label: list[str]) -> bool:
    meaning = [word for word in words if word not in FILLING]
    return any(len(word) >= SHORTEST_PART for word in meaning) and all(
        any(one == word or (len(word) >= SHORTEST_PART and one.startswith(word)) for one in label)
        for word in meaning
    )


def _only(found: list[int]) -> int | None:
    return found[0] if len(found) == 1 else None
