"""Every kind of message there is, and what it says to us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.channels.whatsapp.heard import Media
from backend.channels.whatsapp.reading import at, degrees, text

LONGEST_TEXT = 4_000
LONGEST_CHOICE = 64


@dataclass(frozen=True)
class Said:
    """Like the fields of `heard.Message`; all of them empty: kept, not answered."""

    content: Mapping[str, Any] | None = None
    media: Media | None = None
    remark: str | None = None


def said(message: Mapping[str, Any]) -> Said:
    """What the message says. A kind that nobody knows yet gets the sentence for what we cannot read."""
    reader = KINDS.get(text(message, "type"))
    return reader(message) if reader else Said(remark="whatsapp_unsupported")


def _text(message: Mapping[str, Any]) -> Said:
    return _words(text(at(message, "text"), "body"))


def _words(words: str) -> Said:
    """A text. Of one that is longer than any engine reads, the beginning."""
    return Said({"text": words[:LONGEST_TEXT]}) if words.strip() else Said(remark="web_empty")


def _interactive(message: Mapping[str, Any]) -> Said:
    interactive = at(message, "interactive")
    for kind in ("button_reply", "list_reply"):
        chosen = at(interactive, kind)
        if chosen:
            return _choice(text(chosen, "id"), text(chosen, "title"))
    return Said(remark="whatsapp_unsupported")


def _button(message: Mapping[str, Any]) -> Said:
    """The button of a template: its payload is ours, its text is what the person saw."""
    return _choice(text(at(message, "button"), "payload"), text(at(message, "button"), "text"))


def _choice(choice: str, label: str) -> Said:
    """A tapped choice; a button without an id of ours counts as its label, typed."""
    plain = choice.replace("-", "").replace(".", "").replace(":", "").replace("_", "")
    if 0 < len(choice) <= LONGEST_CHOICE and plain.isascii() and plain.isalnum():
        return Said({"choice": choice})
    return _words(label)


def _location(message: Mapping[str, Any]) -> Said:
    pin = at(message, "location")
    latitude, longitude = degrees(pin, "latitude", 90), degrees(pin, "longitude", 180)
    if latitude is None or longitude is None:
        return Said(remark="whatsapp_unsupported")
    label = ", ".join(part for part in (text(pin, "name"), text(pin, "address")) if part)[:200]
    return Said(
        {
            "location": {
                "latitude": latitude,
                "longitude": longitude,
                "accuracy_m": None,
                "label": label or None,
            }
        }
    )


def _file(kind: str) -> Callable[[Mapping[str, Any]], Said]:
    def read(message: Mapping[str, Any]) -> Said:
        told = at(message, text(message, "type"))
        if not text(told, "id"):
            return Said(remark="whatsapp_unsupported")
        caption = text(told, "caption").strip()[:LONGEST_TEXT]
        return Said(media=Media(text(told, "id"), kind, text(told, "sha256") or None, caption))

    return read


def _nothing(message: Mapping[str, Any]) -> Said:
    return Said()


def _remark(key: str) -> Callable[[Mapping[str, Any]], Said]:
    return lambda _: Said(remark=key)


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Said]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    "location": _location,
    "image": _file("photo"),
    "document": _file("document"),
    "audio": _file("voice"),
    "video": _file("video"),
    "sticker": _remark("whatsapp_sticker"),
    "contacts": _remark("whatsapp_contact"),
    "reaction": _nothing,
    "unsupported": _remark("whatsapp_unsupported"),
    # Taken apart before it comes here, unless it names no earlier message.
    "edit": _nothing,
    "revoke": _nothing,
}
