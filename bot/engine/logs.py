"""Logs without a citizen's word: only the engine's own lines keep their text, all others keep name, level and place.

Rasa logs message text and sender ids at WARNING and above in many places, and an exception's message may quote what
was typed. So a foreign record is never rendered; its logger, level and source line are enough to find the cause.
"""

from __future__ import annotations

import logging
import sys
import traceback
import warnings
from types import TracebackType
from typing import TextIO

import structlog

OWN = "bot.engine"
DEEPEST_FRAMES = 6


class WordlessFormatter(logging.Formatter):
    """Renders the engine's own records; of every other record only where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record)
        if record.name == OWN or record.name.startswith(OWN + "."):
            return f"{stamp} {record.levelname.lower()} {record.getMessage()}"
        line = f"{stamp} {record.levelname.lower()} {record.name} {record.filename}:{record.lineno}"
        return f"{line} {where(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else line


def where(failure: BaseException) -> str:
    """What failed and where, without the exception's own words: `KeyError at status.py:31 < client.py:12`."""
    chain = []
    seen: BaseException | None = failure
    while seen is not None:
        chain.append(f"{type(seen).__name__}{_frames(seen.__traceback__)}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "; from ".join(chain)


def _frames(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-DEEPEST_FRAMES:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)]
    return " at " + " < ".join(places) if places else ""


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send every record of this process through the wordless formatter; debug lines of Rasa are not even made."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(WordlessFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger(OWN).setLevel(level)
    logging.captureWarnings(True)
    # Deprecations of a frozen environment tell nobody anything.
    for category in (DeprecationWarning, FutureWarning, PendingDeprecationWarning):
        warnings.simplefilter("ignore", category)
    structlog.configure(
        processors=[_drop_details],
        wrapper_class=structlog.make_filtering_bound_logger(max(level, logging.WARNING)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _drop_details(_logger: object, _method: str, event: structlog.typing.EventDict) -> str:
    return str(event.get("event", "")).split(" ", 1)[0]
