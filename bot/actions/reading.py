"""One citizen's message as the actions see it: a frozen value over Rasa's parse data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

# Entities that say whose job it may be: the attributes of the backend's clarifying questions (a test compares).
ATTRIBUTES = frozenset(
    "aid_matter animal election_matter fishing_water food_licence forest_matter harbour_kind"
    " hospital_owner irrigation_size justice_office labour_matter land_paper licence_kind membership"
    " network_owner noise_source plantation_matter pollution_source religion_matter road_status"
    " route_reach school_level staff_matter water_body".split()
)
IDENTITY_LEVELS = ("open", "confidential", "anonymous")
# Eighteen digits and two check digits, however they are spaced.
_CODE = re.compile(r"(?<!\d)(?:\d[ .\-\u2013]?){19}\d(?!\d)")
_MAP = re.compile(r"https?://\S*(?:maps|goo\.gl)\S*", re.IGNORECASE)


# From this confidence on an identity level is chosen, not asked about.
CHOSEN = 0.9


@dataclass(frozen=True)
class Reading:
    """Intent, entities and flags of one message; `text` is as typed, without tracking codes."""

    text: str = ""
    intent: str = ""
    confidence: float = 0.0
    topic: str | None = None
    language: str | None = None
    issue_ranking: tuple[dict[str, Any], ...] = ()
    intent_ranking: tuple[dict[str, Any], ...] = ()
    flags: dict[str, bool] = field(default_factory=dict)
    entities: tuple[dict[str, Any], ...] = ()
    had_code: bool = False

    def values(self, entity: str) -> list[Any]:
        """Every value of one kind of entity, in the order of the message."""
        return [e["value"] for e in self.entities if e.get("entity") == entity and e.get("value") is not None]

    def value(self, entity: str) -> Any:
        """The first value of one kind of entity, or None."""
        return next(iter(self.values(entity)), None)

    @property
    def words(self) -> int:
        return len(re.findall(r"\w+", self.text))

    @property
    def is_map_link(self) -> bool:
        """Whether it points to a map; a shortened address says nothing without asking its maker."""
        return bool(_MAP.search(self.text))

    @property
    def words_beside(self) -> int:
        """How many words are neither of a place nor of a time."""
        spans = [e for e in self.entities if e.get("entity") in ("place", "time") and e.get("end")]
        return self.words - sum(len(re.findall(r"\w+", self.text[e["start"] : e["end"]])) for e in spans)

    @property
    def top_issue(self) -> tuple[str | None, float]:
        """Code and confidence of the surest issue."""
        if not self.issue_ranking:
            return None, 0.0
        return self.issue_ranking[0]["code"], float(self.issue_ranking[0]["confidence"])

    @property
    def identity_level(self) -> str | None:
        level = self.value("identity_level")
        return level if level in IDENTITY_LEVELS else None

    @property
    def chosen_identity(self) -> str | None:
        """The level that the message surely chooses; None where it may only ask about one."""
        sure = [
            e
            for e in self.entities
            if e.get("entity") == "identity_level" and e.get("confidence", 0) >= CHOSEN
        ]
        return self.identity_level if sure else None

    @property
    def attachments(self) -> list[str]:
        """Ids of the files that came with this message."""
        return [a["id"] if isinstance(a, dict) else str(a) for a in self.values("attachment")]

    @property
    def attributes(self) -> dict[str, Any]:
        """What the person said about whose job it may be, by attribute name."""
        return {
            e["entity"]: e["value"]
            for e in self.entities
            if e.get("entity") in ATTRIBUTES and e.get("value") is not None
        }


def read(latest_message: dict[str, Any]) -> Reading:
    """The reading of Rasa's latest message; missing keys are simply not known."""
    intent = latest_message.get("intent") or {}
    typed = latest_message.get("text") or ""
    is_text = not typed.lstrip().startswith("/") and not str(intent.get("name")).startswith("EXTERNAL_")
    text, codes = _CODE.subn("", typed) if is_text else ("", 0)
    name = str(intent.get("name") or "")
    return Reading(
        text=re.sub(r"[ \t]+", " ", text).strip(),
        intent=name.partition("/")[0],
        confidence=float(intent.get("confidence") or 0.0),
        topic=latest_message.get("topic") or (name.partition("/")[2] or None),
        language=latest_message.get("language"),
        issue_ranking=tuple(latest_message.get("issue_ranking") or ()),
        intent_ranking=tuple(latest_message.get("intent_ranking") or ()),
        flags=dict(latest_message.get("flags") or {}),
        entities=tuple(latest_message.get("entities") or ()),
        had_code=codes > 0,
    )


def heard_since(events: list[dict[str, Any]], form: str) -> set[str]:
    """Names of the actions that ran since the person's last message, Rasa's own and the asking form's excepted.

    Not empty means: the message has been answered, the form only asks its open question again.
    """
    own = {"action_listen", "action_extract_slots", "action_session_start", form}
    names: set[str] = set()
    for event in reversed(events):
        if event.get("event") == "user":
            break
        if event.get("event") == "action":
            names.add(str(event.get("name")))
    return names - own
