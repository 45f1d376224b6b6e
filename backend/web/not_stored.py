"""What this process could not store lately, and why: in memory, since a database that takes nothing cannot be told."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

LATELY_S = 300.0
MOST = 10_000


@dataclass
class NotStored:
    """`note` is called for every request that was answered with *not stored*; `clock` counts seconds from anywhere."""

    clock: Callable[[], float] = time.monotonic
    _at: deque[float] = field(default_factory=lambda: deque(maxlen=MOST))

    def note(self) -> None:
        """One more, now."""
        self._at.append(self.clock())

    def lately(self) -> int:
        """How many within the last five minutes.

        >>> now = [0.0]
        >>> refused = NotStored(lambda: now[0])
        >>> refused.note(); now[0] = 299.0; refused.note(); refused.lately()
        2
        >>> now[0] = 301.0; refused.lately()
        1
        """
        since = self.clock() - LATELY_S
        while self._at and self._at[0] < since:
            self._at.popleft()
        return len(self._at)
