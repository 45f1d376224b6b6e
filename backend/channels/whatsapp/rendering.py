"""A reply becomes a message as WhatsApp draws it: buttons, a list, a location request, or text with numbers. Pure.

Whatever is drawn, the numbers and labels stay usable by typing: the engine reads both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.channels.whatsapp.translation import USER_ID

LONGEST_TEXT = 4_096
LONGEST_BODY = 1_024
MOST_BUTTONS, LONGEST_BUTTON = 3, 20
MOST_ROWS, LONGEST_TITLE, LONGEST_DESCRIPTION = 10, 24, 72
# The text around it counts too, and Meta refuses more than 1,024 in all.
LONGEST_PARAMETER = 700


@dataclass(frozen=True)
class Words:
    """Our own words around a reply (`backend/reference/sentences.csv`): how to answer by number, what opens a list, where the rest
    of a text stands that had to be cut."""

    numbered: str
    list_button: str
    more: str


@dataclass(frozen=True)
class Template:
    """An approved template; its one parameter is the message itself."""

    name: str
    language: str


def envelope(address: str, outbox: str) -> dict[str, Any]:
    """To whom, and the id that comes back with every status."""
    whom = "recipient" if USER_ID.fullmatch(address) else "to"
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        whom: address,
        "biz_opaque_callback_data": outbox,
    }


def drawn(body: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """The part of the request that is the message: `type` and what belongs to it."""
    text = str(body.get("text") or "").strip()
    choices = [(str(one["id"]), str(one["label"]).strip()) for one in body.get("choices") or ()]
    if not text or len(text) > LONGEST_BODY:
        return _plain(text, choices, words)
    if not choices and body.get("ask") == "location":
        return _interactive("location_request_message", text, {"name": "send_location"})
    if _as_buttons(choices):
        buttons = [{"type": "reply", "reply": {"id": one, "title": label}} for one, label in choices]
        return _interactive("button", text, {"buttons": buttons})
    rows = _rows(choices)
    if rows:
        return _interactive("list", text, {"button": words.list_button, "sections": [{"rows": rows}]})
    return _plain(text, choices, words)


def templated(body: Mapping[str, Any], template: Template) -> dict[str, Any]:
    """The same words inside an approved template, for somebody who has not written for a day."""
    parameter = {"type": "text", "text": parameter_text(str(body.get("text") or ""))}
    return {
        "type": "template",
        "template": {
            "name": template.name,
            "language": {"code": template.language},
            "components": [{"type": "body", "parameters": [parameter]}],
        },
    }


def parameter_text(text: str) -> str:
    """What Meta takes as a parameter: one line, no runs of blanks, not too long.

    >>> parameter_text("Kabar\\n\\nlaporan    Anda")
    'Kabar laporan Anda'
    """
    return cut(re.sub(r"\s+", " ", text).strip(), LONGEST_PARAMETER)


def cut(text: str, most: int) -> str:
    """At most so many characters, ended between words and with an ellipsis.

    >>> cut("satu dua tiga", 9)
    'satu dua…'
    """
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head and text[most - 1] != " " else head).rstrip() + "…"


def _as_buttons(choices: Sequence[tuple[str, str]]) -> bool:
    labels = [label for _, label in choices]
    fits = all(0 < len(label) <= LONGEST_BUTTON for label in labels)
    return 0 < len(labels) <= MOST_BUTTONS and fits and len(set(labels)) == len(labels)


def _rows(choices: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The rows of a list; none when one of them would not fit or two would look alike."""
    rows = []
    for one, label in choices:
        row = {"id": one, "title": cut(label, LONGEST_TITLE)}
        if row["title"] != label:
            row["description"] = label
        rows.append(row)
    alike = len({(row["title"], row.get("description")) for row in rows}) < len(rows)
    too_long = any(not row["title"] or len(row.get("description", "")) > LONGEST_DESCRIPTION for row in rows)
    return [] if alike or too_long or len(rows) > MOST_ROWS else rows


def _interactive(kind: str, text: str, action: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": text}, "action": dict(action)},
    }


def _plain(text: str, choices: Sequence[tuple[str, str]], words: Words) -> dict[str, Any]:
    """Text, with the choices as numbered lines that are never cut."""
    lines = [f"{number}. {label}" for number, (_, label) in enumerate(choices, 1)]
    tail = "\n\n" + "\n".join([*lines, words.numbered]) if lines else ""
    if len(text) + len(tail) > LONGEST_TEXT:
        tail = f"\n\n{words.more}{tail}"
        text = cut(text, LONGEST_TEXT - len(tail))
    return {"type": "text", "text": {"body": (text + tail).strip(), "preview_url": False}}
