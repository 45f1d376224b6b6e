"""What has no place in a committed example: personal data and markup that a citizen could have smuggled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.components.extraction import tracking_code

_PERSONAL = {
    "a NIK or family card number": re.compile(r"(?<!\d)\d(?:[ .\-]?\d){15}(?!\d)(?![ .\-]?\d)"),
    "a phone number": re.compile(r"(?<!\d)(?:\+?62|0)8\d(?:[ .\-]?\d){7,10}(?!\d)"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE),
    "a number plate": re.compile(
        r"\b(?!PP|UU|SK|KM|RT|RW|TH|NO)[A-Z]{1,2} \d{3,4} (?!KK|HA|RT|RW|KM|TH|WIB|WITA)[A-Z]{2,3}\b"
    ),
    "a link": re.compile(r"https?://(?!(?:[\w.-]+\.)?example\.)|www\.(?!example\.)", re.IGNORECASE),
}
_ENTITY = re.compile(r"\[[^\]\n]+\][({]")
_COMMAND = re.compile(r"^\s*[/／]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]")


def personal_data(text: str) -> Iterator[str]:
    """Kinds of personal data that `text` seems to hold."""
    # A tracking code is nobody's number; 16 of its 20 digits would look like a NIK.
    for code in reversed(tracking_code.find(text)):
        text = f"{text[: code.start]} {text[code.end :]}"
    return (what for what, pattern in _PERSONAL.items() if pattern.search(text))


def markup(text: str) -> Iterator[str]:
    """Rasa's own signs in `text`: entity markup, a leading slash, invisible characters."""
    if _ENTITY.search(text):
        yield "entity markup"
    if _COMMAND.match(text):
        yield "a leading slash"
    if _CONTROL.search(text):
        yield "an invisible character"
