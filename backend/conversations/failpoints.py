"""Named places where a test may kill the process: `TEMAN_LAPOR_FAILPOINT=turn_frozen` (or `turn_frozen@3`, the third time)."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable

VARIABLE = "TEMAN_LAPOR_FAILPOINT"
NAMES = (
    "message_accepted",
    "turn_frozen",
    "turn_held",
    "engine_answered",
    "effects_done",
    "receipt_made",
    "before_turn_commit",
    "after_turn_commit",
    "send_taken",
    "sent",
)

Reach = Callable[[str], None]


def from_environment() -> Reach:
    """What to call at each place: nothing happens unless the variable names it; then the process is gone, as by kill -9."""
    wanted, _, count = os.environ.get(VARIABLE, "").partition("@")
    if wanted and wanted not in NAMES:
        raise ValueError(f"{VARIABLE} names no failpoint: {wanted}")
    passed: Counter[str] = Counter()

    def reach(name: str) -> None:
        passed[name] += 1
        if name == wanted and passed[name] == int(count or 1):
            os.kill(os.getpid(), signal.SIGKILL)

    return reach
