"""One line on standard output for every stage of a training, with the seconds since it began."""

from __future__ import annotations

import sys
import time

_began = time.monotonic()


def tell(sentence: str) -> None:
    """Print one line now; the seconds count from the start of the process."""
    # The real standard output: Rasa's own chatter is caught while it trains.
    print(f"[{time.monotonic() - _began:4.0f} s] {sentence}", file=sys.__stdout__, flush=True)
