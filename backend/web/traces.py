"""Where an error came from, without what it says: messages of exceptions repeat what a citizen wrote."""

from __future__ import annotations

import traceback

DEEPEST = 12
MOST_CAUSES = 4


def trace_of(error: BaseException) -> str:
    """Kinds of the error and of its causes, each with the places it went through, innermost last.

    >>> try:
    ...     int("0812 rahasia")
    ... except ValueError as failure:
    ...     "rahasia" in trace_of(failure), trace_of(failure).startswith("ValueError [")
    (False, True)
    """
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < MOST_CAUSES:
        frames = traceback.extract_tb(current.__traceback__)[-DEEPEST:]
        places = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
        parts.append(f"{type(current).__name__} [{places}]")
        current = current.__cause__ or current.__context__
    return " from ".join(parts)
