"""The port of the review queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from backend.review.decisions import Vote
from backend.review.marking import Mark
from backend.usecases.values import ReviewItem


class Review(Protocol):
    """The queue of sentences that deserve a person's eyes."""

    async def add(self, item: ReviewItem) -> None:
        """Let it wait; one whose id is there already is counted (`n`) and keeps what it is."""

    async def add_of_case(self, case_id: str, item: ReviewItem) -> None:
        """The same for the words of a case: they are forgotten with the case, and with its sender."""

    async def pending(
        self, limit: int = 50, by: str | None = None, issue: str | None = None
    ) -> tuple[ReviewItem, ...]:
        """Uncertainty × frequency × harm, then oldest first. With `by`: what that person has not voted on, also what
        waits for a second reader or is disputed."""

    async def by_id(self, item_id: str) -> ReviewItem | None: ...

    async def settle(
        self, item_id: str, status: str, label: str | None, by: str, at: datetime
    ) -> ReviewItem | None:
        """Write the fate of an item; returns it as it is now, None when unknown."""

    async def approved(self) -> tuple[ReviewItem, ...]:
        """All approved items, oldest decision first: the input of the training export."""

    async def votes(self, item_id: str) -> tuple[Vote, ...]:
        """Oldest first."""

    async def vote(self, item_id: str, vote: Vote, at: datetime) -> None: ...

    async def last_votes(self, by: str) -> tuple[str, ...]:
        """The items of this person's last decision: several when they were decided together."""

    async def disputes(self, by: str) -> tuple[ReviewItem, ...]:
        """What two differ on, this person being one of them; the longest first."""

    async def take_back(self, item_id: str, by: str) -> None:
        """Remove this person's last vote on the item, and the marks."""

    async def mark(self, item_id: str, by: str, marks: Sequence[Mark]) -> None:
        """These words, and no others, are what this person marked."""

    async def marked(self) -> tuple[tuple[str, str, str], ...]:
        """(sentence, kind, words) of everything marked in approved sentences."""

    async def gold_votes(self, by: str) -> dict[str, str]:
        """Of the sentences whose answer is known, what this person said, by item."""

    async def double_votes(self) -> tuple[tuple[str, str], ...]:
        """The first two labels of every sentence that two people read."""

    async def counts(self, by: str, since: datetime) -> dict[str, int]:
        """Sentences by status, and `mine`: votes of this person since then."""

    async def propose(self, item_id: str, by: str, at: datetime) -> None:
        """The talk around this sentence is to become an example; once is enough."""

    async def proposed(self) -> tuple[ReviewItem, ...]:
        """The sentences whose talks were proposed, newest first; those whose talk was forgotten are not among them."""

    async def unlearn(
        self, *, item_id: str | None = None, sender: str | None = None, talk: str | None = None
    ) -> int:
        """Empty sentences so that they teach no more; returns how many."""
