"""What Meta's errors mean for a message: try again, wait for this person, take a template, give up, or stop the line."""

from __future__ import annotations

from enum import StrEnum

PERSON_PACE = 131056
WINDOW_CLOSED = 131047


class Meaning(StrEnum):
    """What to do about an error."""

    RETRY = "retry"
    PERSON_PACE = "person_pace"
    TEMPLATE = "template"
    NEVER = "never"
    UNREACHABLE = "unreachable"
    STOP = "stop"


RETRY = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131057, 133004})
UNREACHABLE = frozenset({131026, 131049, 131050, 130472, 130497})
STOP = frozenset({0, 3, 10, 190, *range(200, 300), 368, 131031, 131042, 131045, 133010})


def meaning(code: int | None, status: int = 0) -> Meaning:
    """What an error code means, and the HTTP status when there is no code.

    >>> meaning(131047).value, meaning(None, 502).value, meaning(132000).value
    ('template', 'retry', 'never')
    """
    if code == PERSON_PACE:
        return Meaning.PERSON_PACE
    if code == WINDOW_CLOSED:
        return Meaning.TEMPLATE
    if code in UNREACHABLE:
        return Meaning.UNREACHABLE
    if code in STOP or (code is None and status in {401, 403}):
        return Meaning.STOP
    if code in RETRY or (code is None and (status >= 500 or status in {408, 429})):
        return Meaning.RETRY
    return Meaning.NEVER
