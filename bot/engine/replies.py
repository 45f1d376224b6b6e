"""One reply per turn: the utterances merged, the choices numbered, the card and the wish of the last one that has any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.engine.choices import Choice


class TurnChannel(OutputChannel):
    """Collects what the bot says in one turn; bears the citizen's channel's name, so responses can vary by it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.utterances: list[dict[str, Any]] = []

    def name(self) -> str:
        """The channel of the turn: `web`, `whatsapp`."""
        return self._name

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one utterance."""
        self.utterances.append(message)


@dataclass(frozen=True)
class Reply:
    """What the citizen gets, and the choices as the state must remember them."""

    body: Mapping[str, Any]
    offered: tuple[Choice, ...]


def merged(utterances: Sequence[Mapping[str, Any]], questions: int) -> Reply | None:
    """The one reply of a turn, or None if nothing was said.

    Args:
        utterances: Rasa's bot messages in order; `custom` may carry `card`, `progress` and `ask`.
        questions: how many questions with choices came before; the ids of this one's are `q<questions + 1>-<n>`.
    """
    texts = [text.strip() for one in utterances if (text := one.get("text"))]
    extras: dict[str, Any] = {"card": None, "progress": None, "ask": None}
    for one in utterances:
        custom = one.get("custom") or {}
        extras.update({key: custom[key] for key in extras if custom.get(key) is not None})
    buttons: list[Mapping[str, Any]] = next(
        (one["buttons"] for one in reversed(utterances) if one.get("buttons")), []
    )
    if not texts and not buttons and not extras["card"]:
        return None
    offered = tuple(
        Choice(f"q{questions + 1}-{n}", str(button["title"]), str(button["payload"]))
        for n, button in enumerate(buttons, start=1)
    )
    body = {
        "text": "\n\n".join(texts),
        "choices": [{"id": choice.id, "label": choice.label} for choice in offered],
        **extras,
        "responses": [name for one in utterances if (name := one.get("utter_action"))],
    }
    return Reply(body, offered)
