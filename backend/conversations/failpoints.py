"""Named places where a test may kill the process: `TEMAN_LAPOR_FAILPOINT=turn_frozen` (or `turn_frozen@3`, the third time).

`TEMAN_LAPOR_FAILPOINT=@<file>`: the name stands in a file that may be written while we run; whoever dies of it removes it first.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

VARIABLE = "TEMAN_LAPOR_FAILPOINT"
NAMES = (
    "arrival_kept",
    "arrivals_sorted",
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
    told = os.environ.get(VARIABLE, "")
    if told.startswith("@"):
        return _by_file(Path(told[1:]))
    wanted, count = _parsed(told)
    passed: Counter[str] = Counter()

    def reach(name: str) -> None:
        passed[name] += 1
        if name == wanted and passed[name] == count:
            os.kill(os.getpid(), signal.SIGKILL)

    return reach


def _by_file(file: Path) -> Reach:
    passed: Counter[tuple[str, str]] = Counter()

    def reach(name: str) -> None:
        try:
            told = file.read_text(encoding="ascii")
        except FileNotFoundError:
            return
        wanted, count = _parsed(told)
        if name != wanted:
            return
        passed[told, name] += 1
        if passed[told, name] >= count:
            file.unlink(missing_ok=True)
            os.kill(os.getpid(), signal.SIGKILL)

    return reach


def _parsed(told: str) -> tuple[str, int]:
    wanted, _, count = told.strip().partition("@")
    if wanted and wanted not in NAMES:
        raise ValueError(f"{VARIABLE} names no failpoint: {wanted}")
    return wanted, int(count or 1)
