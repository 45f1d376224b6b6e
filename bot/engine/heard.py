"""What a turn's messages amount to: texts, pins and files that belong together are heard as one, all else by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.engine.choices import Choice, meant_choice, parse_payload
from bot.engine.contract import Message
from bot.engine.text import neutral

EXTERNAL = "EXTERNAL_"
STALE_CHOICE = EXTERNAL + "stale_choice"
LOCATION = EXTERNAL + "location"
ATTACHMENTS = EXTERNAL + "attachments"
NOTHING_SAID = "nlu_fallback"
TOGETHER = frozenset({"text", "location", "attachments"})
# Courtesies say nothing of what is wanted: a whole tracking code beside them does.
COURTESIES = frozenset({"terima_kasih", "salam", "pamit", NOTHING_SAID})
STATUS = "cek_status"
NO_FLAGS = {"emergency": False, "oversight": False, "sensitive": False}


@dataclass(frozen=True)
class Heard:
    """One user message for Rasa.

    Attributes:
        id: of the first message it is made of.
        text: neutral text, without markup.
        intent: known without NLU (a choice, an event, a bare pin), or None: NLU reads `text`.
        entities: to be added to what NLU finds.
        event_data: goes into the slot `event_data`.
        was_cut: text was longer than the engine reads.
        by_person: False for events of the backend, which nobody needs to understand.
    """

    id: str
    text: str
    intent: str | None
    entities: tuple[Mapping[str, Any], ...] = ()
    event_data: Mapping[str, Any] | None = None
    was_cut: bool = False
    by_person: bool = True


def heard(messages: Sequence[Message], offered: Sequence[Choice]) -> list[Heard]:
    """The user messages of a turn, in order."""
    return [_one(group, offered) for group in _groups(messages)]


def parse_data(message: Heard, read: Mapping[str, Any] | None) -> dict[str, Any]:
    """What Rasa calls parse data: NLU's reading if there is one, else what is known without it."""
    if read is None:
        intent = {"name": message.intent, "confidence": 1.0}
        return {
            "text": message.text,
            "intent": intent,
            "entities": [dict(one) for one in message.entities],
            "intent_ranking": [intent],
        }
    entities = [*read.get("entities", []), *(dict(one) for one in message.entities)]
    if read["intent"]["name"] in COURTESIES and any(map(_is_code, entities)):
        intent = {"name": STATUS, "confidence": 1.0}
        return {**read, "intent": intent, "entities": entities}
    return {**read, "entities": entities}


def _is_code(entity: Mapping[str, Any]) -> bool:
    """A code of the right length, not one with a digit too many."""
    return entity.get("entity") == "tracking_code" and entity.get("confidence", 1.0) == 1.0


def _groups(messages: Sequence[Message]) -> Iterator[list[Message]]:
    group: list[Message] = []
    for message in messages:
        if message.kind in TOGETHER:
            group.append(message)
            continue
        if group:
            yield group
            group = []
        yield [message]
    if group:
        yield group


def _one(group: list[Message], offered: Sequence[Choice]) -> Heard:
    first = group[0]
    if first.kind == "choice":
        return _tapped(first, offered)
    if first.kind == "event":
        return Heard(first.id, "", EXTERNAL + first.content, event_data=first.data, by_person=False)
    return _told(group, offered)


def _tapped(message: Message, offered: Sequence[Choice]) -> Heard:
    for choice in offered:
        if choice.id == message.content:
            return _answer(message.id, choice.label, choice)
    return Heard(message.id, "", STALE_CHOICE)


def _answer(message_id: str, text: str, choice: Choice) -> Heard:
    intent, entities = parse_payload(choice.payload)
    return Heard(message_id, text, intent, tuple(entities))


def _told(group: list[Message], offered: Sequence[Choice]) -> Heard:
    text, was_cut = neutral("\n".join(one.content for one in group if one.kind == "text"))
    pins = [_pin(one.content) for one in group if one.kind == "location"]
    files = [dict(one) for message in group if message.kind == "attachments" for one in message.content]
    entities = tuple(
        {"entity": kind, "value": value, "extractor": "message", "confidence": 1.0}
        for kind, values in (("pin", pins), ("attachment", files))
        for value in values
    )
    first = group[0].id
    if text and not entities and (choice := meant_choice(text, offered)):
        return _answer(first, text, choice)
    if text:
        return Heard(first, text, None, entities, was_cut=was_cut)
    data: dict[str, Any] = {**(pins[-1] if pins else {}), **({"attachments": files} if files else {})}
    intent = LOCATION if pins else ATTACHMENTS if files else NOTHING_SAID
    return Heard(first, "", intent, entities, event_data=data or None, was_cut=was_cut)


def _pin(location: Mapping[str, Any]) -> dict[str, Any]:
    label = location.get("label")
    return {
        "latitude": location["latitude"],
        "longitude": location["longitude"],
        "accuracy_m": location.get("accuracy_m"),
        "label": neutral(label)[0] if isinstance(label, str) else None,
    }
