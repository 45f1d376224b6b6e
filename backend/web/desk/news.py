"""Whether news reached the reporter, in the officers' words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.cases.case import Case, IdentityLevel
from backend.reference.loader import Reference


@dataclass(frozen=True)
class News:
    """One line of the case page; `failed` when the last news did not arrive."""

    label: str
    failed: bool


def why_not_told(code: str, reference: Reference) -> str:
    """The sentence for a channel's code; what it does not name has one of its own."""
    key = f"not_told_{code}"
    return reference.sentence(key if key in reference.sentences else "not_told_other")


def news_of(informed_at: datetime | None, code: str | None, case: Case, reference: Reference) -> News | None:
    """None while there is nothing to say: nobody was written to, or an anonymous reporter reads with the code."""
    if case.identity_level is IdentityLevel.ANONYMOUS:
        return None
    if code is not None:
        return News(why_not_told(code, reference), True)
    if informed_at is None:
        return None
    return News(
        reference.sentence("told_on", day=reference.date_label(reference.today(informed_at, case.desk))),
        False,
    )
