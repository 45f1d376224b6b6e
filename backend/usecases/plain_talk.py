"""A report without the assistant: three fixed questions, one after the other. Pure; what is said are keys of sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Step = Literal["what", "where", "identity", "confirm"]

START, SEND, CANCEL = "plain-start", "plain-send", "plain-cancel"
LEVELS = ("open", "confidential", "anonymous")
LABELS = {
    START: "plain_label_start",
    SEND: "plain_label_send",
    CANCEL: "plain_label_cancel",
    **{f"plain-{level}": f"web_level_{level}" for level in LEVELS},
}
OFFERED: Mapping[Step, Sequence[str]] = {
    "what": (),
    "where": (),
    "identity": tuple(f"plain-{level}" for level in LEVELS),
    "confirm": (SEND, CANCEL),
}


@dataclass(frozen=True)
class PlainTalk:
    """How far somebody has come. `point` is a pin: latitude, longitude, accuracy."""

    draft_id: str
    step: Step = "what"
    what: str = ""
    where: str = ""
    point: Mapping[str, Any] | None = None
    level: str = "open"
    attachments: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> PlainTalk:
        """The way back from `written`."""
        return cls(**{**kept, "attachments": tuple(kept["attachments"])})


@dataclass(frozen=True)
class Heard:
    """One message, as far as the fixed questions can use it."""

    text: str = ""
    choice: str = ""
    point: Mapping[str, Any] | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Next:
    """`talk` goes on, or is over (None): then it is to be filed if `files`. `say` are keys of sentences."""

    talk: PlainTalk | None
    say: tuple[str, ...]
    files: PlainTalk | None = None


def begin(draft_id: str, told: str) -> Next:
    """The first question; of somebody who has told the matter already, the second."""
    if not told:
        return Next(PlainTalk(draft_id), ("plain_begin", "plain_ask_what"))
    return Next(PlainTalk(draft_id, "where", what=told), ("plain_begin", "plain_known", "plain_ask_where"))


def go_on(talk: PlainTalk, heard: Heard) -> Next:
    """What a message changes, and what is asked next."""
    if heard.choice == CANCEL:
        return Next(None, ("plain_cancelled",))
    if heard.attachments:
        kept = replace(talk, attachments=(*talk.attachments, *heard.attachments))
        return Next(kept, ("plain_file_kept", f"plain_ask_{talk.step}"))
    return _STEPS[talk.step](talk, heard)


def _what(talk: PlainTalk, heard: Heard) -> Next:
    if not heard.text:
        return Next(talk, ("plain_ask_what",))
    return Next(replace(talk, step="where", what=heard.text), ("plain_ask_where",))


def _where(talk: PlainTalk, heard: Heard) -> Next:
    if not heard.text and heard.point is None:
        return Next(talk, ("plain_ask_where",))
    known = replace(talk, step="identity", where=heard.text, point=heard.point)
    return Next(known, ("plain_ask_identity",))


def _identity(talk: PlainTalk, heard: Heard) -> Next:
    level = heard.choice.removeprefix("plain-")
    if level not in LEVELS:
        return Next(talk, ("plain_ask_identity",))
    return Next(replace(talk, step="confirm", level=level), ("plain_ask_confirm",))


def _confirm(talk: PlainTalk, heard: Heard) -> Next:
    if heard.choice == SEND:
        return Next(None, ("plain_receipt",), files=talk)
    return Next(talk, ("plain_ask_confirm",))


_STEPS = {"what": _what, "where": _where, "identity": _identity, "confirm": _confirm}


def draft_of(talk: PlainTalk, place: Mapping[str, Any] | None) -> dict[str, Any]:
    """The draft as the contract writes it. Whose matter it is nobody has said: officers find out."""
    return {
        "draft_id": talk.draft_id,
        "report_class": "complaint",
        "issue": "lainnya",
        "issue_ranking": [],
        "description": talk.what,
        "place": place or {"text": talk.where, "source": "text"},
        "happened": {"text": "", "on": None, "precision": "unknown"},
        "attributes": {},
        "identity_level": talk.level,
        "attachments": list(talk.attachments),
        "language": "id",
    }
