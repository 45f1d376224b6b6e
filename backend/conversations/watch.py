"""Who is told how turns go, for figures; the default tells nobody."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Counts turns."""

    def turn_done(self, channel: str, seconds: float, n_messages: int, n_unsure: int) -> None:
        """Committed `seconds` after it was frozen; of its messages so many were understood with doubt."""

    def turn_failed(self, channel: str, *, given_up: bool) -> None:
        """It will be tried again, unless given up."""


class NobodyWatches:
    """A watch that keeps nothing."""

    def turn_done(self, channel: str, seconds: float, n_messages: int, n_unsure: int) -> None:
        """Nothing is kept."""

    def turn_failed(self, channel: str, *, given_up: bool) -> None:
        """Nothing is kept."""
