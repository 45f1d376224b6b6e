"""Facts of the backend's reference data as lines of text. Pure."""

from __future__ import annotations

from typing import Any

from bot.actions import words

LABEL = "_label"


def as_text(facts: dict[str, Any]) -> str:
    """One fact a line, named by the facts' own `<name>_label`, else by the word for it."""
    listed = (
        (name, value) for name, value in facts.items() if not name.endswith(LABEL) and value not in (None, "")
    )
    return "\n".join(f"{facts.get(name + LABEL) or _word(name)}: {value}" for name, value in listed)


def of_services(facts: dict[str, Any], services: tuple[str, ...]) -> dict[str, Any]:
    """The rows of these services with their labels, in this order; those that the regency has."""
    names = [name for service in services for name in (service, service + LABEL)]
    return {name: facts[name] for name in names if name in facts}


def _word(name: str) -> str:
    return words.label("fact", name) if words.has_label("fact", name) else name.replace("_", " ")
