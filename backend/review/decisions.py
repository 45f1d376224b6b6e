"""From the votes of reviewers to the fate of a sentence: every tenth is read twice, and a disagreement a third time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

ONE_IN = 10
MOST_SKIPS = 2
AGREEMENT = ((0.8, "very_good"), (0.6, "good"), (0.4, "fair"), (-1.0, "low"))
DISMISSED = "dismissed"
# The source of sentences whose answer is known: they teach nobody and settle nothing.
GOLD = "gold"
# How two who differ put a sentence aside where nobody else reads: it teaches nothing.
SET_ASIDE = "beda_pendapat"
SKIP_REASONS = ("tidak_jelas", "bahasa", "dua_maksud", "butuh_konteks")


@dataclass(frozen=True)
class Vote:
    """What one person said: a label, or none with `reason` `dismissed` or why it was skipped."""

    by: str
    label: str | None
    reason: str = ""

    @property
    def is_skip(self) -> bool:
        return self.label is None and self.reason != DISMISSED


def is_read_twice(item_id: str) -> bool:
    """One in ten, always the same ones; nobody can tell from the page."""
    return int(item_id[-8:], 16) % ONE_IN == 0


def outcome(item_id: str, votes: Sequence[Vote]) -> tuple[str, str | None]:
    """Status and label after these votes, oldest first. Of who votes twice, the later vote counts.

    >>> outcome("0" * 31 + "1", [Vote("a", "sapa")])
    ('approved', 'sapa')
    >>> outcome("0" * 32, [Vote("a", "sapa")])
    ('second', None)
    >>> both = [Vote("a", "sapa"), Vote("b", "batal")]
    >>> outcome("0" * 32, both), outcome("0" * 32, [*both, Vote("a", "batal")])
    (('disputed', None), ('approved', 'batal'))
    """
    if any(vote.reason == SET_ASIDE for vote in votes):
        return "skipped", None
    counted = [vote for vote in votes if not vote.is_skip]
    said = {vote.by: vote.label for vote in counted}
    if not counted:
        skips = {vote.by for vote in votes}
        return ("skipped", None) if len(skips) >= MOST_SKIPS else ("pending", None)
    if len(said) == 1 and is_read_twice(item_id):
        return "second", None
    if len(said) == 2 and len(set(said.values())) == 2:
        return "disputed", None
    label = counted[-1].label
    return (DISMISSED, None) if label is None else ("approved", label)


def in_words(agreement: float | None) -> str | None:
    """How good an agreement is, as people say it.

    >>> in_words(0.85), in_words(0.3), in_words(None)
    ('very_good', 'low', None)
    """
    if agreement is None:
        return None
    return next(name for least, name in AGREEMENT if agreement >= least)


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's κ of two readers' labels: 1 is full agreement, 0 what chance would give. None of no pairs.

    >>> kappa([("a", "a"), ("b", "b")])
    1.0
    """
    if not pairs:
        return None
    n = len(pairs)
    agreed = sum(one == other for one, other in pairs) / n
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(first[label] * second[label] for label in first) / n**2
    return 1.0 if by_chance == 1.0 else round((agreed - by_chance) / (1 - by_chance), 3)
